"""What goes to many readers at once: encoded once, the same bytes for all."""

from collections.abc import Iterable

from server.sync.wire import messages

__all__ = ["Outgoing"]


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
