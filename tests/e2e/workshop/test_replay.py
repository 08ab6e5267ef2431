"""How a board came about, and what changed between two states: by keys, on phones, in three
languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.screens.test_axe import LEVELS, violations
from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, Device, People, Person, Workshop

pytestmark = [pytest.mark.xdist_group("e2e-replay"), pytest.mark.timeout(300)]

TABLET = Device(768, 1024, touch=True)
SCREENS = pytest.mark.parametrize(
    ("language", "device"),
    [("fi", WIDE), ("sv", PHONE), ("en", TABLET)],
    ids=["fi-wide", "sv-phone", "en-tablet"],
)
TEXTS = ("Eka", "Toka", "Kolmas")


def facilitator(people: People, language: str, device: Device) -> tuple[Person, Workshop]:
    lead = people("Vetäjä", language=language, device=device)
    workshop = lead.create("Tiimin kehittämispäivä")
    lead.close_dialog()
    return lead, workshop


def outputs(lead: Person) -> Locator:
    """The sheet on what goes out of the workshop, in the drawer."""
    actions.open_panel(lead)
    return actions.panel_tab(lead, "outputs")


def take(lead: Person, name: str) -> Locator:
    sheet = outputs(lead)
    sheet.get_by_label(lead.t("snapshots.name"), exact=True).fill(name)
    sheet.get_by_role("button", name=lead.t("snapshots.take"), exact=True).click()
    expect(sheet.get_by_text(name, exact=True)).to_be_visible()
    return sheet


def opened(lead: Person, key: str, by: Locator) -> Locator:
    """The dialog that a button opens, by the keyboard."""
    by.focus()
    lead.page.keyboard.press("Enter")
    dialog = lead.page.get_by_role("dialog", name=lead.t(key, board=lead.board_title))
    expect(dialog).to_be_visible()
    return dialog


def replayed(lead: Person) -> tuple[Locator, Locator, Locator]:
    """The dialog of a board's history, its slider, and the board in it."""
    sheet = outputs(lead)
    button = sheet.get_by_role("button", name=lead.t("snapshots.replay"))
    dialog = opened(lead, "replay.title", button)
    slider = dialog.get_by_role("slider", name=lead.t("replay.slider"))
    expect(slider).to_be_visible()
    return dialog, slider, dialog.locator(".still")


def write_for_some_moments(lead: Person) -> None:
    """What comes within a second is one moment: as many notes as it takes for four of them."""
    board = lead.board_id(Workshop(lead.page.url.rsplit("/", 1)[1].split("#")[0], "", lead.url))
    for text in [*TEXTS[:2], *(f"Väli {n}" for n in range(20))]:
        lead.put("challenges", text)
        if len(lead.get(f"/api/boards/{board}/moments")[1]["moments"]) > 3:
            break
    lead.put("challenges", TEXTS[2])
    lead.sees_status("saved")


@SCREENS
def test_a_board_is_followed_moment_by_moment_and_nothing_plays_by_itself(
    people: People, language: str, device: Device
) -> None:
    lead, _ = facilitator(people, language, device)
    write_for_some_moments(lead)
    dialog, slider, board = replayed(lead)
    expect(board.get_by_text("Kolmas")).to_have_count(1)
    most = int(slider.get_attribute("max") or 0)
    assert most >= 2
    expect(slider).to_have_value(str(most))
    slider.focus()
    press = lead.page.keyboard.press
    press("Home")
    expect(slider).to_have_value("0")
    expect(board.get_by_text("Kolmas")).to_have_count(0)
    press("ArrowRight")
    expect(slider).to_have_value("1")
    press("PageUp")
    expect(slider).to_have_value(str(min(most, 11)))
    press("PageDown")
    expect(slider).to_have_value(str(max(0, min(most, 11) - 10)))
    press("End")
    expect(board.get_by_text("Kolmas")).to_have_count(1)
    said = str(slider.get_attribute("aria-valuetext"))
    moments = dialog.get_by_role("listitem").filter(has=lead.page.locator("[data-at]"))
    expect(moments).to_have_count(most + 1)
    assert moments.first.inner_text().split("\n")[0] in said
    assert lead.t("workshop.facilitator") in said
    for view in ("list", "canvas"):
        dialog.get_by_role("button", name=lead.t(f"still.{view}"), exact=True).click()
        expect(board.get_by_text("Kolmas")).to_have_count(1)
        lead.shot(f"replay-{language}-{view}")
        assert violations(lead, {"runOnly": LEVELS}) == []
    moments.last.get_by_role("button").focus()
    press("Enter")
    expect(slider).to_have_value("0")
    expect(board.get_by_text("Kolmas")).to_have_count(0)
    lead.shot(f"replay-{language}-first")
    dialog.get_by_role("combobox", name=lead.t("replay.speed")).select_option("60")
    dialog.get_by_role("button", name=lead.t("replay.play"), exact=True).click()
    expect(slider).to_have_value(str(most))
    expect(board.get_by_text("Kolmas")).to_have_count(1)
    expect(dialog.get_by_role("button", name=lead.t("replay.play"), exact=True)).to_be_visible()
    press("Escape")
    expect(dialog).to_have_count(0)
    expect(lead.page.get_by_role("button", name=lead.t("snapshots.replay"))).to_be_focused()


