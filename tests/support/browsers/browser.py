"""People at their browsers: real Chromium, one context each, and a keen eye for errors.

Everything a `Person` does goes through what a person sees: names of buttons, fields and regions
in that person's language. Waiting is always for a condition (Playwright's `expect`), never a time.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    expect,
    sync_playwright,
)

from boards.workbook import installed
from server.i18n import t

__all__ = [
    "FLAGS",
    "LAPTOP",
    "LOCALES",
    "PHONE",
    "WIDE",
    "Device",
    "People",
    "Person",
    "Screens",
    "Workshop",
    "chromium",
    "new_browser",
]

PATIENCE_MS = 20_000  # of every wait: the machine may be busy with other tests
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCALES = {"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}

expect.set_options(timeout=PATIENCE_MS)


def chromium() -> str:
    """Where Chromium is: $CHROMIUM, or Debian's."""
    found = shutil.which(os.environ.get("CHROMIUM") or "chromium")
    assert found, "Chromium is missing: apt-get install chromium, or set CHROMIUM"
    return found


@contextlib.contextmanager
def new_browser(*flags: str, scrollbars: bool = False) -> Iterator[Browser]:
    """A browser without people yet. While it is open no event loop can run in this thread.

    `scrollbars`: those that take room, as on Windows; pictures are steadier without.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=[*FLAGS, *flags],
            ignore_default_args=["--hide-scrollbars"] if scrollbars else [],
        )
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True)
class Device:
    """A screen in CSS pixels, and whether it is touched."""

    width: int
    height: int
    touch: bool = False

    @property
    def options(self) -> dict[str, Any]:
        size = {"width": self.width, "height": self.height}
        return {"viewport": size, "has_touch": self.touch, "is_mobile": self.touch}


WIDE = Device(1440, 900)
LAPTOP = Device(1280, 800)
PHONE = Device(360, 740, touch=True)


@dataclass
class Screens:
    """Keeps pictures of what a person sees, numbered in the order they were taken."""

    folder: Path
    taken: int = 0

    def keep(self, page: Page, name: str, *, full: bool = False) -> None:
        self.taken += 1
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{self.taken:02}-{name}.png"
        page.screenshot(path=path, full_page=full, animations="disabled")


@dataclass
class Person:
    """One person in a browser context of their own, reading one language."""

    name: str
    language: str
    url: str
    page: Page
    screens: Screens
    errors: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("pageerror", lambda error: self.errors.append(f"page: {error}"))
        self.page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"console: {message.text} ({message.location.get('url')})")

    def forgive(self, pattern: str) -> None:
        """Errors that this test provokes: the browser itself logs a connection that is refused."""
        self.forgiven.append(pattern)

    @property
    def complaints(self) -> list[str]:
        return [
            error
            for error in self.errors
            if not any(re.search(pattern, error) for pattern in self.forgiven)
        ]

    # -- reading ------------------------------------------------------------------------------

    def t(self, key: str, **values: str | int) -> str:
        """A text of the interface in this person's language."""
        return t(self.language, key, **values)

    def zone_title(self, zone: str) -> str:
        """What a zone of the phenomena map is called."""
        for each in phenomena()["zones"]:
            if each["id"] == zone:
                return str(each["title"][self.language])
        raise KeyError(zone)

    @property
    def board_title(self) -> str:
        """What the phenomena map is called."""
        return str(phenomena()["title"][self.language])

    def button(self, key: str, **values: str | int) -> Locator:
        return self.page.get_by_role("button", name=self.t(key, **values), exact=True)

    def textbox(self, key: str, **values: str | int) -> Locator:
        return self.page.get_by_role("textbox", name=self.t(key, **values), exact=True)

    @property
    def board(self) -> Locator:
        return self.page.locator("#board")

    def zone(self, zone: str) -> Locator:
        return self.page.get_by_role("region", name=self.zone_title(zone), exact=True)

    @property
    def notes(self) -> Locator:
        """The notes that are shown on the board, as canvas or as list."""
        return self.board.locator("[data-note], [data-note-id]")

    def note(self, text: str) -> Locator:
        """The note with this very text."""
        exact = re.compile(rf"^\s*{re.escape(text)}\s*$")
        return self.notes.filter(has=self.page.locator(".text, p", has_text=exact))

    def texts(self) -> list[str]:
        """Texts of all notes shown, sorted."""
        found = self.board.locator("[data-note] .text, [data-note-id] p").all_text_contents()
        return sorted(text.strip() for text in found)

    @property
    def editor(self) -> Locator:
        return self.board.get_by_role("textbox")

    @property
    def badge(self) -> Locator:
        return self.page.locator(".badge")

    def sees(self, *texts: str) -> None:
        """Wait until each of these notes is on the board."""
        for text in texts:
            expect(self.note(text)).to_have_count(1)

    def sees_status(self, status: str) -> None:
        expect(self.badge).to_have_attribute("data-status", status)

    def has_all_parts(self) -> None:
        """Of the page nothing is left to be fetched: it can go offline."""
        self.page.evaluate(
            """() => new Promise((here) => {
              const look = (list) => list.getEntriesByName('hahmo-parts-here').length && here();
              new PerformanceObserver(look).observe({ type: 'mark', buffered: true });
            })"""
        )

    def shot(self, name: str, *, full: bool = False) -> None:
        self.screens.keep(self.page, name, full=full)

    # -- coming in ----------------------------------------------------------------------------

    def go(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def create(self, title: str) -> Workshop:
        """Open a workshop on the start page; the invitation is closed again."""
        self.go("/")
        self.textbox("start.title").fill(title)
        self.button("start.create").click()
        self.page.wait_for_url("**/w/*")
        dialog = self.page.get_by_role("dialog")
        code = dialog.locator(".code").inner_text()
        return Workshop(self.page.url.rsplit("/", 1)[1], code, self.url)

    def close_dialog(self) -> None:
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("button", name=self.t("app.close"), exact=True).click()
        expect(dialog).to_have_count(0)

    def join(self, workshop: Workshop, way: Literal["code", "link"] = "link") -> None:
        if way == "code":
            self.go("/")
            self.textbox("join.code").fill(workshop.code)
        else:
            self.go(f"/j/{workshop.plain_code}")
        self.textbox("join.name").fill(self.name)
        self.button("join.join").click()
        self.page.wait_for_url("**/w/*")
        self.sees_status("saved")

    # -- writing ------------------------------------------------------------------------------

    def add(self, zone: str, text: str = "") -> None:
        """Press "Add a note" of a zone and write; the note stays open."""
        self.zone(zone).get_by_role("button", name=self.t("board.add"), exact=False).first.click()
        self.write(text)

    def double_click(self, zone: str, x: float, y: float, text: str = "") -> None:
        """Double click an empty spot of the canvas, pixels from the zone's corner, and write."""
        self.zone(zone).dblclick(position={"x": x, "y": y})
        self.write(text)

    def write(self, text: str) -> None:
        expect(self.editor).to_be_focused()
        self.page.keyboard.type(text)

    def done(self) -> None:
        """Stop writing."""
        self.page.keyboard.press("Escape")
        expect(self.editor).to_have_count(0)

    def put(self, zone: str, text: str) -> None:
        """A whole note, from the button to the end."""
        self.add(zone, text)
        self.done()

    def edit(self, text: str) -> None:
        """Open a note of the canvas for writing by a double click on it."""
        self.note(text).dblclick()
        expect(self.editor).to_be_focused()

    # -- calls by hand ------------------------------------------------------------------------

    def get(self, path: str) -> tuple[int, Any]:
        """Status and JSON of a call with this person's cookies, past the interface."""
        return self.call("GET", path)

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """The same with another method, as this person's own page would call."""
        headers = {"Origin": self.url, "Content-Type": "application/json"}
        headers["Accept-Language"] = self.language
        answer = self.page.request.fetch(
            f"{self.url}{path}", method=method, data=body, headers=headers
        )
        kind = answer.headers.get("content-type", "")
        return answer.status, answer.json() if "json" in kind else answer.body()

    def board_id(self, workshop: Workshop, key: str = "phenomena") -> str:
        """Id of a shared board."""
        boards = self.get(f"/api/workshops/{workshop.id}")[1]["boards"]
        [found] = [each for each in boards if each["key"] == key and each["group"] is None]
        return str(found["id"])


@dataclass(frozen=True)
class Workshop:
    """A workshop as its facilitator's screen tells of it."""

    id: str
    code: str
    url: str

    @property
    def plain_code(self) -> str:
        return self.code.replace("-", "")


@functools.cache
def phenomena() -> Any:
    """The phenomena map of the built-in workbook."""
    boards = installed.load("valoa").json()["boards"]
    return next(board for board in boards if board["key"] == "phenomena")


class People:
    """Makes people, and at the end asks each browser whether anything went wrong."""

    def __init__(self, browser: Browser, url: str, screens: Screens) -> None:
        self.browser = browser
        self.url = url
        self.screens = screens
        self._all: list[tuple[Person, BrowserContext]] = []

    def __call__(
        self,
        name: str,
        *,
        language: str = "fi",
        device: Device = LAPTOP,
        **options: Any,
    ) -> Person:
        context = self.browser.new_context(
            locale=LOCALES[language], reduced_motion="reduce", **device.options, **options
        )
        person = Person(name, language, self.url, context.new_page(), self.screens)
        self._all.append((person, context))
        return person

    @property
    def latest(self) -> Person:
        """Who came last."""
        return self._all[-1][0]

    def leave(self, *, picture: bool = False) -> None:
        """Close every browser; `picture`: first keep what each of them shows."""
        for person, _ in self._all if picture else ():
            with contextlib.suppress(Error):  # a page that hangs must not hide why
                person.shot(f"failed-{person.name}")
        for _, context in self._all:
            context.close()

    def complaints(self) -> dict[str, list[str]]:
        """Page errors and console errors by person; empty when all was well."""
        return {person.name: person.complaints for person, _ in self._all if person.complaints}
