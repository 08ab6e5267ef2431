"""Group work on a bad day: what groups write comes home, and what was planned is still there."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.support import actions
from tests.support.browsers.browser import WIDE, People, Person, Workshop
from tests.support.network.proxy import Way, proxy_to
from tests.support.server import Server

pytestmark = [pytest.mark.xdist_group("e2e-group-work"), pytest.mark.timeout(300)]

OFFLINE = r"WebSocket connection to .* failed|net::ERR_|Failed to load resource"
GATHERED_MS = 3_000  # two seconds for what is on its way, and the gathering
IN_TIME, LATE = "Written in time", "Written without a network"
# Notes down what the badge says, over reloads too, and how many edits wait on the disk right then.
WATCH = """(() => {
    const count = () => new Promise((done) => {
        const open = indexedDB.open('hahmo-outbox');
        open.onsuccess = () => {
            const store = open.result.transaction('updates').objectStore('updates');
            const counted = store.count();
            counted.onsuccess = () => (open.result.close(), done(counted.result));
        };
    });
    let last = '';
    const look = async () => {
        const status = document.querySelector('.badge')?.dataset.status ?? '';
        if (status === last) return;
        last = status;
        let waiting = status === 'saved' ? await count() : 0;
        if (waiting) { // what the server has is taken off the disk a moment later
            await new Promise((done) => setTimeout(done, 100));
            waiting = last === 'saved' ? await count() : 0;
        }
        const said = JSON.parse(sessionStorage.getItem('said') ?? '[]');
        sessionStorage.setItem('said', JSON.stringify([...said, [status, waiting]]));
    };
    new MutationObserver(look).observe(document, {
        subtree: true, childList: true, attributes: true, attributeFilter: ['data-status'],
    });
})()"""
SAID = "JSON.parse(sessionStorage.getItem('said') ?? '[]')"
FORGET = "sessionStorage.removeItem('said')"


@pytest.fixture
def line(server: Server) -> Iterator[Way]:
    """The member's own line to the server."""
    with proxy_to(server.port) as proxy:
        yield proxy.way("member")


@dataclass
class Room:
    """A facilitator, and a member whose network is bad, in a group of their own."""

    lead: Person
    member: Person
    line: Way
    workshop: Workshop

    @property
    def breakout(self) -> dict[str, Any]:
        [found] = self.lead.get(f"/api/workshops/{self.workshop.id}")[1]["breakouts"]
        return dict(found)

    @property
    def group(self) -> str:
        own = next(group for group in self.breakout["groups"] if group["people"])
        return str(own["name"])

    @property
    def panel(self) -> Locator:
        return self.lead.page.get_by_role("tabpanel")

    def start(self) -> None:
        """Everybody goes into groups as they were planned."""
        self.lead.button("breakout.start").click()
        expect(self.lead.button("breakout.recall")).to_be_visible()
        expect(
            self.member.board.get_by_text(self.member.t("workshop.alone_in_group"))
        ).to_be_visible()
        self.member.sees_status("saved")

    def recall(self) -> None:
        self.lead.button("breakout.recall").click()
        expect(self.lead.button("breakout.recall")).to_have_count(0)

    def until_late(self) -> None:
        """Until what is on its way at a recall is not gathered by itself any more (RM10)."""
        ended = self.breakout["closed"]
        self.line.until(lambda: 1000 * time.time() > ended + GATHERED_MS)

    def cut(self) -> None:
        self.member.has_all_parts()
        self.line.break_off()
        self.member.sees_status("offline")

    def mend(self) -> None:
        """The network is there again, and the browser says so."""
        self.line.restore()
        self.member.page.evaluate("dispatchEvent(new Event('online'))")


@pytest.fixture
def room(people: People, line: Way) -> Room:
    lead = people("Vetäjä", language="en", device=WIDE)
    workshop = lead.create("Spring")
    lead.close_dialog()
    member = people("Tiira", language="en")
    member.url = line.url
    member.forgive(OFFLINE)
    member.page.add_init_script(WATCH)
    member.join(workshop)
    actions.panel_tab(lead, "groups")
    expect(lead.button("breakout.move_person", name="Tiira")).to_be_visible()
    return Room(lead, member, line, workshop)


# -- a note that comes late -----------------------------------------------------------------------


def stays(room: Room) -> None:
    """The page stood open the whole time."""
    room.cut()
    room.member.page.evaluate(FORGET)
    room.member.put("challenges", LATE)
    room.lead.button("merge.merge").click()
    room.lead.sees(IN_TIME)
    room.recall()
    room.until_late()
    room.mend()


def reloads(room: Room) -> None:
    """The page was loaded anew before anything could be sent."""
    room.cut()
    room.member.page.evaluate(FORGET)
    room.member.put("challenges", LATE)
    room.lead.button("merge.merge").click()
    room.lead.sees(IN_TIME)
    room.recall()
    room.until_late()
    room.line.restore()
    room.line.slow(delay=0.2)
    room.member.page.reload()


