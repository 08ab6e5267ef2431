"""Networks that are slow, that blink, and that let through only half of what is needed."""

import time
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.browsers.browser import People, Person, Workshop

pytestmark = pytest.mark.xdist_group("bad network")

LATENCY_MS = 400
BYTES_PER_SECOND = 50_000
SECONDS = 6.0  # from the link to "Add a note", a name typed meanwhile
KEY_MS = 200  # between two letters of the name
BYTES = 166_000  # of all that comes until then: at this rate half the time
ATTEMPTS = 3
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
    """The network's part is measured against the same way without one, for machines differ; and
    again where it took long, for what else a machine does comes and goes."""
    workshop = people("Vetäjä").create("Hidas verkko")
    times: list[float] = []
    sizes: list[int] = []
    for attempt in range(ATTEMPTS):
        near = people(f"Lähellä {attempt}")
        watched(near, slow=False)
        own = first_board(near, workshop) - len(near.name) * KEY_MS / 1000
        far = people(f"Kaukana {attempt}")
        traffic = watched(far, slow=True)
        times.append(first_board(far, workshop) - max(0.0, own - OWN_SECONDS))
        sizes.append(sum(traffic.loaded.values()))  # with the typeface where typing took long
        if times[-1] <= SECONDS and sizes[-1] <= BYTES:
            break
    assert min(sizes) <= BYTES, (sizes, traffic.loaded)
    assert min(times) <= SECONDS, (times, traffic.loaded)


def lose(page: Page, files: str, *, status: int | None = None) -> None:
    """These files do not come any more; with a status they are gone, as after an update."""

    def answer(route: Route) -> None:
        if status is None:
            route.abort()
        else:
            route.fulfill(status=status)

    page.route(files, answer)
    page.reload()


@pytest.mark.timeout(300)
def test_what_did_not_come_says_so_and_comes_when_asked(people: People) -> None:
    leader = people("Vetäjä")
    leader.create("Verkko pätkii")
    leader.close_dialog()
    leader.put("challenges", "Tämä säilyy")
    leader.sees_status("saved")
    leader.forgive(
        r"Failed to load resource|dynamically imported module|preload CSS|main-\S+\.css$"
    )
    page, title = leader.page, leader.t("error.part-missing.title")
    again = leader.button("app.try_again")
    told = page.get_by_role("alert").filter(has_text=title)
    panel = page.get_by_role("heading", name=leader.t("panel.title"))

    for file in ("**/Panel-*.js", "**/Panel-*.css"):
        lose(page, file)
        expect(told).to_be_visible()
        leader.shot("panel-missing")
        leader.sees("Tämä säilyy")
        page.unroute(file)
        again.click()
        expect(panel).to_be_visible()
        assert panel.locator("xpath=ancestor::aside").bounding_box()["width"] > 300  # type: ignore[index]

    lose(page, "**/Panel-*.js", status=404)  # only a new page knows the new names
    expect(told).to_be_visible()
    page.once("framenavigated", lambda _: page.unroute("**/Panel-*.js"))
    again.click()
    expect(panel).to_be_visible()
    leader.sees("Tämä säilyy")

    for file in ("**/board-*.js", "**/main-*.js", "**/fi-*.js", "**/main-*.css"):
        lose(page, file)
        expect(told).to_be_visible()
        leader.shot("page-missing")
        page.unroute(file)
        page.get_by_role("link", name=leader.t("app.try_again")).click()
        leader.sees("Tämä säilyy")
