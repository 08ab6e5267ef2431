"""Stage 1a: the phenomena map and its summary."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.support import actions
from tests.e2e.support.walkthrough.team import Team, read

COSTLY = "Kirjaamme samat tiedot kolmeen järjestelmään"
PHENOMENA = [
    ("challenges", "Tieto katkeaa, kun vuoro vaihtuu"),
    ("challenges", COSTLY),
    ("inspirations", "Uusi kollega kysyi juuri oikeat kysymykset"),
    ("challenges", "Jono kasvaa aina maanantaisin"),
    ("inspirations", "Vi löste det tillsammans i korridoren"),
    ("inspirations", "Customers thank us for calling back"),
]


# -- phenomena map ------------------------------------------------------------------------------


def fill_the_map(team: Team) -> None:
    """Six notes grow at the same time, letter by letter."""
    for person, (zone, _) in zip(team.all, PHENOMENA, strict=True):
        actions.add(person, "phenomena", zone)
    for at in actions.typing(team.all, [text for _, text in PHENOMENA]):
        if at == 20:
            team.heron.shot("phenomena-everybody-writes")
            team.kuovi.shot("phenomena-phone-writes")
    for person in team.all:
        person.done()
    for person in team.all:
        person.sees(*(text for _, text in PHENOMENA))
        for zone in ("challenges", "inspirations"):
            expect(person.zone(zone)).to_be_visible()
    read(team, "phenomena")


def choose_by_dots(team: Team) -> None:
    """Two dots each, hidden until the facilitator reveals them."""
    actions.panel_tab(team.lead, "pace")
    actions.set_up_voting(team.lead, dots=2, hidden=True)
    for number, person in enumerate(team.participants):
        other = PHENOMENA[0 if number % 2 else 3][1]
        expect(person.board.get_by_text(person.t("votes.left", n=2, dots=2))).to_be_visible()
        for note in (COSTLY, other):
            actions.give_dot(person, note)
        expect(person.board.get_by_text(person.t("votes.left", n=0, dots=2))).to_be_visible()
        actions.sees_dots(person, COSTLY, 1)
        person.sees_status("saved")
    team.kuovi.shot("phenomena-hidden-dots")
    team.lead.button("votes.reveal").click()
    for person in team.all:
        actions.sees_dots(person, COSTLY, len(team.participants))
    team.lead.button("votes.close").click()
    team.haukka.button("votes.sort").click()
    expect(team.haukka.notes.first).to_contain_text(COSTLY)
    team.lead.shot("phenomena-dots")
    team.haukka.shot("phenomena-by-dots")


# -- phenomena summary --------------------------------------------------------------------------


def sum_up(team: Team) -> None:
    """Answers that several write, with notes of the map as evidence."""
    key = "phenomena_summary"
    actions.lead_to(team.lead, key)
    read(team, key)
    actions.answer(team.tiira, key, "matter", "Moneen kertaan kirjaaminen.")
    actions.answer(team.heron, key, "gain", "More time for each customer.")
    field = actions.question(team.trana, key, "matter").get_by_role("textbox")
    expect(field).to_have_value("Moneen kertaan kirjaaminen.")
    field.press("Control+End")
    team.trana.page.keyboard.type(" Vi skriver allt tre gånger.")
    actions.use_as_evidence(team.haukka, COSTLY, key, "matter")
    for person in team.all:
        asked = actions.question(person, key, "matter")
        expect(asked.get_by_role("textbox")).to_have_value(re.compile("tre gånger"))
        expect(asked.get_by_role("listitem")).to_contain_text(COSTLY)
        person.sees_status("saved")
    for person in (team.lead, team.kuovi, team.trana):
        person.shot(f"phenomena-summary-{person.language}-{person.name}")
