"""Everything by keyboard alone, on the canvas and in the list; focus is never lost or trapped."""

import pytest
from playwright.sync_api import Locator, expect

from tests.support.browsers.browser import People, Person

pytestmark = pytest.mark.xdist_group("e2e-keyboard")

MOST_TABS = 40  # more than there are stops on a page


@pytest.fixture
def person(people: People) -> Person:
    workshop = people("Vetäjä").create("Tiimin kehittämispäivä")
    person = people("Tiira")
    person.join(workshop)
    return person


def press(person: Person, *keys: str) -> None:
    for key in keys:
        person.page.keyboard.press(key)


def tab_to(person: Person, target: Locator, key: str = "Tab") -> int:
    """Press Tab until `target` has the focus; gives how often."""
    for presses in range(1, MOST_TABS):
        press(person, key)
        if target.evaluate("element => element === document.activeElement"):
            return presses
    raise AssertionError(f"Tab never reaches {target}")


def focused(person: Person) -> str:
    """What has the focus, for a message."""
    return str(person.page.evaluate("document.activeElement.outerHTML.slice(0, 200)"))


def write_first(person: Person, text: str) -> None:
    """The first note of the board: to the zone's button by Tab."""
    add = person.zone("challenges").get_by_role("button")
    tab_to(person, add.first)
    press(person, "Enter")
    person.write(text)
    press(person, "Escape")
    expect(person.note(text)).to_be_focused()


def test_the_skip_link_comes_first_and_leads_to_the_board(person: Person) -> None:
    person.page.reload()
    person.sees_status("saved")
    skip = person.page.get_by_role("link", name=person.t("workshop.skip"))
    press(person, "Tab")
    expect(skip).to_be_focused()
    person.shot("skip-link")
    press(person, "Enter")
    expect(person.board).to_be_focused()
    assert tab_to(person, person.zone("challenges").get_by_role("button").first) <= 1


def test_write_edit_move_recolour_delete(person: Person) -> None:
    write_first(person, "Ensimmäinen")
    press(person, "n")  # next to it, in the same zone
    person.write("Toinen")
    press(person, "Control+Enter")  # and on to the next one, which stays unwritten
    expect(person.editor).to_have_value("")
    press(person, "Escape")
    expect(person.note("Toinen")).to_be_focused()
    press(person, "Home")
    expect(person.note("Ensimmäinen")).to_be_focused()
    press(person, "Enter")
    person.write(", muokattu")
    press(person, "Escape")
    expect(person.note("Ensimmäinen, muokattu")).to_be_focused()
    press(person, "Shift+F10")
    expect(person.page.get_by_role("toolbar").get_by_role("button").first).to_be_focused()
    person.shot("note-actions")
    press(person, "Tab", "ArrowRight", "Enter")
    press(person, "Escape")
    expect(person.note("Ensimmäinen, muokattu")).to_be_focused()
    expect(person.note("Ensimmäinen, muokattu")).to_have_attribute("data-color", "green")
    press(person, "Delete")
    expect(person.note("Ensimmäinen, muokattu")).to_have_count(0)
    expect(person.note("Toinen")).to_be_focused()  # focus goes on, it is not lost
    undo = person.page.locator(".toast").get_by_role("button", name=person.t("board.undo"))
    tab_to(person, undo)
    press(person, "Enter")
    person.sees("Ensimmäinen, muokattu", "Toinen")
    person.sees_status("saved")


def test_carry_a_note_to_another_zone_and_back(person: Person) -> None:
    write_first(person, "Kuljetettava")
    note = person.note("Kuljetettava")
    before = note.bounding_box()
    press(person, "m", *["Shift+ArrowRight"] * 3)
    expect(person.page.get_by_text(person.t("board.move-started")).first).to_be_visible()
    press(person, "Escape")
    expect(note).to_be_focused()
    assert note.bounding_box() == before  # put back
    press(person, "m", *["Shift+ArrowRight"] * 14, "ArrowDown", "Enter")
    expect(person.zone("inspirations").locator("[data-note]")).to_have_count(1)
    expect(note).to_be_focused()
    said = person.t("board.dropped", zone=person.zone_title("inspirations"), at=1, of=1)
    expect(person.page.get_by_text(said)).to_have_count(1)
    press(person, "Control+z")
    expect(person.zone("challenges").locator("[data-note]")).to_have_count(1)


def test_move_to_a_zone_by_menu(person: Person) -> None:
    write_first(person, "Valikosta")
    press(person, "Shift+F10")
    tab_to(person, person.button("note.move"))
    press(person, "Enter")
    expect(person.page.get_by_role("menuitem")).to_be_focused()
    press(person, "Enter")
    expect(person.zone("inspirations").locator("[data-note]")).to_have_count(1)
    expect(person.note("Valikosta")).to_be_focused()


