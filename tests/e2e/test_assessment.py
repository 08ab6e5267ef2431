"""The assessment as people meet it: fill in, wait, read the results together, pick from them."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Locator, expect

from boards.workbook import load
from tests.support.browser import PHONE, WIDE, People, Person, Workshop
from tests.support.server import Server

pytestmark = [pytest.mark.xdist_group("e2e-assessment"), pytest.mark.timeout(180)]

BOARD = load("valoa").board("assessment")
FORM = BOARD.forms[0]
WORDS = "Kysymme enemmän kuin ennen."


def test_a_round_from_its_opening_to_notes(server: Server, people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    phone = people("Pihlaja", language="sv", device=PHONE)
    workshop = lead.create("Arviointi yhdessä")
    lead.close_dialog()
    phone.join(workshop)
    for person in (lead, phone):
        go_to_assessment(person)
    expect(phone.board.get_by_text(phone.t("survey.no-round"))).to_be_visible()
    lead.button("survey.open").click()
    fill_in(phone)
    phone.button("survey.send").click()
    expect(phone.board.locator("p", has_text=phone.t("survey.sent"))).to_be_focused()
    expect(phone.page.get_by_role("table")).to_have_count(0)
    answer_by_hand(server, workshop, 4)
    close(lead)
    for person in (lead, phone):
        rows = person.page.get_by_role("table").last.get_by_role("row")
        expect(rows).to_have_count(1 + len(FORM.statements))
        expect(person.board.get_by_text(WORDS)).to_have_count(1)
    pick(lead, phone)


def go_to_assessment(person: Person) -> None:
    person.page.get_by_role("button", name=BOARD.title[person.language], exact=True).click()
    heading = person.page.get_by_role("heading", name=FORM.title[person.language], exact=True)
    expect(heading).to_be_visible()


def fill_in(person: Person) -> None:
    """By keyboard, with a reload in the middle: nothing that was filled in is lost."""
    first, second = question(person, 0), question(person, 1)
    first.get_by_role("radio").nth(1).focus()
    person.page.keyboard.press("Space")
    person.page.keyboard.press("ArrowRight")
    person.page.reload()
    go_to_assessment(person)
    expect(first.get_by_role("radio").nth(2)).to_be_checked()
    second.get_by_role("radio").last.focus()
    person.page.keyboard.press("Space")
    text = person.page.get_by_label(BOARD.scale.comment[person.language] if BOARD.scale else "")
    text.fill(WORDS)
    missing = len(FORM.statements) - 2
    expect(person.board.get_by_text(person.t("survey.missing", n=missing))).to_be_visible()


def question(person: Person, number: int) -> Locator:
    text = FORM.statements[number].text[person.language]
    return person.page.get_by_role("group", name=text, exact=True)


def answer_by_hand(server: Server, workshop: Workshop, people: int) -> None:
    """Others, past the interface."""
    ratings = {statement.id: 1 + 4 * (n % 2) for n, statement in enumerate(FORM.statements)}
    for number in range(people):
        with httpx.Client(base_url=server.url) as http:
            body = {"code": workshop.plain_code, "name": f"Osallistuja {number + 1}"}
            token = http.post("/api/join", json=body).raise_for_status().json()["token"]
            http.cookies.clear()
            http.post(
                f"/api/workshops/{workshop.id}/answers",
                json={"form": FORM.id, "ratings": {**ratings, FORM.statements[0].id: 5}},
                headers={"Authorization": f"Bearer {token}"},
            ).raise_for_status()


def close(lead: Person) -> None:
    expect(lead.board.get_by_text(lead.t("survey.answers-of", n=5, all=6))).to_be_visible()
    lead.button("survey.close").click()
    dialog = lead.page.get_by_role("dialog")
    dialog.get_by_role("button", name=lead.t("survey.close"), exact=True).click()
    heading = lead.page.get_by_role("heading", name=lead.t("survey.results", round=1))
    expect(heading).to_be_focused()


def pick(lead: Person, phone: Person) -> None:
    """Somebody brings a statement to what works already, and everybody has it as a note."""
    text = FORM.statements[0].text["fi"]
    zone = BOARD.zones[0].title["fi"]
    lead.button("survey.pick-named", zone=zone, text=text).click()
    for person in (lead, phone):
        person.sees(text)
    expect(lead.button("survey.picked-named", zone=zone, text=text)).to_be_disabled()
