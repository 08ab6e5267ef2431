"""No violation of WCAG 2.0, 2.1 and 2.2, A and AA, that axe can find: every page, three languages,
light and dark. What axe cannot find (keyboard, dragging, focus) has tests of its own."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from server.i18n import LANGUAGES
from tests.e2e.screens.exhibits import Exhibits
from tests.e2e.screens.reflow import assert_fits
from tests.e2e.screens.tour import Tour
from tests.support.browsers.browser import WIDE, Device, People, Person
from tests.support.server import Server

pytestmark = [pytest.mark.xdist_group("e2e-axe"), pytest.mark.timeout(600)]

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]  # all that light and dark change
AXE = Axe()


def violations(person: Person, options: dict[str, Any]) -> list[str]:
    """Rule and element of each, in words that help to find it."""
    if not person.page.evaluate("'axe' in window"):
        person.page.evaluate(AXE.axe_script)
    found = person.page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['html'][:160]} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def look(person: Person, name: str) -> list[str]:
    """What axe finds on a screen, light and dark."""
    found = {"light": violations(person, {"runOnly": LEVELS})}
    person.page.emulate_media(color_scheme="dark")
    found["dark"] = violations(person, {"runOnly": COLOURS})
    person.page.emulate_media(color_scheme="light")
    return [f"{name}, {light}: {each}" for light in found for each in found[light]]


# On a phone the words are the same, and the parts stand elsewhere: one language does.
NARROWEST = Device(320, 640, touch=True)  # of WCAG 2.2, 1.4.10


@pytest.mark.parametrize("device", ["wide", "phone"])
def test_no_violations(device: str, people: People) -> None:
    tour = Tour(people)
    size, languages = {"wide": (WIDE, LANGUAGES), "phone": (NARROWEST, ("sv",))}[device]
    bad = []
    for language in languages:
        looked = 0
        for name, person in tour.everything(language, size):
            looked += 1
            bad += look(person, f"{language} {name} {looked}")
            assert_fits(person, name)
        assert looked > 20
    assert not bad, "\n".join(bad)


@pytest.mark.timeout(1500)
def test_no_violations_in_any_state(people: People, server: Server) -> None:
    """All boards empty and full, dialogs, sheets, troubles."""
    everybody = Exhibits(people, server)
    bad, dialogs = [], set()
    for language in LANGUAGES:
        for name, person in everybody.everything(language, WIDE):
            bad += look(person, f"{language} {name}")
            dialogs |= {name} if person.page.get_by_role("dialog").count() else set()
    for person in (everybody.lead, everybody.full.lead, everybody.full.aino, everybody.full.bo):
        person.forgive(everybody.refused)
    assert {"replay", "compare", "snapshot-copy", "bring-notes", "take-back"} <= dialogs
    assert not bad, "\n".join(bad)
