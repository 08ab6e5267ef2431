"""WebSocket frames: what goes to many is encoded once; where one ends that a client sent."""

from collections.abc import Iterable

from server.sync.wire import messages

__all__ = ["MASKED", "Outgoing", "frame_bounds"]

MASKED = 0x80  # in the second byte of a WebSocket frame


class Outgoing:
    """Messages for one reader or many, encoded once, each one WebSocket frame.

    A stock y-websocket client reads one message per frame, so several messages are several
    frames; `raw` holds all of them ready for a socket, so they can share one write.
    """

    __slots__ = ("_begin", "_own", "_raw", "is_own")

    def __init__(
        self, own: Iterable[bytes], *, begin: "Outgoing | None" = None, is_own: bool = False
    ) -> None:
        """`begin`: what goes to many and comes first; it is not encoded anew for each.

        `is_own`: it was made for one reader, and is no one else's, however large it is.
        """
        self.is_own = is_own
        self._begin = begin
        self._own = tuple(own)
        self._raw: bytes | None = None

    @property
    def messages(self) -> tuple[bytes, ...]:
        return self._own if self._begin is None else self._begin.messages + self._own

    @property
    def raw(self) -> bytes:
        if self._raw is None:
            begin = b"" if self._begin is None else self._begin.raw
            self._raw = begin + b"".join(map(messages.server_frame, self._own))
        return self._raw

    @property
    def size(self) -> int:
        return sum(map(len, self.messages))


def frame_bounds(data: bytes, at: int, end: int) -> tuple[int, int]:
    """(payload length, payload offset) of the frame that begins at `at`; RFC 6455 section 5.2.

    The offset is -1 while the header is incomplete. An unmasked frame is given to websockets'
    parser like any other oddity, so its offset has no mask before it.
    """
    short = data[at + 1] & 0x7F
    start = at + 2
    if short == 126:
        start += 2
    elif short == 127:
        start += 8
    if start > end:
        return 0, -1
    length = short if short < 126 else int.from_bytes(data[at + 2 : start], "big")
    if data[at + 1] & MASKED:
        start += 4
    return length, start if start <= end else -1
