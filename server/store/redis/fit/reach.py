"""Why Redis, as its address says, cannot be talked to: in a sentence, and what to do."""

import os
import ssl
from collections.abc import Iterator
from typing import Any

from redis.exceptions import AuthenticationError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeout

from server.store import StoreUnfit

__all__ = ["slots_missing", "unreachable"]

SLOTS = 16384  # of every Cluster


def unreachable(error: Exception, where: str, *, tls: bool) -> StoreUnfit:
    """`error`: what the first words to it came to. `where`: without user and password."""
    chain = list(causes(error))
    if isinstance(error, AuthenticationError):
        words, key = f"Redis at {where} refuses us: {error}", "redis_password"
    elif isinstance(error, ResponseError):
        words, key = f"Redis at {where} refuses us: {error}", "redis_refuses"
    else:
        words, key = f"cannot reach Redis at {where}: {error}", silence(chain, tls=tls)
    return StoreUnfit(words, key, where=where, reason=reason(chain))


def silence(chain: list[BaseException], *, tls: bool) -> str:
    if any(isinstance(each, ssl.SSLCertVerificationError) for each in chain):
        return "redis_certificate"
    if tls and any(isinstance(each, FileNotFoundError | PermissionError) for each in chain):
        return "redis_certificate_file"
    if tls and any(isinstance(each, ssl.SSLError | TimeoutError | RedisTimeout) for each in chain):
        return "redis_no_tls"
    has_answered = "closed by server" in str(chain[0]) or "while reading" in str(chain[0])
    return "redis_foreign" if has_answered else "redis_silent"


def reason(chain: list[BaseException]) -> str:
    """What is said at the root of it: of the system, where that has a word."""
    words = [word_of(each) for each in chain]
    return next((each for each in reversed(words) if each), type(chain[0]).__name__)


def word_of(error: BaseException) -> str:
    """Event loops have words of their own for what the system says by a number."""
    if isinstance(error, OSError) and not isinstance(error, ssl.SSLError) and error.errno:
        return os.strerror(error.errno) if error.errno > 0 else str(error.strerror)
    return str(error)


def causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def slots_missing(told: Any, where: str) -> tuple[StoreUnfit | None, bool]:
    """From what CLUSTER INFO answers; and whether that may pass: they have a primary that fails."""
    if isinstance(told, Exception):
        return None, False
    facts = dict(line.split(":", 1) for line in bytes(told).decode().split() if ":" in line)
    given = int(facts.get("cluster_slots_assigned", SLOTS))
    served = given - int(facts.get("cluster_slots_fail", 0))
    if served >= SLOTS:  # one that only seems to fail may be slow at the moment
        return None, False
    words = f"the Cluster of Redis at {where} serves {served} of {SLOTS} slots"
    unfit = StoreUnfit(words, "redis_slots", where=where, served=str(served), slots=str(SLOTS))
    return unfit, given >= SLOTS
