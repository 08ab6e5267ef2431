"""The store on Redis, or on a Redis Cluster: one script is one commit of a workshop.

Every answer that is lost is asked for again, and comes to the same (`lua/commit.lua`). What is
still under way when that was given up, and arrives later, is refused: before anything else is read
or written of its workshop, that learns of a later batch (`lua/enter.lua`).
"""

import contextlib
import logging
from collections.abc import Sequence
from typing import Any

from server.clock import milliseconds
from server.store import (
    SERVER,
    Commit,
    Misfit,
    Moment,
    NotHome,
    Record,
    StoredBoard,
    StoredCheckpoint,
    StoredHistory,
    StoreUnavailable,
    StoreUnfit,
    Versioned,
)
from server.store.records import parse
from server.store.redis import checkpoints, history, restoring
from server.store.redis.access import Access
from server.store.redis.batch import Batch
from server.store.redis.fit.promises import (
    QUESTIONS,
    Weakness,
    clock_off,
    read_facts,
    weakness,
)
from server.store.redis.homes.homes import READER
from server.store.redis.homes.session import Session
from server.store.redis.keys import Keys, escaped, record_name, under_name, unescaped
from server.store.redis.nodes import Command, Nodes, call
from server.store.redis.scripts import FIND
from server.store.redis.scrubbing import rewrite_files
from server.store.whole import WholeBoard

__all__ = ["RedisStore"]

log = logging.getLogger(__name__)

LOOK_TICKS = 60  # renewals of the session between two looks at what Redis promises
IDLE_TICKS = 10  # and between two at which workshops nobody uses
FORMAT = 2  # of what lies in Redis; 1: one process had all of it


