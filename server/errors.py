"""Every error a client may see, in one tree.

The class fixes three things: `slug` (the stable `code` of problem+json and the reason of a close
frame), `status` (HTTP) and `close_code` (WebSocket). 44xx: act first, sending it again cannot
help; 4500-4599 and 1013: come back, with jitter. The words people read are in the catalogue under
`error.<slug>.title` and `error.<slug>.detail`; `values` fill their placeholders.

    ServiceError                    internal           500  4500
    ├── Malformed                   malformed          400  4400
    │   ├── MalformedJson           malformed-json
    │   ├── MalformedMessage        malformed-message
    │   ├── InvalidField            field-invalid
    │   ├── InvalidWorkbook         workbook-invalid
    │   ├── NameMissing             name-missing
    │   ├── NameTooLong             name-too-long
    │   ├── TextTooLong             text-too-long
    │   └── WrongContentType        content-type       415
    ├── NotSignedIn                 token-unknown      401  4401
    │   ├── CreateKeyNeeded         create-key
    │   ├── SignInNeeded            sign-in-needed
    │   └── SignInFailed            sign-in-failed
    ├── NotAllowed                  not-allowed        403  4403
    │   ├── JoiningClosed           joining-closed
    │   ├── NotAsked                not-asked
    │   ├── SignInNotAllowed        sign-in-not-allowed
    │   ├── PassphraseNeeded        passphrase-needed
    │   ├── PassphraseWrong         passphrase-wrong
    │   └── ForeignOrigin           foreign-origin
    ├── Missing                     not-found          404  4404
    │   ├── CodeUnknown             code-unknown
    │   ├── WorkshopGone            workshop-gone
    │   ├── PersonGone              person-gone
    │   ├── BoardGone               board-gone
    │   ├── BreakoutGone            breakout-gone
    │   ├── SnapshotGone            snapshot-gone
    │   ├── PreviousGone            previous-gone
    │   └── FormatUnknown           format-unknown
    ├── MethodUnknown               method-unknown     405  4400
    ├── HostUnknown                 host-unknown       421  4403
    ├── Conflict                    conflict           409  4409
    │   ├── LineageMismatch         lineage-mismatch
    │   ├── BreakoutClosed          breakout-closed
    │   ├── BreakoutsFull           breakouts-full
    │   ├── TooLargeToSplit         split-too-large
    │   ├── SignedInAlready         signed-in-already
    │   ├── AlreadyAnswered         already-answered
    │   ├── NothingDated            nothing-dated
    │   ├── DaysCrossed             days-crossed
    │   ├── KeyReused               key-reused
    │   ├── RoundClosed             round-closed
    │   ├── RoundOpen               round-open
    │   └── TooFewAsked             too-few-asked
    ├── TooLarge                    too-large          413  4413
    ├── BoardFull                   board-full         403  4413
    ├── RefusedUpdate               refused-update     422  4422
    ├── TooManyTries                too-many-tries     429  4429
    ├── TooFast                     too-fast           429  4508
    ├── WorkshopFull                workshop-full      429  4429
    ├── WaitingFull                 waiting-full       429  4429
    ├── TooManyConnections          too-many-connections  429  4429
    ├── TooSlow                     too-slow           503  1013
    ├── SignInDown                  sign-in-down       503  4503
    ├── GapUnfilled                 gap-unfilled       409  4509
    └── RightsChanged               rights-changed     403  4510

`server.store` adds what a store can answer: StoreUnavailable, StoreLocked (503, 4503) and
StoreCorrupted (500, 4500).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from boards.workbook.errors import WorkbookError
from boards.workbook.table import NOTHING

MAX_SHOWN = 60  # characters of a refused value that an error repeats


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text of the catalogue with what belongs into its placeholders."""

    key: str
    values: Mapping[str, "str | int | Phrase"] = field(default_factory=dict)


class ServiceError(Exception):
    """Base of the tree. `str(error)` is for logs: it names the slug and never a person's words."""

    slug: ClassVar[str] = "internal"  # also the close reason: stable, under 124 bytes
    status: ClassVar[int] = 500
    close_code: ClassVar[int] = 4500

    def __init__(self, problem: str = "", **values: str | int) -> None:
        super().__init__(f"{self.slug}: {problem}" if problem else self.slug)
        self.problem = problem
        self.values = values
        self.phrases: dict[str, Phrase] = {}  # values that people read in their own language


class Malformed(ServiceError):
    """What came cannot be read as what was announced."""

    slug = "malformed"
    status = 400
    close_code = 4400


