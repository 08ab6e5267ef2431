"""Who takes part in the whole workbook, how they come in, and how they split into groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import expect

from tests.e2e.support import actions
from tests.e2e.support.reading import assert_complete
from tests.support.browsers.browser import LAPTOP, PHONE, WIDE, People, Person, Workshop


@dataclass
class Team:
    """Who takes part, and on which workshop."""

    lead: Person
    tiira: Person  # Finnish, on a laptop
    kuovi: Person  # Finnish, on a phone
    haukka: Person  # Finnish, on a laptop, in the list
    trana: Person  # Swedish
    heron: Person  # English
    onlooker: Person  # Swedish, by the observers' link
    workshop: Workshop

    @property
    def participants(self) -> list[Person]:
        return [self.tiira, self.kuovi, self.haukka, self.trana, self.heron]

    @property
    def all(self) -> list[Person]:
        """The six who work."""
        return [self.lead, *self.participants]

    @property
    def readers(self) -> list[Person]:
        return [*self.all, self.onlooker]

    def board(self, key: str) -> dict[str, Any]:
        """A shared board as the server has it."""
        status, found = self.lead.get(f"/api/boards/{self.lead.board_id(self.workshop, key)}")
        assert status == 200
        return dict(found)


@dataclass(frozen=True)
class Group:
    id: str
    name: str
    pages: list[int]
    people: list[Person]


def gather(people: People) -> Team:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevään kehittämispäivä")
    lead.shot("created")
    lead.close_dialog()
    team = Team(
        lead=lead,
        tiira=people("Tiira"),
        kuovi=people("Kuovi", device=PHONE),
        haukka=people("Haukka", device=LAPTOP),
        trana=people("Trana", language="sv"),
        heron=people("Heron", language="en"),
        onlooker=people("Åskådare", language="sv"),
        workshop=workshop,
    )
    for person in team.participants:
        person.join(workshop, "link" if person is team.kuovi else "code")
    look_on(team.onlooker, workshop)
    expect(lead.button("workshop.people_here", n=7)).to_be_visible()
    actions.as_list(team.haukka)
    return team


def look_on(person: Person, workshop: Workshop) -> None:
    """Come in by the observers' link."""
    person.go(f"/j/{workshop.plain_code}#observe")
    expect(person.page.get_by_text(person.t("join.as_observer"))).to_be_visible()
    person.textbox("join.name").fill(person.name)
    person.button("join.join").click()
    expect(person.board.get_by_text(person.t("board.read-only.observer"))).to_be_visible()


def read(team: Team, key: str) -> None:
    """Everybody has arrived on a board and reads it in their own language."""
    for person in team.readers:
        actions.stands_on(person, key)
        assert_complete(person)


# -- groups -------------------------------------------------------------------------------------


def open_groups(team: Team) -> list[Group]:
    lead = team.lead
    lead.button("breakout.start").click()
    expect(lead.button("breakout.recall")).to_be_visible()
    groups = read_groups(team)
    for group in groups:
        for person in group.people:
            banner = person.t("workshop.my_group", name=group.name)
            expect(person.board.get_by_text(banner)).to_be_visible()
            person.sees_status("saved")
    return groups


def read_groups(team: Team) -> list[Group]:
    desk = team.lead.get(f"/api/workshops/{team.workshop.id}")[1]
    names = {each["id"]: each["name"] for each in desk["people"]}
    by_name = {person.name: person for person in team.participants}
    [breakout] = [each for each in desk["breakouts"] if each["state"] == "open"]
    return [
        Group(
            each["id"],
            each["name"],
            each.get("pages") or [],
            [by_name[names[one]] for one in each["people"]],
        )
        for each in breakout["groups"]
    ]


def gather_home(team: Team) -> None:
    lead = team.lead
    told = lead.page.get_by_role("complementary").locator(".result")
    before = told.count()  # what earlier rounds brought stays until it is closed
    lead.button("merge.merge").click()
    expect(told).to_have_count(before + 1)
    expect(lead.button("merge.again").first).to_be_visible()  # earlier rounds have one, too
