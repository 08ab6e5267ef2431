"""Errors that a client may see: the tree's base, and what is no single room's.

The class fixes three things: `slug` (the stable `code` of problem+json and the reason of a close
frame), `status` (HTTP) and `close_code` (WebSocket). 44xx: act first, sending it again cannot
help; 4500-4599 and 1013: come back, with jitter. The words people read are in the catalogue under
`error.<slug>.title` and `error.<slug>.detail`; `values` fill their placeholders.

    ServiceError                    internal           500  4500
    ├── Malformed                   malformed          400  4400
    │   ├── MalformedJson           malformed-json
    │   ├── InvalidField            field-invalid
    │   ├── NameMissing             name-missing
    │   ├── NameTooLong             name-too-long
    │   ├── TextTooLong             text-too-long
    │   └── WrongContentType        content-type       415
    ├── NotSignedIn                 token-unknown      401  4401
    ├── NotAllowed                  not-allowed        403  4403
    │   └── ForeignOrigin           foreign-origin
    ├── Missing                     not-found          404  4404
    │   ├── WorkshopGone            workshop-gone
    │   └── BoardGone               board-gone
    ├── MethodUnknown               method-unknown     405  4400
    ├── HostUnknown                 host-unknown       421  4403
    ├── Conflict                    conflict           409  4409
    │   └── KeyReused               key-reused
    ├── TooLarge                    too-large          413  4413
    ├── TooManyTries                too-many-tries     429  4429
    ├── WorkshopFull                workshop-full      429  4429
    └── NotDone                     not-done           503  4500

Rooms add leaves of their own: `errors.py` in sync, access, workshops and exports, and
`server.store` what a store can answer. Close codes stand in docs/protocol.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

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


class InvalidField(Malformed):
    """A field of a command has a wrong value: `field` (dotted path), what was expected and got."""

    slug = "field-invalid"

    def __init__(self, field: str, *, expected: str, got: object) -> None:
        shown = shorten(got)
        super().__init__(f"{field}: expected {expected}", field=field, expected=expected, got=shown)


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


class NotAllowed(ServiceError):
    """Signed in, but the role or the group does not allow it."""

    slug = "not-allowed"
    status = 403
    close_code = 4403


class ForeignOrigin(NotAllowed):
    """A page of another site used this browser's cookie."""

    slug = "foreign-origin"


class Missing(ServiceError):
    """Nothing is at this address."""

    slug = "not-found"
    status = 404
    close_code = 4404


class WorkshopGone(Missing):
    """No such workshop (any more)."""

    slug = "workshop-gone"


class BoardGone(Missing):
    """No such board (any more)."""

    slug = "board-gone"


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


class TooManyTries(ServiceError):
    """Over a limit of tries; free again in `seconds`."""

    slug = "too-many-tries"
    status = 429
    close_code = 4429

    def __init__(self, problem: str = "", *, seconds: int) -> None:
        super().__init__(problem or f"retry in {seconds} s", seconds=seconds)
        self.seconds = seconds


class WorkshopFull(ServiceError):
    """The workshop has as many people as it can hold."""

    slug = "workshop-full"
    status = 429
    close_code = 4429


class NotDone(ServiceError):
    """What takes long or much could not be done now: too much at once, too slow, or a crash."""

    slug = "not-done"
    status = 503
    close_code = 4500


def shorten(value: object) -> str:
    """Show a refused value in an error: printable, at most MAX_SHOWN characters."""
    shown = repr(value)
    return shown if len(shown) <= MAX_SHOWN else shown[: MAX_SHOWN - 1] + "…"
