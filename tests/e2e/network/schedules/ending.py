"""The end of a schedule: the network is back, the board open, the groups home; then all is told."""

from __future__ import annotations

import time
from typing import Any

from tests.e2e.network.schedules.crew import Office, Screen
from tests.e2e.network.schedules.deeds import DOTS, Schedule

__all__ = ["end_well"]

GATHER_SECONDS = 20.0
SHOWN = """notes => notes.map(note => [
    note.querySelector('p').innerText.trim(),
    Number(note.querySelector('.dots .count')?.innerText ?? 0),
]).sort()"""


def end_well(story: Schedule) -> None:
    """Put everything right that a facilitator and a network can; then nothing may be missing."""
    office, screens = story.office, story.crew.screens
    story.put_pens_down()
    for screen in screens:
        screen.heal()
        if screen.is_gone:
            screen.open(office.id)
    office.lock(False)
    if office.breakout:
        office.recall()
    for screen in screens:
        screen.until_saved()
        story.tell(f"{screen.name} saved")
    gather(office)
    check_nothing_lost(story)
    for screen in screens:
        write_once_more(story, screen)
        story.tell(f"{screen.name} once more")
    gather(office)
    check_nothing_lost(story)
    for screen in screens:
        sees_what_the_server_has(screen, office)
        story.tell(f"{screen.name} sees")
    check_dots(story)
    complaints = story.crew.complaints()
    assert not complaints, complaints


def gather(office: Office) -> None:
    """What came late, too."""
    for breakout in office.breakouts:
        office.merge(breakout)


def check_nothing_lost(story: Schedule) -> None:
    texts = [note["text"] for note in story.office.notes()]
    lost, doubled = story.promises.lost(texts), story.promises.doubled(texts)
    assert (lost, doubled) == ([], []), (lost, doubled, texts)


def check_dots(story: Schedule) -> None:
    """Nobody has more than there are to give; those of all groups add up (BR12)."""
    most = DOTS * (1 + 2 * len(story.office.breakouts))
    dots = story.office.dots()
    assert all(given <= most for given in dots.values()), dots


def write_once_more(story: Schedule, screen: Screen) -> None:
    """Nobody is shut out: everybody writes one more note, and it is saved."""
    person, mark = screen.person, story.promises.mark()
    person.board.locator('[data-add="challenges"]').click()
    person.write(mark)
    person.done()
    person.sees_status("saved")
    story.promises.wrote(mark, mark, f"{screen.name} in the end")


def sees_what_the_server_has(screen: Screen, office: Office) -> None:
    """Each page shows the shared board as the server tells it."""
    expected = sorted([note["text"].strip(), note["votes"] or 0] for note in office.notes())
    ends = time.monotonic() + GATHER_SECONDS
    while (shown := look(screen)) != expected:
        assert time.monotonic() < ends, (screen.name, shown, expected)
        screen.person.page.wait_for_timeout(50)


def look(screen: Screen) -> Any:
    found = screen.person.board.locator("[data-note-id]").evaluate_all(SHOWN)
    return sorted(found)
