"""What can be wrong with how somebody signs in or opens workshops."""

from server.errors import Conflict, NotAllowed, NotSignedIn, ServiceError


class CreateKeyNeeded(NotSignedIn):
    """This server opens workshops only for holders of HAHMO_CREATE_KEY."""

    slug = "create-key"


class SignInNeeded(NotSignedIn):
    """Only who has signed in opens workshops here."""

    slug = "sign-in-needed"


class SignInFailed(NotSignedIn):
    """What came back from the sign-in provider proves nothing, or not to this browser."""

    slug = "sign-in-failed"


class SignInDown(ServiceError):
    """The sign-in provider does not answer, or says what cannot be used."""

    slug = "sign-in-down"
    status = 503
    close_code = 4503


class SignInNotAllowed(NotAllowed):
    """Signed in with the provider, and none of those who may open workshops here."""

    slug = "sign-in-not-allowed"


class SignedInAlready(Conflict):
    """This browser is somebody else in that workshop; ask them, then say `replace`."""

    slug = "signed-in-already"
