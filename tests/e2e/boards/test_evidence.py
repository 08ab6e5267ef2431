"""A note under an answer: by keyboard alone, on a phone, and in groups that answer on their own."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, People, Person

pytestmark = pytest.mark.xdist_group("e2e-evidence")

COSTLY = "Kirjaamme samat tiedot kolmeen järjestelmään"
KEY, MATTER, GAIN = "phenomena_summary", "matter", "gain"
MOST_TABS = 60


def tab_to(person: Person, target: Locator) -> None:
    for _ in range(MOST_TABS):
        if target.evaluate("element => element === document.activeElement"):
            return
        person.page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {target}")


def supports(person: Person, item: str) -> Locator:
    """What the dialog of a note's links says of the answer."""
    says = re.compile(re.escape(person.t("links.evidence-to")))
    tie = person.page.get_by_role("dialog").get_by_role("listitem").filter(has_text=says)
    return tie.filter(has_text=actions.question_text(person, KEY, item))


def test_by_keyboard_alone(people: People) -> None:
    person = people("Vetäjä", device=WIDE)
    person.create("Näppäimillä")
    person.close_dialog()
    person.put("challenges", COSTLY)
    actions.go(person, KEY)
    use = person.button("answers.use-named", note=actions.first_words(COSTLY))
    tab_to(person, use)
    person.page.keyboard.press("Enter")
    dialog = person.page.get_by_role("dialog")
    words = actions.question_text(person, KEY, GAIN)
    tab_to(person, dialog.get_by_role("button", name=words, exact=True))
    person.page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(use).to_be_focused()  # ready for the next note
    expect(actions.question(person, KEY, GAIN).get_by_role("listitem")).to_contain_text(COSTLY)
    expect(actions.question(person, KEY, MATTER).get_by_role("listitem")).to_have_count(0)
    # And from the note the way back to the answer.
    actions.go(person, "phenomena")
    person.note(COSTLY).focus()
    person.page.keyboard.press("Shift+F10")
    mark = person.page.get_by_role("toolbar").get_by_role(
        "button", name=re.compile("Kytkennät|1 kytk")
    )
    tab_to(person, mark.first)
    person.page.keyboard.press("Enter")
    expect(supports(person, GAIN)).to_be_visible()
    person.shot("links-of-the-note")


def test_on_a_phone(people: People) -> None:
    lead = people("Vetäjä")
    workshop = lead.create("Puhelimella")
    lead.close_dialog()
    lead.put("challenges", COSTLY)
    lead.sees_status("saved")
    person = people("Kuovi", device=PHONE)
    person.join(workshop)
    actions.go(person, KEY)
    person.button("answers.beside").tap()
    person.shot("beside")
    person.button("answers.use-named", note=actions.first_words(COSTLY)).tap()
    dialog = person.page.get_by_role("dialog")
    person.shot("which-answer")
    dialog.get_by_role("button", name=actions.question_text(person, KEY, MATTER), exact=True).tap()
    expect(dialog).to_have_count(0)
    person.button("answers.questions").tap()
    theirs = actions.question(person, KEY, MATTER).get_by_role("listitem")
    expect(theirs).to_contain_text(COSTLY)
    theirs.scroll_into_view_if_needed()
    person.shot("under-the-answer")
    actions.go(person, "phenomena")
    person.button("note.more-named", note=actions.first_words(COSTLY)).tap()
    expect(supports(person, MATTER)).to_be_visible()
    person.shot("links-of-the-note")


def test_each_groups_answer_and_evidence_stand_under_its_name(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Ryhmissä")
    lead.close_dialog()
    lead.put("challenges", COSTLY)
    members = [people("Tiira", device=WIDE), people("Lokki", language="sv", device=WIDE)]
    for person in members:
        person.join(workshop)
    actions.go(lead, KEY)
    actions.panel_tab(lead, "groups")
    lead.page.get_by_label(lead.t("breakout.board"), exact=True).select_option(
        label=actions.title(KEY, "fi")
    )
    lead.button("breakout.start").click()
    expect(lead.button("breakout.recall")).to_be_visible()
    for person in members:
        expect(actions.question(person, KEY, MATTER)).to_be_visible()
        actions.answer(person, KEY, MATTER, f"{person.name} vastaa")
    actions.use_as_evidence(members[0], COSTLY, KEY, MATTER)
    for person in members:
        person.sees_status("saved")
        others = [each.name for each in members if each is not person]
        expect(actions.question(person, KEY, MATTER)).not_to_contain_text(f"{others[0]} vastaa")
    lead.button("merge.merge").click()
    expect(lead.button("merge.again")).to_be_visible()
    lead.button("breakout.recall").click()
    names = group_names(lead, workshop.id)
    for reader in (lead, *members):
        actions.stands_on(reader, KEY)
        for person in members:
            theirs = (
                actions.question(reader, KEY, MATTER)
                .locator(".other")
                .filter(has=reader.page.get_by_role("heading", name=re.compile(names[person.name])))
            )
            expect(theirs).to_contain_text(f"{person.name} vastaa")
            evidence = theirs.get_by_role("listitem")
            expect(evidence).to_have_count(1 if person is members[0] else 0)
    members[1].shot("gathered")


def group_names(lead: Person, workshop: str) -> dict[str, str]:
    """What the group of each person is called."""
    desk = lead.get(f"/api/workshops/{workshop}")[1]
    people = {each["id"]: each["name"] for each in desk["people"]}
    return {
        people[one]: group["name"]
        for group in desk["breakouts"][-1]["groups"]
        for one in group["people"]
    }
