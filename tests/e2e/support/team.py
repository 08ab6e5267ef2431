"""Five people of a workshop, each with a way of writing of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.support.browsers.browser import Person, Workshop


@dataclass
class Team:
    """The five, and what they have written so far."""

    lead: Person
    mouse: Person  # Finnish, writes by double click
    keys: Person  # Swedish, writes by keyboard
    button: Person  # English, writes by the button
    phone: Person  # Finnish, on a phone, writes in the list
    workshop: Workshop
    shared: str  # id of the shared board
    texts: list[str] = field(default_factory=list)

    @property
    def participants(self) -> list[Person]:
        return [self.mouse, self.keys, self.button, self.phone]

    @property
    def all(self) -> list[Person]:
        return [self.lead, *self.participants]

    def desk(self) -> dict[str, Any]:
        status, desk = self.lead.get(f"/api/workshops/{self.workshop.id}")
        assert status == 200
        return dict(desk)

    def board(self, board: str | None = None) -> dict[str, Any]:
        status, found = self.lead.get(f"/api/boards/{board or self.shared}")
        assert status == 200
        return dict(found)


@dataclass(frozen=True)
class Group:
    name: str
    letter: str
    id: str
    board: str
    people: list[Person]
