"""What people do in a schedule: with the hands on their own page, or to their own network."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Error, Locator

from tests.e2e.network.schedules.crew import Crew, Member, Office, Screen
from tests.e2e.network.schedules.promises import MARK, Promises

__all__ = ["DEEDS", "DOTS", "Deed", "Schedule"]

SHORT = 3_000.0  # ms; what a page offers may be taken away between two clicks
ZONES = ("challenges", "inspirations")
DOTS = 3
NOTES = "found => found.map(n => ({id: n.dataset.noteId, text: n.querySelector('p')?.innerText}))"


class Schedule:
    """One workshop with its random deeds; `log` tells what was done, in order."""

    def __init__(self, crew: Crew, office: Office, dice: random.Random) -> None:
        self.crew = crew
        self.office = office
        self.dice = dice
        self.promises = Promises()
        self.log: list[str] = []
        self._began = time.monotonic()
        self.is_locked = False
        self.votes_open = False

    def tell(self, line: str) -> None:
        self.log.append(f"{time.monotonic() - self._began:6.2f} {line}")

    def step(self, deeds: dict[str, int]) -> None:
        """One deed, by weight. As many dice are thrown whatever can be done, so that a seed
        repeats a schedule."""
        [name] = self.dice.choices(list(deeds), list(deeds.values()))
        screen = self._screen()
        chance = self.dice.random()
        if name in OF_THE_HANDS and screen.is_writing:
            self.tell(" ".join([screen.name, "finish", finish(self, screen)]))
        self.tell(" ".join([screen.name, name, DEEDS[name](self, screen, chance)]))

    def put_pens_down(self) -> None:
        """Whoever is in the middle of a note ends it."""
        for screen in self.crew.screens:
            if screen.is_writing:
                self.tell(" ".join([screen.name, "finish", finish(self, screen)]))

    def _screen(self) -> Screen:
        member = self.dice.choice(self.crew.members)
        return member.screens[int(self.dice.random() * len(member.screens))]

    def member(self, screen: Screen) -> Member:
        return next(m for m in self.crew.members if m.name == screen.owner)


Deed = Callable[[Schedule, Screen, float], str]


# -- hands --------------------------------------------------------------------------------------


def write(story: Schedule, screen: Screen, chance: float) -> str:
    """A whole note, by the button of a zone."""
    mark = story.promises.mark()
    zone = ZONES[int(chance * len(ZONES))]
    return _typed(story, screen, _add(screen, zone), mark)


def extend(story: Schedule, screen: Screen, chance: float) -> str:
    """More words at the end of a note that stands there."""
    mark = story.promises.mark()
    note = _pick(screen, chance)
    if note is None:
        return "nothing to write in"
    button = screen.person.board.locator(f'[data-edit="{note["id"]}"]')
    return _typed(story, screen, button, mark)


def _add(screen: Screen, zone: str) -> Locator:
    return screen.person.board.locator(f'[data-add="{zone}"]')


def begin(story: Schedule, screen: Screen, chance: float) -> str:
    """A note that stays open for writing while other things happen."""
    mark = story.promises.mark()
    button = _add(screen, ZONES[int(chance * len(ZONES))])
    return _typed(story, screen, button, mark, is_done=False)


def finish(story: Schedule, screen: Screen) -> str:
    """One more word into the note that was begun, if the field is still there, and the end."""
    screen.is_writing = False
    mark = story.promises.mark()
    if screen.person.editor.count() == 0:
        return "was taken from the hands"
    return _typed(story, screen, screen.person.editor, mark)


def _typed(
    story: Schedule, screen: Screen, button: Locator, mark: str, *, is_done: bool = True
) -> str:
    """Press the button, write the mark; what stood in the field is a promise."""
    if not screen.is_ready or button.count() == 0:
        return "not offered"
    person, text = screen.person, ""
    try:
        button.click(timeout=SHORT)
        person.page.keyboard.press("Control+End")
        person.page.keyboard.insert_text(f" {mark}")
        text = person.editor.input_value(timeout=SHORT)
        screen.is_writing = not is_done
        if is_done:
            person.page.keyboard.press("Escape")
    except Error as error:
        story.tell(f"  interrupted: {first_line(error)}")
    if mark not in text:
        return f"{mark} did not get into the field"
    story.promises.wrote(mark, text, screen.name)
    return f"wrote {mark} ({text.strip()})"


def first_line(error: Error) -> str:
    return str(error).splitlines()[0]


def delete(story: Schedule, screen: Screen, chance: float) -> str:
    """By the note's menu."""
    note = _pick(screen, chance)
    if note is None:
        return "nothing to delete"
    person = screen.person
    row = person.board.locator(f'[data-note-id="{note["id"]}"]')
    menu = row.locator("button[aria-haspopup=dialog]").last
    if menu.count() == 0:
        return "not offered"
    story.promises.deleted(note["text"])
    try:
        menu.click(timeout=SHORT)
        person.page.get_by_role("dialog").locator(".button.danger").click(timeout=SHORT)
    except Error as error:
        return f"interrupted: {first_line(error)}"
    return f"deleted {note['text']}"


