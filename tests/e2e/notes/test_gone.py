"""Nobody's words are gone without a word: what was deleted while somebody wrote in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, People, Person, Workshop
from tests.support.network.proxy import Way, proxy_to
from tests.support.server import Server

pytestmark = [pytest.mark.xdist_group("e2e-gone"), pytest.mark.timeout(300)]

OFFLINE = r"WebSocket connection to .* failed|net::ERR_|Failed to load resource"


@pytest.fixture
def line(server: Server) -> Iterator[Way]:
    """The writer's own line to the server."""
    with proxy_to(server.port) as proxy:
        yield proxy.way("writer")


def begins(people: People) -> tuple[Person, Workshop]:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    return lead, workshop


def comes(people: People, line: Way, workshop: Workshop) -> Person:
    writer = people("Olli", language="en")
    writer.url = line.url
    writer.forgive(OFFLINE)
    writer.join(workshop)
    return writer


def back(person: Person, line: Way) -> None:
    """The network is there again, and the browser says so."""
    line.restore()
    person.page.evaluate("dispatchEvent(new Event('online'))")


def offline(person: Person, line: Way) -> None:
    person.has_all_parts()
    line.break_off()
    person.sees_status("offline")


def aside(person: Person, code: str) -> Locator:
    return person.board.locator(".asides li", has_text=person.t(f"notice.{code}"))


def delete(person: Person, text: str) -> None:
    person.note(text).click()
    person.button("note.delete").click()
    expect(person.note(text)).to_have_count(0)


def test_what_was_written_offline_in_a_note_deleted_meanwhile_is_told_and_comes_back(
    people: People, line: Way
) -> None:
    lead, workshop = begins(people)
    lead.put("challenges", "Alku")
    writer = comes(people, line, workshop)
    writer.sees("Alku")
    offline(writer, line)
    writer.edit("Alku")
    writer.page.keyboard.press("End")
    writer.page.keyboard.insert_text(" ja jatko")
    writer.done()
    delete(lead, "Alku")
    back(writer, line)
    told = aside(writer, "note-deleted")
    expect(told).to_contain_text("Alku ja jatko")
    writer.sees_status("saved")
    writer.page.reload()
    expect(told).to_contain_text("Alku ja jatko")
    for device in (WIDE, PHONE):
        writer.page.set_viewport_size({"width": device.width, "height": device.height})
        expect(told).to_be_in_viewport()
        writer.shot(f"deleted-meanwhile-{device.width}")
    told.get_by_role("button", name=writer.t("aside.bring-back")).click()
    expect(told).to_have_count(0)
    lead.sees("Alku ja jatko")
    writer.sees("Alku ja jatko")


def test_it_is_told_also_when_another_board_is_open_as_it_arrives(
    people: People, line: Way
) -> None:
    lead, workshop = begins(people)
    lead.put("challenges", "Alku")
    lead.put("challenges", "Pysyy")
    writer = comes(people, line, workshop)
    writer.sees("Alku")
    offline(writer, line)
    for text in ("Alku", "Pysyy"):
        writer.edit(text)
        writer.page.keyboard.press("End")
        writer.page.keyboard.insert_text(" ja jatko")
        writer.done()
    actions.choose(writer, "phenomena_summary")
    delete(lead, "Alku")
    back(writer, line)
    lead.sees("Pysyy ja jatko")
    told = writer.page.locator(".asides li", has_text=writer.t("notice.note-gone", n=1))
    expect(told).to_contain_text("ja jatko")
    expect(told).to_have_count(1)
    writer.sees_status("saved")


def test_an_experiment_that_others_wrote_in_goes_after_a_question_and_they_are_told(
    people: People,
) -> None:
    lead, workshop = begins(people)
    writer = people("Olli", language="en")
    writer.join(workshop)
    for person in (lead, writer):
        actions.go(person, "experiments")
    lead.button("plan.add").click()
    actions.fill_field(lead, "what", "Yhteinen kokeilu")
    field, reads = (
        person.board.get_by_role(
            "textbox",
            name=actions.text_of("experiments", "fields", "why", person.language),
            exact=True,
        )
        for person in (writer, lead)
    )
    field.click()
    writer.page.keyboard.insert_text("Because I want to")
    expect(reads).to_have_value("Because I want to")  # from now on it is others' work too
    remove = lead.button("plan.remove", name="Yhteinen kokeilu")
    remove.click()
    question = lead.page.get_by_role("dialog", name=lead.t("plan.remove-ask"))
    lead.shot("experiment-question")
    question.get_by_role("button", name=lead.t("plan.remove-no")).click()
    expect(writer.board.locator("article.card")).to_have_count(1)
    expect(writer.board.locator(".asides li")).to_have_count(0)
    remove.click()
    question.get_by_role("button", name=lead.t("plan.remove-yes")).click()
    told = aside(writer, "experiment-deleted")
    expect(told).to_contain_text("Because I want to")
    writer.shot("experiment-deleted")
    told.get_by_role("button", name=writer.t("aside.bring-back")).click()
    expect(lead.board.locator("article.card")).to_contain_text("Yhteinen kokeilu")
    expect(told).to_have_count(0)
    expect(lead.board.locator(".asides li")).to_have_count(0)


