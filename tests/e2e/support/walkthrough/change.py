"""Stage 1b: the change map by pages in groups, and its summary."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.support import actions
from tests.e2e.support.walkthrough.phenomena import COSTLY
from tests.e2e.support.walkthrough.team import Group, Team, gather_home, open_groups, read
from tests.support.browsers.browser import Person
from tests.support.server import Server

OFFLINE = r"WebSocket connection to .* failed|net::ERR_CONNECTION_REFUSED"
OLD, NEW = "Kolme erillistä rekisteriä", "Yksi yhteinen rekisteri"


# -- change map ---------------------------------------------------------------------------------


def split_by_page(team: Team) -> list[Group]:
    actions.lead_to(team.lead, "change")
    team.trana.button("workshop.go_now").click()  # she was writing, and is asked
    read(team, "change")
    actions.panel_tab(team.lead, "groups")
    evenly = team.lead.button("breakout.pages_even")
    expect(evenly).to_have_attribute("aria-pressed", "true")
    team.lead.shot("change-groups-planned")
    groups = open_groups(team)
    assert sorted(page for group in groups for page in group.pages) == [1, 2, 3, 4]
    for group in groups:
        for person in group.people:
            own = [
                actions.text_of("change", "rows", row, person.language)
                for row in actions.rows(group.pages)
            ]
            banner = person.board.locator(".banner[data-group]")
            for words in (person.t("workshop.my_group", name=group.name), *own):
                expect(banner).to_contain_text(words)
            expect(person.button("grid.own")).to_have_attribute("aria-pressed", "true")
    return groups


def cell_text(row: str, column: str) -> str:
    """What stands in a cell in the end; one row tells of the change that the day is about."""
    if row == "tools":
        return OLD if column == "from" else NEW
    name = actions.text_of("change", "rows", row, "fi")
    return f"{name}: {'ennen' if column == 'from' else 'nyt'}"


def fill_pages(team: Team, groups: list[Group], server: Server) -> None:
    """Each group its own rows, by all of its people; the server dies in the middle."""
    work = {group.id: cells_of(group) for group in groups}
    first = [(group, person) for group in groups for person in group.people]
    begun = [work[group.id].pop(0) for group, _ in first]
    write_through_a_crash(team, [person for _, person in first], begun, server)
    for group in groups:
        for number, (row, column) in enumerate(work[group.id]):
            person = group.people[number % len(group.people)]
            actions.put(person, "change", f"{row}/{column}", cell_text(row, column))
    for group in groups:
        for person in group.people:
            person.sees(*(cell_text(*cell) for cell in cells_of(group)))
            person.sees_status("saved")
        group.people[0].shot(f"change-group-{group.people[0].language}")
    team.kuovi.shot("change-group-phone")
    for group in groups:
        card = team.lead.page.get_by_role("article", name=group.name)
        expect(card.locator("rect.note")).to_have_count(len(cells_of(group)))
    team.lead.shot("change-both-groups")


def cells_of(group: Group) -> list[tuple[str, str]]:
    return [(row, column) for row in actions.rows(group.pages) for column in ("from", "to")]


def write_through_a_crash(
    team: Team, writers: list[Person], cells: list[tuple[str, str]], server: Server
) -> None:
    """`kill -9` in the middle of a sentence of each: they write on, and it is all there."""
    for person in team.readers:
        person.forgive(OFFLINE)
    for person, (row, column) in zip(writers, cells, strict=True):
        actions.add(person, "change", f"{row}/{column}")
    for at in actions.typing(writers, [cell_text(*cell) for cell in cells]):
        if at == 6:
            server.kill9()
    for person in team.all:
        person.sees_status("offline")
    team.trana.shot("change-server-killed")
    server.restart()
    for person in team.all:
        person.sees_status("saved")
    for person in writers:
        person.done()


def gather_into_one_grid(team: Team, groups: list[Group]) -> None:
    """Every cell of every group once, marked with its group, on everybody's one grid."""
    gather_home(team)
    expected = sorted(
        (cell_text(*cell), "/".join(cell), group.id) for group in groups for cell in cells_of(group)
    )
    found = [(note["text"], note["zone"], note["group"]) for note in team.board("change")["notes"]]
    assert sorted(found) == expected
    team.lead.shot("change-gathered")
    team.lead.button("breakout.recall").click()
    for person in team.all:
        actions.stands_on(person, "change")
        expect(person.notes).to_have_count(len(expected))
        person.sees(OLD, NEW)
    for person in (team.trana, team.heron, team.kuovi):
        person.shot(f"change-whole-{person.language}-{person.name}")


def link(team: Team) -> None:
    """What was becomes what is coming, and a phenomenon calls for it; both ends show it."""
    writer = team.haukka
    actions.link(writer, OLD, "change", NEW)
    actions.go(writer, "phenomena")
    actions.link(writer, COSTLY, "change", OLD)
    actions.go(writer, "change")
    for person in (writer, team.kuovi):
        expect(actions.row_of(person, OLD)).to_contain_text("2")
        name = person.t("links.count-named", n=2, note=OLD)
        expect(person.page.get_by_role("button", name=name, exact=True)).to_be_visible()
    label = re.compile(re.escape(team.heron.t("links.count", n=2)))
    expect(team.heron.page.get_by_role("option", name=label)).to_have_count(1)
    writer.shot("change-linked")


# -- change summary -----------------------------------------------------------------------------


def sum_up_in_groups(team: Team) -> None:
    """Groups answer on their own; gathered, each answer stands under its group's name."""
    key = "change_summary"
    actions.lead_to(team.lead, key)
    read(team, key)
    actions.panel_tab(team.lead, "groups")
    groups = open_groups(team)
    for group in groups:
        actions.answer(group.people[0], key, "picture", f"Kokonaiskuva, ryhmä {group.name}")
        actions.answer(group.people[1], key, "central", f"Keskeisin muutos, ryhmä {group.name}")
    for group in groups:
        for person in group.people:
            field = actions.question(person, key, "central").get_by_role("textbox")
            expect(field).to_have_value(f"Keskeisin muutos, ryhmä {group.name}")
            person.sees_status("saved")
    team.lead.shot("change-summary-groups")
    gather_home(team)
    team.lead.button("breakout.recall").click()
    for person in team.all:
        actions.stands_on(person, key)
        for group in groups:
            sees_answer_of(person, key, "picture", group, f"Kokonaiskuva, ryhmä {group.name}")
            sees_answer_of(person, key, "central", group, f"Keskeisin muutos, ryhmä {group.name}")
    team.trana.shot("change-summary-gathered")


def sees_answer_of(person: Person, key: str, item: str, group: Group, text: str) -> None:
    theirs = actions.question(person, key, item).locator(".other").filter(has_text=group.name)
    expect(theirs.get_by_role("heading", name=re.compile(group.name))).to_be_visible()
    expect(theirs).to_contain_text(text)
