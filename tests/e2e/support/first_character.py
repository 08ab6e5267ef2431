"""From opening the join link to the first character on the board, measured.

    python -m tests.e2e.support.first_character

Two parts make the time a person needs. What the product takes is measured: a script does each step
at once, so all its time is waiting. What the hand and the head take is counted from the steps, with
the operators of the Keystroke-Level Model (Card, Moran and Newell, "The keystroke-level model for
user performance time with interactive systems", CACM 23:7, 1980).
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import expect

from tests.support.browsers.browser import (
    LAPTOP,
    PHONE,
    Device,
    People,
    Person,
    Screens,
    new_browser,
)
from tests.support.server import running_server

__all__ = ["LIMIT_SECONDS", "WAYS", "FirstCharacter", "Way", "first_character", "report"]

LIMIT_SECONDS = 15.0
KEY, POINT, PRESS, HANDS, THINK = 0.28, 1.1, 0.2, 0.4, 1.35  # seconds
NAME = "Koivu"


@dataclass(frozen=True)
class Way:
    """How somebody comes in. `slow`: a mid-range phone on a bad hotel network."""

    name: str
    by: Literal["link", "code"]
    device: Device
    slow: bool = False


WAYS = (
    Way("link, laptop", "link", LAPTOP),
    Way("code, laptop", "code", LAPTOP),
    Way("link, phone", "link", PHONE),
    Way("link, slow phone (4x CPU, 1.6 Mbit/s, 150 ms)", "link", PHONE, slow=True),
)


@dataclass(frozen=True)
class FirstCharacter:
    """What one way cost. `product`: measured seconds; `person`: counted seconds."""

    way: str
    fields: int
    steps: int
    product: float
    person: float

    @property
    def seconds(self) -> float:
        return self.product + self.person

    def __str__(self) -> str:
        return (
            f"{self.way:<46} {self.seconds:5.1f} s"
            f"  = {self.product:.1f} s measured + {self.person:.1f} s of {self.steps} human steps"
            f" ({self.fields} {'field' if self.fields == 1 else 'fields'})"
        )


class Hand:
    """Does what a person would, and counts what it would take them."""

    def __init__(self, person: Person, *, touch: bool) -> None:
        self.person = person
        self.touch = touch
        self.seconds = 0.0
        self.steps = 0

    def count(self, *operators: float) -> None:
        self.seconds += sum(operators)
        self.steps += 1

    def fill(self, key: str, text: str) -> None:
        """Find a field, go into it, type."""
        hands = 0.0 if self.touch else 2 * HANDS  # to the mouse, and back to the keys
        self.count(THINK, POINT, PRESS, hands)
        self.person.textbox(key).click()
        self.type(text)

    def type(self, text: str) -> None:
        self.count(*[KEY] * len(text))
        self.person.page.keyboard.type(text)

    def press(self, key: str) -> None:
        self.count(KEY)
        self.person.page.keyboard.press(key)

    def begin_note(self) -> None:
        """By double click on the canvas, by the button on a phone."""
        hands = 0.0 if self.touch else 2 * HANDS
        if self.touch:
            self.count(THINK, POINT, PRESS)
            self.person.add("challenges")
        else:
            self.count(THINK, POINT, PRESS, PRESS, hands)
            self.person.double_click("challenges", 300, 400)


def first_character(people: People, way: Way) -> FirstCharacter:
    """One person's way into an empty workshop, with a browser that has never been here."""
    workshop = people("Vetäjä").create("Pian mukana")
    person = people(NAME, device=way.device)
    if way.slow:
        slow_down(person)
    hand = Hand(person, touch=way.device.touch)
    began = time.monotonic()
    person.go("/" if way.by == "code" else f"/j/{workshop.plain_code}")
    name = person.textbox("join.name")
    expect(name).to_be_editable()
    fields = person.page.locator("form", has=name).locator("input").count()
    if way.by == "code":
        hand.fill("join.code", workshop.plain_code)
        hand.press("Tab")
        hand.count(THINK)
        hand.type(NAME)
    else:
        hand.fill("join.name", NAME)
    hand.press("Enter")
    person.page.wait_for_url("**/w/*")
    hand.begin_note()
    hand.type("A")
    expect(person.editor).to_have_value("A")
    person.sees_status("saved")
    return FirstCharacter(way.name, fields, hand.steps, time.monotonic() - began, hand.seconds)


def slow_down(person: Person) -> None:
    session = person.page.context.new_cdp_session(person.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    rate = 1.6e6 / 8
    conditions: dict[str, float] = {"offline": False, "latency": 150}
    conditions |= {"downloadThroughput": rate, "uploadThroughput": rate}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", conditions)


def report() -> Iterator[FirstCharacter]:
    """All ways, on a server and in a browser of their own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        new_browser() as browser,
        running_server(Path(folder) / "data") as server,
    ):
        people = People(browser, server.url, Screens(Path(folder)))
        for way in WAYS:
            yield first_character(people, way)
        people.leave()


if __name__ == "__main__":
    print("From opening the join link to the first character on the board:")
    for each in report():
        print(f"  {each}", flush=True)
