"""Which encoding an answer leaves in, and packing of those that are made on the spot.

Only what holds no secret is packed. Where a secret and a text that somebody else chose are packed
together, the length of the answer tells how alike they are, and so gives the secret away letter by
letter (BREACH). So pages and what stands on boards are packed: whoever can write there can read it
all. Never packed: answers with tokens or codes, and the desk, which holds the join code.
"""

import asyncio
import gzip
from collections.abc import Sequence

from starlette.requests import HTTPConnection
from starlette.responses import Response

__all__ = ["best_encoding", "packed", "packed_aside"]

LEAST_BYTES = 1_024  # below, a packed answer fills as many network packets as a plain one
LEVEL = 6  # of gzip: beyond, it takes twice the time for a percent less
SHORT_BYTES = 65_536  # packed within 2 ms; longer ones are packed in a thread


def best_encoding(header: str, offered: Sequence[str]) -> str | None:
    """The encoding that a reader likes best by Accept-Encoding, ours first; None is: as it is.

    Source: RFC 9110, 12.5.3.
    """
    liked = weights(header)
    others = liked.get("*", 0.0)
    weighed = [(liked.get(name, others), -place, name) for place, name in enumerate(offered)]
    weight, _, name = max(weighed, default=(0.0, 0, ""))
    return name if weight > 0 and weight >= liked.get("identity", 0.0) else None


def weights(header: str) -> dict[str, float]:
    """Encoding -> weight; one that cannot be read is not wanted."""
    parts = (part.partition(";") for part in header.lower().split(",") if part.strip())
    return {name.strip(): weight(rest) for name, _, rest in parts}


def weight(parameters: str) -> float:
    """The number of `q=`, 1 without it."""
    name, _, number = parameters.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        value = float(number)
    except ValueError:
        return 0.0
    return value if 0 <= value <= 1 else 0.0


def packed(connection: HTTPConnection, response: Response) -> Response:
    """The same answer, packed where its reader takes that; for answers without secrets."""
    response.headers.add_vary_header("Accept-Encoding")
    header = connection.headers.get("accept-encoding", "")
    if len(response.body) < LEAST_BYTES or best_encoding(header, ("gzip",)) is None:
        return response
    response.body = gzip.compress(response.body, LEVEL, mtime=0)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.body))
    return response


async def packed_aside(connection: HTTPConnection, response: Response) -> Response:
    """The same for answers of any length: nobody waits for a long one."""
    if len(response.body) <= SHORT_BYTES:
        return packed(connection, response)
    return await asyncio.to_thread(packed, connection, response)
