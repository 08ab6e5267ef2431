"""Five people in one browser, each on a line of their own to the server."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx
from playwright.sync_api import Browser, BrowserContext, Error, expect

from boards.document import Document
from boards.schema import VOTES, entries
from tests.support.browsers.browser import LOCALES, Device, Person, Screens
from tests.support.network.proxy import Proxy, Way
from tests.support.peer import Peer
from tests.support.server import Server

__all__ = ["Crew", "Member", "Office", "Screen", "crew_of"]

Json = dict[str, Any]

NARROW = Device(600, 900)  # the list: every note is there, and every button has a name
SAVED_MS = 45_000.0  # a browser takes up to 30 s to know a dead line, and waits up to 15 s then
LEAD = "Vetäjä"
NAMES = (LEAD, "Tiira", "Kurki", "Lokki", "Kuovi")
NETWORK = (
    r"WebSocket connection to .* failed"
    r"|net::ERR_(CONNECTION_(REFUSED|RESET|CLOSED)|SOCKET_NOT_CONNECTED|EMPTY_RESPONSE)"
    r"|net::ERR_(TIMED_OUT|NETWORK_CHANGED)"
    r"|the server responded with a status of (403|404|409)"
)


@dataclass
class Screen:
    """A page of somebody, and the line that it hangs on."""

    owner: str
    person: Person
    way: Way
    name: str
    is_gone: bool = False  # it could not be loaded again: the browser shows its own page
    is_writing: bool = False  # a note was begun, and the hands are still in it

    def open(self, workshop: str) -> None:
        """Go there; whether that comes through is seen later."""
        self.is_gone = self.is_writing = False
        try:
            self.person.page.goto(f"{self.way.url}/w/{workshop}", wait_until="commit")
        except Error:
            self.is_gone = True

    @property
    def is_ready(self) -> bool:
        """The board is there to be worked on."""
        return not self.is_gone and self.person.page.locator("#board .zones").count() > 0

    def until_ready(self) -> None:
        expect(self.person.page.locator("#board .zones")).to_be_visible()

    def heal(self) -> None:
        """The network is back, and the browser knows it; what was swallowed never comes."""
        swallowed = self.way.upgrades != "pass"
        self.way.restore()
        if swallowed:
            self.way.cut()
        if not self.is_gone:
            self.person.page.evaluate("dispatchEvent(new Event('online'))")

    def until_saved(self) -> None:
        """Wait until the badge says so; a page that offers to try again is taken at its word."""
        page, name = self.person.page, self.person.t("app.try_again")
        again = page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name))
        expect(self.person.badge.or_(again).first).to_be_visible(timeout=SAVED_MS)
        if again.count():
            again.first.click()
        expect(self.person.badge).to_have_attribute("data-status", "saved", timeout=SAVED_MS)


@dataclass
class Member:
    """One of the five: the first page is the same from schedule to schedule, as is its cache."""

    name: str
    context: BrowserContext
    way: Way
    first: Screen
    id: str = ""
    token: str = ""
    return_code: str = ""
    screens: list[Screen] = field(default_factory=list)
    more: list[BrowserContext] = field(default_factory=list)  # of other devices

    @property
    def leads(self) -> bool:
        return self.name == LEAD


class Office:
    """What the facilitator asks of the server, past the bad network, and what is true there."""

    def __init__(self, url: str, made: Json) -> None:
        self.url = url
        self.token: str = made["token"]
        self.id: str = made["id"]
        self.code: str = made["join_code"]
        self.board: str = next(b["id"] for b in made["boards"] if b["key"] == "phenomena")
        self.breakout: str | None = None
        self.breakouts: list[str] = []
        self._http = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {made['token']}"},
            timeout=20.0,
            trust_env=False,
        )

    def close(self) -> None:
        self._http.close()

    def ask(self, method: str, path: str, body: Json | None = None) -> Any:
        return self._http.request(method, path, json=body).raise_for_status().json()

    def lock(self, is_locked: bool) -> None:
        self.ask("PATCH", f"/api/workshops/{self.id}", {"locks": {self.board: is_locked}})

    def vote(self, dots: int, is_open: bool) -> None:
        voting = {"dots": dots, "open": is_open, "hidden": False}
        self.ask("PATCH", f"/api/workshops/{self.id}", {"votes": {self.board: voting}})

    def split(self) -> None:
        body = {"board": self.board, "groups": 2}
        self.breakout = self.ask("POST", f"/api/workshops/{self.id}/breakouts", body)["id"]
        self.breakouts.append(self.breakout)

    def groups(self) -> list[Json]:
        desk = self.ask("GET", f"/api/workshops/{self.id}")
        return next(list(b["groups"]) for b in desk["breakouts"] if b["id"] == self.breakout)

    def move(self, person: str) -> None:
        """To the other group."""
        other = next(group for group in self.groups() if person not in group["people"])
        moved = {"id": other["id"], "people": [*other["people"], person]}
        self.ask("PATCH", f"/api/breakouts/{self.breakout}", {"groups": [moved]})

    def merge(self, breakout: str) -> int:
        """How many notes it brought."""
        return len(self.ask("POST", f"/api/breakouts/{breakout}/merge", {})["added"])

    def recall(self) -> None:
        self.ask("POST", f"/api/breakouts/{self.breakout}/close", {})
        self.breakout = None

    def notes(self) -> list[Json]:
        """Of the shared board."""
        return list(self.ask("GET", f"/api/boards/{self.board}")["notes"])

    def dots(self) -> Counter[str]:
        """On notes of the shared board that stand, by person: from the document itself."""
        reading = read_document(self.url, self.board, self.token)
        with ThreadPoolExecutor(1) as other:  # Playwright's loop turns in this thread
            document = other.submit(asyncio.run, reading).result()
        standing = {note["id"] for note in self.notes()}
        count: Counter[str] = Counter()
        for key, dots in entries(document.root(VOTES)).items():
            note, person = key.split("/")
            if note in standing:
                count[person] += int(dots)
        return count


async def read_document(url: str, board: str, token: str) -> Document:
    async with Peer(url, board, token=token) as peer:
        return peer.document


class Crew:
    """The five, in one workshop after the other."""

    def __init__(self, browser: Browser, server: Server, proxy: Proxy, pictures: Screens) -> None:
        self.browser = browser
        self.server = server
        self.proxy = proxy
        self.pictures = pictures
        self.members = [self._member(name) for name in NAMES]
        self.office: Office | None = None

    def _member(self, name: str) -> Member:
        context, way = self._context(), self.proxy.way(name)
        return Member(name, context, way, self._screen(name, context, way, name))

    def _context(self) -> BrowserContext:
        return self.browser.new_context(
            locale=LOCALES["en"], reduced_motion="reduce", **NARROW.options
        )

    def gather(self) -> Office:
        """A new workshop with everybody in it, on the shared board."""
        made = self._post("/api/workshops", {"title": "Verkko", "language": "en"})
        office = self.office = Office(self.server.url, made)
        for member in self.members:
            self._sign_in(member, made)
            member.screens = [member.first]
            member.first.open(office.id)
        for member in self.members:
            member.screens[0].person.sees_status("saved")
        return office

    def _post(self, path: str, body: Json) -> Json:
        made = httpx.post(f"{self.server.url}{path}", json=body, trust_env=False, timeout=20)
        return dict(made.raise_for_status().json())

    def _sign_in(self, member: Member, made: Json) -> None:
        body = {"code": made["join_code"], "name": member.name}
        who = made if member.leads else self._post("/api/join", body)
        member.id, member.token = who["person"], who["token"]
        member.return_code = who["return_code"]
        self._take_token(member.context, member.way, member.token)

    def _take_token(self, context: BrowserContext, way: Way, token: str) -> None:
        headers = {"Origin": way.url}
        answer = context.request.post(
            f"{way.url}/api/session", data={"token": token}, headers=headers
        )
        assert answer.ok, answer.text()

    def tab(self, member: Member, context: BrowserContext, way: Way, name: str) -> Screen:
        """One more page of somebody."""
        assert self.office is not None
        screen = self._screen(member.name, context, way, name)
        screen.open(self.office.id)
        member.screens.append(screen)
        return screen

    def _screen(self, owner: str, context: BrowserContext, way: Way, name: str) -> Screen:
        person = Person(name, "en", way.url, context.new_page(), self.pictures)
        person.forgive(NETWORK)
        return Screen(owner, person, way, name)

    def device(self, member: Member) -> Screen:
        """Another device of the same person, by their return code, with a line of its own."""
        context = self._context()
        member.more.append(context)
        name = f"{member.name}-{len(member.more) + 1}"
        way = self.proxy.way(name)
        found = self._post("/api/return", {"code": member.return_code})
        self._take_token(context, way, found["token"])
        return self.tab(member, context, way, name)

    @property
    def screens(self) -> list[Screen]:
        return [screen for member in self.members for screen in member.screens]

    def complaints(self) -> list[str]:
        """What the pages themselves found wrong."""
        return [f"{s.name}: {each}" for s in self.screens for each in s.person.complaints]

    def part(self) -> None:
        """Close all but everybody's first page."""
        for member in self.members:
            member.way.restore()
            for screen in member.screens:
                if screen is not member.first:
                    screen.person.page.close()
            for context in member.more:
                context.close()
            member.first.person.errors.clear()
            member.screens, member.more = [], []
        if self.office:
            self.office.close()


@contextlib.contextmanager
def crew_of(browser: Browser, server: Server, proxy: Proxy, pictures: Screens) -> Iterator[Crew]:
    crew = Crew(browser, server, proxy, pictures)
    try:
        yield crew
    finally:
        crew.part()
        for member in crew.members:
            member.context.close()
