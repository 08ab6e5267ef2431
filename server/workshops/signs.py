"""Signs of life: who was let in and then did something, and whose place is nobody's."""

import contextlib

from server.errors import WorkshopGone
from server.store import Commit, Expected, Overtaken, Record, Store, StoreUnavailable
from server.sync.commit.committer import Committer

__all__ = ["Signs"]

KEPT = 50_000  # people of whom we know without a look into the store


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
