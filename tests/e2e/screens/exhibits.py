"""Every screen and state there is to see, for pictures and for eyes.

Each way below gives the name of what is on the screen, and goes on when asked. The Tour has the
screens of coming in and of groups at work; here are all the boards, empty and full, and the rest.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Locator, expect

from tests.e2e.screens.tools import everybodys_dialogs, leads_dialogs
from tests.e2e.support import actions
from tests.e2e.support import full_workshop as full
from tests.e2e.support.full_workshop import FullWorkshop
from tests.support.browsers.browser import Device, People, Person, Workshop
from tests.support.server import Server

__all__ = ["Exhibits"]

BOARDS = (
    "phenomena",
    "phenomena_summary",
    "change",
    "change_summary",
    "assessment",
    "synthesis",
    "experiments",
)
TALL = 2400  # px more than the screen has, at most
HIDDEN = """() => Math.max(0, ...[...document.querySelectorAll('*')]
    .filter(element => ['auto', 'scroll'].includes(getComputedStyle(element).overflowY))
    .map(element => element.scrollHeight - element.clientHeight))"""
REFUSED = r"status of (400|401|403|404)|WebSocket connection|ERR_CONNECTION_REFUSED"

Seen = Iterator[tuple[str, Person]]


class Exhibits:
    """Two workshops, one full and one empty, and the way through all that they show."""

    refused = REFUSED  # what browsers log when the server is gone or says no

    def __init__(self, people: People, server: Server) -> None:
        self.people, self.server = people, server
        self.full = FullWorkshop(people)
        lead = self.lead = people("Vetäjä")
        self.empty: Workshop = lead.create("Tyhjä työpaja")
        made = self.full.call(f"/api/workshops/{self.full.workshop.id}/next", {"title": "Syksy"})
        self.next = Workshop(made["id"], made["join_code"], lead.url)
        self.next_key = made["facilitator_url"].split("#")[1]

    def everything(self, language: str, device: Device) -> Seen:
        yield from self.strangers(language, device)
        yield from self.empty_boards(language, device)
        yield from self.full_boards(language, device)
        yield from self.dialogs(language, device)
        yield from self.panel(language, device)
        yield from self.next_round(language, device)
        yield from self.onlooker(language, device)
        yield from self.troubles(language, device)

    # -- who looks ----------------------------------------------------------------------------

    def as_(self, whom: Person, language: str, device: Device) -> Person:
        """The same person with another screen, reading another language."""
        state: Any = whom.page.context.storage_state()
        state["origins"] = []  # neither the view that they chose nor what they put away
        person = self.people(whom.name, language=language, device=device, storage_state=state)
        person.forgive(REFUSED)
        return person

    # -- screens ------------------------------------------------------------------------------

    def strangers(self, language: str, device: Device) -> Seen:
        person = self.people("Kuovi", language=language, device=device)
        person.forgive(REFUSED)
        person.go("/")
        person.page.locator("details summary").first.click()
        yield "start-own-workbook", person
        person.go("/nowhere")
        expect(person.page.get_by_role("heading", level=1)).to_be_visible()
        yield "error-nothing-here", person
        person.go("/w/abcdefghijklmnopqrst")
        expect(person.page.get_by_role("heading", level=1)).to_be_visible()
        yield "error-no-workshop", person

    def empty_boards(self, language: str, device: Device) -> Seen:
        person = self.as_(self.lead, language, device)
        person.go(f"/w/{self.empty.id}")
        person.sees_status("saved")
        close_panel(person)
        for key in BOARDS:
            actions.go(person, key)
            yield f"empty-{key}", person
            if key in ("phenomena", "change"):
                with other_view(person) as view:
                    yield f"empty-{key}-{view}", person

    def full_boards(self, language: str, device: Device) -> Seen:
        person = self.as_(self.full.aino, language, device)
        person.go(f"/w/{self.full.workshop.id}")
        person.sees_status("saved")
        for key in BOARDS:
            actions.go(person, key)
            yield f"full-{key}", person
            if key in ("phenomena", "change"):
                with other_view(person) as view:
                    yield f"full-{key}-{view}", person
            else:
                with tall(person, device):
                    yield f"full-{key}-tall", person
            if key == "change":
                yield from self._parts(person)
            if person.button("answers.beside").is_visible():
                person.button("answers.beside").click()
                yield f"full-{key}-beside", person
        yield from self._forms(person, device)

    def _parts(self, person: Person) -> Seen:
        actions.page_of(person, 3).click()
        yield "full-change-page", person
        person.page.get_by_role("combobox").select_option("row:tools")
        row = actions.text_of("change", "rows", "tools", person.language)
        person.button("grid.questions-of", row=row).first.click()
        yield "full-change-row-with-questions", person
        person.button("grid.all").click()

    def _forms(self, person: Person, device: Device) -> Seen:
        actions.go(person, "assessment")
        forms = actions.definition("assessment")["forms"]
        for form in forms[1:]:
            title = form["title"][person.language]
            person.page.get_by_role("button", name=title, exact=True).click()
            with tall(person, device):
                yield f"form-{form['id']}", person

    def dialogs(self, language: str, device: Device) -> Seen:
        person = self.as_(self.full.aino, language, device)
        person.go(f"/w/{self.full.workshop.id}")
        person.sees_status("saved")
        actions.go(person, "phenomena")
        if view_of(person) == "canvas":
            actions.as_list(person)
        actions.menu_of(person, full.LINKED)
        with tall(person, device):
            yield "note-menu", person
        person.button("links.new").click()
        yield "link-to", person
        close(person)
        person.button("links.trace").click()
        with tall(person, device):
            yield "trail", person
        close(person)
        close(person)
        person.button("board.guide").last.click()
        yield "guide", person
        person.close_dialog()
        actions.go(person, "phenomena_summary")
        if person.button("answers.beside").is_visible():
            person.button("answers.beside").click()
        person.button("answers.use-named", note=full.PHENOMENA["challenges"][3]).click()
        yield "evidence-for", person
        person.close_dialog()
        actions.go(person, "experiments")
        person.button("board.guide").last.click()
        yield "guide-of-the-plan", person
        person.close_dialog()
        yield from everybodys_dialogs(person)

    def panel(self, language: str, device: Device) -> Seen:
        person = self.as_(self.full.lead, language, device)
        patch = {"timer": {"seconds": 900}, "announcement": "Tauko, jatkamme klo 10.15"}
        self.full.call(f"/api/workshops/{self.full.workshop.id}", patch, "PATCH")
        person.go(f"/w/{self.full.workshop.id}")
        person.sees_status("saved")
        actions.go(person, "change")
        toggle = person.button("panel.open")
        if toggle.get_attribute("aria-expanded") == "false":
            toggle.click()
        for tab in ("groups", "people", "pace", "guidance", "outputs"):
            actions.panel_tab(person, tab)
            yield f"panel-{tab}", person
            if tab in ("guidance", "groups"):
                person.page.get_by_role("tabpanel").locator("summary").first.click()
            with tall(person, device):
                yield f"panel-{tab}-tall", person
        person.button("take.open").click()
        expect(person.page.get_by_role("img", name=person.t("take.first_page"))).to_be_visible()
        with tall(person, device):
            yield "take-home", person
        close(person)
        yield from leads_dialogs(person, self.full)

    def next_round(self, language: str, device: Device) -> Seen:
        person = self.as_(self.full.lead, language, device)
        person.go(f"/w/{self.next.id}#{self.next_key}")
        person.sees_status("saved")
        close_panel(person)
        actions.go(person, "change")
        yield "next-round", person
        person.button("rounds.show").click()
        expect(person.page.locator("#last-round")).to_be_visible()
        yield "next-round-beside", person
        if device.width >= 700:  # on a phone the last round takes the place of the board
            with other_view(person) as view:
                yield f"next-round-beside-{view}", person

    def onlooker(self, language: str, device: Device) -> Seen:
        """Who came by the observers' link sees everything and changes nothing."""
        person = self.people("Katsoja", language=language, device=device)
        person.forgive(REFUSED)
        person.go(f"/j/{self.full.workshop.plain_code}#observe")
        expect(person.button("join.join")).to_be_visible()
        yield "observer-join", person
        person.textbox("join.name").fill(person.name)
        person.button("join.join").click()
        # Told, be it behind the message to all.
        expect(person.board.get_by_text(person.t("board.read-only.observer"))).to_be_attached()
        for key in ("phenomena", "phenomena_summary", "change", "assessment", "experiments"):
            actions.go(person, key)
            yield f"observer-{key}", person

    def troubles(self, language: str, device: Device) -> Seen:
        """Locked, looked on, without a connection."""
        person = self.as_(self.full.aino, language, device)
        path = f"/api/workshops/{self.full.workshop.id}"
        board = self.full.lead.board_id(self.full.workshop, "phenomena")
        self.full.call(path, {"locks": {board: True}}, "PATCH")
        person.go(f"/w/{self.full.workshop.id}")
        person.sees_status("saved")
        actions.go(person, "phenomena")
        expect(person.board.get_by_text(person.t("board.read-only.locked"))).to_be_attached()
        yield "locked", person
        self.full.call(path, {"locks": {board: False}}, "PATCH")
        expect(person.board.get_by_text(person.t("board.read-only.locked"))).to_have_count(0)
        person.sees_status("saved")
        person.has_all_parts()
        self.server.kill9()
        person.sees_status("offline")
        expect(person.page.locator(".toast")).to_be_visible()
        yield "offline", person
        self.server.restart()
        person.sees_status("saved")


