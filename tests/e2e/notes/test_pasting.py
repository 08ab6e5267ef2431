"""What is pasted or dropped on a board: lines become notes, and no file replaces the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, People, Person

pytestmark = pytest.mark.xdist_group("e2e-pasting")

PICTURE = """async () => {
    const canvas = new OffscreenCanvas(4, 4);
    canvas.getContext('2d').fillRect(0, 0, 4, 4);
    const blob = await canvas.convertToBlob({ type: 'image/png' });
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
}"""


@pytest.fixture
def person(people: People) -> Person:
    person = people("Tiira", device=WIDE, permissions=["clipboard-read", "clipboard-write"])
    person.create("Tiimin kehittämispäivä")
    person.close_dialog()
    return person


def paste(person: Person, text: str) -> None:
    person.page.evaluate("text => navigator.clipboard.writeText(text)", text)
    person.page.keyboard.press("Control+v")


def focus_board(person: Person) -> None:
    person.board.locator(".viewport").focus()


def test_each_pasted_line_is_a_note(person: Person) -> None:
    focus_board(person)
    paste(person, "• Yksi\r\n\r\n• Kaksi\n• Kolme\n")
    person.sees("Yksi", "Kaksi", "Kolme")
    expect(person.notes).to_have_count(3)
    expect(person.note("Yksi")).to_be_focused()
    expect(person.board.get_by_role("option", selected=True)).to_have_count(3)
    person.page.keyboard.press("Control+z")  # one step
    expect(person.notes).to_have_count(0)
    person.add("inspirations", "")
    paste(person, "Rivi\nToinen rivi")  # into the note that is being written
    expect(person.editor).to_have_value("Rivi\nToinen rivi")
    person.done()
    expect(person.notes).to_have_count(1)


def test_what_was_pasted_becomes_one_note_by_choice_and_many_again(person: Person) -> None:
    focus_board(person)
    paste(person, "Yksi\nKaksi\nKolme")
    told = person.page.locator(".toast", has_text=person.t("note.pasted", n=3))
    expect(told).to_be_visible()
    expect(person.note("Yksi")).to_be_focused()  # and so not the message
    person.shot("offer")
    one = told.get_by_role("button", name=person.t("note.paste-one"))
    one.focus()
    person.page.keyboard.press("Enter")
    expect(person.notes).to_have_count(1)
    whole = "Yksi\nKaksi\nKolme"
    person.sees(whole)
    expect(person.note(whole)).to_be_focused()
    expect(told).to_have_count(0)
    person.page.keyboard.press("Control+z")  # one step
    person.sees("Yksi", "Kaksi", "Kolme")
    person.page.keyboard.press("Control+z")
    expect(person.notes).to_have_count(0)


def test_an_offer_goes_when_somebody_writes_on(person: Person) -> None:
    focus_board(person)
    paste(person, "Yksi\nKaksi")
    told = person.page.locator(".toast", has_text=person.t("note.pasted", n=2))
    expect(told).to_be_visible()
    person.edit("Kaksi")
    person.page.keyboard.type("!")
    expect(told).to_have_count(0)
    person.done()
    person.sees("Yksi", "Kaksi!")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_lines_pasted_into_an_empty_note_become_notes_by_choice(
    people: People, language: str
) -> None:
    rights = ["clipboard-read", "clipboard-write"]
    person = people("Tiira", device=WIDE, permissions=rights, language=language)
    person.create("Tiimin kehittämispäivä")
    person.close_dialog()
    person.add("inspirations", "")
    paste(person, "\uf0b7\tYk\u00adsi\n\uf0b7\tKaksi\u00a0sanaa")
    expect(person.editor).to_have_value("Yksi\nKaksi sanaa")
    told = person.page.locator(".toast", has_text=person.t("note.paste-lines", n=2))
    expect(told).to_be_visible()
    expect(person.editor).to_be_focused()
    person.shot(f"lines-{language}")
    told.get_by_role("button", name=person.t("note.paste-each", n=2)).click()
    expect(person.notes).to_have_count(2)
    assert sorted(person.texts()) == ["Kaksi sanaa", "Yksi"]
    person.page.keyboard.press("Control+z")
    person.sees("Yksi\nKaksi sanaa")
    expect(person.notes).to_have_count(1)


def test_tables_and_lists_of_office_programs_come_clean(person: Person) -> None:
    table = (
        "<table><tr><td>Jono kasvaa</td><td>12</td></tr><tr><td>Kaksi<br>riviä</td></tr></table>"
    )
    person.page.evaluate(
        """async html => {
            const data = { 'text/html': new Blob([html], { type: 'text/html' }),
                           'text/plain': new Blob(['Jono kasvaa\\t12'], { type: 'text/plain' }) };
            await navigator.clipboard.write([new ClipboardItem(data)]);
        }""",
        table,
    )
    focus_board(person)
    person.page.keyboard.press("Control+v")
    expect(person.notes).to_have_count(2)
    assert sorted(person.texts()) == ["Jono kasvaa · 12", "Kaksi\nriviä"]


def test_chosen_notes_are_cut_from_one_board_and_pasted_on_another(person: Person) -> None:
    """With their colours and whole; as lines for other programs; and a text field keeps its own."""
    two = "Kaksi\nriviä"
    for text in ("Yksi", two):
        person.put("challenges", text)
    focus_board(person)
    person.page.keyboard.press("Control+a")
    person.page.get_by_role("radio", name=person.t("note.color.blue")).click()
    focus_board(person)
    person.page.keyboard.press("Control+x")
    expect(person.notes).to_have_count(0)
    assert person.page.evaluate("navigator.clipboard.readText()").split("\n") == [
        "Yksi",
        "Kaksi riviä",
    ]
    actions.go(person, "change")
    focus_board(person)
    person.page.keyboard.press("Control+v")
    expect(person.notes).to_have_count(2)
    assert sorted(person.texts()) == [two, "Yksi"]
    assert {note.get_attribute("data-color") for note in person.notes.all()} == {"blue"}
    person.page.keyboard.press("Control+c")
    person.page.keyboard.press("Control+v")
    expect(person.notes).to_have_count(4)


def test_what_is_pasted_before_all_has_come_waits_for_it(person: Person) -> None:
    person.page.evaluate("navigator.clipboard.writeText('Yksi\\nKaksi')")
    held: list[Route] = []
    person.page.route("**/Pasting-*.js", lambda route: held.append(route))
    with person.page.expect_request("**/Pasting-*.js"):
        person.page.reload()
    focus_board(person)
    person.page.keyboard.press("Control+v")
    expect(person.notes).to_have_count(0)
    for route in held:
        route.continue_()
    person.sees("Yksi", "Kaksi")
    expect(person.notes).to_have_count(2)


def test_many_lines_are_asked_about(person: Person) -> None:
    lines = "\n".join(f"Rivi {number}" for number in range(11))
    focus_board(person)
    paste(person, lines)
    dialog = person.page.get_by_role("dialog", name=person.t("note.paste-many", n=11))
    expect(dialog).to_be_visible()
    person.shot("asked")
    person.page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
    person.shot("asked-phone")
    person.page.set_viewport_size({"width": WIDE.width, "height": WIDE.height})
    dialog.get_by_role("button", name=person.t("note.paste-not")).click()
    expect(person.notes).to_have_count(0)
    focus_board(person)
    person.page.keyboard.press("Control+v")
    dialog.get_by_role("button", name=person.t("note.paste-make")).click()
    expect(person.notes).to_have_count(11)


def test_more_lines_than_a_board_holds_are_refused_whole(person: Person) -> None:
    focus_board(person)
    paste(person, "\n".join(f"Rivi {number}" for number in range(20_001)))
    expect(person.page.locator(".toast.problem")).to_be_visible()
    expect(person.page.get_by_role("dialog")).to_have_count(0)
    expect(person.notes).to_have_count(0)


@pytest.mark.parametrize("place", [".viewport", "header", "[data-note]", ".panel, aside"])
def test_a_dropped_file_leaves_the_page_as_it_is(
    person: Person, place: str, tmp_path: Path
) -> None:
    person.put("challenges", "Lappu")
    file = tmp_path / "kuva.html"
    file.write_text("<h1>Kuva</h1>")
    box = person.page.locator(place).first.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + min(box["height"] / 2, 300)
    session = person.page.context.new_cdp_session(person.page)
    data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": data})
    told = person.page.locator(".toast", has_text=person.t("app.no-files"))
    expect(told).to_be_visible()
    person.sees("Lappu")
    if place == ".viewport":
        person.shot("told")


def test_a_pasted_picture_is_refused_in_a_sentence(person: Person) -> None:
    person.add("challenges", "Lappu")
    told = person.page.locator(".toast", has_text=person.t("app.no-files"))
    for here in ("in a note", "on the board"):
        person.page.evaluate(PICTURE)
        person.page.keyboard.press("Control+v")
        expect(told, here).to_be_visible()
        told.get_by_role("button", name=person.t("app.close")).click()
        expect(told).to_have_count(0)
        person.page.keyboard.press("Escape")
        focus_board(person)
    person.sees("Lappu")
    expect(person.notes).to_have_count(1)
