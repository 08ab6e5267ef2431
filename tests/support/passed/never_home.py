"""A server that is home of nothing, beside another: whatever it is asked, it passes on.

`python -m tests.support.passed.never_home serve` is `hahmo serve` so changed.
"""

import sys
from typing import Any

import server.app
from server.cli import main
from server.passing.passer import Passer
from server.store import Homes, Place
from server.store.redis.homes.homes import RedisHomes

__all__ = ["NeverHome", "never_home"]

NOBODYS = "nobodys"  # as a workshop: of what belongs to none


class Free(Exception):
    """Nobody living is home."""


class NeverHome(Passer):
    """Takes nothing: what nobody serves, another process has to."""

    def __init__(self, homes: Homes, key: bytes) -> None:
        assert isinstance(homes, RedisHomes)
        super().__init__(homes, key)
        find = homes.find

        async def refuse(*_: Any) -> bool:
            raise Free

        async def find_elsewhere(workshop: str) -> Place | None:
            try:
                return await find(workshop)
            except Free:
                return await another(homes)

        homes._take = refuse  # type: ignore[assignment]
        homes.find = find_elsewhere  # type: ignore[method-assign]

    async def workshop_of(self, things: Any) -> str | None:
        return await super().workshop_of(things) or NOBODYS


async def another(homes: RedisHomes) -> Place:
    prefix = homes._keys.node("")
    [keys] = await homes._nodes.ask_each("KEYS", f"{prefix}*")
    for session in (key.decode().removeprefix(prefix) for key in keys):
        address = await homes._address(session)
        if session != homes.session and address not in ("-", None):
            return Place(session, address)
    raise AssertionError("nobody else is there")


def never_home() -> None:
    """Every application that is made from now on in this process."""
    vars(server.app)["Passer"] = NeverHome


if __name__ == "__main__":
    never_home()
    sys.exit(main())
