"""A store to read from while others serve what lies there: nothing is taken, nothing written."""

from collections.abc import Sequence
from typing import Any, NoReturn, cast

from server.store import Store, StoredBoard, StoreReadOnly

__all__ = ["reading"]


def reading(store: Store) -> Store:
    """`store`, open, as it stands; what would write raises StoreReadOnly."""
    return cast(Store, Reading(store))


WRITING = ("commit", "commit_all", "compact", "erase", "thin", "rebase", "restore", "scrub")


class Reading:
    """What is not said here is the store's own."""

    homes = None

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return refuse if name in WRITING else getattr(self._store, name)

    async def load(self, board: str) -> StoredBoard | None:
        return await self._store.look(board)

    async def aged(self, _: Sequence[int]) -> list[str]:
        """Nobody is to thin them."""
        return []


async def refuse(*_: Any, **__: Any) -> NoReturn:
    raise StoreReadOnly("it is only read")
