"""What an edit, or a connection, can be refused for. Close codes: docs/protocol.md."""

from server.errors import Conflict, Malformed, ServiceError


class MalformedMessage(Malformed):
    """A frame breaks the wire format at byte `offset`."""

    slug = "malformed-message"

    def __init__(self, problem: str, *, offset: int) -> None:
        super().__init__(f"{problem} (byte {offset})", offset=offset)
        self.offset = offset


class LineageMismatch(Conflict):
    """The client's copy is of another lineage of this board: discard it, do not merge it."""

    slug = "lineage-mismatch"


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


class TooFast(ServiceError):
    """More messages than a person can make; the connection may come back in a moment."""

    slug = "too-fast"
    status = 429
    close_code = 4508


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
