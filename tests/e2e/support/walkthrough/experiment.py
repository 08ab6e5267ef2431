"""Stage 3: the synthesis, and the plan with its trail back to a phenomenon."""

from __future__ import annotations

import datetime
import io
import re
import shutil

from playwright.sync_api import Locator, expect
from pypdf import PdfReader

from tests.e2e.support import actions
from tests.e2e.support.reading import assert_complete
from tests.e2e.support.walkthrough.change import NEW, OLD
from tests.e2e.support.walkthrough.phenomena import COSTLY
from tests.e2e.support.walkthrough.team import Team, read
from tests.support.browsers.browser import Person

IDEA = "Kokeillaan yhtä yhteistä kirjausta"
IDEAS = [IDEA, "Viikon avauspalaveri seisten", "En gemensam lunch", "A shared call list"]
EXPERIMENT = {
    "why": "Aikaa jää asiakkaille",
    "assess": "Viikkopalaverissa: säästyikö aikaa?",
}


# -- synthesis ----------------------------------------------------------------------------------


def draw_together(team: Team) -> None:
    """The outcomes of all that went before stay in sight; five people answer five questions."""
    key = "synthesis"
    actions.lead_to(team.lead, key)
    read(team, key)
    see_the_outcomes(team.trana)
    see_the_outcomes(team.haukka)
    answers = {
        each["id"]: f"{person.name} vastaa: {each['id']}"
        for each, person in zip(
            actions.definition(key)["questions"], team.participants, strict=True
        )
    }
    for person, (item, text) in zip(team.participants, answers.items(), strict=True):
        actions.answer(person, key, item, text)
    for person in team.all:
        for item, text in answers.items():
            expect(actions.question(person, key, item).get_by_role("textbox")).to_have_value(text)
        person.sees_status("saved")
    for person in (team.lead, team.kuovi, team.trana):
        person.shot(f"synthesis-{person.language}-{person.name}")


def see_the_outcomes(person: Person) -> None:
    """Maps, summaries and results stand side by side with the questions."""
    beside = person.page.get_by_role("complementary", name=person.t("answers.beside"))
    outcomes = {
        "phenomena": [COSTLY, "Moneen kertaan kirjaaminen."],
        "change": [NEW, "Keskeisin muutos"],
        "assessment": [actions.statement(0, "fi")],
    }
    for board, texts in outcomes.items():
        tool = beside.get_by_role("region", name=actions.title(board, person.language), exact=True)
        for text in texts:
            expect(tool).to_contain_text(text)


# -- experiment plan ----------------------------------------------------------------------------


def collect_ideas(team: Team) -> None:
    """Ideas as notes, and dots on those worth trying."""
    key = "experiments"
    actions.lead_to(team.lead, key)
    read(team, key)
    writers = [team.haukka, team.kuovi, team.trana, team.heron]
    for person, text in zip(writers, IDEAS, strict=True):
        actions.put(person, key, "ideas", text)
    for person in team.all:
        person.sees(*IDEAS)
    actions.panel_tab(team.lead, "pace")
    actions.set_up_voting(team.lead, dots=1, hidden=False)
    for person in team.participants[:4]:
        actions.give_dot(person, IDEA)
    actions.give_dot(team.heron, IDEAS[3])
    for person in team.all:
        actions.sees_dots(person, IDEA, 4)
    team.lead.button("votes.close").click()
    team.lead.button("votes.sort").click()
    expect(team.lead.notes.first).to_contain_text(IDEA)
    team.lead.shot("plan-ideas-by-dots")


