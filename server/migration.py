"""All of one store, moved into another: board by board, each compared with where it came from.

Nobody serves either meanwhile. Whatever ends it, it goes on where it was when it is begun again:
what is there already and the same stays, all else is written anew. Until its end the target is
marked, so that nothing is served that is not whole.
"""

import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from server.access.key import FILE as KEY
from server.access.key import load_key, stored_form, write_key
from server.config import Config, redis_address, redis_place
from server.errors import Phrase
from server.store import SERVER, Commit, NotHome, Record, Store, StoreCorrupted
from server.store.opened import UNFINISHED, holds_store, named_store
from server.store.whole import WholeBoard

__all__ = ["Moved", "Refused", "migrate", "place_of"]

COMMIT_BYTES = 1 << 20  # of records that are written together

Tell = Callable[[int, int], None]


class Refused(Exception):
    """It is not begun, or not ended; `phrase` says why."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.phrase = Phrase(f"cli.{key}", values)


@dataclass(frozen=True, slots=True)
class Moved:
    """What the target has now. `written`: boards that were not there before this run."""

    workshops: int
    boards: int
    records: int
    written: int


def place_of(config: Config, text: str | None, option: str) -> Config:
    """The settings of a store that is named by a Redis' address or a folder; None: ours.

    Raises ConfigError.
    """
    if text is None:
        return config
    if "://" in text:
        return replace(config, redis_url=redis_address({option: text}, option))
    return replace(config, redis_url=None, data=Path(text))


def name_of(config: Config) -> str:
    return str(config.data) if config.redis_url is None else redis_place(config.redis_url)


async def migrate(source: Config, target: Config, ours: Config, tell: Tell) -> Moved:
    """`ours`: the settings, for the key. `tell`: how many boards of how many are done.

    Raises Refused, StoreLocked, StoreUnavailable, StoreCorrupted, OSError.
    """
    names = {"source": name_of(source), "target": name_of(target)}
    if (source.redis_url, source.data) == (target.redis_url, target.data) or len(
        set(names.values())
    ) == 1:
        raise Refused("migrate_same", place=names["source"])
    if source.redis_url is None and not holds_store(source.data):
        raise Refused("migrate_nothing", place=names["source"])
    async with opened(source) as old:
        key = await old.get("key", "codes")
        if key is None:
            raise Refused("migrate_nothing", place=names["source"])
        if await old.get(*UNFINISHED) is not None:
            raise Refused("migrate_unfinished", place=names["source"])
        secret = key_for_folder(source, target, ours, key)
        async with opened(target) as new:
            try:
                moved = await Migration(old, new, names, tell).run()
            except NotHome as error:
                raise Refused("migrate_served", **names) from error
            if secret is not None:
                write_key(target.data / KEY, secret)
            return moved


@contextlib.asynccontextmanager
async def opened(config: Config) -> AsyncIterator[Store]:
    """Also one that is not whole yet."""
    store = named_store(config)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


def key_for_folder(
    source: Config, target: Config, ours: Config, proof: dict[str, str]
) -> bytes | None:
    """What the target's folder has to hold as its key; None where it is a setting, or is Redis'.

    Raises Refused where we do not have it.
    """
    if target.redis_url is not None or ours.key is not None:
        return None
    folder = source.data if source.redis_url is None else ours.data
    if (folder / KEY).exists():
        key = load_key(folder)
        if stored_form(key) == proof:
            return key
    raise Refused("migrate_key")


class Migration:
    """From `old` to `new`, both open. `names`: of the places, for people."""

    def __init__(self, old: Store, new: Store, names: dict[str, str], tell: Tell) -> None:
        self._old = old
        self._new = new
        self._names = names
        self._tell = tell

    async def run(self) -> Moved:
        workshops = await self._old.workshops()
        if set(await self._new.workshops()) - set(workshops):
            raise Refused("migrate_others", **self._names)
        for store in (self._old, self._new):
            await take(store, workshops)
        await self._new.commit(Commit(SERVER, puts=[Record(*UNFINISHED, "", {})]))
        boards = await self._old.boards()
        for board in set(await self._new.boards()) - set(boards):
            await self._drop(board)
        written = 0
        for done, board in enumerate(boards):
            self._tell(done, len(boards))
            written += await self._board(board)
        records = [await self._records(workshop) for workshop in workshops]
        await self._new.commit(Commit(SERVER, deletes=[UNFINISHED]))
        self._tell(len(boards), len(boards))
        return Moved(len(workshops) - 1, len(boards), sum(records), written)

    async def _drop(self, board: str) -> None:
        """It is gone from the source since an earlier run."""
        stored = await self._new.look(board)
        if stored is not None:
            await self._new.commit(Commit(stored.workshop, drops=[board]))

    async def _board(self, board: str) -> bool:
        """Whether it had to be written."""
        whole = await read(self._old, board)
        if whole is None:
            raise StoreCorrupted(f"board {board} is not there any more")
        whole.check(board)
        with contextlib.suppress(StoreCorrupted):  # what was half written is written anew
            if await read(self._new, board) == whole:
                return False
        await self._new.restore(board, whole.stored, whole.history)
        if await read(self._new, board) != whole:
            raise StoreCorrupted(f"board {board} is not as it was after it was moved")
        return True

    async def _records(self, workshop: str) -> int:
        wanted = await self._old.records(workshop)
        there = {(each.kind, each.id): each for each in await self._new.records(workshop)}
        there.pop(UNFINISHED, None)
        for some in portions(each for each in wanted if there.get((each.kind, each.id)) != each):
            await self._new.commit(Commit(workshop, puts=some))
        gone = [name for name in there if name not in {(each.kind, each.id) for each in wanted}]
        if gone:
            await self._new.commit(Commit(workshop, deletes=gone))
        found = await self._new.records(workshop)
        if by_name(found) != by_name(wanted):
            raise StoreCorrupted(f"records of workshop {workshop or '-'} are not as they were")
        return len(wanted)


async def take(store: Store, workshops: Sequence[str]) -> None:
    """Be home of all of them, so that nobody writes there meanwhile. Raises NotHome."""
    if store.homes is None:
        return
    store.homes.busy = lambda: workshops
    for workshop in workshops:
        if not await store.homes.serves(workshop):
            raise NotHome("another process serves it")


async def read(store: Store, board: str) -> WholeBoard | None:
    stored, history = await store.look(board), await store.history(board)
    return None if stored is None or history is None else WholeBoard(stored, history)


def portions(records: Iterable[Record]) -> Iterator[list[Record]]:
    some: list[Record] = []
    size = 0
    for record in records:
        some.append(record)
        size += len(record.blob or b"") + len(str(record.value))
        if size > COMMIT_BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some


def by_name(records: Iterable[Record]) -> dict[tuple[str, str], Record]:
    """All but the mark."""
    found = {(each.kind, each.id): each for each in records}
    found.pop(UNFINISHED, None)
    return found
