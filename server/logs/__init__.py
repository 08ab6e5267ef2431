"""What the log tells of an error that nobody thought of: its kind and its place.

Not its words: they may be what somebody wrote, a name, or what opens a door.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import traceback
from types import TracebackType
from typing import Any

__all__ = ["only_places", "set_up", "unheard", "where"]

log = logging.getLogger(__name__)

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
WORDS = 3  # of what asyncio says; what follows may be the values that a callback was given

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Places(logging.Formatter):
    """Errors as `where` tells them."""

    def formatException(self, ei: Raised) -> str:
        return "" if ei[1] is None else where(ei[1])


def set_up() -> None:
    """From here on this process logs to standard error, errors by kind and place."""
    handler = logging.StreamHandler()
    handler.setFormatter(Places(FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


def only_places() -> None:
    """In a child whose last words are logged: what ends it is told by kind and place."""
    sys.excepthook = lambda _kind, error, _place: print(where(error), file=sys.stderr)


def unheard(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A loop's handler of errors that nobody waits for."""
    said = " ".join(str(context.get("message", "")).split()[:WORDS])
    log.error("unnamed error in the background: %s", said, exc_info=context.get("exception"))


def where(error: BaseException) -> str:
    """Where it broke, and what kind of error it was; and so of those it came of."""
    chain = "".join(traceback.format_tb(error.__traceback__)) + type(error).__name__
    before = error.__cause__ or error.__context__
    return chain if before is None else f"{where(before)}\nand then\n{chain}"
