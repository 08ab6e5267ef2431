"""The keys of the canvas that no other test presses: copies, undo and redo, zoom, dots, themes."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.support import actions
from tests.support.browsers.browser import WIDE, People, Person

pytestmark = pytest.mark.xdist_group("e2e-canvas-keys")

FIRST, SECOND = "Tieto katkeaa vuoronvaihdossa", "Jono kasvaa maanantaisin"


def press(person: Person, *keys: str) -> None:
    for key in keys:
        person.page.keyboard.press(key)


@pytest.fixture
def person(people: People) -> Person:
    """On the phenomena map with two notes, the focus on the first."""
    person = people("Tiira", device=WIDE)
    person.create("Näppäimillä")
    person.close_dialog()
    for text in (FIRST, SECOND):
        person.put("challenges", text)
    press(person, "Home")
    expect(person.note(FIRST)).to_be_focused()
    return person


def test_a_copy_has_the_focus_and_is_undone_and_redone(person: Person) -> None:
    original = person.note(FIRST).get_attribute("data-note")
    press(person, "Control+d")
    expect(person.note(FIRST)).to_have_count(2)
    copy = person.board.locator("[data-note]:focus")
    expect(copy).to_contain_text(FIRST)
    assert copy.get_attribute("data-note") != original
    expect(copy).to_be_in_viewport(ratio=0.99)
    person.shot("copy")
    press(person, "Control+z")
    expect(person.note(FIRST)).to_have_count(1)
    expect(person.board.locator(":focus")).to_have_count(1)  # not back at the top of the page
    press(person, "Control+y")
    expect(person.note(FIRST)).to_have_count(2)
    press(person, "Control+z")
    expect(person.note(FIRST)).to_have_count(1)
    press(person, "Shift+Control+z")
    expect(person.note(FIRST)).to_have_count(2)


def test_all_notes_of_an_area_are_chosen_and_let_go_of(person: Person) -> None:
    person.put("inspirations", "Toisaalla")
    press(person, "Control+Home", "Control+a")
    chosen = person.board.get_by_role("option", selected=True)
    expect(chosen).to_have_count(2)
    press(person, "Control+d")
    expect(person.notes).to_have_count(5)
    expect(chosen).to_have_count(2)  # the copies
    press(person, "Delete")
    expect(person.notes).to_have_count(3)
    person.sees(FIRST, SECOND, "Toisaalla")


def test_zoom_in_out_and_the_whole_board(person: Person) -> None:
    level = person.page.get_by_role("group", name=person.t("board.zoom")).get_by_text("%")
    note = person.note(FIRST)

    def width() -> float:
        box = note.bounding_box()
        assert box
        return box["width"]

    press(person, "0")
    whole = level.inner_text()
    before = width()
    press(person, "+", "+")
    expect(level).not_to_have_text(whole)
    assert width() > before * 1.1
    expect(note).to_be_focused()
    press(person, "-", "-", "-")
    assert width() < before
    press(person, "0")
    expect(level).to_have_text(whole)
    assert width() == pytest.approx(before, abs=1)


def test_a_dot_is_given_and_taken_back(person: Person) -> None:
    actions.panel_tab(person, "pace")
    actions.set_up_voting(person, dots=2, hidden=False)
    person.note(FIRST).focus()
    press(person, "v", "Control+Enter", "Control+Enter")  # never a bare letter
    actions.sees_dots(person, FIRST, 2)
    press(person, "Control+Shift+Enter")
    actions.sees_dots(person, FIRST, 1)
    expect(person.note(FIRST)).to_be_focused()


def test_what_a_row_became_is_asked_on_the_change_map(person: Person) -> None:
    actions.go(person, "change")
    actions.put(person, "change", "tools/from", "Kolme rekisteriä")
    expect(person.note("Kolme rekisteriä")).to_be_focused()
    press(person, "b")
    dialog = person.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    person.shot("became")
    press(person, "Escape")
    expect(dialog).to_have_count(0)
    expect(person.note("Kolme rekisteriä")).to_be_focused()
    press(person, "?")
    for keys in ("N, Insert", "Ctrl+D", "Shift+F10"):
        expect(dialog.get_by_role("rowheader", name=re.compile(re.escape(keys)))).to_be_visible()


def test_what_is_carried_by_keys_tells_into_which_area_it_comes(person: Person) -> None:
    """What the eye sees of the way; nothing while it stays in the area where it is."""
    heard = person.page.get_by_role("status").last
    press(person, "m")
    expect(heard).to_contain_text(person.t("board.move-started"))
    press(person, "ArrowDown")
    expect(heard).to_contain_text(person.t("board.move-started"))
    over = person.t("board.moves-over", zone=person.zone_title("inspirations"))
    for _ in range(80):
        press(person, "Shift+ArrowRight")
        if heard.inner_text() == over:
            break
    expect(heard).to_contain_text(over)
    press(person, "Escape")


def test_a_notes_name_tells_who_writes_in_it(people: People, person: Person) -> None:
    other = people("Lokki", language="en")
    invite = person.get(f"/api/workshops/{person.page.url.rsplit('/', 1)[1]}")[1]
    other.go(f"/j/{invite['join_code'].replace('-', '')}")
    other.textbox("join.name").fill(other.name)
    other.button("join.join").click()
    other.sees(FIRST)
    other.edit(FIRST)
    name = re.compile(re.escape(person.t("note.written-by", name="Lokki")))
    expect(person.note(FIRST)).to_have_attribute("aria-label", name)


def test_typing_on_a_note_taken_with_the_mouse_writes(person: Person) -> None:
    person.note(SECOND).click()
    person.page.keyboard.type("Tuonti myöhässä, Nyt?")
    expect(person.editor).to_have_value(f"{SECOND}Tuonti myöhässä, Nyt?")
    person.page.get_by_role("radio", name=person.t("note.color.green")).click()
    expect(person.editor).to_be_focused()
    person.page.keyboard.type(" Ja")
    press(person, "Control+Enter")  # done, and the next one
    expect(person.editor).to_have_value("")
    person.page.keyboard.type("Seuraava")
    press(person, "Escape")
    expect(person.note("Seuraava")).to_have_attribute("data-color", "green")
    expect(person.notes).to_have_count(3)
    press(person, "t")  # the keyboard came here by keys: a letter is a command
    expect(person.page.get_by_role("dialog", name=person.t("theme.choose"))).to_be_visible()


def test_letters_are_no_commands_where_they_are_switched_off(person: Person) -> None:
    press(person, "?")
    person.page.get_by_role("checkbox", name=person.t("board.letter-keys")).uncheck()
    person.shot("keys-without-letters")
    person.close_dialog()
    expect(person.note(FIRST)).to_be_focused()
    press(person, "m", "t")
    expect(person.editor).to_have_value(f"{FIRST}mt")
    person.page.reload()
    person.note(f"{FIRST}mt").focus()
    press(person, "n")
    expect(person.editor).to_have_value(f"{FIRST}mtn")