# -- how it is looked at ------------------------------------------------------------------------


@contextlib.contextmanager
def tall(person: Person, device: Device) -> Iterator[None]:
    """As much as there is, however far one would have to scroll."""
    more = min(TALL, person.page.evaluate(HIDDEN))
    person.page.set_viewport_size({"width": device.width, "height": device.height + more})
    yield
    person.page.set_viewport_size({"width": device.width, "height": device.height})


@contextlib.contextmanager
def other_view(person: Person) -> Iterator[str]:
    """The same board as list instead of canvas, or the other way round."""
    view, back = ("list", "canvas") if view_of(person) == "canvas" else ("canvas", "list")
    person.button(f"board.view.{view}").click()
    expect(person.board.locator(f".dock.{view}")).to_be_visible()
    yield view
    person.button(f"board.view.{back}").click()


def view_of(person: Person) -> str:
    """How a board is shown now, once it is."""
    views = person.page.get_by_role("group", name=person.t("board.views"))
    expect(views).to_be_visible()
    to_list = views.get_by_text(person.t("board.view.list"), exact=True)
    return "canvas" if to_list.get_attribute("aria-pressed") == "false" else "list"


def close_panel(person: Person) -> None:
    """And the invitation, if it is there."""
    toggle = person.button("panel.open")
    expect(toggle).to_be_visible()
    if person.page.get_by_role("dialog").count():
        person.close_dialog()
    if toggle.get_attribute("aria-expanded") == "true":
        toggle.click()


def close(person: Person) -> None:
    """The dialog on top."""
    dialog: Locator = person.page.get_by_role("dialog").last
    dialog.get_by_role("button", name=re.compile(person.t("app.close"))).first.click()