def dot(story: Schedule, screen: Screen, chance: float) -> str:
    """Give one, or take one back."""
    note = _pick(screen, chance)
    if note is None:
        return "nothing to give to"
    buttons = screen.person.board.locator(f'[data-note-id="{note["id"]}"] .dots button')
    which = buttons.first if chance * 7 % 1 < 0.3 else buttons.last
    if which.count() == 0 or which.get_attribute("aria-disabled") == "true":
        return "not offered"
    try:
        which.click(timeout=SHORT)
    except Error as error:
        return f"interrupted: {first_line(error)}"
    return f"on {note['text']}"


def _pick(screen: Screen, chance: float) -> dict[str, Any] | None:
    """A note that the page shows with some of its words."""
    if not screen.is_ready:
        return None
    shown = screen.person.board.locator("[data-note-id]").evaluate_all(NOTES)
    notes = [note for note in shown if MARK.search(note["text"])]
    return dict(notes[int(chance * len(notes))]) if notes else None


# -- network ------------------------------------------------------------------------------------


def cut(story: Schedule, screen: Screen, chance: float) -> str:
    quietly = chance * 7 % 1 < 0.3
    screen.way.cut(reset=chance < 0.5, quietly=quietly)
    return "quietly" if quietly else ""


def break_off(story: Schedule, screen: Screen, chance: float) -> str:
    screen.way.break_off(quietly=chance < 0.3)
    return ""


def hold_up(story: Schedule, screen: Screen, chance: float) -> str:
    screen.way.hold("up")
    return ""


def hold_down(story: Schedule, screen: Screen, chance: float) -> str:
    screen.way.hold("down")
    return ""


def release(story: Schedule, screen: Screen, chance: float) -> str:
    screen.way.release()
    return ""


def swallow(story: Schedule, screen: Screen, chance: float) -> str:
    """Pages come through, WebSockets do not."""
    screen.way.websockets("swallow")
    screen.way.cut()
    return ""


def heal(story: Schedule, screen: Screen, chance: float) -> str:
    screen.heal()
    if screen.is_gone:
        screen.open(story.office.id)
    return ""


# -- pages --------------------------------------------------------------------------------------


def reload(story: Schedule, screen: Screen, chance: float) -> str:
    """Whether it comes through or not; what is held for the old page is not waited for."""
    screen.way.release()
    screen.open(story.office.id)
    return "failed" if screen.is_gone else ""


def second_tab(story: Schedule, screen: Screen, chance: float) -> str:
    member = story.member(screen)
    if len(member.screens) > 2 or screen.way.is_down:
        return "enough of them"
    screen.way.release()
    context = screen.person.page.context
    story.crew.tab(member, context, screen.way, f"{screen.name}+")
    return ""


def second_device(story: Schedule, screen: Screen, chance: float) -> str:
    member = story.member(screen)
    if member.leads or member.more:
        return "enough of them"
    story.crew.device(member)
    return ""


def close_tab(story: Schedule, screen: Screen, chance: float) -> str:
    """Also with work that was not sent: another tab of the same browser brings it home."""
    member = story.member(screen)
    context = screen.person.page.context
    if screen is member.first or context is not member.context:
        return "the only one"
    screen.is_writing = False
    member.screens.remove(screen)
    screen.person.page.close()
    return ""


# -- the facilitator ----------------------------------------------------------------------------


def lock(story: Schedule, screen: Screen, chance: float) -> str:
    story.is_locked = not story.is_locked
    story.office.lock(story.is_locked)
    return "locked" if story.is_locked else "unlocked"


def voting(story: Schedule, screen: Screen, chance: float) -> str:
    story.votes_open = not story.votes_open
    story.office.vote(DOTS, story.votes_open)
    return "open" if story.votes_open else "closed"


def split(story: Schedule, screen: Screen, chance: float) -> str:
    if story.office.breakout or len(story.office.breakouts) == 2:
        return "not now"
    story.office.split()
    return ""


def move(story: Schedule, screen: Screen, chance: float) -> str:
    member = story.member(screen)
    if not story.office.breakout or member.leads:
        return "not now"
    story.office.move(member.id)
    return member.name


def merge(story: Schedule, screen: Screen, chance: float) -> str:
    if not story.office.breakouts:
        return "not now"
    breakout = story.office.breakouts[int(chance * len(story.office.breakouts))]
    return f"{story.office.merge(breakout)} notes"


def recall(story: Schedule, screen: Screen, chance: float) -> str:
    if not story.office.breakout:
        return "not now"
    story.office.recall()
    return ""


OF_THE_HANDS = {"write", "begin", "extend", "delete", "dot"}
DEEDS: dict[str, Deed] = {
    deed.__name__: deed
    for deed in (
        write,
        begin,
        extend,
        delete,
        dot,
        cut,
        break_off,
        hold_up,
        hold_down,
        release,
        swallow,
        heal,
        reload,
        second_tab,
        second_device,
        close_tab,
        lock,
        voting,
        split,
        move,
        merge,
        recall,
    )
}
