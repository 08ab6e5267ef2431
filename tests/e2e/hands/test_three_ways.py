"""The main story three times: by keys alone, by names and roles alone as a screen reader or a voice
presses, and by touch alone. Join, write, move, theme, vote, answer, plan."""

from __future__ import annotations

import re
from typing import Protocol

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.support import actions
from tests.support.browsers.browser import LAPTOP, PHONE, Device, People, Person, Workshop

pytestmark = [pytest.mark.xdist_group("e2e-three-ways"), pytest.mark.timeout(300)]

STOPS = 120  # presses of Tab, there and back, until one gives up


class Hand(Protocol):
    """A way to press what has a name, and to write where the caret is."""

    def press(self, target: Locator) -> None: ...
    def write(self, target: Locator, text: str) -> None: ...


class Keys:
    def __init__(self, person: Person) -> None:
        self.keyboard = person.page.keyboard

    def press(self, target: Locator) -> None:
        self._reach(target)
        self.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        self._reach(target)
        self.keyboard.type(text)

    def _reach(self, target: Locator) -> None:
        expect(target).to_be_visible()
        for key in ("Tab", "Shift+Tab"):
            for _ in range(STOPS):
                if target.evaluate("element => element === document.activeElement"):
                    return
                self.keyboard.press(key)
        raise AssertionError(f"no key leads to {target}")


class Voice:
    """Presses what it has found by role and name: no pointer comes anywhere near."""

    def press(self, target: Locator) -> None:
        expect(target).to_be_visible()
        target.evaluate("element => { element.focus(); element.click(); }")

    def write(self, target: Locator, text: str) -> None:
        target.focus()
        target.page.keyboard.insert_text(text)


class Finger:
    def press(self, target: Locator) -> None:
        target.tap()

    def write(self, target: Locator, text: str) -> None:
        expect(target).to_be_visible()
        if not target.evaluate("element => element === document.activeElement"):
            target.tap()
        target.page.keyboard.insert_text(text)


@pytest.mark.parametrize("way", ["keys", "voice", "touch"])
def test_the_story(way: str, people: People) -> None:
    lead = people("Vetäjä")
    workshop = lead.create("Kevät")
    lead.close_dialog()
    device: Device = PHONE if way == "touch" else LAPTOP
    person = people(
        "Kuovi", language={"keys": "fi", "voice": "sv", "touch": "en"}[way], device=device
    )
    hands: dict[str, Hand] = {"keys": Keys(person), "voice": Voice(), "touch": Finger()}
    story = Story(lead, workshop, person, hands[way])
    story.join()
    story.write("Kiire aamuisin")
    story.write("Jono kasvaa")
    story.move("Jono kasvaa")
    story.theme("Kiire aamuisin", "Aamut")
    story.vote("Kiire aamuisin")
    story.answer()
    story.plan()


class Story:
    """One participant's, whose hands reach only what has a role and a name."""

    def __init__(self, lead: Person, workshop: Workshop, person: Person, hand: Hand) -> None:
        self.lead, self.workshop, self.person, self.hand = lead, workshop, person, hand

    def join(self) -> None:
        person = self.person
        person.go(f"/j/{self.workshop.plain_code}")
        self.hand.write(person.textbox("join.name"), person.name)
        self.hand.press(person.button("join.join"))
        person.page.wait_for_url("**/w/*")
        person.sees_status("saved")
        to_list = person.button("board.view.list")
        if to_list.is_visible():
            self.hand.press(to_list)
        expect(person.board.locator(".dock.list")).to_be_visible()

    def write(self, text: str, key: str = "phenomena", zone: str = "challenges") -> None:
        person = self.person
        name = person.t("board.add-to", zone=actions.zone_title(key, zone, person.language))
        self.hand.press(person.page.get_by_role("button", name=name, exact=True))
        expect(person.editor.first).to_be_focused()
        person.page.keyboard.insert_text(text)
        self.hand.press(person.button("note.done"))
        expect(person.note(text)).to_have_count(1)
        self.focus_stays()
        person.sees_status("saved")
        self.person.shot(f"wrote-{text}")

    def move(self, text: str) -> None:
        person = self.person
        self.hand.press(person.button("note.more-named", note=text))
        dialog = person.page.get_by_role("dialog")
        place = dialog.get_by_role("button", name=person.zone_title("inspirations"), exact=True)
        self.hand.press(place)
        inside = person.zone("inspirations").get_by_role("article", name=text)
        expect(inside).to_have_count(1)
        self.focus_stays()

    def theme(self, text: str, name: str) -> None:
        person = self.person
        self.hand.press(person.button("note.more-named", note=text))
        dialog = person.page.get_by_role("dialog")
        self.hand.press(dialog.get_by_role("button", name=person.t("theme.put"), exact=True))
        self.hand.write(dialog.get_by_role("textbox"), name)
        self.hand.press(person.button("theme.make"))
        expect(dialog).to_have_count(0)
        expect(person.board.get_by_role("heading", name=re.compile(name))).to_be_visible()
        self.focus_stays()

    def vote(self, text: str) -> None:
        person, board = self.person, self.lead.board_id(self.workshop)
        change = {"votes": {board: {"open": True}}}
        assert self.lead.call("PATCH", f"/api/workshops/{self.workshop.id}", change)[0] == 200
        give = person.page.get_by_role("button", name=f"{person.t('votes.give')}: {text}")
        self.hand.press(give)
        actions.sees_dots(person, text, 1)
        person.sees_status("saved")

    def go(self, key: str) -> None:
        person = self.person
        way = actions.contents(person)
        if (person.page.viewport_size or {"width": 0})["width"] <= actions.SHEET_PX:
            self.hand.press(way.locator("button[aria-haspopup=dialog]"))
        else:
            self.hand.press(actions.chips(person).nth(actions.stage_of(key)))
        self.hand.press(actions.row_of_board(person, key))
        actions.stands_on(person, key)
        self.focus_stays()

    def answer(self) -> None:
        self.go("phenomena_summary")
        person = self.person
        first = actions.definition("phenomena_summary")["questions"][0]["id"]
        field = actions.question(person, "phenomena_summary", first).get_by_role("textbox")
        self.hand.write(field, "Aamut ensin")
        expect(field).to_have_value("Aamut ensin")
        person.sees_status("saved")

    def plan(self) -> None:
        self.go("experiments")
        person = self.person
        self.write("Avauspalaveri", "experiments", "ideas")
        name = re.compile(f"^{re.escape(person.t('plan.make'))}")
        self.hand.press(person.page.get_by_role("button", name=name))
        field = actions.definition("experiments")["fields"][1]["id"]
        label = actions.text_of("experiments", "fields", field, person.language)
        place = person.board.get_by_role("textbox", name=label, exact=True)
        self.hand.write(place, "Aikaa jää")
        expect(place).to_have_value("Aikaa jää")
        person.sees_status("saved")
        person.shot("planned")

    def focus_stays(self) -> None:
        """Where it is, a screen reader goes on from; the page itself is nowhere."""
        expect(self.person.page.locator("body:focus")).to_have_count(0)
