"""A person at a window of any engine: finds what is on the page by its words, and uses it."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from server.i18n import t
from tests.support.browsers.windows import ScriptError, Window

__all__ = ["Visitor", "wait_until"]

PATIENCE_SECONDS = 30.0  # of every wait: the machine may be busy with other tests
LOOK_SECONDS = 0.05  # between two looks

# What a reader calls a thing: its label, or the words in it.
NAMES = r"""
const read = (node) => {
  const copy = node.cloneNode(true);
  copy.querySelectorAll('[aria-hidden=true]').forEach((hidden) => hidden.remove());
  return copy.textContent;
};
const said = (node) => (node.getAttribute('aria-label')
  ?? read(node.labels?.[0] ?? node)).replace(/\s+/g, ' ').trim();
const shown = (node) => node.checkVisibility({ visibilityProperty: true });
const all = (selector, words) => [...document.querySelectorAll(selector)]
  .filter((node) => shown(node) && (words === null || said(node) === words));
"""
# Where a hand would touch it: null while it is not there, still moves, or lies under something.
PLACE = (
    "async (selector, words) => {"
    + NAMES
    + r"""
  const [node] = all(selector, words);
  if (!node) return null;
  node.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  const frame = () => new Promise((done) => setTimeout(done, 40));
  await frame();
  const before = node.getBoundingClientRect();
  await frame();
  const { x, y, width, height } = node.getBoundingClientRect();
  if (x !== before.x || y !== before.y) return null;
  const at = { x: x + width / 2, y: y + height / 2 };
  const top = document.elementFromPoint(at.x, at.y);
  return top && (node.contains(top) || top.contains(node)) ? at : null;
}"""
)
WORDS = "(selector, words) => {" + NAMES + "return all(selector, words).map(said); }"

Found = TypeVar("Found")


def wait_until(look: Callable[[], Found | None], what: str) -> Found:
    """Look again and again until something is there. Raises AssertionError after a while."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(ScriptError):  # the page may just be going elsewhere
            if found := look():
                return found
        time.sleep(LOOK_SECONDS)
    raise AssertionError(f"not in time: {what}")


class Visitor:
    """One person in one window, reading one language; keeps pictures in `folder`."""

    def __init__(self, window: Window, name: str, language: str, url: str, folder: Path) -> None:
        self.window = window
        self.name = name
        self.language = language
        self.url = url
        self._folder = folder
        self._pictures = 0

    def t(self, key: str, **values: str | int) -> str:
        return t(self.language, key, **values)

    def go(self, path: str) -> None:
        self.window.go(f"{self.url}{path}")

    # -- seeing -------------------------------------------------------------------------------

    def words(self, selector: str, words: str | None = None) -> list[str]:
        """What stands in each visible thing that fits, in one line each."""
        return list(self.window.run(WORDS, selector, words))

    def sees(self, selector: str, words: str | None = None) -> None:
        wait_until(lambda: self.words(selector, words), f"{self.name} sees {words or selector}")

    def misses(self, selector: str, words: str | None = None) -> None:
        """Wait until it is gone."""
        what = f"{self.name} sees no {words or selector}"
        wait_until(lambda: not self.words(selector, words), what)

    def sees_note(self, text: str) -> None:
        self.sees("#board [data-note] .text, #board [data-note-id] p", text)

    def sees_saved(self) -> None:
        self.sees(".badge[data-status=saved]")

    def place(self, selector: str, words: str | None = None) -> tuple[float, float]:
        """The middle of it, once it stands still and nothing lies over it."""
        look: Callable[[], Any] = lambda: self.window.run(PLACE, selector, words)  # noqa: E731
        found = wait_until(look, f"{self.name} can touch {words or selector}")
        return found["x"], found["y"]

    def shot(self, name: str) -> None:
        self._pictures += 1
        self._folder.mkdir(parents=True, exist_ok=True)
        file = f"{self._pictures:02}-{re.sub('[^a-z]', '', self.name.lower())}-{name}.png"
        (self._folder / file).write_bytes(self.window.picture())

    # -- doing --------------------------------------------------------------------------------

    def click(self, selector: str, words: str | None = None, *, times: int = 1) -> None:
        self.window.click(*self.place(selector, words), times=times)

    def button(self, key: str, **values: str | int) -> None:
        self.click("button, summary, [role=tab]", self.t(key, **values))

    def fill(self, key: str, text: str) -> None:
        """Write into an empty field, found by its label."""
        self.click("input, textarea", self.t(key))
        self.window.type(text)

    def writes(self) -> None:
        """Wait until the keyboard is in a note."""
        self.focused("#board textarea")

    def focused(self, selector: str) -> None:
        ask = "(selector) => document.activeElement.matches(selector)"
        wait_until(lambda: self.window.run(ask, selector), f"{self.name} is in {selector}")

    def field(self) -> dict[str, Any]:
        """Text and caret of the field that has the keyboard."""
        ask = "() => { const f = document.activeElement; return [f.value, f.selectionStart]; }"
        text, caret = self.window.run(ask)
        return {"text": text, "caret": caret}

    def reads(self, text: str) -> None:
        """Wait until the field that has the keyboard holds this."""
        wait_until(lambda: self.field()["text"] == text, f"{self.name} has written {text}")

    def get(self, path: str) -> Any:
        """JSON of the server's answer, asked with this person's cookies."""
        return self.window.run("(path) => fetch(path).then((answer) => answer.json())", path)
