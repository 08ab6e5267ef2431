"""The store that the settings name. Nothing outside this folder knows which kinds there are."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from server.config import Config
from server.store import Store, StoreUnavailable
from server.store.sqlite.backup import copy_database
from server.store.sqlite.database import DATABASE
from server.store.sqlite.store import SqliteStore

__all__ = ["UNFINISHED", "copy_store", "holds_store", "named_store", "open_store"]

UNFINISHED = (
    "migration",
    "unfinished",
)  # a record of a store that does not have all of another yet


@contextlib.asynccontextmanager
async def open_store(config: Config) -> AsyncIterator[Store]:
    """The store, open while the block runs. Raises StoreLocked, StoreUnavailable."""
    store = named_store(config)
    await store.open()
    try:
        if await store.get(*UNFINISHED) is not None:
            raise StoreUnavailable("it does not hold everything yet: let hahmo migrate end")
        yield store
    finally:
        await store.close()


def named_store(config: Config) -> Store:
    if config.redis_url is None:
        return SqliteStore(config.data)
    # Its library takes a quarter of a second and 10 MiB: only where it is used.
    from server.store.redis.store import RedisStore

    return RedisStore(config.redis_url, durability=config.durability)


def holds_store(folder: Path) -> bool:
    """Whether a store, or a copy of one, lies in this folder already."""
    return (folder / DATABASE).exists()


def copy_store(config: Config, to: Path) -> None:
    """Copy the embedded one into the folder `to`, whole, also while a server runs.

    Raises StoreUnavailable.
    """
    copy_database(config.data, to)