def stands_elsewhere(room: Room) -> None:
    """What is sent is held up; the page hears of the recall and goes to the shared board."""
    room.line.hold("up")
    room.member.page.evaluate(FORGET)
    room.member.put("challenges", LATE)
    room.lead.button("merge.merge").click()
    room.lead.sees(IN_TIME)
    room.recall()
    expect(room.member.page.get_by_text(room.member.t("workshop.recalled"))).to_be_visible()
    room.until_late()
    room.line.cut()
    room.line.restore()


def tells_the_truth_of_the_outage(member: Person, group: str) -> None:
    """ "Everything is saved" is not said before what waited has arrived."""
    back = member.t("workshop.connection_back")
    expect(member.page.locator(".toast", has_text=back)).to_be_visible()
    toasts = " ".join(member.page.locator(".toast").all_inner_texts())
    assert toasts.index(member.t("waiting.brought-late", n=1, board=group)) < toasts.index(back)


@pytest.mark.parametrize("happens", [stays, reloads, stands_elsewhere])
def test_a_note_that_comes_after_the_recall_comes_home(
    room: Room, happens: Callable[[Room], None]
) -> None:
    """Issue A3 and A5: late, told to both, gathered by one button; never "saved" before."""
    lead, member = room.lead, room.member
    room.start()
    member.put("challenges", IN_TIME)
    member.sees_status("saved")
    happens(room)
    came = lead.t("late.came", group=room.group, n=1)
    expect(room.panel.get_by_text(came, exact=True)).to_be_visible()
    told = member.page.get_by_text(member.t("waiting.brought-late", n=1, board=room.group))
    expect(told.first).to_be_visible()
    if happens is stays:
        tells_the_truth_of_the_outage(member, room.group)
    expect(lead.note(LATE)).to_have_count(0)
    assert [each for each in member.page.evaluate(SAID) if each[1]] == [], member.page.evaluate(
        SAID
    )
    lead.shot(f"late-{happens.__name__}")
    member.shot(f"brought-{happens.__name__}")
    room.panel.get_by_role("button", name=lead.t("late.gather"), exact=True).click()
    expect(room.panel.get_by_text(came, exact=True)).to_have_count(0)
    for person in (lead, member):
        person.sees(IN_TIME, LATE)
        expect(person.note(LATE)).to_have_accessible_name(re.compile(f", {room.group}$"))
    member.sees_status("saved")
    lead.shot(f"gathered-{happens.__name__}")


def test_what_is_written_between_merge_and_recall_is_gathered_with_the_recall(room: Room) -> None:
    lead, member = room.lead, room.member
    room.start()
    member.put("challenges", IN_TIME)
    member.sees_status("saved")
    lead.button("merge.merge").click()
    lead.sees(IN_TIME)
    member.put("challenges", "After the merge")
    member.sees_status("saved")
    room.recall()
    lead.sees(IN_TIME, "After the merge")
    member.sees(IN_TIME, "After the merge")
    assert [group["late"] for group in room.breakout["groups"]] == [None, None]
    expect(room.panel.locator(".result")).to_have_count(2)
    expect(room.panel.get_by_role("button", name=lead.t("late.gather"), exact=True)).to_have_count(
        0
    )


# -- another group, while something is on its way --------------------------------------------------


def test_who_is_moved_while_an_edit_is_held_up_loses_nothing(room: Room) -> None:
    """The edit lands in the group that it was written in; its writer is in the other one."""
    lead, member = room.lead, room.member
    room.start()
    first, second = room.breakout["groups"]
    own, other = (first, second) if first["people"] else (second, first)
    room.line.hold("up")
    member.page.evaluate(FORGET)
    member.put("challenges", LATE)
    member.sees_status("sending")
    lead.page.get_by_role("tab", name=lead.t("panel.tab_people"), exact=True).click()
    lead.button("breakout.move_person", name="Tiira").click()
    lead.page.get_by_role("menuitemradio", name=re.compile(other["name"])).or_(
        lead.page.get_by_role("menuitem", name=re.compile(other["name"]))
    ).click()
    moved = member.t("workshop.to_group", name=other["name"])
    expect(member.page.get_by_text(moved).first).to_be_visible()
    room.line.release()
    member.sees_status("saved")
    assert [each for each in member.page.evaluate(SAID) if each[1]] == [], member.page.evaluate(
        SAID
    )
    member.put("challenges", "In the new group")
    member.sees_status("saved")
    expect(member.note(LATE)).to_have_count(0)
    texts = {each["board"]: texts_of(lead, each["board"]) for each in (own, other)}
    assert texts == {own["board"]: [LATE], other["board"]: ["In the new group"]}


def texts_of(person: Person, board: str) -> list[str]:
    status, found = person.get(f"/api/boards/{board}")
    assert status == 200
    return sorted(note["text"] for note in found["notes"])


# -- what a facilitator made ----------------------------------------------------------------------