def test_a_group_that_came_home_is_told_by_its_name(people: People) -> None:
    lead, workshop = facilitator(people, "fi", WIDE)
    member = people("Tiira")
    member.join(workshop)
    actions.panel_tab(lead, "groups")
    expect(lead.button("breakout.move_person", name="Tiira")).to_be_visible()
    lead.button("breakout.start").click()
    expect(member.board.get_by_text(member.t("workshop.alone_in_group"))).to_be_visible()
    for text in TEXTS:
        member.put("challenges", text)
    member.sees_status("saved")
    lead.button("merge.merge").click()
    lead.sees(*TEXTS)
    desk = lead.get(f"/api/workshops/{workshop.id}")[1]
    name = next(str(group["name"]) for group in desk["breakouts"][0]["groups"] if group["people"])
    dialog, slider, _ = replayed(lead)
    words = lead.t("replay.brought", group=name, n=3)
    expect(dialog.get_by_role("button").filter(has_text=words)).to_have_count(1)
    assert words in str(slider.get_attribute("aria-valuetext"))
    lead.shot("replay-merged")


@SCREENS
def test_two_states_are_compared_in_words_and_on_the_board(
    people: People, language: str, device: Device
) -> None:
    lead, _ = facilitator(people, language, device)
    for text in ("Pysyy", "Muuttuu", "Lähtee"):
        lead.put("challenges", text)
    take(lead, "Alku")
    lead.button("panel.close").click()
    lead.put("challenges", "Tuli")
    changed_by_hand(lead, language)
    sheet = take(lead, "Loppu")
    pictures = sheet.get_by_role("img")
    expect(pictures).to_have_count(2)
    names = [str(image.get_attribute("alt")) for image in pictures.all()]
    assert names[0].startswith(lead.t("snapshots.picture", name="Loppu", when="")[:-2])
    for image in pictures.all():
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("image => image.naturalWidth") > 0
    lead.shot(f"gallery-{language}")
    assert violations(lead, {"runOnly": LEVELS}) == []
    sheet.get_by_role("button").filter(has_text=lead.t("snapshots.open")).last.click()
    first = lead.page.get_by_role("dialog", name="Alku")
    dialog = opened(
        lead, "compare.title", first.get_by_role("button", name=lead.t("snapshots.compare"))
    )
    told = dialog.get_by_role("region", name=lead.t("compare.list"))
    for mark, text in (("added", "Tuli"), ("changed", "Muuttui"), ("deleted", "Lähtee")):
        line = told.get_by_role("listitem").filter(has_text=text)
        expect(line).to_contain_text(lead.t(f"still.mark.{mark}"))
    expect(told.get_by_text(lead.t("compare.was", text="Muuttuu"))).to_be_visible()
    expect(told.get_by_text("Pysyy")).to_have_count(0)
    for view in ("list", "canvas"):
        dialog.get_by_role("button", name=lead.t(f"still.{view}"), exact=True).click()
        expect(dialog.locator(".still [data-mark]")).to_have_count(3 if view == "list" else 6)
        lead.shot(f"compare-{language}-{view}")
        assert violations(lead, {"runOnly": LEVELS}) == []
    for way in ("group", "author", "zone"):
        told.get_by_role("button", name=lead.t(f"compare.by.{way}")).click()
        expect(told.get_by_role("listitem")).to_have_count(3)
    heading = told.get_by_role("heading", name=lead.zone_title("challenges"))
    expect(heading).to_be_visible()
    after = dialog.get_by_role("combobox", name=lead.t("compare.after"))
    after.select_option(index=2)  # the snapshot itself
    expect(told.get_by_text(lead.t("compare.same"))).to_be_visible()
    lead.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def changed_by_hand(lead: Person, language: str) -> None:
    """One note reads otherwise, and one is gone."""
    board = lead.board_id(Workshop(lead.page.url.rsplit("/", 1)[1].split("#")[0], "", lead.url))
    notes = {note["text"]: note["id"] for note in lead.get(f"/api/boards/{board}")[1]["notes"]}
    assert set(notes) == {"Pysyy", "Muuttuu", "Lähtee", "Tuli"}
    note = lead.note("Muuttuu")
    if note.locator("[data-edit]").count():
        note.locator("[data-edit]").click()
    else:
        note.dblclick()
    lead.page.keyboard.press("End")
    lead.page.keyboard.press("Backspace")
    lead.page.keyboard.type("i")
    lead.done()
    lead.sees("Muuttui")
    gone = lead.note("Lähtee")
    more = gone.get_by_role("button", name=lead.t("note.more-named", note="Lähtee"))
    if more.count():
        more.click()
        lead.page.get_by_role("dialog").get_by_role(
            "button", name=lead.t("note.delete"), exact=True
        ).click()
    else:
        gone.click()
        lead.page.keyboard.press("Delete")
    expect(lead.note("Lähtee")).to_have_count(0)
    lead.sees_status("saved")


def test_a_board_as_it_was_is_copied_to_a_new_workshop(people: People) -> None:
    lead, workshop = facilitator(people, "sv", PHONE)
    for text in TEXTS[:2]:
        lead.put("challenges", text)
    take(lead, "Alku")
    lead.button("panel.close").click()
    lead.put("challenges", TEXTS[2])
    lead.sees_status("saved")
    sheet = outputs(lead)
    sheet.get_by_role("button").filter(has_text=lead.t("snapshots.open")).click()
    dialog = lead.page.get_by_role("dialog", name="Alku")
    dialog.get_by_role("button", name=lead.t("snapshots.copy")).click()
    question = dialog.get_by_role("group", name=lead.t("snapshots.copy_lead"))
    question.scroll_into_view_if_needed()
    lead.shot("copy-asked")
    assert violations(lead, {"runOnly": LEVELS}) == []
    go = question.get_by_role("button", name=lead.t("snapshots.copy_do"), exact=True)
    go.focus()
    lead.page.keyboard.press("Enter")
    lead.page.wait_for_url(lambda url: "/w/" in url and workshop.id not in url)
    lead.close_dialog()
    lead.sees(*TEXTS[:2])
    expect(lead.note(TEXTS[2])).to_have_count(0)
    lead.shot("copied")
