"""Ways through the boards of a workbook: by tab, button and menu, in each person's language."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Any

from playwright.sync_api import Locator, expect

from boards.workbook import installed
from tests.support.browsers.browser import Person

__all__ = [
    "add",
    "answer",
    "as_list",
    "chips",
    "choose",
    "contents",
    "definition",
    "fill_field",
    "first_words",
    "give_dot",
    "go",
    "lead_to",
    "link",
    "open_boards",
    "page_of",
    "panel_tab",
    "put",
    "question",
    "question_text",
    "row_of",
    "row_of_board",
    "rows",
    "sees_dots",
    "set_up_voting",
    "stands_on",
    "statement",
    "text_of",
    "title",
    "typing",
    "use_as_evidence",
    "zone_title",
]

SHEET_PX = 704  # so wide a screen has a sheet with the boards, a wider one chips
FIRST_WORDS = 40  # characters of a note that its buttons are told apart by


@functools.cache
def definition(key: str) -> Any:
    """A board of the built-in workbook as its JSON."""
    boards = installed.load("valoa").json()["boards"]
    return next(board for board in boards if board["key"] == key)


def text_of(key: str, part: str, item: str, language: str, field: str = "title") -> str:
    """A text of one of the board's zones, columns, rows, fields, questions or forms."""
    found = next(each for each in definition(key)[part] if each["id"] == item)
    return str(found[field][language])


def title(key: str, language: str) -> str:
    return str(definition(key)["title"][language])


def zone_title(key: str, zone: str, language: str) -> str:
    """What a zone is called; a cell of a grid by its row and its column."""
    if "/" not in zone:
        return text_of(key, "zones", zone, language)
    row, column = zone.split("/")
    names = [text_of(key, "rows", row, language), text_of(key, "columns", column, language)]
    return " \N{EN DASH} ".join(names)


def rows(pages: Sequence[int]) -> list[str]:
    """Ids of the change map's rows on these pages."""
    return [row["id"] for row in definition("change")["rows"] if row["page"] in pages]


# -- from board to board ------------------------------------------------------------------------


def contents(person: Person) -> Locator:
    """The way through the workbook."""
    return person.page.get_by_role("navigation", name=person.t("workshop.boards"), exact=True)


def chips(person: Person) -> Locator:
    """The stages on a wide screen."""
    return contents(person).locator("button[aria-expanded]")


def open_boards(person: Person, key: str) -> Locator:
    """The boards of the stage that a board belongs to, on a phone those of all stages."""
    width = (person.page.viewport_size or {"width": 0})["width"]
    if width <= SHEET_PX:
        contents(person).locator("button[aria-haspopup=dialog]").click()
    else:
        chips(person).nth(stage_of(key)).click()
    rows = contents(person).locator("button[data-board]")
    expect(rows.first).to_be_visible()
    return rows


def stage_of(key: str) -> int:
    """Which of the built-in workbook's stages a board belongs to, the first is 0."""
    stages = installed.load("valoa").json()["stages"]
    return next(at for at, stage in enumerate(stages) if key in stage["boards"])


def row_of_board(person: Person, key: str) -> Locator:
    """A board in the open list of boards."""
    name = title(key, person.language)
    return (
        contents(person)
        .get_by_role("button", name=name, exact=True)
        .and_(person.page.locator("[data-board]"))
    )


def go(person: Person, key: str) -> None:
    """To a board, and wait until it is there."""
    choose(person, key)
    stands_on(person, key)


def choose(person: Person, key: str) -> None:
    """A board in the list of its stage's boards."""
    open_boards(person, key)
    row_of_board(person, key).click()


def stands_on(person: Person, key: str) -> None:
    """Wait until a shared board is open, by its name in the person's own language."""
    expect(contents(person).locator(".here")).to_have_text(title(key, person.language))
    person.sees_status("saved")


def as_list(person: Person) -> None:
    person.button("board.view.list").click()


def open_panel(lead: Person) -> None:
    """The facilitator's drawer, where it is not open: also right after a reload, while it loads."""
    button = lead.button("panel.open")
    if button.get_attribute("aria-expanded") == "false":
        button.click()


def panel_tab(lead: Person, tab: str) -> Locator:
    """A sheet of the facilitator's drawer."""
    lead.page.get_by_role("tab", name=lead.t(f"panel.tab_{tab}"), exact=True).click()
    return lead.page.get_by_role("tabpanel")


def menu_item(person: Person, key: str, **values: str | int) -> Locator:
    """An item of the menu that is open, whether it can be ticked or not."""
    name = person.t(key, **values)
    plain = person.page.get_by_role("menuitem", name=name, exact=True)
    ticked = person.page.get_by_role("menuitemradio", name=name, exact=True)
    switched = person.page.get_by_role("menuitemcheckbox", name=name, exact=True)
    return plain.or_(ticked).or_(switched)


def file_link(lead: Person, board: str, format: str) -> Locator:
    """The link to a board's file, its format chosen. `board`: its title in the list of files."""
    files = panel_tab(lead, "outputs")
    named = lead.t(f"panel.format_{format}")
    if format != "ics":  # which stands beside every plan
        files.get_by_role("button", name=named, exact=True).click()
    name = lead.t("panel.export_as", board=board, format=named)
    return files.get_by_role("link", name=name, exact=True)


