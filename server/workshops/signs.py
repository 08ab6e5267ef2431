"""Signs of life: who was let in and then did something, and whose place is nobody's."""

import contextlib
from collections.abc import Callable
from typing import Literal, get_args

from boards.desk import Desk, Person
from server.errors import WorkshopGone
from server.store import Commit, Expected, Overtaken, Record, Store, StoreUnavailable
from server.sync.commit.committer import Committer

__all__ = ["DID", "PRESENT_SECONDS", "Did", "Signs", "what_they_did", "writers"]

KEPT = 50_000  # people of whom we know without a look into the store
PRESENT_SECONDS = 120.0  # connected for so long, somebody has been at work without a word

Did = Literal["wrote", "stayed", "nothing"]
DID: tuple[Did, ...] = get_args(Did)


async def writers(store: Store, workshop: str, desk: Desk) -> set[str]:
    """Everybody who has ever written on a board of this workshop, as its owners tell (RM7)."""
    found: set[str] = set()
    for board in (workshop, *(board.id for board in desk.boards)):
        found |= {str(value["person"]) for _, value in await store.find("owner", board)}
    return found


async def what_they_did(
    store: Store, seconds: Callable[[str], float], workshop: str, desk: Desk
) -> dict[str, tuple[Person, Did]]:
    """Everybody by id, by arrival: who wrote, else who was connected for a while.

    `seconds`: for how long somebody was connected.
    """
    wrote = await writers(store, workshop, desk)

    def did(person: str) -> Did:
        if person in wrote:
            return "wrote"
        return "stayed" if seconds(person) >= PRESENT_SECONDS else "nothing"

    return {person.id: (person, did(person.id)) for person in desk.people}


class Signs:
    """Notes once, of each person, that they were seen."""

    def __init__(self, store: Store, committer: Committer) -> None:
        self._store = store
        self._committer = committer
        self._seen: set[str] = set()

    async def note(self, workshop: str, person: str) -> None:
        """They have just proved who they are. A store that cannot write keeps nobody out."""
        if person in self._seen:
            return
        if len(self._seen) >= KEPT:
            self._seen.clear()
        self._seen.add(person)
        value, version = await self._store.read("person", person)
        if value is None or value.get("seen") is not False:
            return
        record = Record("person", person, workshop, {**value, "seen": True})
        expects = [Expected("person", person, version)]  # who was removed meanwhile stays removed
        with contextlib.suppress(StoreUnavailable, WorkshopGone, Overtaken):
            await self._committer.commit_alone(Commit(workshop, puts=[record], expects=expects))
