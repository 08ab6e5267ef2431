"""Boards with many notes, written through the API: no screen has to write them."""

from __future__ import annotations

from collections.abc import Mapping

from boards import edits
from boards.document import Document
from tests.support.browsers.browser import Person

__all__ = ["crowd", "theme_of"]

THOUGHTS = (
    "Asiakas soittaa kolmannen kerran samasta asiasta, koska vastaus on kahdessa järjestelmässä.",
    "Palaverit venyvät.",
    "Uusi lomake on selkeä meille, mutta ei ikäihmisille.",
    "Kalenteri on täynnä, mutta tärkein työ ei näy siinä.",
    "Jono kasvaa maanantaisin.",
    "Tieto katkeaa, kun vuoro vaihtuu.",
    "Asiakasrajapintapalvelukokonaisuusuudistus",
)
COLORS = ("yellow", "blue", "green", "pink", "violet")
Spot = tuple[int, int]


def crowd(
    person: Person,
    board: str,
    counts: Mapping[str, int],
    *,
    named: str = "",
    spots: Mapping[str, Spot] | None = None,
) -> None:
    """So many notes in each zone, in one update and nobody's name; texts begin with `named`.

    `spots`: notes that stand somewhere, by their text, in the first zone; board units.
    """
    document = Document()
    zones = [zone for zone, count in counts.items() for _ in range(count)]

    def write() -> None:
        for at, zone in enumerate(zones):
            text = f"{named}{at + 1}. {THOUGHTS[at % len(THOUGHTS)]}"
            color = COLORS[at % len(COLORS)]
            edits.add_note(document, board, zone=zone, text=text, color=color, at=at + 1)
        for at, (text, spot) in enumerate((spots or {}).items(), 1):
            zone = next(iter(counts))
            edits.add_note(document, board, zone=zone, text=text, position=spot, at=at)

    bring(person, board, document.record(write)[1])


def theme_of(person: Person, board: str, name: str, zone: str, count: int) -> None:
    """A theme with so many notes."""
    document = Document()

    def write() -> None:
        theme = edits.add_theme(document, name=name, zone=zone)
        for at in range(count):
            text = f"{name} {at + 1}"
            note = edits.add_note(document, board, zone=zone, text=text, at=at + 1)
            edits.set_theme(document, note, theme)

    bring(person, board, document.record(write)[1])


def bring(person: Person, board: str, update: bytes) -> None:
    answer = person.page.request.post(
        f"{person.url}/api/boards/{board}/edits",
        data=update,
        headers={"Origin": person.url, "Content-Type": "application/octet-stream"},
    )
    assert answer.ok, answer.text()
    assert answer.json() == {"notices": []}
