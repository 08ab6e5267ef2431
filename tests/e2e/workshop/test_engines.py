"""The story of a workshop where people are: Firefox, WebKit, and plain http in a local network."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, ViewportSize

from tests.e2e.support import actions
from tests.support.browsers.browser import LOCALES, new_browser
from tests.support.browsers.firefox import running_firefox
from tests.support.browsers.fixtures import SCREENS
from tests.support.browsers.meddlers import DARK_MODE, TRANSLATOR
from tests.support.browsers.visitor import Visitor, wait_until
from tests.support.browsers.webkit import running_webkit
from tests.support.browsers.windows import ChromiumWindow, Window
from tests.support.server import Server

pytestmark = [pytest.mark.xdist_group("e2e-engines"), pytest.mark.timeout(300)]

SIZE = (1280, 800)
ROOM = "workshop.example"  # a name that the browser is told to look for on this machine
# As Safari sends it: the word is there already, and only the old key code tells.
LAST_PRESS_OF_A_COMPOSITION = """() => document.activeElement.dispatchEvent(
  new KeyboardEvent('keydown', { key: 'Escape', keyCode: 229, bubbles: true, cancelable: true }))"""
NewWindow = Callable[[], Window]


@pytest.fixture
def firefox(client_built: None, tmp_path: Path) -> Iterator[NewWindow]:
    prefs = {
        "network.dns.localDomains": ROOM,
        "browser.shell.checkDefaultBrowser": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "intl.accept_languages": "fi",
    }
    with running_firefox(tmp_path / "firefox", prefs) as browser:
        yield lambda: browser.window(*SIZE)
        assert browser.errors == []


@pytest.fixture
def webkit(client_built: None) -> Iterator[NewWindow]:
    with running_webkit() as browser:
        yield lambda: browser.window(*SIZE)


@pytest.fixture
def chromium(client_built: None) -> Iterator[NewWindow]:
    errors: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        if said.type == "error":
            errors.append(said.text)

    def window() -> Window:
        size = ViewportSize(width=SIZE[0], height=SIZE[1])
        page = browser.new_context(locale=LOCALES["fi"], viewport=size).new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", hear)
        return ChromiumWindow(page)

    rules = f"--host-resolver-rules=MAP {ROOM} 127.0.0.1"
    with new_browser(rules, scrollbars=True) as browser:
        yield window
        assert errors == []


def test_the_story_over_plain_http(chromium: NewWindow, server: Server) -> None:
    """As from a room's laptop: the browser holds back what it keeps for https and localhost."""
    story = Story(chromium, f"http://{ROOM}:{server.port}", "plain-http")
    story.tell()
    assert not story.lead.window.run("() => isSecureContext || 'randomUUID' in crypto")


def test_the_story_in_firefox(firefox: NewWindow, server: Server) -> None:
    story = Story(firefox, f"http://{ROOM}:{server.port}", "firefox")
    story.tell()
    assert not story.lead.window.run("() => isSecureContext")
    assert "Firefox/" in story.lead.window.run("() => navigator.userAgent")


def test_the_story_in_webkit(webkit: NewWindow, server: Server) -> None:
    story = Story(webkit, server.url, "webkit")
    story.tell()
    assert " AppleWebKit/" in story.lead.window.run("() => navigator.userAgent")