def test_arrows_go_from_note_to_note_and_over_the_edge_of_a_zone(person: Person) -> None:
    write_first(person, "Vasen")
    press(person, "n")
    person.write("Keski")
    press(person, "Escape")
    person.put("inspirations", "Oikea")
    expect(person.note("Oikea")).to_be_focused()
    press(person, "ArrowLeft")
    expect(person.note("Keski")).to_be_focused()
    press(person, "ArrowLeft")
    expect(person.note("Vasen")).to_be_focused()
    press(person, "PageDown")
    expect(person.note("Oikea")).to_be_focused()
    press(person, "Control+Home")
    expect(person.note("Vasen")).to_be_focused()
    press(person, "Shift+ArrowRight")
    expect(person.page.get_by_role("option", selected=True)).to_have_count(2)
    press(person, "Delete")
    expect(person.notes).to_have_count(1)
    expect(person.board.locator(":focus")).to_have_count(1)  # not back at the top of the page


def test_a_key_means_the_note_in_focus_and_not_the_one_written_last(person: Person) -> None:
    write_first(person, "Kohde")
    press(person, "n")
    person.write("Viimeksi kirjoitettu")
    press(person, "Escape", "ArrowLeft")
    expect(person.note("Kohde")).to_be_focused()
    press(person, "Delete")
    expect(person.note("Kohde")).to_have_count(0)
    person.sees("Viimeksi kirjoitettu")


def test_space_chooses_several(person: Person) -> None:
    for text in ("Yksi", "Kaksi", "Kolme"):
        person.put("challenges", text)
    press(person, "Home", "Space", "End", "Space")
    expect(person.page.get_by_role("option", selected=True)).to_have_count(2)
    expect(person.page.get_by_role("toolbar")).to_contain_text(person.t("board.selected", n=2))
    press(person, "Delete")
    expect(person.notes).to_have_count(1)
    person.sees("Kaksi")


def test_a_note_carried_far_stays_in_sight(person: Person) -> None:
    person.put("inspirations", "Kauas")
    press(person, "m", *["Shift+ArrowRight"] * 12, "Enter")
    expect(person.note("Kauas")).to_be_focused()
    expect(person.note("Kauas")).to_be_in_viewport(ratio=0.99)


def test_the_board_is_one_stop_and_tab_leaves_it(person: Person) -> None:
    for text in ("Yksi", "Kaksi", "Kolme"):
        person.put("challenges", text)
    stops = person.page.locator("[data-note][tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()
    seen: set[str] = set()
    for _ in range(MOST_TABS):
        press(person, "Tab")
        seen.add(focused(person))
        if person.page.evaluate("document.activeElement === document.body"):
            break  # out of the page, into the browser
    else:
        raise AssertionError(f"Tab is trapped among {seen}")
    assert sum("data-note" in each for each in seen) == 0  # not one stop for each note
    stops.focus()
    press(person, "Enter")
    expect(person.editor).to_be_focused()
    press(person, "Tab")  # out of the text field, too
    expect(person.editor).to_have_count(0)


def test_letters_are_letters_while_one_writes(person: Person) -> None:
    write_first(person, "nm+-0?")
    person.sees("nm+-0?")
    expect(person.notes).to_have_count(1)
    expect(person.page.get_by_role("dialog")).to_have_count(0)


def test_key_help_opens_and_gives_the_focus_back(person: Person) -> None:
    write_first(person, "Apua")
    press(person, "?")
    expect(person.page.get_by_role("dialog")).to_be_visible()
    person.shot("keys")
    press(person, "Escape")
    expect(person.note("Apua")).to_be_focused()


def test_the_list_does_the_same(person: Person) -> None:
    tab_to(person, person.button("board.view.list"))
    press(person, "Enter")
    write_first_in_list(person, "Luettelosta")
    more = person.button("note.more-named", note="Luettelosta")
    tab_to(person, more)
    press(person, "Enter")
    dialog = person.page.get_by_role("dialog")
    move = dialog.get_by_role("button", name=person.zone_title("inspirations"))
    tab_to(person, move)
    person.shot("note-menu")
    press(person, "Enter")
    expect(dialog).to_have_count(0)
    expect(person.zone("inspirations").locator("[data-note-id]")).to_have_count(1)
    expect(person.page.locator("body:focus")).to_have_count(0)
    if not has_focus(more):
        tab_to(person, more, "Shift+Tab")
    press(person, "Enter")
    tab_to(person, dialog.get_by_role("button", name=person.t("note.delete")))
    press(person, "Enter")
    expect(person.notes).to_have_count(0)
    undo = person.page.locator(".toast").get_by_role("button", name=person.t("board.undo"))
    tab_to(person, undo)
    press(person, "Enter")
    person.sees("Luettelosta")


def write_first_in_list(person: Person, text: str) -> None:
    tab_to(person, person.zone("challenges").get_by_role("button").first, "Shift+Tab")
    press(person, "Enter")
    person.write(text)
    press(person, "Escape")
    expect(person.button("note.edit-named", note=text)).to_be_focused()


def has_focus(target: Locator) -> bool:
    return bool(target.evaluate("element => element === document.activeElement"))
