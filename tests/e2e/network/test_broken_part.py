"""A part of the screen that throws is told in its place; the board and all else go on."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Route, expect
from pycrdt import Map, Text

from boards.document import Document
from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, People, Person
from tests.support.server import Server

pytestmark = [pytest.mark.xdist_group("e2e-broken"), pytest.mark.timeout(180)]

# In the place of a part's script: the part itself, but for its first drawing. What the part shares
# with others stands beside it in the script, and the part then also as a namespace.
THROWS_ONCE = """
import * as part from '%(script)s?whole';
let first = true;
const broken = (...drawing) => {
  if (first) { first = false; throw new Error('broken on purpose'); }
  return part.default(...drawing);
};
const kept = (shared) => (shared?.default === part.default ? { default: broken } : shared);
const { %(names)s } = Object.fromEntries(Object.entries(part).map(([n, v]) => ['_' + n, kept(v)]));
export { broken as default, %(exports)s };
"""
EXPORTS = re.compile(r"export\{([^}]*)\}")


def break_once(person: Person, part: str) -> None:
    def answer(route: Route) -> None:
        found = EXPORTS.findall(route.fetch().text())[-1].split(",")
        names = {each.split(" as ")[-1].strip() for each in found} - {"default"}
        script = THROWS_ONCE % {
            "script": route.request.url,
            "names": ", ".join(f"_{name}" for name in names),
            "exports": ", ".join(f"_{name} as {name}" for name in names),
        }
        route.fulfill(body=script, content_type="text/javascript")

    person.page.route(re.compile(rf"/{part}-[\w-]+\.js$"), answer)
    person.forgive("broken on purpose")


def open_plan(lead: Person) -> None:
    actions.choose(lead, "experiments")


def open_panel(lead: Person) -> None:
    lead.page.reload()


def open_invitation(lead: Person) -> None:
    lead.button("panel.invite").click()


def has_panel(lead: Person) -> None:
    expect(lead.page.get_by_role("heading", name=lead.t("panel.title"))).to_be_visible()


def has_plan(lead: Person) -> None:
    actions.stands_on(lead, "experiments")
    expect(lead.board.get_by_role("heading").first).to_be_visible()


def has_invitation(lead: Person) -> None:
    expect(lead.page.get_by_role("dialog").locator(".code")).to_be_visible()
    lead.close_dialog()


@pytest.mark.parametrize(
    ("part", "opens", "has"),
    [
        ("Panel", open_panel, has_panel),
        ("Invite", open_invitation, has_invitation),
        ("PlanView", open_plan, has_plan),
    ],
)
def test_a_part_that_throws_takes_nothing_with_it(
    people: People, part: str, opens: Callable[[Person], None], has: Callable[[Person], None]
) -> None:
    lead = people("Vetäjä", device=WIDE)
    lead.create("Kevät")
    lead.close_dialog()
    lead.put("challenges", "Tämä säilyy")
    lead.sees_status("saved")
    break_once(lead, part)
    lead.page.reload()
    if opens is not open_panel:
        opens(lead)
    failed = lead.page.get_by_role("alert").filter(has_text=lead.t("app.part_failed"))
    expect(failed).to_be_visible()
    lead.sees_status("saved")
    expect(lead.page.get_by_role("navigation").first).to_be_visible()
    lead.shot(f"failed-{part}")
    if part != "PlanView":
        lead.sees("Tämä säilyy")
    failed.get_by_role("button", name=lead.t("app.show_again"), exact=True).click()
    expect(failed).to_have_count(0)
    has(lead)
    if part == "PlanView":
        actions.go(lead, "phenomena")
    lead.put("challenges", "Ja työ jatkuu")
    lead.sees("Tämä säilyy", "Ja työ jatkuu")


ODD: list[dict[str, Any]] = [
    {"zone": 7},
    {"zone": {"a": [1]}},
    {"zone": "nowhere"},
    {"color": ["yellow"]},
    {"color": "#fff"},
    {"at": "yesterday"},
    {"at": None},
    {"at": -1e308},
    {"theme": {"id": 1}},
    {"theme": "gone" * 5},
    {"del": "perhaps"},
    {"carried": {"from": None}},
    {"unknown": {"constructor": {"prototype": 1}}},
]


def odd_update(number: int, odd: dict[str, Any], author: str) -> bytes:
    """A note in a shape that no page of ours writes."""
    document = Document()

    def change() -> None:
        fields = {"text": Text(f"Odd {number}"), "zone": "challenges", "color": "yellow"}
        note = Map({**fields, "at": number, "author": author, **odd})
        document.root("notes")[f"odd{number:017}"] = note

    return document.record(change)[1]


def bring(server: Server, board: str, who: Any, update: bytes) -> bool:
    """Whether the server takes it."""
    answer = httpx.post(
        f"{server.url}/api/boards/{board}/edits",
        content=update,
        headers={
            "Content-Type": "application/octet-stream",
            "Authorization": f"Bearer {who['token']}",
        },
        trust_env=False,
    )
    return answer.is_success


def test_what_a_raw_peer_writes_in_odd_shapes_stops_no_view(people: People, server: Server) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    lead.put("challenges", "Tämä säilyy")
    board = lead.board_id(workshop)
    body = {"code": workshop.code, "name": "Raaka"}
    joined = httpx.post(f"{server.url}/api/join", json=body, trust_env=False).json()
    taken = [
        odd
        for number, odd in enumerate(ODD)
        if bring(server, board, joined, odd_update(number, odd, joined["person"]))
    ]
    print("taken:", taken)
    assert len(taken) > len(ODD) // 2
    other = people("Tiira", language="sv", device=PHONE)
    other.join(workshop)
    for person in (lead, other):
        person.sees("Tämä säilyy", "Odd 4")
    actions.as_list(lead)
    lead.sees("Tämä säilyy", "Odd 4")
    for key in ("phenomena_summary", "synthesis", "experiments", "phenomena"):
        actions.go(lead, key)
        expect(lead.page.get_by_text(lead.t("app.part_failed"))).to_have_count(0)
    lead.put("challenges", "Ja työ jatkuu")
    other.sees("Ja työ jatkuu")