def lead_to(lead: Person, key: str) -> None:
    """Bring everyone to a board."""
    pace = panel_tab(lead, "pace")
    row = pace.get_by_role("listitem").filter(
        has=lead.page.get_by_text(title(key, lead.language), exact=True)
    )
    named = lead.t("app.named", label=lead.t("panel.lead_here"), of=title(key, lead.language))
    row.get_by_role("button", name=named, exact=True).click()


def page_of(person: Person, page: int) -> Locator:
    """The button of a page of the change map; it goes by the page's number and its rows."""
    name = re.compile(rf"^{re.escape(person.t('grid.page', n=page))}\b")
    return person.page.get_by_role("button", name=name)


# -- notes --------------------------------------------------------------------------------------


def put(person: Person, key: str, zone: str, text: str) -> None:
    """A whole note, on the canvas or in the list."""
    add(person, key, zone)
    person.write(text)
    person.done()


def add(person: Person, key: str, zone: str) -> None:
    """Begin a note; it stays open."""
    person.button("board.add-to", zone=zone_title(key, zone, person.language)).click()


def typing(people: Sequence[Person], texts: Sequence[str]) -> Iterator[int]:
    """Every person types one letter of their text in turn; gives the number of letters typed."""
    for person in people:
        expect(person.editor).to_be_focused()
    for at in range(max(map(len, texts))):
        for person, text in zip(people, texts, strict=True):
            if at < len(text):
                person.page.keyboard.insert_text(text[at])
        yield at + 1


def row_of(person: Person, note: str) -> Locator:
    """A note of the list with its buttons."""
    return person.board.get_by_role("article", name=first_words(note), exact=True)


def first_words(note: str) -> str:
    """What the buttons of a note call it."""
    return note if len(note) <= FIRST_WORDS else f"{note[:FIRST_WORDS].rstrip()}…"


def menu_of(person: Person, note: str) -> Locator:
    """The dialog of a note's actions, from the list."""
    row_of(person, note).locator("button[aria-haspopup=dialog]").last.click()
    return person.page.get_by_role("dialog")


def link(person: Person, note: str, board: str, other: str) -> None:
    """From a note's menu to an item of some board, and back to the list."""
    menu_of(person, note)
    person.button("links.new").click()
    dialog = person.page.get_by_role("dialog").last
    dialog.get_by_role("combobox").select_option(label=title(board, person.language))
    dialog.get_by_role("searchbox").fill(other)
    dialog.get_by_role("button", name=re.compile(re.escape(other))).click()
    expect(person.page.get_by_role("dialog")).to_have_count(1)
    person.close_dialog()


# -- dots ---------------------------------------------------------------------------------------


def give_dot(person: Person, note: str) -> None:
    """By the button beside the note in the list, or below the canvas for the chosen note."""
    words = person.t("votes.give")
    found = person.note(note)
    if found.get_attribute("role") == "option":
        found.click()
        toolbar = person.page.get_by_role("toolbar", name=person.t("note.actions"))
        toolbar.get_by_role("button", name=words, exact=True).click()
    else:
        found.get_by_role("button", name=re.compile(f"^{re.escape(words)}")).click()


def sees_dots(person: Person, note: str, dots: int) -> None:
    expect(person.note(note).locator(".dots .count")).to_have_text(str(dots))


def set_up_voting(lead: Person, *, dots: int, hidden: bool) -> None:
    """Open the voting on the board that is shown; three dots are what is offered first."""
    voting = lead.page.get_by_role("region", name=lead.t("votes.heading"))
    for _ in range(3 - dots):
        voting.get_by_role("button", name=lead.t("votes.fewer"), exact=True).click()
    expect(voting.get_by_role("status")).to_have_text(str(dots))
    if hidden:
        voting.get_by_role("checkbox").check()
    lead.button("votes.open").click()
    expect(lead.button("votes.close")).to_be_visible()  # the keys give dots from now on


# -- answers ------------------------------------------------------------------------------------


def question_text(person: Person, key: str, item: str) -> str:
    return text_of(key, "questions", item, person.language, "text")


def question(person: Person, key: str, item: str) -> Locator:
    """A question with its answers, found by its words in the person's language."""
    words = re.compile(re.escape(question_text(person, key, item)))
    return person.board.get_by_role("region", name=words)


def answer(person: Person, key: str, item: str, text: str) -> None:
    """Write an answer, and leave it: whoever is in the middle of one is not led elsewhere."""
    field = question(person, key, item).get_by_role("textbox")
    field.fill(text)
    field.blur()


def use_as_evidence(person: Person, note: str, key: str, item: str) -> None:
    """From the board beside: by the note's button to a question."""
    person.button("answers.use-named", note=first_words(note)).click()
    dialog = person.page.get_by_role("dialog")
    dialog.get_by_role("button", name=question_text(person, key, item), exact=True).click()
    expect(dialog).to_have_count(0)


# -- assessment ---------------------------------------------------------------------------------


def statement(number: int, language: str) -> str:
    """A statement of the form for the whole team."""
    form = definition("assessment")["forms"][0]
    return str(form["statements"][number]["text"][language])


# -- experiments --------------------------------------------------------------------------------


def fill_field(person: Person, item: str, text: str) -> None:
    """A field of the plan's only experiment."""
    label = text_of("experiments", "fields", item, person.language)
    field = person.board.get_by_role("textbox", name=label, exact=True)
    field.fill(text)
    field.blur()
