"""Dots that arrive when they cannot be given any more are taken back, and told."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Locator, expect

from server.sync.limits import SyncLimits
from tests.e2e.support import actions
from tests.e2e.support.waiting import comes, device, goes_on, patch, told
from tests.support.browsers.browser import WIDE, People, Person, Workshop
from tests.support.network.proxy import Way, proxy_to
from tests.support.server import Server

pytestmark = [pytest.mark.xdist_group("e2e-late-dots"), pytest.mark.timeout(300)]


def vote(lead: Person, workshop: Workshop, *, is_open: bool) -> None:
    """One dot each."""
    voting = {"dots": 1, "open": is_open, "hidden": False}
    patch(lead, workshop, votes={lead.board_id(workshop): voting})


def dots(lead: Person, workshop: Workshop) -> int:
    board = lead.get(f"/api/boards/{lead.board_id(workshop)}")[1]
    return sum(note["votes"] for note in board["notes"])


def left(person: Person, count: int) -> Locator:
    """What the board says of the one dot."""
    return person.page.get_by_text(person.t("votes.left", n=count, dots=1)).first


def test_the_last_dot_given_on_two_devices_at_once_is_one(people: People, server: Server) -> None:
    """One of the two is taken back and told; both devices go on."""
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    for text in ("One", "Two"):
        lead.put("challenges", text)
    body = {"code": workshop.code, "name": "Tiira"}
    token = httpx.post(f"{server.url}/api/join", json=body, trust_env=False).json()["token"]
    vote(lead, workshop, is_open=True)
    with proxy_to(server.port) as proxy:
        ways_there = [proxy.way("phone"), proxy.way("laptop")]
        devices = [device(people, way, workshop, token) for way in ways_there]
        for each, way, note in zip(devices, ways_there, ("One", "Two"), strict=True):
            expect(left(each, 1)).to_be_visible()
            way.hold("up")
            actions.give_dot(each, note)
            each.sees_status("sending")
        for way in ways_there:
            way.release()
        for each in devices:
            each.sees_status("saved")
        notices = [told(each, "notice.too-many-dots", n=1) for each in devices]
        for each in devices:
            expect(left(each, 0)).to_be_visible()
        assert dots(lead, workshop) == 1
        assert sum(notice.count() for notice in notices) >= 1
        for number, each in enumerate(devices):
            goes_on(each, lead, f"After the dot {number}")


def test_a_dot_that_arrives_when_voting_is_over_is_taken_back_and_told(
    people: People, line: Way
) -> None:
    """It was under way for longer than the moment that is given (RM10)."""
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    lead.put("challenges", "One")
    vote(lead, workshop, is_open=True)
    member = comes(people, line, workshop)
    expect(left(member, 1)).to_be_visible()
    line.slow(delay=SyncLimits().grace_seconds + 1)
    actions.give_dot(member, "One")
    vote(lead, workshop, is_open=False)
    expect(told(member, "notice.votes-closed", n=1)).to_be_visible()
    line.restore()
    member.sees_status("saved")
    assert dots(lead, workshop) == 0
    goes_on(member, lead, "After the vote")
