"""On a hotel's or a train's network: 400 kbit/s, and 400 ms for each answer."""

import time
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.browser import People, Person, Workshop

pytestmark = pytest.mark.xdist_group("slow network")

LATENCY_MS = 400
BYTES_PER_SECOND = 50_000
SECONDS = 6.0  # from the link to "Add a note", a name typed meanwhile
KEY_MS = 200  # between two letters of the name
BYTES = 160_000  # of all that comes until then
OWN_SECONDS = 1.0  # what a machine that does nothing else takes, without any network


@dataclass
class Traffic:
    """What a page fetched: bytes on the wire by path."""

    loaded: dict[str, int] = field(default_factory=dict)
    _paths: dict[str, str] = field(default_factory=dict)

    def ask(self, event: dict[str, Any]) -> None:
        self._paths[event["requestId"]] = event["request"]["url"]

    def finish(self, event: dict[str, Any]) -> None:
        path = self._paths.get(event["requestId"], "")
        self.loaded[path] = self.loaded.get(path, 0) + int(event["encodedDataLength"])


def watched(person: Person, *, slow: bool) -> Traffic:
    """From now on this browser's network is counted, and slow if it is to be."""
    traffic = Traffic()
    session = person.page.context.new_cdp_session(person.page)
    session.on("Network.requestWillBeSent", traffic.ask)
    session.on("Network.loadingFinished", traffic.finish)
    session.send("Network.enable")
    if slow:
        rates = dict.fromkeys(("downloadThroughput", "uploadThroughput"), BYTES_PER_SECOND)
        conditions = {"offline": False, "latency": LATENCY_MS, **rates}
        session.send("Network.emulateNetworkConditions", conditions)
    return traffic


def first_board(person: Person, workshop: Workshop) -> float:
    """Seconds from the link to "Add a note"."""
    began = time.monotonic()
    person.go(f"/j/{workshop.plain_code}")
    name = person.textbox("join.name")
    name.click()
    person.page.keyboard.type(person.name, delay=KEY_MS)
    person.page.keyboard.press("Enter")
    add = person.zone("challenges").get_by_role("button", name=person.t("board.add"), exact=False)
    expect(add.first).to_be_visible()
    return time.monotonic() - began


def test_the_first_board_comes_soon(people: People) -> None:
    """The network's part is measured against the same way without one, for machines differ."""
    workshop = people("Vetäjä").create("Hidas verkko")
    near = people("Lähellä")
    watched(near, slow=False)
    own = first_board(near, workshop) - len(near.name) * KEY_MS / 1000
    far = people("Kaukana")
    traffic = watched(far, slow=True)
    seconds = first_board(far, workshop) - max(0.0, own - OWN_SECONDS)
    assert sum(traffic.loaded.values()) <= BYTES, traffic.loaded
    assert seconds <= SECONDS, (seconds, own, traffic.loaded)