class MalformedJson(Malformed):
    """The body is no JSON object."""

    slug = "malformed-json"


class MalformedMessage(Malformed):
    """A frame breaks the wire format at byte `offset`."""

    slug = "malformed-message"

    def __init__(self, problem: str, *, offset: int) -> None:
        super().__init__(f"{problem} (byte {offset})", offset=offset)
        self.offset = offset


class InvalidField(Malformed):
    """A field of a command has a wrong value: `field` (dotted path), what was expected and got."""

    slug = "field-invalid"

    def __init__(self, field: str, *, expected: str, got: object) -> None:
        shown = shorten(got)
        super().__init__(f"{field}: expected {expected}", field=field, expected=expected, got=shown)


class InvalidWorkbook(Malformed):
    """A workbook that was brought along breaks a rule, at this place."""

    slug = "workbook-invalid"

    def __init__(self, error: WorkbookError) -> None:
        super().__init__(
            f"{error.place}: {error.expected}",
            file=error.file,
            place=error.place,
            expected=error.expected,
        )
        nothing = Phrase("workbook.nothing")
        values = {name: nothing if v == NOTHING else v for name, v in error.values.items()}
        self.phrases["expected"] = Phrase(f"workbook.expected.{error.rule}", values)


class NameMissing(Malformed):
    """A person or a group came without a name."""

    slug = "name-missing"


class NameTooLong(Malformed):
    """A name has more than `most` characters."""

    slug = "name-too-long"

    def __init__(self, *, most: int, got: int) -> None:
        super().__init__(f"expected at most {most} characters, got {got}", most=most, got=got)


class TextTooLong(Malformed):
    """A field that holds a text, such as a title, has more than `most` characters."""

    slug = "text-too-long"

    def __init__(self, field: str, *, most: int, got: int) -> None:
        super().__init__(
            f"{field}: expected at most {most} characters, got {got}",
            field=field,
            most=most,
            got=got,
        )


class WrongContentType(Malformed):
    """A command without `Content-Type: application/json`."""

    slug = "content-type"
    status = 415


class NotSignedIn(ServiceError):
    """No token, or one that opens nothing (any more)."""

    slug = "token-unknown"
    status = 401
    close_code = 4401


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


class NotAllowed(ServiceError):
    """Signed in, but the role or the group does not allow it."""

    slug = "not-allowed"
    status = 403
    close_code = 4403


class JoiningClosed(NotAllowed):
    """Nobody new is let into this workshop; who has been there comes back as ever."""

    slug = "joining-closed"


class NotAsked(NotAllowed):
    """The open round asks those who were at work when it opened, and whom a facilitator added."""

    slug = "not-asked"


class SignInNotAllowed(NotAllowed):
    """Signed in with the provider, and none of those who may open workshops here."""

    slug = "sign-in-not-allowed"


class PassphraseNeeded(NotAllowed):
    """Newcomers have to know this workshop's passphrase, and none was sent."""

    slug = "passphrase-needed"


class PassphraseWrong(NotAllowed):
    """The passphrase that was sent is another one."""

    slug = "passphrase-wrong"


class ForeignOrigin(NotAllowed):
    """A page of another site used this browser's cookie."""

    slug = "foreign-origin"


class Missing(ServiceError):
    """Nothing is at this address."""

    slug = "not-found"
    status = 404
    close_code = 4404


class CodeUnknown(Missing):
    """A join or return code that opens nothing: mistyped, or of a workshop that is closed."""

    slug = "code-unknown"


class WorkshopGone(Missing):
    """No such workshop (any more)."""

    slug = "workshop-gone"


class BoardGone(Missing):
    """No such board (any more)."""

    slug = "board-gone"


class PersonGone(Missing):
    """No such person in this workshop (any more)."""

    slug = "person-gone"


class BreakoutGone(Missing):
    """No such breakout (any more)."""

    slug = "breakout-gone"


class SnapshotGone(Missing):
    """No such snapshot (any more)."""

    slug = "snapshot-gone"


class PreviousGone(Missing):
    """This workshop is nobody's next round."""

    slug = "previous-gone"


class FormatUnknown(Missing):
    """A board does not leave in format `format`."""

    slug = "format-unknown"

    def __init__(self, format: str) -> None:
        super().__init__(f"no export format {shorten(format)}", format=shorten(format))


class MethodUnknown(ServiceError):
    """The address exists, the HTTP method does not."""

    slug = "method-unknown"
    status = 405
    close_code = 4400