def make_an_experiment(team: Team) -> None:
    """The chosen idea gets its days, its people and its assessment, and hangs on the change."""
    lead, writer = team.lead, team.haukka
    lead.note(IDEA).get_by_role("button", name=lead.t("plan.make")).click()
    for person in team.all:
        card = person.board.get_by_role("article").filter(has=person.page.locator("fieldset"))
        expect(card.get_by_role("heading", name=IDEA)).to_be_visible()
    for item, text in EXPERIMENT.items():
        actions.fill_field(team.kuovi, item, text)
    actions.fill_field(team.trana, "who", "Trana")
    team.heron.button("plan.add-name").click()
    team.heron.page.get_by_role("menuitem", name="Heron", exact=True).click()
    start, check, end = days()
    writer.page.get_by_label(writer.t("plan.start"), exact=True).fill(start)
    writer.page.get_by_label(writer.t("plan.end"), exact=True).fill(end)
    writer.page.get_by_label(writer.t("plan.check-day"), exact=True).fill(check)
    writer.button("plan.check-add").click()
    actions.link(writer, IDEA, "change", NEW)
    for person in team.all:
        expect(experiment_field(person, "who")).to_have_value("Trana, Heron")
        expect(experiment_field(person, "assess")).to_have_value(EXPERIMENT["assess"])
        expect(person.page.get_by_label(person.t("plan.end"), exact=True)).to_have_value(end)
        expect(person.page.get_by_role("img", name=person.t("plan.timeline"))).to_be_visible()
        person.sees_status("saved")
        assert_complete(person)
    look_on_only(team.onlooker)
    for person in team.readers:
        person.shot(f"plan-{person.language}-{person.name}")


def look_on_only(person: Person) -> None:
    """An observer sees the plan grow, and finds nothing to change it by."""
    expect(experiment_field(person, "who")).to_have_value("Trana, Heron")
    expect(experiment_field(person, "who")).not_to_be_editable()
    for key in ("plan.add", "plan.add-name", "plan.check-add"):
        expect(person.button(key)).to_have_count(0)
    expect(person.page.get_by_role("button", name=person.t("plan.make"))).to_have_count(0)


def experiment_field(person: Person, item: str) -> Locator:
    label = actions.text_of("experiments", "fields", item, person.language)
    return person.board.get_by_role("textbox", name=label, exact=True)


def days() -> list[str]:
    """Start, assessment on the way and end of the experiment."""
    today = datetime.date.today()
    return [(today + datetime.timedelta(days=ahead)).isoformat() for ahead in (7, 21, 35)]


def follow_the_trail(team: Team) -> None:
    """From the experiment itself back to the phenomenon, read in English."""
    reader = team.heron
    experiment = reader.board.get_by_role("article").filter(has=reader.page.locator("fieldset"))
    words = re.compile(f"^{reader.t('links.title')}")
    experiment.get_by_role("button", name=words).click()
    reader.button("links.trace").click()
    trail = reader.page.get_by_role("dialog").last
    boards = ("phenomena", "phenomena_summary", "change", "experiments")
    expect(trail.get_by_role("heading", level=3)).to_have_text(
        [actions.title(key, reader.language) for key in boards]
    )
    for text in (COSTLY, OLD, NEW, IDEA):
        expect(trail.locator("p.text", has_text=text).first).to_be_visible()
    reader.shot("trail")
    phenomenon = trail.get_by_role("listitem").filter(
        has=reader.page.locator("p.text", has_text=COSTLY)
    )
    phenomenon.get_by_role("button").last.click()
    actions.stands_on(reader, "phenomena")
    reader.sees(COSTLY)
    reader.shot("trail-ends-at-the-phenomenon")


# -- exports ------------------------------------------------------------------------------------


def take_the_plan_along(team: Team) -> None:
    actions.panel_tab(team.lead, "outputs")
    team.lead.shot("exports")
    text = download(team.lead, "md").decode()
    pages = PdfReader(io.BytesIO(download(team.lead, "pdf"))).pages
    printed = squeezed(" ".join(page.extract_text() for page in pages))
    for words in (IDEA, *EXPERIMENT.values(), "Trana, Heron"):
        assert words in text
        assert squeezed(words) in printed
    calendar = squeezed(download(team.lead, "ics").decode().replace("\r\n ", ""))
    assert calendar.count("BEGIN:VEVENT") == 3
    assert squeezed(IDEA) in calendar
    for day in days():
        assert f"DTSTART;VALUE=DATE:{day.replace('-', '')}" in calendar


def squeezed(text: str) -> str:
    """Without white space and soft hyphens: a line may end anywhere in a document."""
    return "".join(text.replace("\N{SOFT HYPHEN}", "").split())


def download(lead: Person, kind: str) -> bytes:
    link = actions.file_link(lead, actions.title("experiments", lead.language), kind)
    with lead.page.expect_download() as started:
        link.click()
    kept = lead.screens.folder / f"plan.{kind}"
    shutil.copyfile(started.value.path(), kept)
    return kept.read_bytes()
