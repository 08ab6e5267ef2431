"""The assessment as people meet it: fill in, wait, read the results together, pick from them."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Locator, expect

from boards.document import Document
from boards.edits import add_note
from boards.workbook.installed import load
from tests.e2e.screens.test_axe import LEVELS, violations
from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, People, Person, Workshop
from tests.support.network.proxy import proxy_to
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
    phone.put("challenges", "Kiire")
    phone.sees_status("saved")
    others = at_work(server, workshop, 4)
    for person in (lead, phone):
        go_to_assessment(person)
    expect(phone.board.get_by_text(phone.t("survey.no-round"))).to_be_visible()
    lead.button("survey.open").click()
    fill_in(phone)
    phone.button("survey.send").click()
    expect(phone.board.locator("p", has_text=phone.t("survey.sent"))).to_be_focused()
    expect(phone.page.get_by_role("table")).to_have_count(0)
    answer_by_hand(server, workshop, others)
    close(lead)
    for person in (lead, phone):
        rows = person.page.get_by_role("table").last.get_by_role("row")
        expect(rows).to_have_count(1 + len(FORM.statements))
        expect(person.board.get_by_text(WORDS)).to_have_count(1)
    pick(lead, phone)
    find(phone, lead)


def find(*people: Person) -> None:
    """From another board, by some of its words: what one wrote freely stands in the results."""
    for person in people:
        actions.go(person, "phenomena")
        if person.page.viewport_size == {"width": PHONE.width, "height": PHONE.height}:
            person.button("workshop.me", name=person.name).tap()
            person.page.get_by_role("menuitem", name=person.t("search.title")).tap()
        else:
            person.button("search.title").click()
        person.page.get_by_role("searchbox").fill(" ".join(WORDS.split()[-1::-1]))
        found = person.page.get_by_role("dialog").get_by_role("listitem").get_by_role("button")
        expect(found).to_have_count(1)
        expect(found).to_contain_text(FORM.title[person.language])
        person.shot("remark-found")
        found.click()
        actions.stands_on(person, "assessment")
        remark = person.board.get_by_role("listitem").filter(has_text=WORDS)
        expect(remark).to_be_focused()
        expect(remark).to_be_in_viewport()
        person.shot("remark")


def test_an_answer_sent_without_a_connection_goes_when_it_is_back(
    server: Server, people: People
) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Katkos")
    lead.close_dialog()
    with proxy_to(server.port) as proxy:
        line = proxy.way("member")
        person = people("Pihlaja", language="en")
        person.url = line.url
        person.forgive("ERR_|WebSocket")
        person.join(workshop)
        person.put("challenges", "Rush")
        person.sees_status("saved")
        at_work(server, workshop, 4)
        for each in (lead, person):
            go_to_assessment(each)
        lead.button("survey.open").click()
        question(person, 0).get_by_role("radio").nth(1).check()
        person.has_all_parts()
        line.break_off()
        person.sees_status("offline")
        send = person.button("survey.send")
        send.click()
        expect(person.board.get_by_text(person.t("survey.waits"))).to_be_visible()
        expect(send).to_be_focused()
        line.restore()
        person.page.evaluate("dispatchEvent(new Event('online'))")
        expect(person.board.locator("p", has_text=person.t("survey.sent"))).to_be_visible()
        person.sees_status("saved")
    [opened] = lead.get(f"/api/workshops/{workshop.id}/results?form={FORM.id}")[1]
    assert opened["answers"] == 1


def go_to_assessment(person: Person) -> None:
    actions.choose(person, "assessment")
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


def at_work(server: Server, workshop: Workshop, people: int) -> list[str]:
    """Tokens of others who have come and written a note, past the interface."""
    tokens = []
    for number in range(people):
        with httpx.Client(base_url=server.url) as http:
            body = {"code": workshop.plain_code, "name": f"Osallistuja {number + 1}"}
            tokens.append(http.post("/api/join", json=body).raise_for_status().json()["token"])
            http.cookies.clear()
            http.headers["Authorization"] = f"Bearer {tokens[-1]}"
            desk = http.get(f"/api/workshops/{workshop.id}").raise_for_status().json()
            board = next(each["id"] for each in desk["boards"] if each["key"] == "phenomena")
            document = Document()
            add_note(document, board, zone="challenges", text=f"Havainto {number}", at=number + 1)
            http.post(
                f"/api/boards/{board}/edits",
                content=document.get_update(),
                headers={"Content-Type": "application/octet-stream"},
            ).raise_for_status()
    return tokens


def answer_by_hand(server: Server, workshop: Workshop, tokens: list[str]) -> None:
    """Others, past the interface."""
    ratings = {statement.id: 1 + 4 * (n % 2) for n, statement in enumerate(FORM.statements)}
    for token in tokens:
        httpx.post(
            f"{server.url}/api/workshops/{workshop.id}/answers",
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


def test_a_form_that_is_not_sent_when_its_round_closes_is_told_of_and_kept(
    server: Server, people: People
) -> None:
    lead = people("Vetäjä", device=WIDE)
    phone = people("Pihlaja", language="sv", device=PHONE)
    lead.page.clock.install()
    workshop = lead.create("Kesken jäi")
    lead.close_dialog()
    phone.join(workshop)
    phone.put("challenges", "Kiire")
    phone.sees_status("saved")
    others = at_work(server, workshop, 5)
    for person in (lead, phone):
        go_to_assessment(person)
    lead.button("survey.open").click()
    comment = phone.page.get_by_label(BOARD.scale.comment["sv"] if BOARD.scale else "")
    for number in range(3):
        question(phone, number).get_by_role("radio").nth(1).check()
    comment.fill(WORDS)
    expect(lead.board.get_by_text(lead.t("survey.answers-of", n=0, all=7))).to_be_visible()
    told = phone.board.get_by_text(phone.t("survey.cut-short"))
    expect(told).to_have_count(0)
    lead.page.clock.pause_at(lead.page.evaluate("Date.now() + 1000"))  # it looks no more by itself
    answer_by_hand(server, workshop, others)
    lead.button("survey.close").click()
    dialog = lead.page.get_by_role("dialog")
    expect(dialog).to_contain_text(lead.t("survey.answers-of", n=5, all=7))
    lead.page.clock.resume()
    dialog.get_by_role("button", name=lead.t("survey.close"), exact=True).click()
    expect(told).to_be_visible()
    kept = phone.t("survey.cut-draft", n=3, all=len(FORM.statements))
    expect(phone.board.get_by_text(kept)).to_be_visible()
    expect(phone.board.get_by_text(WORDS, exact=True)).to_be_visible()
    told.scroll_into_view_if_needed()
    phone.shot("survey-cut-short")
    phone.button("survey.copy-comment").click()
    expect(phone.button("app.copied")).to_be_visible()
    expect(lead.board.get_by_text(lead.t("survey.cut-short"))).to_have_count(0)
    lead.button("survey.open-again").click()
    expect(comment).to_have_value(WORDS)
    expect(told).to_have_count(0)


def test_whoever_only_came_in_is_asked_when_the_facilitator_knows_them(people: People) -> None:
    """Who leads decides by name, is warned of a round without results, and can add people later."""
    lead = people("Vetäjä", device=WIDE)
    phone = people("Pihlaja", language="sv", device=PHONE)
    late = people("Myöhäinen")
    workshop = lead.create("Ketä kysytään")
    lead.close_dialog()
    phone.join(workshop)
    go_to_assessment(lead)
    lead.button("survey.open").click()
    dialog = lead.page.get_by_role("dialog", name=lead.t("survey.whom"))
    expect(dialog.get_by_role("status")).to_have_text(lead.t("survey.whom-few", n=1))
    asks = dialog.get_by_role("group", name=lead.t("survey.whom-others"))
    asks.get_by_role("checkbox", name="Pihlaja").check()
    expect(dialog.get_by_role("status")).to_have_text(lead.t("survey.whom-few", n=2))
    assert violations(lead, {"runOnly": LEVELS}) == []
    lead.shot("survey-whom")
    lead.page.set_viewport_size({"width": 360, "height": 740})
    lead.shot("survey-whom-360")
    lead.page.set_viewport_size({"width": 1440, "height": 900})
    dialog.get_by_role("button", name=lead.t("survey.open-few"), exact=True).click()
    expect(lead.board.get_by_text(lead.t("survey.answers-of", n=0, all=2))).to_be_visible()
    expect(lead.board.get_by_text(lead.t("survey.added", n=1))).to_be_visible()
    go_to_assessment(phone)
    expect(question(phone, 0)).to_be_visible()
    late.join(workshop)
    go_to_assessment(late)
    expect(late.board.get_by_text(late.t("survey.not-invited"))).to_be_visible()
    expect(question(late, 0)).to_have_count(0)
    late.shot("survey-not-invited")
    expect(lead.board.get_by_text(lead.t("survey.not-asked", n=1))).to_be_visible()
    lead.button("survey.choose-whom").click()
    expect(dialog.get_by_role("button", name=lead.t("survey.ask-them"))).to_be_disabled()
    dialog.get_by_role("checkbox", name="Myöhäinen").check()
    dialog.get_by_role("button", name=lead.t("survey.ask-them")).click()
    expect(question(late, 0)).to_be_visible()
    expect(lead.board.get_by_text(lead.t("survey.answers-of", n=0, all=3))).to_be_visible()
    lead.shot("survey-asked-more")


def test_who_wrote_only_to_be_asked_is_left_out_and_everybody_sees_who_is_asked(
    server: Server, people: People
) -> None:
    lead = people("Vetäjä", device=WIDE)
    phone = people("Pihlaja", language="sv", device=PHONE)
    workshop = lead.create("Ketä ei kysytä")
    lead.close_dialog()
    phone.join(workshop)
    phone.put("challenges", "Kiire")
    phone.sees_status("saved")
    at_work(server, workshop, 4)
    for person in (lead, phone):
        go_to_assessment(person)
    lead.button("survey.choose-whom").click()
    dialog = lead.page.get_by_role("dialog", name=lead.t("survey.whom"))
    asked = dialog.get_by_role("group", name=lead.t("survey.whom-at-work"))
    expect(asked.get_by_role("checkbox", checked=True)).to_have_count(6)
    lead.shot("survey-leave-out")
    asked.get_by_role("checkbox", name="Pihlaja").uncheck()
    dialog.get_by_role("button", name=lead.t("survey.open"), exact=True).click()
    for person in (lead, phone):
        expect(person.board.get_by_text(person.t("survey.left-out", n=1))).to_be_visible()
        person.board.locator("summary", has_text=person.t("survey.whom-now")).click()
        names = person.board.locator("details li")
        expect(names).to_have_count(5)
        expect(names.filter(has_text="Pihlaja")).to_have_count(0)
    expect(phone.board.get_by_text(phone.t("survey.not-invited"))).to_be_visible()
    assert violations(lead, {"runOnly": LEVELS}) == []
    phone.shot("survey-who-is-asked")
