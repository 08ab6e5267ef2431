"""Before groups' work comes home and after: a look ahead, pairs side by side, a board in order."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.hands.test_said import LISTEN, hears
from tests.e2e.support import actions
from tests.support.browsers.browser import WIDE, People, Person, Workshop

pytestmark = [pytest.mark.xdist_group("e2e-gathering"), pytest.mark.timeout(240)]

ONE, OTHER, ONLY = "Etätyö lisääntyy koko ajan", "Etätyö lisääntyy koko ajan!", "Vain yhden"
SIZES = {"1440": (1440, 900), "768": (768, 1024), "360": (360, 740)}


def pictures(lead: Person, name: str) -> None:
    """As it looks at each size."""
    for size, (width, height) in SIZES.items():
        lead.page.set_viewport_size({"width": width, "height": height})
        lead.shot(f"{name}-{size}")
        wider = "document.documentElement.scrollWidth - innerWidth"
        assert lead.page.evaluate(wider) <= 0
    lead.page.set_viewport_size({"width": 1440, "height": 900})


def board_texts(lead: Person, workshop: Workshop) -> list[str]:
    answer = lead.get(f"/api/boards/{lead.board_id(workshop)}")[1]
    return sorted(note["text"] for note in answer["notes"])


def themes(lead: Person, workshop: Workshop) -> list[str | None]:
    answer = lead.get(f"/api/boards/{lead.board_id(workshop)}")[1]
    return [note["theme"] for note in answer["notes"] if note["text"] in (ONE, OTHER)]


def groups_at_work(people: People) -> tuple[Person, Workshop, list[str]]:
    """Two groups of one each, with notes that are not home yet; names of the groups."""
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    members = [people(name) for name in ("Tiira", "Kuovi")]
    for member in members:
        member.join(workshop)
    actions.panel_tab(lead, "groups")
    expect(lead.button("breakout.move_person", name="Kuovi")).to_be_visible()
    lead.button("breakout.start").click()
    for member, texts in zip(members, ([ONE], [OTHER, ONLY]), strict=True):
        alone = member.page.get_by_text(member.t("workshop.alone_in_group"))
        expect(alone).to_be_visible()
        for text in texts:
            member.put("challenges", text)
        member.sees_status("saved")
    [breakout] = lead.get(f"/api/workshops/{workshop.id}")[1]["breakouts"]
    ids = {person["name"]: person["id"] for person in people_of(lead, workshop)}
    named = {group["people"][0]: group["name"] for group in breakout["groups"]}
    return lead, workshop, [named[ids[name]] for name in ("Tiira", "Kuovi")]


def people_of(lead: Person, workshop: Workshop) -> list[dict[str, str]]:
    people: list[dict[str, str]] = lead.get(f"/api/workshops/{workshop.id}")[1]["people"]
    return people


def test_what_comes_is_seen_before_and_pairs_are_decided_one_by_one(people: People) -> None:
    lead, workshop, (first, second) = groups_at_work(people)
    lead.page.evaluate(LISTEN)

    # A look ahead, and the work of one group alone.
    lead.button("merge.preview").press("Enter")
    dialog = lead.page.get_by_role("dialog")
    share = dialog.get_by_role("listitem").filter(has=lead.page.get_by_role("checkbox"))
    expect(share.filter(has_text=first)).to_contain_text(lead.t("merge.share_added", n=1))
    expect(share.filter(has_text=second)).to_contain_text(lead.t("merge.share_added", n=2))
    pair = dialog.get_by_text(lead.t("merge.preview_duplicates", n=1))
    expect(pair).to_be_visible()
    share.filter(has_text=second).locator("summary").press("Enter")
    expect(dialog.get_by_text(ONLY)).to_be_visible()
    pictures(lead, "preview")
    dialog.get_by_role("checkbox", name=re.compile(second)).press("Space")
    expect(pair).to_have_count(0)
    dialog.get_by_role("button", name=lead.t("merge.bring", n=1)).press("Enter")
    expect(dialog).to_have_count(0)
    lead.sees(ONE)
    assert board_texts(lead, workshop) == [ONE]
    lead.button("merge.preview").press("Enter")
    expect(share.filter(has_text=first)).to_contain_text(lead.t("merge.share_there", n=1))
    expect(dialog.get_by_role("checkbox", name=re.compile(first))).to_be_disabled()
    dialog.get_by_role("button", name=lead.t("merge.bring", n=1)).press("Enter")
    lead.sees(ONE, OTHER, ONLY)

    # The pair, decided, found again after a reload, and decided otherwise.
    lead.button("pairs.compare").press("Enter")
    expect(dialog.get_by_text(lead.t("pairs.open", n=1))).to_be_visible()
    expect(dialog.get_by_text(OTHER, exact=True)).to_be_visible()
    pictures(lead, "pairs")
    button(lead, dialog, "pairs.apart").press("Enter")
    hears(lead, lead.t("pairs.is_apart"))
    expect(button(lead, dialog, "board.undo")).to_be_focused()
    lead.page.keyboard.press("Escape")
    lead.page.reload()
    actions.panel_tab(lead, "groups")
    lead.button("pairs.compare").press("Enter")
    expect(dialog.get_by_text(lead.t("pairs.done"))).to_be_visible()
    assert themes(lead, workshop) == [None, None]
    button(lead, dialog, "board.undo").press("Enter")
    button(lead, dialog, "pairs.together").press("Enter")
    is_together = dialog.get_by_text(lead.t("pairs.is_together", name=lead.t("theme.unnamed")))
    expect(is_together).to_be_visible()
    pictures(lead, "pairs-decided")
    lead.sees_status("saved")
    one, other = themes(lead, workshop)
    assert one == other is not None
    button(lead, dialog, "board.undo").press("Enter")
    expect(dialog.get_by_text(lead.t("pairs.open", n=1))).to_be_visible()
    lead.sees_status("saved")
    assert themes(lead, workshop) == [None, None]
    assert board_texts(lead, workshop) == [ONE, OTHER, ONLY]

    # A group of notes apart, and all of the board in order, in one step that is taken back.
    button(lead, dialog, "pairs.together").press("Enter")
    lead.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    before = layout(lead, workshop)
    lead.button("board.tidy-themes").press("Enter")
    done = lead.t("arrange.done", board=lead.board_title)
    toast = lead.page.locator(".toast", has_text=done)
    expect(toast).to_be_visible()
    lead.sees_status("saved")
    assert layout(lead, workshop) != before
    lead.shot("arranged")
    toast.get_by_role("button", name=lead.t("board.undo")).press("Enter")
    lead.sees_status("saved")
    assert layout(lead, workshop) == before


def button(lead: Person, within: Locator, key: str) -> Locator:
    return within.get_by_role("button", name=lead.t(key), exact=True)


def layout(lead: Person, workshop: Workshop) -> dict[str, object]:
    board = lead.get(f"/api/boards/{lead.board_id(workshop)}")[1]
    items = [*board["notes"], *board["themes"]]
    return {item["id"]: item["position"] for item in items}
