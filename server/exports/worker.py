"""The other process of elsewhere.py: runs one function of ours on what comes by stdin."""

from __future__ import annotations

import os
import pickle
import resource
import sys
from collections.abc import Callable
from typing import Any

from server.errors import ServiceError
from server.exports.elsewhere import Raised
from server.logs import where

__all__ = ["main"]


def main() -> None:
    """The other process."""
    os.environ["RAYON_NUM_THREADS"] = "2"  # of Typst: each thread takes address space
    (memory, seconds), function, args, options = pickle.loads(sys.stdin.buffer.read())
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        answer = pickle.dumps(outcome(function, args, options))
    except Exception as error:
        sys.exit(where(error))
    sys.stdout.buffer.write(answer)


def outcome(function: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """What the function returns, or that it raised. Anything but a ServiceError ends us."""
    try:
        return function(*args, **options)
    except ServiceError as error:
        return Raised(error)


if __name__ == "__main__":
    main()
