"""One Redis, or the primaries of a Redis Cluster: what is sent comes to whose keys it is about.

Whatever is sent may be sent again, when no answer came or the answer was to ask elsewhere or
later: everything that this store sends comes to the same when it is run twice.
"""

import asyncio
import logging
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from redis.asyncio.connection import SSLConnection, parse_url
from redis.crc import key_slot
from redis.exceptions import (
    AskError,
    ClusterDownError,
    MovedError,
    NoScriptError,
    ReadOnlyError,
    RedisError,
    ResponseError,
    TryAgainError,
)

from server.store import StoreReadOnly, StoreUnavailable, StoreUnfit
from server.store.redis.connections import Arguments, Connections
from server.store.redis.fit.reach import slots_missing, unreachable
from server.store.redis.scripts import ALL, Script

__all__ = ["Command", "Nodes", "call"]

log = logging.getLogger(__name__)

Address = tuple[str, int]

PATIENCE_SECONDS = 3.0  # for all attempts together
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 0.3  # seconds between them
REPLICA_MS = 1000  # that a replica may take to have it


class Command(NamedTuple):
    """`key`: one of those that it is about, all of which lie together."""

    key: str
    arguments: Arguments


def call(script: Script, keys: Sequence[str], *arguments: bytes | str | int) -> Command:
    return Command(keys[0], ("EVALSHA", script.sha, len(keys), *keys, *arguments))


class Waiting(ResponseError):
    """Too few replicas have it yet."""


PASSING = (
    Waiting,
    MovedError,
    AskError,
    TryAgainError,
    ClusterDownError,
    ReadOnlyError,
    NoScriptError,
)