def test_a_plan_and_half_typed_texts_stay_through_tabs_and_reloads(
    room: Room, people: People
) -> None:
    lead = room.lead
    guests = [people(name, language="en") for name in ("Kuovi", "Kurki", "Lokki")]
    for guest in guests:
        guest.join(room.workshop)
        expect(lead.button("breakout.move_person", name=guest.name)).to_be_visible()
    change = lead.board_id(room.workshop, "change")
    lead.page.get_by_label(lead.t("breakout.board")).select_option(change)
    lead.button("breakout.more").click()
    hand = lead.page.get_by_role("group", name=lead.t("breakout.pages_who"), exact=True)
    hand.get_by_role("button", name=lead.t("breakout.pages_hand"), exact=True).click()
    lead.textbox("breakout.group_name", letter="A").fill("Night owls")
    pages = lead.page.get_by_role("group", name=lead.t("breakout.pages_of", letter="A"))
    pages.get_by_role("checkbox").nth(1).click()
    lead.button("breakout.move_person", name="Kuovi").click()
    lead.page.get_by_role("menu").get_by_text(lead.t("breakout.no_group")).click()
    planned = plan(room)
    actions.panel_tab(lead, "pace")
    lead.textbox("panel.announcement").fill("We go on at")
    actions.panel_tab(lead, "people")
    actions.panel_tab(lead, "groups")
    assert plan(room) == planned
    lead.page.reload()
    actions.panel_tab(lead, "groups")
    expect(lead.button("breakout.start")).to_be_visible()
    for name in ("Tiira", *(guest.name for guest in guests)):
        expect(lead.button("breakout.move_person", name=name)).to_be_visible()
    assert plan(room) == planned
    actions.panel_tab(lead, "pace")
    expect(lead.textbox("panel.announcement")).to_have_value("We go on at")


def plan(room: Room) -> list[Any]:
    """Groups by their section: name, ticked pages, names of people; and on which board."""
    page = room.lead.page
    board = page.get_by_label(room.lead.t("breakout.board")).input_value()
    sections = room.panel.locator("section")
    seen = []
    for section in sections.all():
        names = [field.input_value() for field in section.get_by_role("textbox").all()]
        ticked = [box.is_checked() for box in section.get_by_role("checkbox").all()]
        seats = sorted(
            text.split("\n")[0] for text in section.get_by_role("listitem").all_inner_texts()
        )
        seen.append((names, ticked, seats))
    return [board, *seen]


def test_reports_of_a_merge_stay_until_they_are_closed(room: Room) -> None:
    lead, member = room.lead, room.member
    room.start()
    member.put("challenges", IN_TIME)
    member.sees_status("saved")
    lead.button("merge.merge").click()
    lead.sees(IN_TIME)
    reports = room.panel.locator(".result")
    added = lead.t("merge.added", n=1, board=lead.board_title)
    expect(reports.get_by_text(added)).to_be_visible()
    room.recall()
    expect(room.panel.get_by_text(lead.t("merge.nothing_new"))).to_have_count(0)
    for look in (lambda: actions.panel_tab(lead, "people"), lead.page.reload):
        look()
        actions.panel_tab(lead, "groups")
        expect(reports).to_have_count(1)
        expect(reports.get_by_text(added)).to_be_visible()
    lead.button("merge.close_report").click()
    expect(reports).to_have_count(0)
    lead.page.reload()
    actions.panel_tab(lead, "groups")
    expect(lead.button("breakout.start")).to_be_visible()
    expect(reports).to_have_count(0)


def test_a_group_that_deletes_everything_takes_nothing_from_the_others(
    room: Room, people: People
) -> None:
    lead, member = room.lead, room.member
    for text in ("One", "Two", "Three"):
        lead.put("challenges", text)
    lead.sees_status("saved")
    other = people("Kuovi", language="en")
    other.join(room.workshop)
    expect(lead.button("breakout.move_person", name="Kuovi")).to_be_visible()
    room.start()
    expect(member.notes).to_have_count(3)
    member.notes.first.click()
    member.page.keyboard.press("Control+A")
    member.page.keyboard.press("Delete")
    expect(member.notes).to_have_count(0)
    member.sees_status("saved")
    lead.button("merge.merge").click()
    report = room.panel.locator(".result")
    expect(report.get_by_text(lead.t("merge.put_back", n=3))).to_be_visible()
    expect(lead.notes).to_have_count(3)
    lead.shot("merge-put-back")


def test_boards_of_groups_with_one_name_are_told_apart_in_the_list_of_files(people: People) -> None:
    """Groups have the same names in every round; the time of the round stands beside them."""
    lead, guest = people("Vetäjä", device=WIDE), people("Aino")
    workshop = lead.create("Kevät")
    lead.close_dialog()
    guest.join(workshop)
    people_in = guest.get(f"/api/workshops/{workshop.id}")[1]["people"]
    person = next(each["id"] for each in people_in if each["role"] == "participant")
    groups = [{"name": "Koivu", "people": [person]}]
    path = f"/api/workshops/{workshop.id}/breakouts"
    body = {"board": lead.board_id(workshop), "groups": groups}
    assert lead.call("POST", path, body)[0] < 300
    files = actions.panel_tab(lead, "outputs")
    named = re.compile(rf"{re.escape(lead.board_title)} · Koivu · \d\d?[.:]\d\d")
    expect(files.locator("li p", has_text=named)).to_have_count(1)
