"""Stage 2: the assessment, and what is picked from its results."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.support import actions
from tests.e2e.support.walkthrough.team import Team, read
from tests.support.browsers.browser import Person

# -- assessment ---------------------------------------------------------------------------------

RATED = 3  # statements that everybody rates; the others have too few answers to be shown


def assess(team: Team) -> None:
    """Five answer in their own language, the round is closed, and they pick from the results."""
    actions.lead_to(team.lead, "assessment")
    read(team, "assessment")
    team.lead.button("survey.open").click()
    for number, person in enumerate(team.participants):
        rate(person, number)
    team.heron.shot("assessment-answered")
    expect(
        team.lead.board.get_by_text(team.lead.t("survey.answers-of", n=5, all=6))
    ).to_be_visible()
    team.lead.button("survey.close").click()
    team.lead.page.get_by_role("dialog").get_by_role(
        "button", name=team.lead.t("survey.close"), exact=True
    ).click()
    for person in team.all:
        heading = person.page.get_by_role("heading", name=person.t("survey.results", round=1))
        expect(heading).to_be_visible()
        rows = person.page.get_by_role("table").last.get_by_role("rowheader")
        expect(rows.filter(has_text=actions.statement(0, person.language))).to_have_count(1)
    pick(team, team.lead, "works", 0)
    pick(team, team.trana, "focus", 1)
    for person in (team.lead, team.kuovi, team.heron):
        person.shot(f"assessment-results-{person.language}-{person.name}")


def rate(person: Person, number: int) -> None:
    for at in range(RATED):
        asked = person.page.get_by_role(
            "group", name=actions.statement(at, person.language), exact=True
        )
        asked.get_by_role("radio").nth((number + at) % 5).check()
    if person.name == "Kuovi":
        person.shot("assessment-phone-fills-in")
    person.button("survey.send").click()
    expect(person.board.locator("p", has_text=person.t("survey.sent"))).to_be_visible()


def pick(team: Team, person: Person, zone: str, number: int) -> None:
    text = actions.statement(number, person.language)
    where = actions.zone_title("assessment", zone, person.language)
    person.button("survey.pick-named", zone=where, text=text).click()
    for each in team.all:
        each.sees(text)
