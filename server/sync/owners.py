"""Who writes under which Yjs client id on a board (rule RM7)."""

from __future__ import annotations

from collections.abc import Mapping, Set

from server.errors import NotAllowed
from server.store import Record
from server.sync import statevector
from server.sync.inspection import Inspection

__all__ = ["SERVER", "Owners"]

NONE: frozenset[int] = frozenset()
SERVER = ""  # as a person: what the server itself writes


class Owners:
    """Whoever writes first under a client id owns it: nobody writes in another's name.

    `known`: person by client id, as stored.
    """

    def __init__(self, board: str, known: dict[int, str]) -> None:
        self._board = board
        self._known = known
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

        `clocks`: the document's state vector. Raises NotAllowed if one is somebody else's.
        """
        found = []
        for client in statevector.authors(inspection, clocks):
            owner = self._known.get(client)
            if owner is None:
                found.append(client)
            elif owner != person:
                raise NotAllowed("this client id belongs to somebody else")
        return found

    def claim(self, client: int, person: str) -> Record:
        """From now on it is this person's; the record that says so, for the same commit."""
        self._known[client] = person
        self._clients.setdefault(person, set()).add(client)
        value = {"client": client, "person": person}
        return Record("owner", f"{self._board}/{client}", self._board, value)