class Nodes:
    """`url`: of a Redis, or of one of a Cluster. `replicas`: how many must have what is written."""

    def __init__(self, url: str, replicas: int = 0) -> None:
        self._settings: Mapping[str, Any] = parse_url(url)
        self._replicas = replicas
        self._first = (
            str(self._settings.get("host", "localhost")),
            int(self._settings.get("port", 6379)),
        )
        self._known: dict[Address, Connections] = {}
        self._starts: list[int] = [0]  # of ranges of slots, and whose each is
        self._owners: list[Address] = [self._first]
        self.is_cluster = False

    @property
    def where(self) -> str:
        """For people; without user and password."""
        path = self._settings.get("path")
        return str(path) if path else f"{self._first[0]}:{self._first[1]}"

    async def open(self) -> None:
        """Raises StoreUnavailable, at once where nobody answers."""
        try:
            [found] = await self._at(self._first).exchange([("INFO", "cluster")])
        except (RedisError, OSError, TimeoutError) as error:
            raise self._unreachable(error) from error
        if isinstance(found, ResponseError):
            raise self._unreachable(found)
        self.is_cluster = b"cluster_enabled:1" in found
        if self.is_cluster:
            await self._check_slots()

    async def _check_slots(self) -> None:
        """A primary that fails may be followed by its replica in a moment. Raises StoreUnfit."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            [told] = await self._at(self._first).exchange([("CLUSTER", "INFO")])
            missing, may_pass = slots_missing(told, self.where)
            if missing is None:
                return await self._find_slots()
            if not may_pass or asyncio.get_running_loop().time() > deadline:
                raise missing
            await asyncio.sleep(LONGEST_PAUSE)

    def _unreachable(self, error: Exception) -> StoreUnfit:
        is_tls = self._settings.get("connection_class") is SSLConnection
        return unreachable(error, self.where, tls=is_tls)

    async def close(self) -> None:
        for connections in self._known.values():
            await connections.close()
        self._known.clear()

    @property
    def primaries(self) -> list[Address]:
        return list(dict.fromkeys(self._owners))

    async def ask(self, *commands: Command) -> list[Any]:
        """What Redis answers to them, in their order. Raises StoreUnavailable."""
        return await self._send(commands, replicas=0)

    async def write(self, *commands: Command) -> list[Any]:
        """The same; as many replicas as the setting says have it when this returns."""
        return await self._send(commands, replicas=self._replicas)

    async def ask_each(self, *arguments: str | int) -> list[Any]:
        """What each primary answers; errors are among it. Raises StoreUnavailable."""
        asked = [self._try(address, [arguments], 0) for address in self.primaries]
        answers = []
        for found in await asyncio.gather(*asked):
            if isinstance(found, Exception):
                raise StoreUnavailable(f"Redis at {self.where}: {found}") from found
            answers += found
        return answers

    async def _send(self, commands: Sequence[Command], *, replicas: int) -> list[Any]:
        answers: list[Any] = [None] * len(commands)
        todo = list(range(len(commands)))
        asked: dict[int, Address] = {}
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        pause = FIRST_PAUSE
        told: Exception | None = None
        while todo:
            todo, trouble = await self._round(commands, todo, asked, answers, replicas, deadline)
            if trouble is None:
                break
            if told is None or not isinstance(trouble, TimeoutError):
                told = trouble  # an attempt that was cut short says less than the one before it
            if asyncio.get_running_loop().time() + pause >= deadline:
                raise StoreUnavailable(f"Redis at {self.where}: {told}") from told
            if not isinstance(trouble, NoScriptError | MovedError | AskError):
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        return answers

    async def _round(
        self,
        commands: Sequence[Command],
        todo: Sequence[int],
        asked: dict[int, Address],
        answers: list[Any],
        replicas: int,
        deadline: float,
    ) -> tuple[list[int], Exception | None]:
        """Send those of `todo`; which of them have to be sent again, and why."""
        groups: dict[Address, list[int]] = {}
        for number in todo:
            address = asked.get(number) or self._owner(commands[number].key)
            groups.setdefault(address, []).append(number)
        tries = [
            self._try(
                address,
                [commands[number].arguments for number in numbers],
                replicas,
                asking=any(number in asked for number in numbers),
                deadline=deadline,
            )
            for address, numbers in groups.items()
        ]
        found = [await tries[0]] if len(tries) == 1 else await asyncio.gather(*tries)
        left: list[int] = []
        trouble: Exception | None = None
        asked.clear()
        for (address, numbers), got in zip(groups.items(), found, strict=True):
            if isinstance(got, Exception):
                left += numbers
                trouble = got
                continue
            for number, answer in zip(numbers, got, strict=True):
                if isinstance(answer, PASSING):
                    left.append(number)
                    trouble = answer
                    if isinstance(answer, AskError) and not isinstance(answer, MovedError):
                        asked[number] = answer.node_addr
                elif isinstance(answer, ResponseError):
                    raise StoreReadOnly(f"Redis at {self.where} answers: {answer}") from answer
                answers[number] = answer
            if any(isinstance(answer, NoScriptError) for answer in got):
                await self._load_scripts(address)
        if trouble is not None and self.is_cluster and not asked:
            await self._find_slots()
        return sorted(left), trouble

    async def _try(
        self,
        address: Address,
        commands: Sequence[Arguments],
        replicas: int,
        *,
        asking: bool = False,
        deadline: float | None = None,
    ) -> list[Any] | Exception:
        """Send them to one node, and wait for replicas; what was answered, or why nothing was."""
        sent: list[Arguments] = []
        for command in commands:
            sent += [("ASKING",), command] if asking else [command]
        if replicas:
            sent.append(("WAIT", replicas, REPLICA_MS))
        try:
            async with asyncio.timeout_at(deadline):
                found = await self._at(address).exchange(sent)
        except (RedisError, OSError, TimeoutError) as error:
            return error if str(error) else TimeoutError("it does not answer in time")
        if replicas:
            had = found.pop()
            if isinstance(had, Exception) or had < replicas:
                return Waiting(f"too few replicas have what was written: {had}")
        return found[1::2] if asking else found

    async def _load_scripts(self, address: Address) -> None:
        """It was started anew, or is new to us; that this failed shows when they are called."""
        loads = [("SCRIPT", "LOAD", script.text) for script in ALL]
        failed = await self._try(address, loads, 0)
        if isinstance(failed, Exception):
            log.warning("cannot load scripts into Redis at %s:%d: %s", *address, failed)

    def _owner(self, key: str) -> Address:
        if not self.is_cluster:
            return self._first
        return self._owners[bisect_right(self._starts, key_slot(key.encode())) - 1]

    async def _find_slots(self) -> None:
        """Ask any that answers; if none does, what is known stays."""
        for address in [*self.primaries, *self._known, self._first]:
            found = await self._try(address, [("CLUSTER", "SLOTS")], 0)
            if not isinstance(found, Exception) and isinstance(found[0], list) and found[0]:
                ranges = sorted(found[0], key=lambda each: int(each[0]))
                self._starts = [int(each[0]) for each in ranges]
                self._owners = [address_of(each[2], address) for each in ranges]
                return

    def _at(self, address: Address) -> Connections:
        if address not in self._known:
            settings = dict(self._settings)
            if "path" not in settings:
                settings |= {"host": address[0], "port": address[1]}
            self._known[address] = Connections(settings)
        return self._known[address]


def address_of(node: Sequence[Any], asked: Address) -> Address:
    """Of a node as CLUSTER SLOTS tells; one that does not know its own is the one we asked."""
    host = node[0].decode() if node[0] else asked[0]
    return host, int(node[1])
