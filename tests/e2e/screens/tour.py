"""A tour of everything there is to see, for tests that look at every page in many guises."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playwright.sync_api import expect

from server.web.notices import NOTICES
from tests.e2e.support import actions
from tests.support.browsers.browser import WIDE, Device, People, Person, Workshop

__all__ = ["Tour"]

TABS = ("people", "pace", "outputs", "groups")
NOTE = "Tieto katkeaa, kun vuoro vaihtuu eikä kukaan ehdi kertoa"
THEME = "Tiedonkulku vuorojen välillä"
DELETED = "Tästä luovuttiin, koska siitä puhuttiin jo kahdesti"
LONG_NAME = "Maximiliana-Wilhelmiina" * 2 + "Kuusankoskelai"  # as long as a name may be
REFUSED = r"status of (400|403|404)"


# One for each language: a second person of one name is shown with a number.
NEWCOMERS = {"fi": "Kuovi", "sv": "Spov", "en": "Curlew"}


class Tour:
    """A workshop in which two groups are at work and have been merged once, and the way through.

    Each of the ways below gives the name of what is on the screen, and goes on when asked.
    """

    def __init__(self, people: People) -> None:
        self.people = people
        self.lead = people("Vetäjä", device=WIDE)
        self.workshop: Workshop = self.lead.create("Tiimin kehittämispäivä")
        self.lead.close_dialog()
        self.lead.put("challenges", NOTE)
        self.lead.put("inspirations", "Uusi kollega kysyi juuri oikeat kysymykset")
        self._make_theme()
        self.guests = [people(name) for name in ("Tiira", LONG_NAME)]
        for guest in self.guests:
            guest.join(self.workshop)
        actions.panel_tab(self.lead, "groups")
        self.lead.button("breakout.start").click()
        for guest in self.guests:
            expect(guest.board.get_by_text(guest.t("workshop.alone_in_group"))).to_be_visible()
            guest.sees_status("saved")
            guest.put("challenges", f"Asiakas soitti kolmesti samasta asiasta ({guest.name})")
            guest.put("inspirations", f"Ratkaisimme pulman käytävällä ({guest.name})")
            guest.put("challenges", DELETED)
            guest.note(DELETED).click()
            guest.page.keyboard.press("Delete")
            expect(guest.note(DELETED)).to_have_count(0)
            guest.sees_status("saved")
        self.link = self.lead.page.evaluate(
            "id => JSON.parse(localStorage.getItem(`hahmo_keepsake_${id}`)).facilitatorUrl",
            self.workshop.id,
        )

    def _make_theme(self) -> None:
        self.lead.note(NOTE).click()
        self.lead.button("theme.put").click()
        self.lead.page.get_by_role("dialog").get_by_role("textbox").fill(THEME)
        self.lead.button("theme.make").click()
        expect(self.lead.board.get_by_text(THEME, exact=True)).to_be_visible()

    def _tell(self, text: str | None) -> None:
        path = f"/api/workshops/{self.workshop.id}"
        assert self.lead.call("PATCH", path, {"announcement": text})[0] == 200

    def everything(self, language: str, device: Device) -> Iterator[tuple[str, Person]]:
        yield from self.strangers_way(language, device)
        yield from self.participants_way(language, device)
        yield from self.leads_way(language, device)

    def strangers_way(self, language: str, device: Device) -> Iterator[tuple[str, Person]]:
        """What one sees before one is in."""
        person = self.people("Kuovi", language=language, device=device)
        person.forgive(REFUSED)
        for notice in NOTICES:
            person.go(f"/{notice}")
            heading = person.page.get_by_role("heading", level=1)
            expect(heading).to_have_text(person.t(f"notice.{notice}"))
            yield notice, person
        person.go("/")
        expect(person.button("start.create")).to_be_visible()
        yield "start", person
        person.button("join.join").click()
        yield "start-problem", person
        person.go("/j/ABCDEFGH")
        expect(person.button("join.join")).to_be_visible()
        yield "unknown-code", person
        person.go(f"/w/{self.workshop.id}")
        expect(person.button("join.join")).to_be_visible()
        yield "not-in", person
        person.go(f"/j/{self.workshop.plain_code}")
        expect(person.button("join.join")).to_be_visible()
        yield "join", person

    def participants_way(self, language: str, device: Device) -> Iterator[tuple[str, Person]]:
        """What a participant sees in a group."""
        name = NEWCOMERS[language]
        person = self.people(name, language=language, device=device)
        person.join(self.workshop)
        person.sees(NOTE)
        # Whose name is as long as it may be is in this group too.
        expect(person.page.locator(".people li")).to_have_count(2)
        yield "group", person
        person.add("challenges", "Kesken on")
        yield "group-writing", person
        person.page.keyboard.press("Escape")
        me = person.t("workshop.me", name="").strip()
        person.page.get_by_role("button", name=re.compile(rf"^{name}.*{me}$")).click()
        yield "me-menu", person
        person.page.keyboard.press("Escape")
        other = "canvas" if device.width < 700 else "list"
        person.button(f"board.view.{other}").click()
        expect(person.note(NOTE)).to_be_visible()
        yield f"group-{other}", person
        self._tell("Tauko, jatkamme klo 10.15")
        person.button("status.more", n=1).click()
        expect(person.page.locator(".status .banner[data-group]")).to_be_visible()
        yield "group-all-told", person
        self._tell(None)
        person.go("/")
        expect(person.page.get_by_role("heading", name=person.t("start.mine"))).to_be_visible()
        yield "start-mine", person

    def leads_way(self, language: str, device: Device) -> Iterator[tuple[str, Person]]:
        """What the facilitator sees."""
        person = self.people("Vetäjä", language=language, device=device)
        person.go(f"/w/{self.workshop.id}#{self.link.split('#')[1]}")
        person.sees(NOTE)
        yield "board", person
        actions.open_boards(person, "phenomena")
        yield "contents", person
        person.page.keyboard.press("Escape")
        yield from self._panel(person)
        yield from self._dialogs(person)
        yield from self._canvas(person)
        yield from self._list(person)

    def _panel(self, person: Person) -> Iterator[tuple[str, Person]]:
        toggle = person.button("panel.open")
        if toggle.get_attribute("aria-expanded") == "false":
            toggle.click()
        for tab in TABS:
            person.page.get_by_role("tab", name=person.t(f"panel.tab_{tab}"), exact=True).click()
            if tab == "people":  # what was deleted is read when the sheet opens
                entries = person.page.get_by_role("tabpanel").get_by_role("article")
                expect(entries.first).to_be_visible()
            yield f"panel-{tab}", person
        person.button("merge.merge").or_(person.button("merge.again")).click()
        report = person.page.get_by_role("complementary").locator(".result")
        expect(report).to_be_visible()
        yield "merge-report", person
        person.button("panel.invite").click()
        only_here = person.page.get_by_role("dialog").get_by_text(person.t("panel.only_here"))
        expect(only_here.first).to_be_visible()
        yield "invite", person
        person.button("panel.project").click()
        yield "invite-large", person
        person.page.keyboard.press("Escape")
        person.close_dialog()
        person.button("panel.close").click()

    def _dialogs(self, person: Person) -> Iterator[tuple[str, Person]]:
        person.button("board.guide").first.click()
        yield "guide", person
        person.close_dialog()

    def _canvas(self, person: Person) -> Iterator[tuple[str, Person]]:
        to_canvas = person.button("board.view.canvas")
        if to_canvas.count():
            to_canvas.click()
        expect(person.board.locator(".viewport")).to_be_visible()
        person.note(NOTE).click()
        yield "note-chosen", person
        person.note(NOTE).dblclick()
        expect(person.editor).to_be_focused()
        yield "note-writing", person
        person.done()
        person.page.keyboard.press("Home")  # letters are commands for hands at the keyboard
        person.page.keyboard.press("?")
        expect(person.page.get_by_role("dialog")).to_be_visible()
        yield "keys", person
        person.close_dialog()
        person.note(NOTE).click()
        person.button("theme.put").click()
        yield "theme-choice", person
        person.close_dialog()
        person.board.locator("[data-grip]").click()
        yield "theme-menu", person
        person.button("theme.rename").click()
        expect(person.textbox("theme.name")).to_be_focused()
        yield "theme-naming", person
        person.page.keyboard.press("Escape")

    def _list(self, person: Person) -> Iterator[tuple[str, Person]]:
        person.button("board.view.list").click()
        person.sees(NOTE)
        yield "list", person
        person.page.get_by_role("button", name=person.t("note.edit-named", note="")).first.click()
        expect(person.editor).to_be_focused()
        yield "list-writing", person
        person.done()
        person.page.locator("[data-note-id] button[aria-haspopup]").first.click()
        expect(person.page.get_by_role("dialog")).to_be_visible()
        yield "note-menu", person
        person.close_dialog()
