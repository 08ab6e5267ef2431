"""What waits on a device: told truthfully, brought by itself, never in the way of what follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect
from pycrdt import Doc, Map, Text

from tests.e2e import ways
from tests.support.browser import PHONE, WIDE, People, Person, Workshop
from tests.support.proxy import Way, proxy_to
from tests.support.server import Server

pytestmark = [pytest.mark.xdist_group("e2e-waiting"), pytest.mark.timeout(300)]

OFFLINE = r"WebSocket connection to .* failed|net::ERR_|Failed to load resource"


@pytest.fixture
def line(server: Server) -> Iterator[Way]:
    """The member's own line to the server."""
    with proxy_to(server.port) as proxy:
        yield proxy.way("member")


def comes(people: People, line: Way, workshop: Workshop, language: str = "en") -> Person:
    member = people("Tiira", language=language)
    member.url = line.url
    member.forgive(OFFLINE)
    member.join(workshop)
    return member


def patch(lead: Person, workshop: Workshop, **changes: Any) -> None:
    assert lead.call("PATCH", f"/api/workshops/{workshop.id}", changes)[0] == 200


def back(member: Person, line: Way) -> None:
    """The network is there again, and the browser says so."""
    line.restore()
    member.page.evaluate("dispatchEvent(new Event('online'))")


def offline(member: Person, line: Way) -> None:
    line.break_off()
    member.sees_status("offline")


def tab(member: Person, key: str) -> None:
    name = ways.title(key, member.language)
    member.page.get_by_role("button", name=name, exact=True).first.click()


def test_what_is_written_under_a_lock_waits_and_is_brought_by_itself(
    people: People, line: Way
) -> None:
    """Two notes written offline on a board that was locked meanwhile (issue 9, A2, A5, A6)."""
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    board = lead.board_id(workshop)
    member = comes(people, line, workshop)
    offline(member, line)
    for text in ("First", "Second"):
        member.put("challenges", text)
    patch(lead, workshop, locks={board: True})
    back(member, line)
    member.sees_status("held")
    told = member.board.get_by_text(member.t("waiting.until-open", n=2))
    expect(told).to_be_visible()
    expect(member.badge).to_have_text(member.t("workshop.sync.held", n=2))
    for device in (WIDE, PHONE):
        member.page.set_viewport_size({"width": device.width, "height": device.height})
        member.shot(f"held-{device.width}")
    member.page.set_viewport_size({"width": WIDE.width, "height": WIDE.height})
    member.page.reload()
    member.sees_status("held")
    expect(told).to_be_visible()
    member.sees("First", "Second")
    expect(lead.notes).to_have_count(0)
    _looks_elsewhere(member)
    patch(lead, workshop, locks={board: False})
    member.sees_status("saved")
    expect(told).to_have_count(0)
    lead.sees("First", "Second")
    _goes_on(member, lead, "Third")


def _looks_elsewhere(member: Person) -> None:
    """On another board the badge names the one that waits."""
    tab(member, "change")
    member.sees_status("elsewhere")
    words = member.t("workshop.sync.elsewhere", n=2, boards=member.board_title)
    expect(member.badge).to_have_text(words)
    for width in (1440, 768, 360):
        member.page.set_viewport_size({"width": width, "height": 800})
        member.shot(f"elsewhere-{width}")
    member.page.set_viewport_size({"width": WIDE.width, "height": WIDE.height})
    tab(member, "phenomena")
    member.sees_status("held")


def _goes_on(member: Person, other: Person, text: str) -> None:
    """The next honest edit is saved: here, in another tab, and after a reload."""
    member.put("challenges", text)
    member.sees_status("saved")
    second = Person(
        member.name, member.language, member.url, member.page.context.new_page(), member.screens
    )
    second.page.goto(member.page.url)
    second.sees_status("saved")
    second.put("challenges", f"{text}, other tab")
    second.sees_status("saved")
    second.page.close()
    member.page.reload()
    member.sees_status("saved")
    member.put("challenges", f"{text}, again")
    member.sees_status("saved")
    other.sees(text, f"{text}, other tab", f"{text}, again")


DEAD_ROW = """async (key) => {
  const open = indexedDB.open('hahmo-outbox');
  const database = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const store = database.transaction('updates', 'readwrite').objectStore('updates');
  const row = { update: new Uint8Array(UPDATE), at: Date.now() - 60000, about: ['note'] };
  await new Promise((done) => (store.put(row, key).onsuccess = done));
  database.close();
}"""


def test_an_edit_that_is_never_taken_is_set_aside_and_all_others_are_saved(
    people: People, server: Server
) -> None:
    """A dead outbox entry cannot live (issue 9, A6)."""
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    member = people("Tiira", language="sv")
    member.forgive(OFFLINE)
    member.join(workshop)
    boards = member.get(f"/api/workshops/{workshop.id}")[1]["boards"]
    board = next(each for each in boards if each["id"] == member.board_id(workshop))
    document: Doc[Any] = Doc()
    notes = document.get("notes", type=Map)
    notes["a" * 20] = Map({"text": Text("Någon annans"), "zone": "challenges", "author": "x" * 20})
    me = member.page.evaluate("JSON.parse(Object.values(localStorage)[0]).me.id")
    key = f"{board['id']}/{board['lineage']}/{me}/0-tab-000000001"
    update = str(list(document.get_update()))
    member.page.evaluate(DEAD_ROW.replace("UPDATE", update), key)
    member.page.reload()
    told = member.board.get_by_text(member.t("aside.refused"))
    expect(told).to_be_visible()
    expect(member.page.locator(".asides blockquote")).to_have_text("Någon annans")
    for width in (1440, 768, 360):
        member.page.set_viewport_size({"width": width, "height": 800})
        member.shot(f"aside-{width}")
    member.page.set_viewport_size({"width": WIDE.width, "height": WIDE.height})
    _goes_on(member, lead, "Ärlig lapp")
    expect(told).to_be_visible()
    member.button("aside.throw-away").click()
    expect(told).to_have_count(0)
    member.page.reload()
    member.sees_status("saved")
    expect(told).to_have_count(0)
