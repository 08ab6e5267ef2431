"""The picture of the README: `python -m tests.e2e.screens.picture` draws it anew."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import expect

from tests.support.browsers.browser import Device, People, Person, Screens, new_browser
from tests.support.browsers.fixtures import ROOT
from tests.support.server import running_server

PICTURE = ROOT / "docs" / "picture.png"
SCREEN = Device(1440, 880)
SHARED = {
    "challenges": [
        ("A customer tells the same story three times before anything moves", "yellow"),
        ("Calendars are full, yet the work that matters waits", "blue"),
        ("Messages arrive in five channels", "green"),
    ],
    "inspirations": [
        ("The chat reaches people who would never ring", "green"),
        ("Fifteen minutes of morning coffee brought the laughter back", "blue"),
    ],
}
GROUPS = [
    (
        "Birch",
        ("Siskin", "Wren"),
        [
            ("challenges", "News travels in the corridor: who is at home hears it last", "blue"),
            ("inspirations", "A shared glossary with our partner", "violet"),
        ],
    ),
    (
        "Pine",
        ("Finch", "Plover"),
        [
            ("challenges", "Two teams do the same study and don’t know of each other", "orange"),
            ("inspirations", "The letter in plain language cut the questions at once", "pink"),
        ],
    ),
]


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server(Path(folder) / "data") as server,
        new_browser() as browser,
    ):
        people = People(browser, server.url, Screens(Path(folder)))
        lead = people("Ada", language="en", device=SCREEN)
        draw(lead, people)
        lead.page.screenshot(path=PICTURE, animations="disabled")
        people.leave()


def draw(lead: Person, people: People) -> None:
    workshop = lead.create("Service team, spring day")
    lead.close_dialog()
    for zone, notes in SHARED.items():
        for text, color in notes:
            write(lead, zone, text, color)
    names = [name for _, members, _ in GROUPS for name in members]
    crew = {name: people(name, language="en") for name in names}
    for person in crew.values():
        person.join(workshop)
    desk = lead.get(f"/api/workshops/{workshop.id}")[1]
    ids = {each["name"]: each["id"] for each in desk["people"]}
    board = lead.board_id(workshop)
    groups = [{"name": name, "people": [ids[one] for one in ones]} for name, ones, _ in GROUPS]
    body = {"board": board, "groups": groups}
    status, made = lead.call("POST", f"/api/workshops/{workshop.id}/breakouts", body)
    assert status < 300, made
    for _, members, found in GROUPS:
        writer = crew[members[0]]
        expect(writer.board.locator(".banner[data-group]")).to_be_visible()
        for zone, text, color in found:
            write(writer, zone, text, color)
        writer.sees_status("saved")
    lead.button("merge.merge").click()
    lead.sees("A shared glossary with our partner")
    fresh = lead.button("board.fresh-hide")
    if fresh.count():
        fresh.click()
    lead.page.keyboard.press("Escape")
    lead.page.evaluate("document.activeElement.blur()")


def write(person: Person, zone: str, text: str, color: str) -> None:
    person.add(zone)
    person.page.get_by_role("radio", name=person.t(f"note.color.{color}"), exact=True).click()
    person.write(text)
    person.done()


if __name__ == "__main__":
    main()
