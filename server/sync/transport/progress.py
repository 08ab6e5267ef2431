"""What a slow reader takes shows bit by bit, where the system can do that."""

import asyncio
import contextlib
import socket

__all__ = ["show_progress"]

UNSENT_BYTES = 32 << 10  # that the kernel keeps unsent; else it hides what is taken, and when


def show_progress(transport: asyncio.BaseTransport) -> None:
    """From now on, in what the transport has not sent yet."""
    option = getattr(socket, "TCP_NOTSENT_LOWAT", None)
    connection = transport.get_extra_info("socket")
    if option is not None and connection is not None:
        with contextlib.suppress(OSError, ValueError):  # closed meanwhile: no descriptor any more
            connection.setsockopt(socket.IPPROTO_TCP, option, UNSENT_BYTES)
