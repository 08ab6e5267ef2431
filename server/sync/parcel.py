"""What goes to many readers at once: encoded once, the same bytes for all."""

from collections.abc import Iterable

from server.sync import wire

__all__ = ["Parcel"]


class Parcel:
    """Messages for one reader or many, each one WebSocket frame.

    A stock y-websocket client reads one message per frame, so several messages are several
    frames; `raw` holds all of them ready for a socket, so they can share one write.
    """

    __slots__ = ("_raw", "messages")

    def __init__(self, messages: Iterable[bytes]) -> None:
        self.messages = tuple(messages)
        self._raw: bytes | None = None

    @property
    def raw(self) -> bytes:
        if self._raw is None:
            self._raw = b"".join(map(wire.server_frame, self.messages))
        return self._raw

    @property
    def size(self) -> int:
        return sum(map(len, self.messages))
