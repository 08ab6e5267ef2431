"""Leaving nothing in Redis' files of what was deleted: its log is written anew."""

import asyncio
import logging
from typing import Any

from redis.exceptions import ResponseError

from server.store import StoreUnavailable
from server.store.redis.fit.promises import pairs
from server.store.redis.nodes import Nodes

__all__ = ["rewrite_files"]

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.02  # first; then less often
SELDOM_SECONDS = 0.5
STATUSES = {"aof_rewrites": "aof_last_bgrewrite_status", "rdb_saves": "rdb_last_bgsave_status"}
FORBIDDEN = ("unknown command", "noperm", "not allowed")


async def rewrite_files(nodes: Nodes) -> None:
    """Of each primary. Raises StoreUnavailable; where Redis lets nobody do it, that is logged."""
    if not await rewritten(nodes, ("BGREWRITEAOF",), "aof_rewrite", "aof_rewrites"):
        return
    saves = await nodes.ask_each("CONFIG", "GET", "save")
    if any(pairs(found).get("save") for found in saves):  # it has another file besides
        await rewritten(nodes, ("BGSAVE",), "rdb_bgsave", "rdb_saves")


async def rewritten(nodes: Nodes, command: tuple[str, ...], what: str, counter: str) -> bool:
    """What is under way may have begun too early, so that ends first; whether we may at all."""
    await idle(nodes, what)
    before = await counted(nodes, counter)
    for found in await nodes.ask_each(*command):
        if not isinstance(found, ResponseError):
            continue
        if any(word in str(found).lower() for word in FORBIDDEN):
            log.warning("what was deleted stays in Redis' files until it rewrites them: %s", found)
            return False
        raise StoreUnavailable(f"Redis at {nodes.where} answers: {found}")
    await idle(nodes, what)
    after = await counted(nodes, counter)
    statuses = await told(nodes, STATUSES[counter])
    if any(now <= then for now, then in zip(after, before, strict=True)) or set(statuses) != {"ok"}:
        raise StoreUnavailable(f"Redis at {nodes.where} could not write its files anew")
    return True


async def idle(nodes: Nodes, what: str) -> None:
    pause = LOOK_SECONDS
    async with asyncio.timeout(PATIENCE_SECONDS):
        while any(is_busy(found, what) for found in await nodes.ask_each("INFO", "persistence")):
            await asyncio.sleep(pause)
            pause = min(1.5 * pause, SELDOM_SECONDS)


def is_busy(answer: Any, what: str) -> bool:
    facts = pairs(answer)
    return "1" in (facts.get(f"{what}_in_progress"), facts.get(f"{what}_scheduled"))


async def counted(nodes: Nodes, counter: str) -> list[int]:
    return [int(number or 0) for number in await told(nodes, counter)]


async def told(nodes: Nodes, name: str) -> list[str]:
    answers = await nodes.ask_each("INFO", "persistence")
    return [pairs(found).get(name, "") for found in answers]
