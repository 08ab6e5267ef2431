"""Work that nobody asked for: where several processes share a store, it is a workshop's home's."""

from server.store import SERVER, Store

__all__ = ["board_is_ours", "is_ours"]


async def is_ours(store: Store, workshop: str) -> bool:
    """Whether no other process serves it; then we do. Raises StoreUnavailable."""
    return store.homes is None or await store.homes.serves(workshop)


async def board_is_ours(store: Store, board: str) -> bool:
    """The same of a board's workshop."""
    if store.homes is None:
        return True
    return await store.homes.serves(await store.homes.whose("board", board) or SERVER)