class RedisStore:
    """`url`: of a Redis, or of one of a Cluster. `durability`: disk, replica or second.

    `prefix`: of its keys. Any number of processes may have it open at once (`homes`).
    """

    def __init__(self, url: str, *, durability: str = "disk", prefix: str = "hahmo") -> None:
        self._nodes = Nodes(url, replicas=1 if durability == "replica" else 0)
        self._keys = Keys(prefix)
        self._session = Session(self._nodes, self._keys, self._look, self._ended)
        self._access = Access(self._nodes, self._keys, self._session)
        self.homes = self._access.homes
        self._durability = durability
        self._weakness: Weakness | None = None  # of what Redis promises
        self._ticks = 0

    async def open(self) -> None:
        """Raises StoreUnavailable if it cannot be used.

        Where it promises less than was asked for, nothing was written.
        """
        try:
            await self._nodes.open()
            await self._judge()
            self._check_promise()
            await self._compare_clocks()
            await self._note_format()
            await self._session.start()
        except BaseException:
            await self._nodes.close()
            raise
        self._access.is_open = True

    async def close(self) -> None:
        with contextlib.suppress(StoreUnavailable):  # then they end with our session
            await self.homes.give_up()
        self._access.close()
        await self._session.stop()
        await self._nodes.close()

    async def _note_format(self) -> None:
        key = self._keys.home(SERVER, "format")
        [found] = await self._nodes.ask(Command(key, ("GET", key)))
        if found is not None and int(found) > FORMAT:
            where, formats = self._nodes.where, {"format": str(int(found)), "known": str(FORMAT)}
            words = f"what lies in Redis at {where} was written by a newer Hahmo ({formats})"
            raise StoreUnfit(words, "redis_newer", where=where, **formats)
        if found is None or int(found) < FORMAT:
            await self._nodes.write(Command(key, ("SET", key, FORMAT)))

    def _ended(self) -> None:
        """Our session is over, and so is all that we were home of."""
        if self._access.is_open:
            self.homes.lose_all()

    async def _look(self) -> None:
        self._ticks += 1
        if self.homes.is_worker and self.homes.takes:
            await self.homes.looks_after()  # the next one, when the one that did has ended
        if self.homes.is_worker or self._ticks % IDLE_TICKS == 0:
            await self.homes.give_up_idle()
        if self._weakness or self._ticks % LOOK_TICKS == 0:  # at once again when it holds
            await self._judge()

    async def _judge(self) -> None:
        """Compare what Redis says of itself with what was promised."""
        answers = [await self._nodes.ask_each(*question) for question in QUESTIONS]
        facts = [read_facts(of_one) for of_one in zip(*answers, strict=True)]
        found = next(filter(None, (weakness(self._durability, each) for each in facts)), None)
        if found and found != self._weakness and self._access.is_open:
            words = found.words
            log.error("Redis at %s: %s; nothing is stored until it holds", self._nodes.where, words)
        self._weakness = found
        if not self._access.is_open and any(each.sync is None for each in facts):
            log.warning("Redis at %s does not tell its appendfsync", self._nodes.where)

    def _check_promise(self) -> None:
        if self._weakness is not None:
            raise self._weakness.told(self._nodes.where)

    async def _compare_clocks(self) -> None:
        """Later on clocks may be put right while we run."""
        for answer in await self._nodes.ask_each("TIME"):
            found = clock_off(answer, milliseconds())
            if found is not None:
                raise found.told(self._nodes.where)

    async def commit(self, commit: Commit) -> None:
        for misfit in await self.commit_all([commit]):
            if misfit is not None:
                raise misfit

    async def commit_all(self, commits: Sequence[Commit]) -> list[Misfit | NotHome | None]:
        """Raises StoreUnavailable also where no answer came in time.

        Then it may have happened, as the next reading shows; what is still under way will not.
        """
        self._access.check()
        self._check_promise()
        async with self._access.writing:
            self._access.batch += 1
            try:
                return await Batch(self._access, commits).run()
            except BaseException:
                self._access.lose(commit.workshop for commit in commits)
                raise

    async def load(self, board: str) -> StoredBoard | None:
        return await checkpoints.load(self._access, board)

    async def look(self, board: str) -> StoredBoard | None:
        return await checkpoints.load(self._access, board, serves=False)

    async def boards(self) -> list[str]:
        self._access.check()
        workshops = await self._access.index.workshops()
        keys = [self._keys.home(each, "ends") for each in workshops]
        found = await self._nodes.ask(*(Command(key, ("HKEYS", key)) for key in keys))
        return sorted(board.decode() for some in found for board in some)

    async def compact(self, board: str, checkpoint: StoredCheckpoint) -> None:
        await checkpoints.compact(self._access, board, checkpoint)

    async def erase(self, board: str, checkpoint: StoredCheckpoint) -> None:
        await checkpoints.erase(self._access, board, checkpoint)

    async def history(self, board: str) -> StoredHistory | None:
        return await history.read_history(self._access, board)

    async def aged(self, before: Sequence[int]) -> list[str]:
        return await history.aged(self._access, before)

    async def passed(self, board: str, level: int, before: int, most: int) -> list[Moment]:
        return await history.passed(self._access, board, level, before, most)

    async def thin(self, board: str, level: int, moments: Sequence[Moment]) -> None:
        await history.thin(self._access, board, level, moments)

    async def lengths(self, board: str) -> list[tuple[int, int, int]]:
        return await history.lengths(self._access, board)

    async def rebase(self, board: str, base: StoredCheckpoint) -> None:
        await history.rebase(self._access, board, base)

    async def workshops(self) -> list[str]:
        return await restoring.all_workshops(self._access)

    async def records(self, workshop: str) -> list[Record]:
        return await restoring.all_records(self._access, workshop)

    async def restore(self, board: str, stored: StoredBoard, history: StoredHistory) -> None:
        await restoring.restore(self._access, board, WholeBoard(stored, history))

    async def scrub(self) -> None:
        self._access.check()
        await rewrite_files(self._nodes)

    async def verify(self) -> list[tuple[str, str]]:
        """What lies in a workshop and the index does not know, so that nobody finds it."""
        self._access.check()
        index = self._access.index
        index.forget()
        wrong = []
        for workshop in await index.workshops():
            ends, records = self._keys.some(workshop, "ends", "records")
            of_boards, of_records = await self._nodes.ask(
                Command(ends, ("HKEYS", ends)), Command(records, ("HKEYS", records))
            )
            names = [f"board:{board.decode()}" for board in of_boards]
            names += [f"record:{field.decode()}" for field in of_records]
            owners = await index.owners(names)
            wrong += [(name, "not in the index") for name in names if owners[name] != workshop]
        return wrong

    async def get(self, kind: str, id: str) -> dict[str, Any] | None:
        return (await self.read(kind, id)).value

    async def read(self, kind: str, id: str) -> Versioned:
        found = await self._of_record("records", kind, id)
        if found is None:
            return Versioned(None, 0)
        return Versioned(value_of(id, found), int(found.partition(b" ")[0]))

    async def blob(self, kind: str, id: str) -> bytes | None:
        return await self._of_record("blobs", kind, id)

    async def _of_record(self, what: str, kind: str, id: str) -> bytes | None:
        self._access.check()
        workshop = await self._access.index.owner(record_name(kind, id))
        if workshop is None:
            return None
        await self._access.enter(workshop)
        key = self._keys.home(workshop, what)
        found = await self._access.ask(key, "HGET", f"{kind}/{escaped(id)}")
        return None if found is None else bytes(found)

    async def find(self, kind: str, parent: str) -> list[tuple[str, dict[str, Any]]]:
        """What is under nobody is found in all workshops, whoever writes there."""
        self._access.check()
        workshops = await self._access.index.under(under_name(kind, parent))
        if parent:
            for workshop in workshops:
                await self._access.enter(workshop)
        calls = [self._find(workshop, kind, parent) for workshop in workshops]
        answers = await self._nodes.ask(*calls)
        return [
            (unescaped(id.decode()), value_of(id.decode(), value))
            for found in answers
            for id, value in zip(found[::2], found[1::2], strict=True)
        ]

    def _find(self, workshop: str, kind: str, parent: str) -> Command:
        keys = self._keys.some(workshop, "home", "order", "records")
        return call(FIND, keys, READER, self._access.batch, "", escaped(parent), kind)


def value_of(id: str, found: bytes) -> dict[str, Any]:
    """Of a record as it is kept: version, place in the order, parent; the value."""
    return parse(id, found.partition(b"\t")[2])
