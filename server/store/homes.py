"""Work that nobody asked for: where several processes share a store, it is a workshop's home's."""

from server.store import SERVER, Store

__all__ = ["board_is_ours", "is_ours"]


async def is_ours(store: Store, workshop: str) -> bool:
    """Whether it is ours to look after: we serve it, or nobody does. Raises StoreUnavailable."""
    homes = store.homes
    if homes is None or workshop == SERVER or homes.is_ours(workshop):
        return True
    return await homes.looks_after() and await homes.serves(workshop)


async def board_is_ours(store: Store, board: str) -> bool:
    """The same of a board's workshop."""
    if store.homes is None:
        return True
    return await is_ours(store, await store.homes.whose("board", board) or SERVER)
