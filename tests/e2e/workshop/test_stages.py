"""Stages hidden, moved and renamed, times and prompts changed, for everybody in the workshop."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.support import actions
from tests.support.browsers.browser import WIDE, People, Person

pytestmark = pytest.mark.xdist_group("e2e-stages")

PROMPT = "Mieti vaikka viime viikon asiakkaita."


def stages(person: Person) -> Locator:
    """The stages as the bar shows them."""
    return actions.chips(person)


def in_order(person: Person, *names: str) -> None:
    """The one in use tells its board too."""
    expect(stages(person)).to_have_count(len(names))
    for number, name in enumerate(names):
        starts = re.compile(rf"^{re.escape(name)}(:|$)")
        expect(stages(person).nth(number)).to_have_accessible_name(starts)


def test_stages_are_hidden_moved_renamed_and_everybody_has_it_at_once(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Oma tapa")
    lead.close_dialog()
    finn, swede = people("Tiira", device=WIDE), people("Trana", language="sv", device=WIDE)
    for person in (finn, swede):
        person.join(workshop)
    in_order(swede, "Stanna upp", "Utvärdera", "Pröva")
    sheet = actions.panel_tab(lead, "guidance")
    name = sheet.get_by_role("textbox", name=lead.t("guidance.name", name="Kokeile"), exact=True)
    name.fill("Iltapäivä")
    name.press("Tab")
    in_order(finn, "Viivähdä", "Arvioi", "Iltapäivä")
    in_order(swede, "Stanna upp", "Utvärdera", "Pröva")  # a name changes in one language
    lead.button("guidance.earlier", name="Iltapäivä").click()
    in_order(finn, "Viivähdä", "Iltapäivä", "Arvioi")
    in_order(swede, "Stanna upp", "Pröva", "Utvärdera")
    in_use = re.compile(rf"{lead.t('guidance.in-use')}\s*: Arvioi$")
    sheet.get_by_role("checkbox", name=in_use).click()
    sure = lead.button("guidance.put-away-yes")
    if sure.is_visible():  # asked as long as it is not known here that nothing is written there
        sure.click()
    for person in (finn, swede):
        expect(stages(person)).to_have_count(2)
        hidden = actions.title("assessment", person.language)
        expect(person.page.get_by_role("button", name=hidden, exact=True)).to_have_count(0)
    lead.shot("adapted")
    swede.shot("adapted-in-swedish")
    lead.button("guidance.reset").click()
    in_order(finn, "Viivähdä", "Arvioi", "Kokeile")


def test_times_and_prompts_change_for_this_workshop(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Omat ajat")
    lead.close_dialog()
    person = people("Tiira")
    person.join(workshop)
    sheet = actions.panel_tab(lead, "guidance")
    sheet.locator("summary", has_text=actions.title("phenomena", "fi")).first.click()
    group = sheet.get_by_role(
        "group", name=lead.t("guidance.minutes", name=actions.title("phenomena", "fi"))
    )
    least, most = (group.get_by_label(lead.t(f"guidance.{end}")) for end in ("from", "to"))
    least.fill("45")
    least.press("Tab")
    expect(group.get_by_role("alert")).to_have_text(lead.t("guidance.minutes-wrong"))
    most.fill("50")
    most.press("Tab")
    field = sheet.get_by_label(lead.zone_title("challenges"), exact=True)
    field.fill(PROMPT)
    field.press("Tab")
    minutes = person.t("guide.minutes", **{"from": 45, "to": 50})
    expect(person.page.get_by_text(minutes)).to_be_visible()
    expect(person.zone("challenges")).to_contain_text(PROMPT)
    status, other = person.call("GET", f"/api/workshops/{workshop.id}/workbook")
    [phenomena] = [board for board in other["boards"] if board["key"] == "phenomena"]
    assert status == 200
    assert phenomena["zones"][0]["prompt"]["sv"] != PROMPT
    person.shot("own-times-and-prompts")
