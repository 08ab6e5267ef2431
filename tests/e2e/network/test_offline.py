"""Edits made without a connection survive the browser and reach everybody (reliability R13)."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, expect

from tests.e2e.support import actions
from tests.support.browsers.browser import (
    FLAGS,
    LAPTOP,
    LOCALES,
    WIDE,
    People,
    Person,
    Screens,
    chromium,
)
from tests.support.seed import rounds
from tests.support.server import Server

pytestmark = [pytest.mark.xdist_group("e2e-offline"), pytest.mark.timeout(300)]

OFFLINE = r"WebSocket connection to .* failed|net::ERR_CONNECTION_REFUSED"
NOTES, LETTERS = 5, 10  # 50 edits and more: each letter is one
ROUNDS = rounds(5)


class OwnBrowser:
    """A browser with a profile on the disk, as people have one: it can be killed and come back."""

    def __init__(self, kind: BrowserType, profile: Path, url: str, screens: Screens) -> None:
        self.kind = kind
        self.profile = profile
        self.url = url
        self.screens = screens

    def open(self) -> Person:
        context: BrowserContext = self.kind.launch_persistent_context(
            self.profile,
            executable_path=chromium(),
            args=FLAGS,
            locale=LOCALES["fi"],
            reduced_motion="reduce",
            **LAPTOP.options,
        )
        person = Person("Tiira", "fi", self.url, context.pages[0], self.screens)
        person.forgive(OFFLINE)
        return person

    def kill(self) -> None:
        """SIGKILL to every process of this browser, and to no other: the profile tells them."""
        mine = f"--user-data-dir={self.profile}".encode()
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mine in (process / "cmdline").read_bytes().split(b"\0"):
                    os.kill(int(process.name), signal.SIGKILL)


def test_r13_edits_of_a_browser_killed_offline_all_arrive(
    browser: Browser, server: Server, tmp_path: Path, screens: Screens
) -> None:
    own = OwnBrowser(browser.browser_type, tmp_path / "profile", server.url, screens)
    person = own.open()
    workshop = person.create("Tiimin kehittämispäivä")
    person.close_dialog()
    board, address = person.board_id(workshop), f"/w/{workshop.id}"
    person.page.context.close()  # Chromium writes cookies twice a minute, or when it is closed
    person = own.open()
    person.go(address)
    written: list[str] = []
    for round in range(ROUNDS):
        person.sees_status("saved")
        person.has_all_parts()
        server.kill9()
        person.sees_status("offline")
        fresh = [f"{round}.{number} {'x' * LETTERS}" for number in range(NOTES)]
        for text in fresh:
            person.put("challenges", text)
        written += fresh
        expect(person.badge).to_have_text(person.t("workshop.sync.waiting"))
        if round == 0:
            person.shot("offline")
        own.kill()
        server.restart()
        person = own.open()
        person.go(address)
        person.sees_status("saved")
        person.sees(*written)
        found = [note["text"] for note in person.get(f"/api/boards/{board}")[1]["notes"]]
        assert sorted(found) == sorted(written), f"round {round}"
        assert not person.complaints
    print(f"{ROUNDS} rounds, {len(written)} notes written offline, 0 lost")
    person.shot("all-back")
    person.page.context.close()


def test_the_badge_does_not_promise_what_the_device_cannot_keep(
    people: People, server: Server
) -> None:
    """With storage forbidden the words are in the page only, and the badge says so."""
    person = people("Tiira")
    person.forgive(OFFLINE)
    person.page.add_init_script(
        "Object.defineProperty(window, 'indexedDB', { get() { throw new Error('forbidden'); } })"
    )
    person.create("Tiimin kehittämispäivä")
    person.close_dialog()
    person.has_all_parts()
    server.kill9()
    person.sees_status("offline")
    person.put("challenges", "Vain tällä sivulla")
    expect(person.badge).to_have_text(person.t("workshop.sync.unkept"))
    server.restart()
    person.sees_status("saved")
    person.page.reload()
    person.sees("Vain tällä sivulla")


def test_an_outage_is_told_when_it_lasts_and_so_is_its_end(people: People, server: Server) -> None:
    person = people("Tiira", language="sv")
    person.forgive(OFFLINE)
    person.create("Utvecklingsdag")
    person.close_dialog()
    person.has_all_parts()
    server.kill9()
    toast = person.page.locator(".toast")
    expect(toast).to_contain_text(person.t("workshop.connection_lost"))
    person.shot("outage")
    person.put("challenges", "Skrivet utan förbindelse")
    server.restart()
    expect(toast).to_contain_text(person.t("workshop.connection_back"))
    person.sees_status("saved")


def test_what_was_said_of_an_outage_goes_with_it(people: People, server: Server) -> None:
    """In the tools as on the board; and nobody is told to write on where they may not."""
    lead, guest = people("Vetäjä", device=WIDE), people("Tiira")
    for person in (lead, guest):
        person.forgive(OFFLINE)
    workshop = lead.create("Kehittämispäivä")
    lead.close_dialog()
    guest.join(workshop)
    locks = {lead.board_id(workshop): True}
    assert lead.call("PATCH", f"/api/workshops/{workshop.id}", {"locks": locks})[0] == 200
    expect(guest.board.get_by_text(guest.t("board.read-only.locked"))).to_be_visible()
    for person in (lead, guest):
        person.has_all_parts()
    server.kill9()
    told = guest.page.locator(".toast")
    expect(told).to_contain_text(guest.t("workshop.connection_lost_reading"))
    pace = actions.panel_tab(lead, "pace")
    pace.get_by_role("textbox", name=lead.t("panel.announcement")).fill("Tauko")
    pace.get_by_role("button", name=lead.t("panel.announce"), exact=True).click()
    problem = pace.get_by_text(lead.t("error.unreachable.title"))
    expect(problem).to_be_visible()
    server.restart()
    lead.sees_status("saved")
    expect(problem).to_have_count(0)
    expect(told).to_contain_text(guest.t("workshop.connection_back_only"))