def test_an_experiment_of_ones_own_goes_without_a_question(people: People) -> None:
    lead, _ = begins(people)
    actions.go(lead, "experiments")
    lead.button("plan.add").click()
    actions.fill_field(lead, "what", "Oma kokeilu")
    lead.button("plan.remove", name="Oma kokeilu").click()
    expect(lead.board.locator("article.card")).to_have_count(0)
    expect(lead.board.locator(".asides li")).to_have_count(0)


def test_a_file_that_cannot_be_fetched_is_told_of_and_comes_when_it_can(
    people: People, server: Server, line: Way
) -> None:
    lead = people("Vetäjä", device=WIDE)
    lead.url = line.url
    lead.forgive(OFFLINE)
    lead.create("Kevät")
    lead.close_dialog()
    lead.put("challenges", "Kiire")
    lead.sees_status("saved")
    link = actions.file_link(lead, lead.board_title, "md")
    offline(lead, line)
    link.click()
    toast = lead.page.locator(".toast", has_text=lead.t("error.unreachable.title"))
    expect(toast).to_be_visible()
    lead.shot("file-offline")
    back(lead, line)
    lead.sees_status("saved")
    with lead.page.expect_download() as started:
        link.click()
    assert started.value.suggested_filename.endswith(".md")
    assert "Kiire" in started.value.path().read_text("utf-8")
    expect(toast).to_have_count(0)


def test_words_that_were_cut_short_are_kept_out_of_the_way_until_they_are_copied(
    people: People,
) -> None:
    lead, workshop = begins(people)
    writer = people("Olli", language="en", permissions=["clipboard-read", "clipboard-write"])
    writer.join(workshop)
    board = lead.board_id(workshop)
    actions.add(writer, "phenomena", "challenges")
    writer.write("Half a thought")
    lead.sees("Half a thought")
    lead.call("PATCH", f"/api/workshops/{workshop.id}", {"locks": {board: True}})
    told = aside(writer, "taken-away")
    expect(told).to_contain_text("Half a thought")
    expect(writer.page.locator(".toast")).to_have_count(0)
    writer.shot("cut-short")
    writer.page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
    writer.shot("cut-short-phone")
    writer.page.set_viewport_size({"width": WIDE.width, "height": WIDE.height})
    actions.go(writer, "change")
    expect(told).to_have_count(0)
    writer.page.reload()
    expect(told).to_be_visible()
    writer.button("aside.hide").click()
    expect(told).to_have_count(0)
    expect(writer.board.get_by_text(writer.t("aside.kept", n=1))).to_be_visible()
    writer.shot("cut-short-hidden")
    writer.button("aside.show").click()
    told.get_by_role("button", name=writer.t("aside.copy")).click()
    expect(told).to_have_count(0)
    assert writer.page.evaluate("navigator.clipboard.readText()") == "Half a thought"
    expect(writer.board.get_by_text(writer.t("aside.kept", n=1))).to_have_count(0)


def test_a_board_is_put_away_after_a_question_and_everybody_on_it_reads_why(
    people: People,
) -> None:
    lead, workshop = begins(people)
    writer = people("Olli", language="en")
    writer.join(workshop)
    actions.go(writer, "change")
    actions.add(writer, "change", "megatrends/from")
    writer.write("Half a thought")
    actions.panel_tab(lead, "guidance")
    name = actions.title("change", "fi")
    summary = lead.page.locator("summary", has_text=name).first
    summary.click()
    box = lead.page.locator("details", has=summary).first.get_by_role("checkbox")
    box.click()
    question = lead.page.get_by_role("dialog", name=lead.t("guidance.put-away", name=name))
    lead.shot("put-away")
    question.get_by_role("button", name=lead.t("guidance.put-away-no")).click()
    expect(box).to_be_checked()
    box.click()
    question.get_by_role("button", name=lead.t("guidance.put-away-yes")).click()
    why = writer.t("workshop.put-away", board=actions.title("change", "en"))
    expect(writer.page.locator(".toast", has_text=why)).to_be_visible()
    expect(aside(writer, "taken-away")).to_contain_text("Half a thought")
    writer.shot("put-away-told")
