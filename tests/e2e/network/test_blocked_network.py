"""Networks that let pages through and live connections not, and servers that are merely down."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.support.browsers.browser import PHONE, WIDE, People, Person
from tests.support.network.proxy import Proxy, Way, proxy_to
from tests.support.server import Server

pytestmark = [pytest.mark.xdist_group("e2e-blocked"), pytest.mark.timeout(300)]

NETWORK = r"WebSocket connection to .* failed|net::ERR_|Failed to load resource"
SECONDS = 10.0  # from opening the page until it is named
PROBES = 5  # looks at a server that is down: the last comes later than a network would be named


@pytest.fixture(scope="module")
def proxy(server: Server) -> Iterator[Proxy]:
    with proxy_to(server.port) as proxy:
        yield proxy


def blame(person: Person) -> Locator:
    return person.page.get_by_role("alert").filter(has_text=person.t("network.blocked.title"))


def comes(people: People, way: Way, language: str) -> Person:
    person = people("Tiira", language=language, device=WIDE)
    person.url = way.url
    person.forgive(NETWORK)
    return person


@pytest.mark.parametrize(
    ("how", "status", "language"),
    [("refuse", 403, "fi"), ("refuse", 502, "sv"), ("swallow", 0, "en"), ("mute", 0, "fi")],
)
def test_a_network_that_swallows_live_connections_is_named(
    people: People, proxy: Proxy, how: Any, status: int, language: str
) -> None:
    way = proxy.way(f"{how} {status}")
    person = comes(people, way, language)
    person.create("Verkko")
    person.close_dialog()
    person.page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
    way.websockets(how, status=status)
    way.cut()
    began = time.monotonic()
    person.page.reload()
    told = blame(person)
    expect(told).to_be_visible(timeout=SECONDS * 1000)
    assert time.monotonic() - began < SECONDS
    address = f"ws://127.0.0.1:{way.port}"
    expect(told).to_contain_text(person.t("network.blocked.detail", address=address))
    for device in (PHONE, WIDE):
        person.page.set_viewport_size({"width": device.width, "height": device.height})
        person.shot(f"blocked-{device.width}")
    way.restore()
    way.cut()
    person.sees_status("saved")
    expect(told).to_have_count(0)


def test_work_goes_on_where_the_network_begins_to_swallow(people: People, proxy: Proxy) -> None:
    """In the middle of a workshop; what is written meanwhile is brought by another network."""
    way = proxy.way("later")
    person = comes(people, way, "en")
    person.create("Network")
    person.close_dialog()
    person.sees_status("saved")
    way.websockets("refuse", status=404)
    way.cut()
    person.put("challenges", "Kept meanwhile")
    expect(blame(person)).to_be_visible()
    outage = person.page.get_by_text(person.t("workshop.connection_lost"))
    expect(outage).to_have_count(0)
    person.shot("later")
    way.restore()
    person.page.evaluate("dispatchEvent(new Event('online'))")
    person.sees_status("saved")
    expect(blame(person)).to_have_count(0)


def test_a_server_that_is_down_is_not_blamed_on_the_network(
    people: People, proxy: Proxy, server: Server
) -> None:
    person = comes(people, proxy.way("down"), "en")
    person.create("Network")
    person.close_dialog()
    person.sees_status("saved")
    person.page.evaluate(WATCH, person.t("network.blocked.title"))
    looks: list[str] = []
    person.page.on("requestfailed", lambda r: looks.append(r.url) if "/healthz" in r.url else None)
    person.has_all_parts()
    server.kill9()
    person.sees_status("offline")
    deadline = time.monotonic() + 40
    while len(looks) < PROBES:
        assert time.monotonic() < deadline, looks
        person.page.wait_for_event("requestfailed", timeout=20_000)
    assert not person.page.evaluate("window.wasBlamed")
    server.restart()
    person.sees_status("saved")
    assert not person.page.evaluate("window.wasBlamed")


WATCH = """(words) => {
  window.wasBlamed = false;
  new MutationObserver(() => {
    window.wasBlamed ||= document.body.textContent.includes(words);
  }).observe(document.body, { childList: true, subtree: true });
}"""
