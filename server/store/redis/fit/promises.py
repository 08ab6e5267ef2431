"""What Redis says of itself, against what was promised of it: HAHMO_DURABILITY.

disk: what is acknowledged lies on Redis' disk. replica: a replica has it besides. second: Redis
may lose the last second of it, when its machine fails.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from redis.exceptions import ResponseError

from server.store import StoreUnfit

__all__ = ["QUESTIONS", "Facts", "Weakness", "clock_off", "read_facts", "weakness"]

OLDEST = (7, 0)
CLOCK_SECONDS = 300  # that two clocks may differ when a server begins
SETTINGS = ("appendonly", "appendfsync", "maxmemory-policy")
QUESTIONS: Sequence[Sequence[str]] = (
    ("INFO", "server"),
    ("INFO", "replication"),
    ("CONFIG", "GET", *SETTINGS),
    ("INFO", "persistence"),
    ("INFO", "memory"),
)
SYNCS = {
    "disk": ("always",),
    "replica": ("always",),
    "second": ("always", "everysec"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """None: Redis does not tell (managed ones forbid CONFIG)."""

    version: tuple[int, ...]
    replicas: int
    has_log: bool
    sync: str | None
    eviction: str | None
    is_replica: bool = False


def read_facts(answers: Sequence[Any]) -> Facts:
    """From the answers to QUESTIONS."""
    server, replication, settings, persistence, memory = map(pairs, answers)
    version = server.get("redis_version", "0")
    log = settings.get("appendonly")
    return Facts(
        version=tuple(int(part) for part in version.split(".") if part.isdigit()),
        replicas=int(replication.get("connected_slaves", 0)),
        has_log=log == "yes" if log else persistence.get("aof_enabled") == "1",
        sync=settings.get("appendfsync"),
        eviction=settings.get("maxmemory-policy") or memory.get("maxmemory_policy"),
        is_replica=replication.get("role") == "slave",
    )


def pairs(answer: Any) -> dict[str, str]:
    """Of an answer to INFO or CONFIG GET; nothing where it is an error."""
    if isinstance(answer, ResponseError):
        return {}
    if isinstance(answer, list):
        texts = [text.decode() for text in answer]
        return dict(zip(texts[::2], texts[1::2], strict=True))
    found = (line.partition(":") for line in answer.decode().splitlines() if ":" in line)
    return {name: value for name, _, value in found}


class Weakness(NamedTuple):
    """`words`: for the log. `key`, `values`: of the sentence that people read."""

    words: str
    key: str
    values: dict[str, str] = {}

    def told(self, where: str) -> StoreUnfit:
        return StoreUnfit(f"Redis at {where}: {self.words}", self.key, where=where, **self.values)


def weakness(durability: str, facts: Facts) -> Weakness | None:
    """What is missing for what was promised; None if nothing is."""
    version = ".".join(map(str, facts.version))
    if facts.version < OLDEST:
        words = f"it is version {version}, and needs to be 7.0 or newer"
        return Weakness(words, "redis_old", {"version": version})
    if facts.is_replica:
        return Weakness("it is a replica, and takes no writes", "redis_is_replica")
    if facts.eviction not in (None, "noeviction"):
        words = f"maxmemory-policy is {facts.eviction}: it would forget boards; set noeviction"
        return Weakness(words, "redis_evicts", {"policy": str(facts.eviction)})
    if not facts.has_log:
        words = "appendonly is no: it would lose everything when it ends; set appendonly yes"
        return Weakness(words, "redis_no_log")
    wanted = SYNCS[durability]
    values = {"durability": durability, "wanted": wanted[-1], "sync": str(facts.sync)}
    if facts.sync is not None and facts.sync not in wanted:
        words = f"appendfsync is {facts.sync}, and HAHMO_DURABILITY={durability} needs {wanted[-1]}"
        return Weakness(words, "redis_sync", values)
    if durability == "replica" and facts.replicas < 1:
        words = "no replica is connected, and HAHMO_DURABILITY=replica needs one"
        return Weakness(words, "redis_no_replica")
    return None


def clock_off(answer: Any, now: int) -> Weakness | None:
    """Whether our clock and Redis' tell another time. `answer`: to TIME. `now`: ms, ours."""
    if isinstance(answer, ResponseError):
        return None
    seconds = round((now - int(answer[0]) * 1000) / 1000)
    if abs(seconds) <= CLOCK_SECONDS:
        return None
    values = {"minutes": str(abs(seconds) // 60)}
    key = "redis_clock_ahead" if seconds > 0 else "redis_clock_behind"
    return Weakness(f"our clock is {seconds} s ahead of its own", key, values)
