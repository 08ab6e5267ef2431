"""Who writes under which Yjs client id on a board (rule RM7)."""

from __future__ import annotations

from collections.abc import Mapping, Set

from server.errors import NotAllowed
from server.store import Record
from server.sync.clock import Clock
from server.sync.errors import TooFast
from server.sync.inspection import gaps
from server.sync.inspection.report import Inspection
from server.sync.limits import SyncLimits

__all__ = ["SERVER", "ClientOwners"]

NONE: frozenset[int] = frozenset()
SERVER = ""  # as a person: what the server itself writes


class ClientOwners:
    """The person behind each client id: whoever wrote first under it, and nobody else may.

    `known`: person by client id, as stored.
    """

    def __init__(self, board: str, known: dict[int, str], limits: SyncLimits, clock: Clock) -> None:
        self._clock = clock
        self._board = board
        self._known = known
        self._limits = limits
        self._claimed: dict[str, tuple[float, float]] = {}  # person: recent claims as of when
        self._clients: dict[str, set[int]] = {}  # the same by person
        for client, person in known.items():
            self._clients.setdefault(person, set()).add(client)

    def __contains__(self, client: int) -> bool:
        return client in self._known

    def are(self, person: str, clients: Set[int]) -> bool:
        """Whether all these client ids are this person's by now."""
        return clients <= self._clients.get(person, NONE)

    def strangers(
        self, person: str, inspection: Inspection, clocks: Mapping[int, int]
    ) -> list[int]:
        """The client ids that an update brings structs of and that nobody owns yet.

        `clocks`: the document's state vector. Raises NotAllowed if one is somebody else's, TooFast
        if they are more than a person can need (rule RM15).
        """
        found = []
        for client in gaps.authors(inspection, clocks):
            owner = self._known.get(client)
            if owner is None:
                found.append(client)
            elif owner != person:
                raise NotAllowed("this client id belongs to somebody else")
        if found:
            self._check_share(person, len(found))
        return found

    def _check_share(self, person: str, more: int) -> None:
        limits = self._limits
        if len(self._clients.get(person, NONE)) + more > limits.client_ids:
            raise TooFast(f"more than {limits.client_ids} client ids of one person")
        if self._recent(person)[0] + more > limits.client_ids_burst:
            raise TooFast(f"more than {limits.client_ids_per_minute} new client ids a minute")

    def _recent(self, person: str) -> tuple[float, float]:
        """How many claims still count, and now."""
        now = self._clock.now()
        count, since = self._claimed.get(person, (0.0, now))
        return max(0.0, count - (now - since) * self._limits.client_ids_per_minute / 60), now

    def claim(self, client: int, person: str) -> Record:
        """From now on it is this person's; the record that says so, for the same commit."""
        self._known[client] = person
        self._clients.setdefault(person, set()).add(client)
        if person != SERVER:
            count, now = self._recent(person)
            self._claimed[person] = count + 1, now
        value = {"client": client, "person": person}
        return Record("owner", f"{self._board}/{client}", self._board, value)
