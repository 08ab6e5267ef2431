"""The synthesis with what all tools have brought in sight; links to a row and to an experiment."""

import re

import pytest
from playwright.sync_api import Locator, expect

from boards.workbook.installed import load
from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, People, Person

pytestmark = pytest.mark.xdist_group("e2e-outcomes")

BOARDS = {board.key: board for board in load("valoa").boards}
TOOLS = ("phenomena", "change", "assessment")
COSTLY, QUIET = "Kirjaamme samat tiedot kolmeen järjestelmään", "Kahvi on hyvää"
ANSWER = "Moneen kertaan kirjaaminen."
IDEA = "Yksi yhteinen kirjaus"


def column(person: Person, key: str) -> Locator:
    name = BOARDS[key].title[person.language]
    return person.board.get_by_role("region", name=name, exact=True)


def link(person: Person, more: Locator, board: str, other: str) -> None:
    """From the button of an item's links, to an item of another board."""
    more.click()
    person.button("links.new").click()
    dialog = person.page.get_by_role("dialog").last
    dialog.get_by_role("combobox").select_option(label=BOARDS[board].title[person.language])
    dialog.get_by_role("searchbox").fill(other)
    dialog.get_by_role("button", name=re.compile(f"^{re.escape(other[:30])}")).click()
    expect(person.page.get_by_role("dialog")).to_have_count(1)


def summed_up(people: People) -> Person:
    """Two phenomena, one of which stands under an answer."""
    lead = people("Vetäjä", device=WIDE)
    lead.create("Kevään kehittämispäivä")
    lead.close_dialog()
    lead.button("panel.close").click()
    lead.put("challenges", COSTLY)
    lead.put("inspirations", QUIET)
    actions.go(lead, "phenomena_summary")
    lead.page.get_by_role("textbox").first.fill(ANSWER)
    card = lead.page.get_by_role("listitem").filter(has_text=COSTLY)
    card.drag_to(lead.page.get_by_role("textbox").first)
    expect(lead.page.locator("section").first.get_by_role("listitem")).to_contain_text(COSTLY)
    lead.sees_status("saved")
    return lead


def test_what_three_tools_brought_stands_side_by_side(people: People) -> None:
    lead = summed_up(people)
    actions.go(lead, "synthesis")
    for key in TOOLS:
        expect(column(lead, key)).to_be_in_viewport(ratio=0.1)
    expect(lead.page.get_by_role("textbox")).to_have_count(len(BOARDS["synthesis"].questions))
    phenomena = column(lead, "phenomena")
    expect(phenomena).to_contain_text(ANSWER)
    expect(phenomena.get_by_role("listitem")).to_have_count(1)  # not all notes: the linked one
    expect(phenomena).to_contain_text(lead.t("links.count", n=1))
    expect(column(lead, "change")).to_contain_text(lead.t("outcomes.none-marked"))
    expect(column(lead, "assessment")).to_contain_text(lead.t("answers.no-results"))
    phenomena.get_by_text(lead.t("outcomes.all", n=2)).click()
    expect(phenomena.get_by_text(QUIET)).to_be_visible()
    phenomena.get_by_role("listitem").first.drag_to(lead.page.get_by_role("textbox").last)
    rests = lead.page.locator(".question").last
    expect(rests.get_by_role("listitem")).to_contain_text(COSTLY)
    lead.shot("columns")
    # Narrower: one at a time, chosen by tool.
    lead.page.set_viewport_size({"width": 1000, "height": 800})
    expect(column(lead, "phenomena")).to_contain_text(ANSWER)
    expect(column(lead, "change")).to_have_count(0)
    tabs = lead.page.get_by_role("group", name=lead.t("answers.beside"))
    expect(tabs.get_by_role("button")).to_have_count(len(TOOLS))
    tabs.get_by_role("button", name=BOARDS["change"].title["fi"]).click()
    expect(column(lead, "change")).to_be_visible()
    lead.shot("tabs")


def test_a_trail_from_a_phenomenon_over_a_row_to_an_experiment(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevään kehittämispäivä")
    lead.close_dialog()
    lead.put("challenges", COSTLY)
    lead.sees_status("saved")
    tools = next(row.title for row in BOARDS["change"].rows if row.id == "tools")
    actions.go(lead, "experiments")
    lead.page.locator("[data-add]").click()
    lead.write(IDEA)
    lead.done()
    lead.button("app.named", label=lead.t("plan.make"), of=actions.first_words(IDEA)).click()
    expect(lead.page.get_by_role("heading", name=IDEA)).to_be_focused()

    # A row by its links on the canvas, an experiment by those on its card.
    actions.go(lead, "change")
    links = lead.t("links.title")
    row = lead.page.get_by_role("button", name=f"{links}: {tools['fi']}")
    link(lead, row, "phenomena", COSTLY)
    lead.close_dialog()
    actions.go(lead, "experiments")
    card = lead.page.get_by_role("button", name=f"{links} 1: {IDEA}")
    link(lead, card, "change", tools["fi"])
    lead.shot("experiment")

    guest = people("Rowan", language="en", device=PHONE)
    guest.join(workshop)
    guest.page.locator("[data-note-id]").get_by_role("button", name=re.compile("^1 link")).tap()
    guest.button("links.trace").tap()
    trail = guest.page.get_by_role("dialog").last
    expect(trail.get_by_role("heading", level=3)).to_have_text(
        [BOARDS[key].title["en"] for key in ("phenomena", "change", "experiments")]
    )
    guest.shot("trail")
    trail.get_by_role("button", name=re.compile(rf"{guest.t('links.go')}\s*: {IDEA}$")).last.tap()
    expect(guest.page.get_by_role("dialog")).to_have_count(0)
    expect(guest.page.locator(":focus")).to_contain_text(IDEA)
    # And to the row: its heading in the list.
    guest.page.get_by_role("button", name=re.compile(f"^Links 2: {IDEA}")).tap()
    guest.page.get_by_role("dialog").get_by_role(
        "button", name=re.compile(re.escape(tools["en"]))
    ).first.tap()
    expect(guest.page.get_by_role("heading", name=f"{tools['en']} – From")).to_be_focused()
    guest.shot("row")
