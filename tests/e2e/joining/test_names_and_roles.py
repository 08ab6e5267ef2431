"""The name one goes by, and who leads, takes part or watches: changed while everybody is here."""

from playwright.sync_api import expect

from tests.e2e.screens.test_axe import LEVELS, violations
from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, People, Person


def renames(person: Person, name: str) -> None:
    """In the dialog that is open."""
    dialog = person.page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(name)
    person.button("person.rename_do").click()
    expect(dialog).to_have_count(0)


def changes(lead: Person, name: str, what: str) -> None:
    """By the menu of somebody in the list of people."""
    lead.button("person.change", name=name).click()
    actions.menu_item(lead, f"person.{what}").click()


def test_a_name_is_changed_by_oneself_and_by_who_leads(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Nimet")
    lead.close_dialog()
    first, second = people("Maija", device=PHONE), people("Maija", language="sv", device=PHONE)
    first.join(workshop)
    second.join(workshop)
    first.put("challenges", "Pysyy taululla")
    actions.panel_tab(lead, "people")
    expect(lead.button("person.change", name="Maija (2)")).to_be_visible()
    second.button("workshop.me", name="Maija (2)").tap()
    actions.menu_item(second, "person.rename_me_do").tap()
    assert violations(second, {"runOnly": LEVELS}) == []
    second.shot("rename-360")
    second.page.get_by_role("dialog").get_by_role("textbox").fill(" ")
    second.forgive("status of 400")
    second.button("person.rename_do").click()
    expect(second.page.get_by_text(second.t("error.name-missing.title"))).to_be_visible()
    renames(second, "Maija Björk")
    expect(second.button("workshop.me", name="Maija Björk")).to_be_visible()
    expect(lead.button("person.change", name="Maija Björk")).to_be_visible()
    changes(lead, "Maija", "rename")
    lead.shot("rename")
    renames(lead, "Maija Koivu")
    expect(first.button("workshop.me", name="Maija Koivu")).to_be_visible()
    first.page.reload()
    expect(first.button("workshop.me", name="Maija Koivu")).to_be_visible()
    first.sees("Pysyy taululla")


def test_somebody_is_asked_to_lead_and_to_watch_and_feels_it_at_once(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Osat")
    lead.close_dialog()
    guest = people("Kuovi", language="sv", device=WIDE)
    guest.join(workshop)
    guest.put("challenges", "Ennen")
    actions.panel_tab(lead, "people")
    lead.button("person.change", name="Kuovi").click()
    lead.shot("person-menu")
    actions.menu_item(lead, "person.make_facilitator").click()
    expect(guest.page.get_by_text(guest.t("person.you_facilitator"))).to_be_visible()
    guest.button("panel.open").click()
    sheet = actions.panel_tab(guest, "people")
    expect(sheet).to_be_visible()
    guest.shot("leads-now")
    guest.button("person.change", name="Vetäjä").click()
    expect(actions.menu_item(guest, "person.make_participant")).to_have_count(
        0
    )  # who opened it leads it
    guest.page.keyboard.press("Escape")
    changes(lead, "Kuovi", "make_observer")
    expect(guest.page.get_by_text(guest.t("person.you_observer"))).to_be_visible()
    expect(guest.button("panel.open")).to_have_count(0)
    expect(guest.zone("challenges").get_by_role("button", name=guest.t("board.add"))).to_have_count(
        0
    )
    guest.shot("watches-now")
    changes(lead, "Kuovi", "make_participant")
    guest.put("challenges", "Jälkeen")
    lead.sees("Ennen", "Jälkeen")
    lead.forgive("status of 409")
    changes(lead, "Vetäjä", "make_observer")
    expect(lead.page.get_by_text(lead.t("error.last-facilitator.title"))).to_be_visible()
    assert violations(lead, {"runOnly": LEVELS}) == []
    lead.shot("last-facilitator")
