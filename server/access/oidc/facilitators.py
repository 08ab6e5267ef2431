"""Facilitators who signed in: for how long, and which workshops are theirs on any device."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from server.access.codes import new_token, token_id
from server.access.oidc.provider import Identity, Provider
from server.access.throttle import Quota
from server.clock import milliseconds
from server.config import Config
from server.store import SERVER, Commit, Expected, Record, Store
from server.store.versions import retried
from server.sync.commit.committer import Committer

__all__ = ["SIGNED_IN_SECONDS", "Facilitators", "SignIn"]

SIGNED_IN_SECONDS = 12 * 3600
PARENT = "sign_in"  # of all of them, so that what is over can be found
DEVICES = 10  # of one person; the one that came first makes room
TRIES, TRIES_SECONDS = 60, 600.0  # of one address: each asks the provider
WORKSHOPS = 200  # that are remembered as somebody's; the latest


@dataclass(frozen=True, slots=True)
class Led:
    """Somebody's place in a workshop."""

    workshop: str
    person: str


class Facilitators:
    """The people who have signed in with the provider, and the workshops that they lead.

    Sessions lie in the store: a restart signs nobody out, and signing out is at once.

    `wipe`: lets what was deleted be wiped from the files soon. A session tells a name.
    """

    def __init__(self, store: Store, committer: Committer, wipe: Callable[[], None]) -> None:
        self._store = store
        self._committer = committer
        self._wipe = wipe

    async def begin(self, identity: Identity) -> str:
        """A token for somebody who has just signed in; what is over is swept away."""
        token, now = new_token(), milliseconds()
        value = {
            "subject": identity.subject,
            "name": identity.name,
            "until": now + 1000 * SIGNED_IN_SECONDS,
        }
        found = await self._store.find("sign_in", PARENT)
        over = over_in(found, now)
        mine = [id for id, old in found if old["subject"] == identity.subject and id not in over]
        over += mine[: max(0, len(mine) + 1 - DEVICES)]
        commit = Commit(
            SERVER,
            puts=[Record("sign_in", token_id(token), PARENT, value)],
            deletes=[("sign_in", id) for id in over],
        )
        await self._committer.commit_alone(commit)
        if over:
            self._wipe()
        return token

    async def sweep(self) -> None:
        """Forget who is signed in no longer, also where nobody signs in any more."""
        over = over_in(await self._store.find("sign_in", PARENT), milliseconds())
        if over:
            await self._forget(over)

    async def who(self, token: str | None) -> Identity | None:
        """Who is signed in by this token now."""
        value = await self._store.get("sign_in", token_id(token)) if token else None
        if value is None or value["until"] < milliseconds():
            return None
        return Identity(str(value["subject"]), str(value["name"]))

    async def end(self, token: str) -> None:
        """Sign out."""
        await self._forget([token_id(token)])

    async def _forget(self, ids: Iterable[str]) -> None:
        commit = Commit(SERVER, deletes=[("sign_in", id) for id in ids])
        await self._committer.commit_alone(commit)
        self._wipe()

    async def lead(self, identity: Identity, workshop: str, person: str) -> None:
        """A workshop is theirs from now on, under this person."""

        async def attempt() -> None:
            known, version = await self._known(identity)
            await self._remember(identity, [*known, Led(workshop, person)][-WORKSHOPS:], version)

        await retried(attempt)

    async def led(self, identity: Identity) -> list[Led]:
        """Their workshops that are still there, the latest first; others are forgotten."""

        async def attempt() -> list[Led]:
            known, version = await self._known(identity)
            left = [each for each in known if await self._store.get("workshop", each.workshop)]
            if len(left) < len(known):
                await self._remember(identity, left, version)
            return left

        return (await retried(attempt))[::-1]

    async def _known(self, identity: Identity) -> tuple[list[Led], int]:
        """And the version of what says so."""
        value, version = await self._store.read("leads", identity.subject)
        listed = (value or {}).get("workshops", [])
        return [Led(workshop, person) for workshop, person in listed], version

    async def _remember(self, identity: Identity, led: Iterable[Led], version: int) -> None:
        """Raises Overtaken when somebody else has meanwhile."""
        expects = [Expected("leads", identity.subject, version)]
        commit = Commit(SERVER, puts=[leads_record(identity, led)], expects=expects)
        await self._committer.commit_alone(commit)


def over_in(found: Iterable[tuple[str, Mapping[str, Any]]], now: int) -> list[str]:
    """Sessions that have ended, by id."""
    return [id for id, session in found if session["until"] < now]


def leads_record(identity: Identity, led: Iterable[Led]) -> Record:
    """Random ids, and nothing else of the workshops."""
    value = {"workshops": [[each.workshop, each.person] for each in led]}
    return Record("leads", identity.subject, PARENT, value)


class SignIn:
    """All of it: `provider` says who somebody is, `facilitators` remembers it."""

    def __init__(
        self, config: Config, store: Store, committer: Committer, wipe: Callable[[], None]
    ) -> None:
        self.provider = Provider(config)
        self.facilitators = Facilitators(store, committer, wipe)
        self.tries = Quota(TRIES, seconds=TRIES_SECONDS)
        self.seconds = SIGNED_IN_SECONDS
