"""Where things are: whose a board or a record is, and who has records under a parent.

Entries are written before what they point to and deleted after it. So one may point to what is
not there, which harms nobody: whoever follows it finds nothing, and whoever needs its place takes
it. A board and a record never change their workshop, so entries are remembered; that they are still
there, by their workshop's home alone.
"""

import time
from collections.abc import Collection, Iterable, Mapping

from server.store.redis.commits import Claims
from server.store.redis.keys import WORKSHOPS, Keys
from server.store.redis.nodes import Command, Nodes

__all__ = ["Index"]

MOST_REMEMBERED = 200_000  # entries


class Index:
    """The entries of one store."""

    def __init__(self, nodes: Nodes, keys: Keys) -> None:
        self._nodes = nodes
        self._keys = keys
        self._owners: dict[str, str] = {}
        self._claimed: dict[str, set[str]] = {}  # by workshop, what we know to be there

    async def owners(self, names: Collection[str]) -> dict[str, str | None]:
        """Whose these are, None where that is nobody's. Raises StoreUnavailable."""
        known = {name: self._owners.get(name) for name in names}
        unknown = [name for name, owner in known.items() if owner is None]
        if unknown:
            keys = [self._keys.index(name) for name in unknown]
            found = await self._nodes.ask(*(Command(key, ("GET", key)) for key in keys))
            fresh = {
                name: owner.decode()
                for name, owner in zip(unknown, found, strict=True)
                if owner is not None
            }
            self._remember(fresh)
            known |= fresh
        return known

    def known(self, name: str) -> str | None:
        """Whose it is, as far as that was asked before."""
        return self._owners.get(name)

    async def owner(self, name: str) -> str | None:
        known = self._owners.get(name)
        return known if known is not None else (await self.owners([name]))[name]

    async def under(self, name: str) -> list[str]:
        """Who has records there, in the order in which they came to have some."""
        key = self._keys.index(name)
        [found] = await self._nodes.ask(Command(key, ("ZRANGE", key, 0, -1)))
        return [each.decode() for each in found]

    async def workshops(self) -> list[str]:
        """All that have boards."""
        return await self.under(WORKSHOPS)

    async def claim(self, claims: Iterable[tuple[str, Claims]]) -> None:
        """Write what these workshops will have, as far as it is not known to be there."""
        commands: list[Command] = []
        owners: dict[str, str] = {}
        under: set[tuple[str, str]] = set()
        now = time.time_ns() // 1_000_000
        for workshop, claim in claims:
            claimed = self._claimed.get(workshop, set())
            owners |= dict.fromkeys(set(claim.names) - claimed, workshop)
            names = (*claim.unders, WORKSHOPS) if claim.has_boards else claim.unders
            under |= {(name, workshop) for name in names if name not in claimed}
        for name, workshop in owners.items():
            key = self._keys.index(name)
            commands.append(Command(key, ("SET", key, workshop)))
        for name, workshop in under:
            key = self._keys.index(name)
            commands.append(Command(key, ("ZADD", key, "NX", now, workshop)))
        if commands:
            await self._nodes.write(*commands)
            self._remember(owners)
            for name, workshop in (*owners.items(), *under):
                self._claimed.setdefault(workshop, set()).add(name)

    async def release(self, gone: Iterable[tuple[str, str]]) -> None:
        """Delete entries of (workshop, name), whose things are gone."""
        commands = []
        for workshop, name in gone:
            key = self._keys.index(name)
            self._claimed.get(workshop, set()).discard(name)
            if name == WORKSHOPS or name.startswith("under:"):
                commands.append(Command(key, ("ZREM", key, workshop)))
            else:
                self._owners.pop(name, None)
                commands.append(Command(key, ("DEL", key)))
        if commands:
            await self._nodes.write(*commands)

    def forget(self) -> None:
        """Look everything up again."""
        self._owners.clear()
        self._claimed.clear()

    def forget_claims(self, workshop: str) -> None:
        """Another process wrote there meanwhile, and may have deleted what we know to be there."""
        self._claimed.pop(workshop, None)

    def _remember(self, owners: Mapping[str, str]) -> None:
        if len(self._owners) > MOST_REMEMBERED:
            self.forget()
        self._owners |= owners
