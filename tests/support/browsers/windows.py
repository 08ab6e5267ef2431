"""A browser window, whatever the engine: what a person's hands do, and what a script finds there.

The same for Chromium (Playwright), Firefox (WebDriver BiDi) and WebKit (WebDriver), so that one
story is written once. Points are CSS pixels from the corner of the page's visible part.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Error, Page

__all__ = ["ChromiumWindow", "ScriptError", "W3CWindow", "Window"]

# Source: W3C WebDriver, 17.4.2 Keyboard actions
KEYS = {
    "Enter": "\ue007",
    "Control": "\ue009",
    "Escape": "\ue00c",
    "End": "\ue010",
    "Home": "\ue011",
    "Delete": "\ue017",
}
DRAG_STEPS = 8


class ScriptError(Exception):
    """A script threw, or returned what is no JSON."""


class Window(ABC):
    """One person's window, with cookies and storage of its own."""

    @abstractmethod
    def go(self, url: str) -> None:
        """Open an address, and wait until its document is complete."""

    @abstractmethod
    def run(self, function: str, *arguments: Any) -> Any:
        """Call a JavaScript function, which may be async; its answer as JSON has it."""

    @abstractmethod
    def click(self, x: float, y: float, *, times: int = 1) -> None: ...

    @abstractmethod
    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None: ...

    @abstractmethod
    def type(self, text: str) -> None: ...

    @abstractmethod
    def press(self, *keys: str) -> None:
        """Keys held together, such as Control and v."""

    @abstractmethod
    def picture(self) -> bytes:
        """A PNG of what the window shows."""

    def reload(self) -> None:
        self.go(self.run("() => location.href"))


def as_source(function: str, arguments: Sequence[Any]) -> str:
    """An expression: a promise of the function's answer as JSON text."""
    values = ", ".join(json.dumps(each) for each in arguments)
    return f"Promise.resolve(({function})({values})).then(found => JSON.stringify(found ?? null))"


class W3CWindow(Window):
    """Hands by the actions that WebDriver and WebDriver BiDi have in common."""

    @abstractmethod
    def perform(self, sources: list[dict[str, Any]]) -> None:
        """Source: W3C WebDriver, 17.5 Perform actions."""

    def click(self, x: float, y: float, *, times: int = 1) -> None:
        press = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._point([move_to(x, y), *press * times])

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        between = [move_to(*on_the_way(start, end, step)) for step in range(1, DRAG_STEPS + 1)]
        down, up = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}
        self._point([move_to(*start), down, *between, up])

    def type(self, text: str) -> None:
        self._key([action for letter in text for action in tap(letter)])

    def press(self, *keys: str) -> None:
        values = [KEYS.get(key, key) for key in keys]
        downs = [{"type": "keyDown", "value": value} for value in values]
        self._key(downs + [{"type": "keyUp", "value": value} for value in reversed(values)])

    def _point(self, actions: list[dict[str, Any]]) -> None:
        kind = {"pointerType": "mouse"}
        self.perform([{"type": "pointer", "id": "mouse", "parameters": kind, "actions": actions}])

    def _key(self, actions: list[dict[str, Any]]) -> None:
        self.perform([{"type": "key", "id": "keys", "actions": actions}])


def move_to(x: float, y: float) -> dict[str, Any]:
    return {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0}


def tap(letter: str) -> list[dict[str, Any]]:
    return [{"type": "keyDown", "value": letter}, {"type": "keyUp", "value": letter}]


def on_the_way(
    start: tuple[float, float], end: tuple[float, float], step: int
) -> tuple[float, float]:
    part = step / DRAG_STEPS
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


class ChromiumWindow(Window):
    """A page of Playwright's."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go(self, url: str) -> None:
        self.page.goto(url)

    def reload(self) -> None:
        self.page.reload()

    def run(self, function: str, *arguments: Any) -> Any:
        try:
            return json.loads(self.page.evaluate(f"() => {as_source(function, arguments)}"))
        except Error as error:
            raise ScriptError(error.message) from error

    def click(self, x: float, y: float, *, times: int = 1) -> None:
        self.page.mouse.click(x, y, click_count=times)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=DRAG_STEPS)
        self.page.mouse.up()

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        self.page.keyboard.press("+".join(keys))

    def picture(self) -> bytes:
        return self.page.screenshot()