class Story:
    """A facilitator and a participant: join, write, drag, list, group, merge, vote, answer."""

    def __init__(self, new_window: NewWindow, url: str, name: str) -> None:
        folder = SCREENS / "test_engines" / name
        shutil.rmtree(folder, ignore_errors=True)
        self.lead = Visitor(new_window(), "Vetäjä", "fi", url, folder)
        self.guest = Visitor(new_window(), "Kurki", "fi", url, folder)
        self.both = (self.lead, self.guest)
        self.title = f"Kevät {name}"
        self.workshop = ""
        self.board = ""

    def tell(self) -> None:
        self.create_and_invite()
        self.join()
        self.write()
        self.write_together()
        self.drag()
        self.work_in_a_group()
        self.vote_in_the_list()
        self.answer()
        self.reload()

    def create_and_invite(self) -> None:
        lead = self.lead
        lead.go("/")
        lead.fill("start.title", self.title)
        lead.button("start.create")
        lead.button("panel.copy_link")
        lead.sees("dialog button", lead.t("app.copied"))
        lead.shot("invited")
        self.link = lead.words("dialog .url")[0]
        self.workshop = lead.window.run("() => location.pathname.split('/').at(-1)")
        lead.window.press("Escape")
        lead.misses("dialog[open]")
        desk = lead.get(f"/api/workshops/{self.workshop}")
        [self.board] = [each["id"] for each in desk["boards"] if each["key"] == "phenomena"]

    def join(self) -> None:
        guest = self.guest
        guest.window.go(self.link)
        guest.misses("#too-old")
        guest.fill("join.name", guest.name)
        guest.shot("joining")
        guest.window.press("Enter")
        for person in self.both:
            person.sees_saved()
            person.sees("button", person.t("workshop.people_here", n=2))
        self.lead.window.run(TRANSLATOR)
        self.guest.window.run(DARK_MODE)

    def write(self) -> None:
        """By the button, from the clipboard; and by a double click on an empty spot."""
        lead, guest = self.both
        self.begin(lead, "inspirations")
        lead.window.press("Control", "v")
        lead.reads(self.link)
        lead.window.run(LAST_PRESS_OF_A_COMPOSITION)  # it ends no note
        lead.writes()
        self.end(lead)
        guest.click("[data-zone=challenges] [data-cell]", times=2)
        guest.writes()
        guest.window.type("Jono kasvaa")
        self.end(guest)
        for person in self.both:
            person.sees_note(self.link)
            person.sees_note("Jono kasvaa")
        lead.shot("written")

    def write_together(self) -> None:
        """One note, from both ends, letter by letter: nobody's caret jumps, no letter is lost."""
        lead, guest = self.both
        for person in self.both:
            person.click("[data-note] .text", "Jono kasvaa", times=2)
            person.writes()
        guest.window.press("Control", "Home")
        before, after = "Meillä: ", " aamuisin"
        for at, (one, other) in enumerate(zip_longest(before, after), 1):
            for person, letter in ((guest, one), (lead, other)):
                if letter:
                    person.window.type(letter)
            assert guest.field()["caret"] == min(at, len(before))
            field = lead.field()  # at one moment: the guest's letters come meanwhile
            assert field["caret"] == len(field["text"])
        whole = f"{before}Jono kasvaa{after}"
        for person in self.both:
            person.reads(whole)
        guest.shot("together")
        for person in self.both:
            self.end(person)
            person.sees_note(whole)
            person.sees_saved()
        self.text = whole

    def drag(self) -> None:
        lead, guest = self.both
        start = guest.place("[data-note] .text", self.text)
        x, y = guest.place("[data-zone=inspirations]")
        guest.window.drag(start, (x, y + 60))
        for person in self.both:
            person.sees("[data-zone=inspirations] [data-note] .text", self.text)
        self.stands_in("inspirations")
        guest.window.press("Control", "z")
        self.stands_in("challenges")
        lead.sees("[data-zone=challenges] [data-note] .text", self.text)

    def work_in_a_group(self) -> None:
        lead, guest = self.both
        lead.button("panel.tab_groups")
        lead.button("breakout.start")
        guest.sees("#board strong", guest.t("workshop.my_group", name="Koivu"))
        self.begin(guest, "challenges")
        guest.window.type("Ryhmässä syntyi")
        self.end(guest)
        guest.sees_saved()
        guest.shot("in-a-group")
        lead.button("merge.merge")
        lead.sees_note("Ryhmässä syntyi")
        lead.button("breakout.recall")
        guest.sees("p, [role=status]", guest.t("workshop.recalled"))
        guest.sees_note("Ryhmässä syntyi")
        lead.shot("merged")

    def vote_in_the_list(self) -> None:
        lead, guest = self.both
        lead.button("panel.tab_pace")
        lead.button("votes.open")
        guest.button("board.view.list")
        give = f"{guest.t('votes.give')}: {self.text}"
        guest.click("#board button", give)
        guest.sees("#board p strong", guest.t("votes.left", n=2, dots=3))
        lead.sees("[data-note] .dots .count", "1")
        guest.click("#board button", guest.t("board.add-to", zone=zone("inspirations")))
        guest.writes()
        guest.window.type("Luettelosta")
        self.end(guest)
        lead.sees_note("Luettelosta")
        guest.shot("list")
        lead.button("votes.close")

    def answer(self) -> None:
        lead, guest = self.both
        for person in self.both:
            self.go(person, "phenomena_summary")
            person.sees_saved()
        guest.click("#board textarea")
        guest.window.type("Opimme toisiltamme")
        answers = "() => [...document.querySelectorAll('#board textarea')].map(f => f.value)"
        wait_until(
            lambda: lead.window.run(answers)[0] == "Opimme toisiltamme", "the answer is seen"
        )
        lead.shot("answered")

    def reload(self) -> None:
        guest = self.guest
        guest.sees_saved()
        self.go(guest, "phenomena")
        guest.sees_note("Luettelosta")
        guest.window.reload()
        guest.sees_saved()
        for text in (self.link, self.text, "Ryhmässä syntyi", "Luettelosta"):
            guest.sees_note(text)
        guest.shot("reloaded")

    # -- steps --------------------------------------------------------------------------------

    def go(self, person: Visitor, key: str) -> None:
        """To another board of the first stage."""
        person.click("nav button[aria-current=step], nav button[aria-haspopup=dialog]")
        person.click("nav [data-board] .title", actions.title(key, "fi"))

    def begin(self, person: Visitor, where: str) -> None:
        person.click("button.add", person.t("board.add-to", zone=zone(where)))
        person.writes()

    def end(self, person: Visitor) -> None:
        person.window.press("Escape")
        person.misses("#board [data-own] textarea, #board textarea:focus")

    def stands_in(self, where: str) -> None:
        def found() -> bool:
            notes = self.lead.get(f"/api/boards/{self.board}")["notes"]
            return any(note["text"] == self.text and note["zone"] == where for note in notes)

        wait_until(found, f"the note stands in {where}")


def zone(key: str) -> str:
    return actions.zone_title("phenomena", key, "fi")