class HostUnknown(ServiceError):
    """Asked under a name that is none of this server's. Source: RFC 9110, 15.5.20."""

    slug = "host-unknown"
    status = 421
    close_code = 4403


class Conflict(ServiceError):
    """True when it was asked, no longer true now."""

    slug = "conflict"
    status = 409
    close_code = 4409


class BreakoutsFull(Conflict):
    """This workshop has as many breakouts, or open groups, as it can hold."""

    slug = "breakouts-full"


class TooLargeToSplit(Conflict):
    """So many copies of so large a board do not fit: fewer groups, or a smaller board."""

    slug = "split-too-large"


class SignedInAlready(Conflict):
    """This browser is somebody else in that workshop; ask them, then say `replace`."""

    slug = "signed-in-already"


class LineageMismatch(Conflict):
    """The client's copy is of another lineage of this board: discard it, do not merge it."""

    slug = "lineage-mismatch"


class BreakoutClosed(Conflict):
    """The breakout is closed: its groups can no longer be changed."""

    slug = "breakout-closed"


class NothingDated(Conflict):
    """A calendar was asked for, and no day has been agreed."""

    slug = "nothing-dated"


class DaysCrossed(Conflict):
    """A calendar was asked for, and what has days ends before it starts."""

    slug = "days-crossed"


class AlreadyAnswered(Conflict):
    """This person has answered this round; an answer cannot be found again to be changed."""

    slug = "already-answered"


class RoundClosed(Conflict):
    """No round of this form is open: nothing can be answered, and nothing closed."""

    slug = "round-closed"


class RoundOpen(Conflict):
    """A round of this form is open already."""

    slug = "round-open"


class TooFewAsked(Conflict):
    """A round that asks so few would have no results. Values: n."""

    slug = "too-few-asked"

    def __init__(self, *, n: int) -> None:
        super().__init__(f"only {n} would be asked", n=n)


class KeyReused(Conflict):
    """An Idempotency-Key that came with another command before."""

    slug = "key-reused"


class TooLarge(ServiceError):
    """A body, frame, update or text above its limit of `most` (bytes unless the text says else)."""

    slug = "too-large"
    status = 413
    close_code = 4413

    def __init__(self, problem: str = "", *, most: int) -> None:
        super().__init__(problem or f"more than {most}", most=most)


class BoardFull(ServiceError):
    """The board has as many bytes as it may: what grows it is not taken until it has room again."""

    slug = "board-full"
    status = 403
    close_code = 4413


class RefusedUpdate(ServiceError):
    """An update that the structural check or pycrdt refuses; the board is as it was."""

    slug = "refused-update"
    status = 422
    close_code = 4422


class TooManyTries(ServiceError):
    """Over a limit of tries; free again in `seconds`."""

    slug = "too-many-tries"
    status = 429
    close_code = 4429

    def __init__(self, problem: str = "", *, seconds: int) -> None:
        super().__init__(problem or f"retry in {seconds} s", seconds=seconds)
        self.seconds = seconds


class TooFast(ServiceError):
    """More messages than a person can make; the connection may come back in a moment."""

    slug = "too-fast"
    status = 429
    close_code = 4508


class WorkshopFull(ServiceError):
    """The workshop has as many people as it can hold."""

    slug = "workshop-full"
    status = 429
    close_code = 4429


class WaitingFull(ServiceError):
    """As many wait to be let in as may; a facilitator has to answer some of them first."""

    slug = "waiting-full"
    status = 429
    close_code = 4429


class TooManyConnections(ServiceError):
    """This person's newer connections took this one's place: a page was open too many times."""

    slug = "too-many-connections"
    status = 429
    close_code = 4429


class TooSlow(ServiceError):
    """The reader does not keep up with its outbox: come back and resync."""

    slug = "too-slow"
    status = 503
    close_code = 1013


class GapUnfilled(ServiceError):
    """An update builds on something that this server has not seen: come back and resync."""

    slug = "gap-unfilled"
    status = 409
    close_code = 4509


class RightsChanged(ServiceError):
    """What this person may do on this board has changed: come back and be told anew."""

    slug = "rights-changed"
    status = 403
    close_code = 4510


def shorten(value: object) -> str:
    """Show a refused value in an error: printable, at most MAX_SHOWN characters."""
    shown = repr(value)
    return shown if len(shown) <= MAX_SHOWN else shown[: MAX_SHOWN - 1] + "…"
