"""What is deleted while somebody writes in it: its words stay until they are thrown away."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.notes.test_themes import theme
from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, People, Person, Workshop

pytestmark = [pytest.mark.xdist_group("e2e-under-the-pen"), pytest.mark.timeout(300)]

TEXT = "Puolikas ajatus"


@pytest.fixture
def room(people: People) -> tuple[Person, Person, Workshop]:
    """Who leads, one who writes, and their workshop."""
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    writer = people("Olli", language="sv")
    writer.join(workshop)
    return lead, writer, workshop


def kept(writer: Person, code: str) -> Locator:
    return writer.page.locator(".asides li", has_text=writer.t(f"notice.{code}"))


def line(writer: Person) -> Locator:
    """What tells on other boards that something is kept."""
    return writer.page.get_by_text(writer.t("aside.kept", n=1))


def delete(lead: Person, text: str) -> None:
    lead.note(text).click()
    lead.button("note.delete").click()
    expect(lead.note(text)).to_have_count(0)


@pytest.mark.parametrize(
    ("key", "zone", "view"),
    [
        ("phenomena", "challenges", "canvas"),
        ("phenomena", "challenges", "list"),
        ("change", "megatrends/from", "canvas"),
    ],
)
def test_the_text_of_a_note_outlives_reload_and_change_of_board(
    room: tuple[Person, Person, Workshop], key: str, zone: str, view: str
) -> None:
    lead, writer, _ = room
    for person in (lead, writer):
        actions.go(person, key)
    if view == "list":
        actions.as_list(writer)
    actions.add(writer, key, zone)
    writer.write(TEXT)
    lead.sees(TEXT)
    delete(lead, TEXT)
    told = kept(writer, "note-deleted")
    expect(told).to_contain_text(TEXT)
    expect(writer.page.locator(".toast")).to_have_count(0)
    writer.page.reload()
    expect(told).to_contain_text(TEXT)
    for device in (WIDE, PHONE):
        writer.page.set_viewport_size({"width": device.width, "height": device.height})
        expect(told).to_be_in_viewport()
        writer.shot(f"{key}-{view}-{device.width}")
    writer.page.set_viewport_size({"width": WIDE.width, "height": WIDE.height})
    actions.go(writer, "phenomena_summary")
    expect(line(writer)).to_be_visible()
    expect(told).to_have_count(0)
    actions.go(writer, key)
    writer.button("aside.show").click()
    told.get_by_role("button", name=writer.t("aside.bring-back")).click()
    expect(told).to_have_count(0)
    lead.sees(TEXT)


def test_it_is_kept_no_more_once_the_note_stands_again(
    room: tuple[Person, Person, Workshop],
) -> None:
    lead, writer, _ = room
    writer.add("challenges", TEXT)
    lead.sees(TEXT)
    delete(lead, TEXT)
    expect(kept(writer, "note-deleted")).to_contain_text(TEXT)
    lead.page.locator(".toast").get_by_role("button", name=lead.t("board.undo")).click()
    writer.sees(TEXT)
    expect(writer.page.locator(".asides")).to_have_count(0)
    expect(line(writer)).to_have_count(0)


def test_it_is_kept_no_more_where_the_note_came_back_while_one_was_away(
    room: tuple[Person, Person, Workshop],
) -> None:
    lead, writer, workshop = room
    writer.add("challenges", TEXT)
    lead.sees(TEXT)
    delete(lead, TEXT)
    expect(kept(writer, "note-deleted")).to_contain_text(TEXT)
    writer.go("/")
    lead.page.locator(".toast").get_by_role("button", name=lead.t("board.undo")).click()
    lead.sees(TEXT)
    lead.sees_status("saved")
    writer.go(f"/w/{workshop.id}")
    writer.sees(TEXT)
    expect(writer.page.locator(".asides")).to_have_count(0)


def test_an_empty_note_leaves_nothing_to_be_kept(room: tuple[Person, Person, Workshop]) -> None:
    lead, writer, _ = room
    writer.put("challenges", TEXT)
    writer.edit(TEXT)
    writer.page.keyboard.press("Control+a")
    writer.page.keyboard.press("Delete")
    expect(lead.note(TEXT)).to_have_count(0)
    lead.notes.click()
    lead.button("note.delete").click()
    expect(writer.page.locator(".toast", has_text=writer.t("note.gone", n=1))).to_be_visible()
    expect(writer.page.locator(".asides")).to_have_count(0)


def test_what_is_being_composed_is_kept_too(room: tuple[Person, Person, Workshop]) -> None:
    lead, writer, _ = room
    writer.add("challenges", TEXT)
    lead.sees(TEXT)
    keyboard = writer.page.context.new_cdp_session(writer.page)
    composed = {"text": " och mer", "selectionStart": 8, "selectionEnd": 8}
    keyboard.send("Input.imeSetComposition", composed)
    expect(writer.editor).to_have_value(f"{TEXT} och mer")
    delete(lead, TEXT)
    expect(kept(writer, "note-deleted")).to_contain_text(f"{TEXT} och mer")


def test_the_name_of_a_theme_that_is_taken_apart_is_kept(
    room: tuple[Person, Person, Workshop],
) -> None:
    lead, writer, _ = room
    for text in ("Jono", "Naapuri"):
        lead.put("challenges", text)
    writer.note("Jono").focus()
    writer.page.keyboard.press("t")
    writer.textbox("theme.name").fill("Kö")
    writer.button("theme.make").click()
    theme(writer, "Kö").click()
    writer.button("theme.rename").click()
    expect(writer.textbox("theme.name")).to_be_focused()
    writer.page.keyboard.press("End")
    writer.page.keyboard.type(" och väntan")
    theme(lead, "Kö och väntan").click()
    lead.button("theme.apart").click()
    told = kept(writer, "theme-deleted")
    expect(told).to_contain_text("Kö och väntan")
    writer.page.reload()
    expect(told).to_contain_text("Kö och väntan")
    writer.shot("theme")
    told.get_by_role("button", name=writer.t("aside.bring-back")).click()
    expect(told).to_have_count(0)
    expect(theme(lead, "Kö och väntan")).to_be_visible()


def test_an_experiment_is_kept_that_one_wrote_in_before_a_reload(
    room: tuple[Person, Person, Workshop],
) -> None:
    """By then the letters are another visit's, but the hands are in it."""
    lead, writer, _ = room
    for person in (lead, writer):
        actions.go(person, "experiments")
    writer.button("plan.add").click()
    actions.fill_field(writer, "what", "Ett försök")
    writer.sees_status("saved")
    writer.page.reload()
    actions.go(writer, "experiments")
    label = actions.text_of("experiments", "fields", "what", "sv")
    writer.board.get_by_role("textbox", name=label, exact=True).click()
    lead.button("plan.remove", name="Ett försök").click()
    lead.page.get_by_role("dialog").get_by_role("button", name=lead.t("plan.remove-yes")).click()
    told = kept(writer, "experiment-deleted")
    expect(told).to_contain_text("Ett försök")
    writer.page.reload()
    expect(told).to_contain_text("Ett försök")
