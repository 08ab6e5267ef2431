"""The experiment plan in browsers: from ideas to dates, to what was learned when it is over."""

from __future__ import annotations

import datetime

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, People, Person

pytestmark = pytest.mark.xdist_group("e2e-plan")

IDEA, OTHER = "Yksi yhteinen kirjaus", "Avauspalaveri seisten"
LEARNED = "Kirjaaminen nopeutui, ja tapa jää."


def day(ahead: int) -> str:
    return (datetime.date.today() + datetime.timedelta(days=ahead)).isoformat()


def card(person: Person, name: str) -> Locator:
    """An experiment with its fields."""
    return person.board.locator("article.card").filter(
        has=person.page.get_by_role("heading", name=name, exact=True)
    )


def dates(person: Person, name: str, start: str, end: str) -> None:
    for key, when in (("plan.start", start), ("plan.end", end)):
        card(person, name).get_by_label(person.t(key), exact=True).fill(when)


def make(person: Person, idea: str) -> None:
    person.button("app.named", label=person.t("plan.make"), of=actions.first_words(idea)).click()
    heading = card(person, idea).get_by_role("heading", name=idea)
    expect(heading).to_be_focused()


def test_an_idea_becomes_an_experiment_with_days_on_a_timeline(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kokeillaan")
    writer, reader = people("Tiira"), people("Lokki", language="sv", device=PHONE)
    for person in (writer, reader):
        person.join(workshop)
        actions.go(person, "experiments")
    expect(reader.board.get_by_text(reader.t("plan.empty"))).to_be_visible()
    for text in (IDEA, OTHER):
        actions.put(writer, "experiments", "ideas", text)
    make(writer, IDEA)
    expect(card(reader, IDEA)).to_contain_text(reader.t("plan.from", note=IDEA))
    shown = writer.t("plan.show")
    writer.button(
        "app.named", label=shown, of=actions.first_words(IDEA)
    ).click()  # it is there already: this leads to it
    expect(writer.board.locator("article.card")).to_have_count(1)
    refuse_an_end_before_the_start(writer)
    add_checks(writer, reader)
    on_the_timeline(reader)
    take_away_and_back(writer, reader)


def refuse_an_end_before_the_start(person: Person) -> None:
    """What cannot be is not saved, and the page says so."""
    dates(person, IDEA, day(7), day(35))
    end = card(person, IDEA).get_by_label(person.t("plan.end"), exact=True)
    end.fill(day(1))
    alert = card(person, IDEA).get_by_role("alert")
    expect(alert).to_have_text(person.t("plan.day-refused"))
    end.blur()
    expect(end).to_have_value(day(35))


def add_checks(writer: Person, reader: Person) -> None:
    own = card(writer, IDEA)
    for when in (day(21), day(14)):
        own.get_by_label(writer.t("plan.check-day"), exact=True).fill(when)
        own.get_by_role("button", name=writer.t("plan.check-add"), exact=True).click()
    expect(own.locator("fieldset li")).to_have_count(2)
    own.locator("fieldset li").last.get_by_role("button").click()
    theirs = card(reader, IDEA)
    expect(theirs.locator("fieldset li")).to_have_count(1)
    expect(theirs.get_by_label(reader.t("plan.end"), exact=True)).to_have_value(day(35))


def on_the_timeline(person: Person) -> None:
    """As a picture, and the same in a table."""
    expect(person.page.get_by_role("img", name=person.t("plan.timeline"))).to_be_visible()
    person.page.get_by_text(person.t("plan.as-table"), exact=True).click()
    row = person.page.get_by_role("table").get_by_role("row").filter(has_text=IDEA)
    expect(row.get_by_role("cell")).to_have_count(3)
    expect(row).to_contain_text(str(datetime.date.fromisoformat(day(35)).day))
    person.shot("timeline-as-table")


def take_away_and_back(writer: Person, reader: Person) -> None:
    writer.button("plan.remove", name=IDEA).click()
    expect(card(reader, IDEA)).to_have_count(0)
    toast = writer.page.locator(".toast").filter(has_text=writer.t("plan.removed"))
    toast.get_by_role("button", name=writer.t("board.undo"), exact=True).click()
    expect(card(reader, IDEA)).to_be_visible()
    writer.sees_status("saved")


def test_when_it_is_over_the_plan_asks_what_was_learned(people: People) -> None:
    lead = people("Vetäjä")
    workshop = lead.create("Kokeiltu")
    lead.close_dialog()
    person = people("Heron", language="en")
    person.join(workshop)
    for each in (lead, person):
        actions.go(each, "experiments")
    for text in (IDEA, OTHER):
        actions.put(lead, "experiments", "ideas", text)
    for text in (IDEA, OTHER):
        make(lead, text)
    dates(lead, IDEA, day(-40), day(-2))
    dates(lead, OTHER, day(-2), day(20))
    over, running = card(person, IDEA), card(person, OTHER)
    asks = person.t("plan.over-ask")
    expect(over).to_contain_text(asks)
    expect(running).not_to_contain_text(asks)
    label = actions.text_of("experiments", "fields", "learned", person.language)
    field = over.get_by_role("textbox", name=label, exact=True)
    expect(field).to_be_visible()
    expect(running.get_by_role("textbox", name=label, exact=True)).to_be_hidden()
    running.get_by_text(person.t("plan.later"), exact=True).click()
    expect(running.get_by_role("textbox", name=label, exact=True)).to_be_visible()
    person.shot("over-and-running")
    field.fill(LEARNED)
    expect(over.get_by_role("textbox", name=label, exact=True)).to_have_value(LEARNED)
    expect(over).not_to_contain_text(asks)
    expect(card(lead, IDEA).locator("textarea").last).to_have_value(LEARNED)


def test_one_experiment_goes_into_a_calendar(people: People) -> None:
    lead = people("Vetäjä")
    lead.create("Kalenteriin")
    lead.close_dialog()
    actions.go(lead, "experiments")
    for text in (IDEA, OTHER):
        actions.put(lead, "experiments", "ideas", text)
    for text in (IDEA, OTHER):
        make(lead, text)
        dates(lead, text, day(3), day(30))
    lead.sees_status("saved")
    with lead.page.expect_download() as started:
        card(lead, IDEA).get_by_role("link").click()
    calendar = started.value.path().read_text("utf-8").replace("\r\n ", "")
    assert calendar.count("BEGIN:VEVENT") == 2
    assert IDEA in calendar
    assert OTHER not in calendar


def test_on_a_phone_one_reads_fills_in_and_takes_the_days_along(people: People) -> None:
    lead = people("Vetäjä")
    workshop = lead.create("Kokeilu taskussa")
    lead.close_dialog()
    actions.go(lead, "experiments")
    actions.put(lead, "experiments", "ideas", IDEA)
    make(lead, IDEA)
    actions.fill_field(lead, "why", "Aikaa jää asiakkaille")
    person = people("Kuovi", device=PHONE)
    person.join(workshop)
    actions.go(person, "experiments")
    own = card(person, IDEA)
    why = actions.text_of("experiments", "fields", "why", "fi")
    expect(own.get_by_role("textbox", name=why, exact=True)).to_have_value("Aikaa jää asiakkaille")
    # No days yet: no file, and the page says what is missing.
    told = person.board.get_by_text(person.t("plan.calendar-none"))
    expect(told).to_be_visible()
    calendar = person.page.get_by_role("link", name=person.t("plan.calendar"), exact=True)
    expect(calendar).to_have_count(0)
    label = actions.text_of("experiments", "fields", "assess", "fi")
    field = own.get_by_role("textbox", name=label, exact=True)
    field.tap()
    person.page.keyboard.type("Kysymme asiakkailta")
    told.scroll_into_view_if_needed()
    person.shot("without-days")
    expect(card(lead, IDEA).get_by_role("textbox", name=label, exact=True)).to_have_value(
        "Kysymme asiakkailta"
    )
    dates(person, IDEA, day(3), day(30))
    expect(told).to_have_count(0)
    person.sees_status("saved")
    wide = person.page.evaluate("document.scrollingElement.scrollWidth")
    assert wide <= PHONE.width
    today = person.board.locator(".today-word").bounding_box()
    assert today
    assert today["x"] >= 8  # whole, also where the picture begins with today
    calendar.scroll_into_view_if_needed()
    person.shot("with-days")
    with person.page.expect_download() as started:
        calendar.tap()
    assert started.value.path().read_text("utf-8").count("BEGIN:VEVENT") == 2


def test_a_calendar_without_days_is_refused_in_words(people: People) -> None:
    """The facilitator's files have a calendar from the start; what is missing is told."""
    lead = people("Vetäjä", device=WIDE)
    lead.forgive("status of 409")
    lead.create("Kalenteri ilman päiviä")
    lead.close_dialog()
    link = actions.file_link(lead, actions.title("experiments", "fi"), "ics")
    link.click()
    expect(lead.page.locator(".toast")).to_contain_text(lead.t("error.nothing-dated.detail"))
    lead.shot("no-days")
    actions.go(lead, "experiments")
    actions.put(lead, "experiments", "ideas", IDEA)
    make(lead, IDEA)
    dates(lead, IDEA, day(3), day(30))
    lead.sees_status("saved")
    with lead.page.expect_download() as started:
        link.click()
    assert started.value.suggested_filename.endswith(".ics")
