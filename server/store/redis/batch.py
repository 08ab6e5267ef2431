"""Commits of several workshops in one go, each of them whole or not at all."""

import logging
from collections import Counter
from collections.abc import Sequence

from server.store import Commit, Misfit, NotHome, StoreUnavailable
from server.store.redis.access import Access
from server.store.redis.commits import Claims, Outcome, claims_of, commit_call
from server.store.redis.nodes import Command

__all__ = ["Batch"]

log = logging.getLogger(__name__)


class Batch:
    """Commits in one go: their claims on the index first, then they, then what is gone from it."""

    def __init__(self, access: Access, commits: Sequence[Commit]) -> None:
        self._access = access
        self._commits = commits
        self._claims = {
            number: claims_of(commit)
            for number, commit in enumerate(commits)
            if not commit.is_edits
        }
        self._outcomes: list[Misfit | NotHome | None] = [None] * len(commits)
        self._waiting: list[int] = []
        self._places: Counter[str] = Counter()

    async def run(self) -> list[Misfit | NotHome | None]:
        foreign = await self._foreign_workshops()
        names = [
            name for claims in self._claims.values() for name in (*claims.names, *claims.drops)
        ]
        owners = await self._access.index.owners(names) if names else {}
        for number, commit in enumerate(self._commits):
            if commit.workshop in foreign:
                self._outcomes[number] = foreign[commit.workshop]
                continue
            claims = self._claims.get(number)
            misfit = await self._foreign(commit, claims, owners) if claims else None
            if misfit is not None:
                self._outcomes[number] = misfit
                continue
            owners |= dict.fromkeys(claims.names if claims else (), commit.workshop)
            self._waiting.append(number)
        await self._flush()
        return self._outcomes

    async def _foreign_workshops(self) -> dict[str, NotHome]:
        """Those that other processes serve. The rest is ours from now on, if it was not."""
        homes, foreign = self._access.homes, {}
        for workshop in {commit.workshop for commit in self._commits}:
            if homes.epoch(workshop) is None:
                try:
                    await homes.ensure(workshop)
                except NotHome as error:
                    foreign[workshop] = error
        return foreign

    async def _foreign(
        self, commit: Commit, claims: Claims, owners: dict[str, str | None]
    ) -> Misfit | None:
        """Whether it would take what another workshop has."""
        for name in (*claims.names, *claims.drops):
            owner = owners[name]
            if owner in (None, commit.workshop):
                continue
            if any(self._commits[number].workshop == owner for number in self._waiting):
                await self._flush()
            if await self._exists(owner, name):
                return Misfit(f"{name} is of another workshop")
        return None

    async def _exists(self, workshop: str | None, name: str) -> bool:
        """The index may speak of what is no longer there."""
        what, _, field = name.partition(":")
        keys = self._access.keys
        key = keys.home(workshop or "", "ends" if what == "board" else "records")
        [found] = await self._access.nodes.ask(Command(key, ("HEXISTS", key, field)))
        return bool(found)

    async def _flush(self) -> None:
        access, waiting = self._access, self._waiting
        self._waiting = []
        if not waiting:
            return
        await access.index.claim(
            (self._commits[number].workshop, self._claims[number])
            for number in waiting
            if number in self._claims
        )
        calls = []
        for number in waiting:
            commit = self._commits[number]
            place = self._places[commit.workshop]
            self._places[commit.workshop] += 1
            lost = access.homes.epoch(commit.workshop) is None  # meanwhile: it is refused
            writer = (0, 0, "-") if lost else access.writer(commit.workshop)
            home = access.home_key(commit.workshop)
            calls.append(commit_call(access.keys, commit, home, writer, place))
        answers = await access.nodes.write(*calls)
        outcomes = [Outcome.of(answer) for answer in answers]
        for number, outcome in zip(waiting, outcomes, strict=True):
            self._outcomes[number] = outcome.misfit
            if isinstance(outcome.misfit, NotHome):
                access.homes.lose(self._commits[number].workshop)
        await self._release(waiting, outcomes)

    async def _release(self, waiting: Sequence[int], outcomes: Sequence[Outcome]) -> None:
        """Let the index forget what is gone, unless a later commit of the same has it again."""
        gone: dict[tuple[str, str], None] = {}
        for number, outcome in zip(waiting, outcomes, strict=True):
            workshop = self._commits[number].workshop
            claims = self._claims.get(number)
            for name in claims.entries if claims else ():
                gone.pop((workshop, name), None)
            gone |= dict.fromkeys((workshop, name) for name in outcome.gone)
        try:
            await self._access.index.release(gone)
        except StoreUnavailable as error:
            log.warning("the index speaks of what is gone: %s", error)
