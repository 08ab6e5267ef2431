"""What waits on a device: told truthfully, brought by itself, never in the way of what follows."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import httpx
import pytest
from playwright.sync_api import WebSocket, expect
from pycrdt import Doc, Map, Text

from boards import edits
from boards.document import Document
from server.sync.limits import SyncLimits
from tests.e2e.support import actions
from tests.e2e.support.waiting import OFFLINE, comes, goes_on, patch, told
from tests.support.browsers.browser import PHONE, WIDE, People, Person, Workshop
from tests.support.network.proxy import Way
from tests.support.server import Server

pytestmark = [pytest.mark.xdist_group("e2e-waiting"), pytest.mark.timeout(300)]

NOTES, PARTS, LETTERS = 300, 6, 950  # letters of two bytes


def back(member: Person, line: Way) -> None:
    """The network is there again, and the browser says so."""
    line.restore()
    member.page.evaluate("dispatchEvent(new Event('online'))")


def offline(member: Person, line: Way) -> None:
    member.has_all_parts()
    line.break_off()
    member.sees_status("offline")


def tab(member: Person, key: str) -> None:
    actions.choose(member, key)


def test_what_is_written_under_a_lock_waits_and_is_brought_by_itself(
    people: People, line: Way
) -> None:
    """Two notes written offline on a board that was locked meanwhile."""
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    board = lead.board_id(workshop)
    member = comes(people, line, workshop)
    offline(member, line)
    for text in ("First", "Second"):
        member.put("challenges", text)
    outage = member.page.get_by_text(member.t("workshop.connection_lost"))
    expect(outage).to_be_visible()
    patch(lead, workshop, locks={board: True})
    back(member, line)
    member.sees_status("held")
    expect(outage).to_have_count(0)
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
    goes_on(member, lead, "Third")


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
    """A dead outbox entry cannot live."""
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
    goes_on(member, lead, "Ärlig lapp")
    expect(told).to_be_visible()
    member.button("aside.throw-away").click()
    expect(told).to_have_count(0)
    member.page.reload()
    member.sees_status("saved")
    expect(told).to_have_count(0)


def bring(server: Server, token: str, board: str, update: bytes) -> None:
    headers = {"Content-Type": "application/octet-stream", "Authorization": f"Bearer {token}"}
    address = f"{server.url}/api/boards/{board}/edits"
    httpx.post(address, content=update, headers=headers, trust_env=False).raise_for_status()


def fill(server: Server, token: str, board: str) -> None:
    """As many notes, and as long ones, as make more than half a MiB."""
    for part in range(PARTS):
        document = Document()

        def some(document: Document = document, part: int = part) -> None:
            for number in range(NOTES // PARTS):
                text = f"{part}.{number} " + "ä" * LETTERS
                edits.add_note(document, board, zone="challenges", text=text, at=number)

        bring(server, token, board, document.record(some)[1])


def guest(server: Server, workshop: Workshop) -> str:
    """Somebody without a browser: their token."""
    body = {"code": workshop.code, "name": "Kurki"}
    answer = httpx.post(f"{server.url}/api/join", json=body, trust_env=False)
    return str(answer.raise_for_status().json()["token"])


def test_much_work_on_a_full_board_arrives_whole(people: People, server: Server, line: Way) -> None:
    """Everything duplicated without a connection: more than one message may hold."""
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    board = lead.board_id(workshop)
    fill(server, guest(server, workshop), board)
    member = comes(people, line, workshop)  # a newcomer has all of it
    expect(member.notes).to_have_count(NOTES)
    offline(member, line)
    member.notes.first.click()
    member.page.keyboard.press("Control+A")
    member.page.keyboard.press("Control+D")
    expect(member.notes).to_have_count(2 * NOTES)
    assert member.page.evaluate(OUTBOX_BYTES) > SyncLimits().first_frame_bytes
    frames = frames_sent(member)
    line.restore()
    line.slow(delay=0.05, rate=400_000)
    member.page.reload()
    member.sees_status("saved")
    line.restore()
    assert sum(frames) > SyncLimits().first_frame_bytes
    assert max(frames) < SyncLimits().first_frame_bytes // 2
    notes = member.get(f"/api/boards/{board}")[1]["notes"]
    assert len(notes) == 2 * NOTES
    assert len({note["text"] for note in notes}) == NOTES
    goes_on(member, lead, "After much")


def frames_sent(person: Person) -> list[int]:
    """Bytes of each frame that the page sends from now on."""
    sizes: list[int] = []

    def follow(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sizes.append(len(frame)))

    person.page.on("websocket", follow)
    return sizes


OUTBOX_BYTES = """async () => {
  const open = indexedDB.open('hahmo-outbox');
  const database = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const all = database.transaction('updates').objectStore('updates').getAll();
  const rows = await new Promise((done) => (all.onsuccess = () => done(all.result)));
  database.close();
  return rows.reduce((sum, row) => sum + row.update.byteLength, 0);
}"""


def test_a_text_that_could_not_stay_is_told_and_can_be_copied(
    people: People, server: Server, line: Way
) -> None:
    """What two wrote into one note is together too long (CN9, JD5)."""
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    board, token = lead.board_id(workshop), guest(server, workshop)
    document = Document()
    add = partial(edits.add_note, document, board, zone="challenges", text="a" * 1000, at=1)
    note, update = document.record(add)
    bring(server, token, board, update)
    member = comes(people, line, workshop)
    offline(member, line)
    member.notes.first.dblclick()
    expect(member.editor).to_be_focused()
    member.page.keyboard.press("Control+End")
    member.page.keyboard.insert_text("c" * 900)
    member.done()

    def writes() -> None:
        text = document.root("notes")[note]["text"]
        text += "b" * 2500

    bring(server, token, board, document.record(writes)[1])
    back(member, line)
    member.sees_status("saved")
    expect(member.board.get_by_text(member.t("notice.text-too-long"))).to_be_visible()
    lost = member.page.locator(".asides blockquote").inner_text()
    assert len(lost) == 1000 + 900 + 2500 - SyncLimits().note_characters
    member.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    member.button("aside.copy").click()
    expect(told(member, "app.copied")).to_be_visible()
    assert member.page.evaluate("navigator.clipboard.readText()") == lost
    goes_on(member, lead, "After the cut")
    expect(member.page.locator(".asides blockquote")).to_have_text(lost)


def test_what_waits_of_the_one_before_is_saved_for_who_sits_down_next(
    people: People, server: Server, line: Way
) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    before = comes(people, line, workshop)
    before.sees_status("saved")
    offline(before, line)
    before.put("challenges", "Left behind")
    following = replace(before, page=before.page.context.new_page(), name="Kuovi")
    before.page.close()
    line.restore()
    following.go(f"/j/{workshop.plain_code}")
    following.button("join.anew").click()
    wait = following.button("leave.wait")
    expect(wait).to_be_visible()
    wait.click()
    lead.sees("Left behind")
    following.button("join.anew").click()
    expect(following.button("leave.leave")).to_be_visible()


def test_who_cannot_come_back_can_copy_what_did_not_arrive(
    people: People, server: Server, line: Way
) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    member = comes(people, line, workshop)
    member.forgive("status of 401")
    member.sees_status("saved")
    offline(member, line)
    member.put("challenges", "Never arrived")
    actions.panel_tab(lead, "people")
    lead.button("person.change", name=member.name).click()
    actions.menu_item(lead, "person.remove", name=member.name).click()
    dialog = lead.page.get_by_role("dialog")
    dialog.get_by_role("button", name=lead.t("person.remove_do"), exact=True).click()
    expect(dialog).to_have_count(0)
    line.restore()
    member.page.evaluate("dispatchEvent(new Event('online'))")
    kept = member.page.get_by_role("status").filter(has_text="Never arrived")
    expect(kept).to_be_visible()
    expect(member.button("aside.copy")).to_be_visible()
    member.shot("left-behind")
