"""What Redis says of itself, against what was promised of it: HAHMO_DURABILITY.

disk: what is acknowledged lies on Redis' disk. replica: a replica has it besides. second: Redis
may lose the last second of it, when its machine fails.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redis.exceptions import ResponseError

__all__ = ["QUESTIONS", "Facts", "read_facts", "weakness"]

OLDEST = (7, 0)
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


def weakness(durability: str, facts: Facts) -> str:
    """What is missing for what was promised; "" if nothing is."""
    if facts.version < OLDEST:
        return f"it is version {'.'.join(map(str, facts.version))}, and needs to be 7.0 or newer"
    if facts.eviction not in (None, "noeviction"):
        return f"maxmemory-policy is {facts.eviction}: it would forget boards; set noeviction"
    if not facts.has_log:
        return "appendonly is no: it would lose everything when it ends; set appendonly yes"
    wanted = SYNCS[durability]
    if facts.sync is not None and facts.sync not in wanted:
        return f"appendfsync is {facts.sync}, and HAHMO_DURABILITY={durability} needs {wanted[-1]}"
    if durability == "replica" and facts.replicas < 1:
        return "no replica is connected, and HAHMO_DURABILITY=replica needs one"
    return ""
