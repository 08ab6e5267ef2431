"""A facilitator at the door: who comes in, who goes, and which keys still open."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.screens.test_axe import LEVELS, violations
from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, Device, People, Person, Workshop
from tests.support.network.proxy import proxy_to
from tests.support.server import Server

REFUSED = "status of 401|status of 403|status of 404|status of 409"


def open_invitation(lead: Person) -> None:
    lead.page.get_by_role("complementary").get_by_role(
        "button", name=lead.t("panel.invite")
    ).click()
    expect(lead.page.get_by_role("dialog")).to_be_visible()


@pytest.mark.parametrize("device", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_workshop_is_prepared_and_then_opened_to_all(
    people: People, language: str, device: Device
) -> None:
    lead = people("Vetäjä", language=language, device=device)
    lead.go("/")
    lead.textbox("start.title").fill("Huomenna")
    prepare = lead.page.get_by_role("checkbox", name=lead.t("start.prepare"))
    expect(prepare).to_have_accessible_description(lead.t("start.prepare_hint"))
    prepare.press("Space")
    lead.shot(f"prepare-{device.width}", full=True)
    lead.button("start.create").press("Enter")
    lead.page.wait_for_url("**/w/*")
    if device is PHONE:
        lead.button("panel.open").click()
    beginning = lead.page.get_by_role("region", name=lead.t("beginning.prepare"))
    code = beginning.locator(".code").inner_text()
    lead.shot(f"preparing-{device.width}")
    late = people("Kuovi", language=language, device=PHONE)
    late.forgive(REFUSED)
    late.go(f"/j/{code}")
    late.textbox("join.name").fill("Kuovi")
    late.button("join.join").click()
    expect(late.page.get_by_text(late.t("error.joining-closed.title"))).to_be_visible()
    beginning.get_by_role("button", name=lead.t("beginning.open"), exact=True).press("Enter")
    dialog = lead.page.get_by_role("dialog", name=lead.t("panel.invite"))
    expect(dialog.locator(".code")).to_have_text(code)
    expect(dialog.get_by_role("heading", name=lead.t("door.open"))).to_be_visible()
    late.button("join.join").click()
    late.sees_status("saved")


def test_a_closed_door_and_a_new_code(people: People) -> None:
    lead = people("Vetäjä")
    workshop = lead.create("Suljettu tilaisuus")
    lead.button("door.do_close").click()
    expect(lead.page.get_by_role("heading", name=lead.t("door.closed"))).to_be_visible()
    lead.shot("door-closed")
    late = people("Kuovi", language="sv", device=PHONE)
    late.forgive(REFUSED)
    late.go(f"/j/{workshop.plain_code}")
    late.textbox("join.name").fill("Kuovi")
    late.button("join.join").click()
    expect(late.page.get_by_text(late.t("error.joining-closed.title"))).to_be_visible()
    late.shot("door-closed-outside")
    lead.button("door.do_open").click()
    expect(lead.page.get_by_role("heading", name=lead.t("door.open"))).to_be_visible()
    late.button("join.join").click()
    late.sees_status("saved")
    lead.button("door.change_code").click()
    lead.page.get_by_role("alert").get_by_role("button", name=lead.t("door.change_code")).click()
    expect(lead.page.get_by_text(lead.t("door.code_changed"))).to_be_visible()
    lead.shot("code-changed")
    expect(lead.page.get_by_role("dialog").get_by_text(workshop.code)).to_have_count(0)
    guest = people("Trana", language="en")
    guest.forgive(REFUSED)
    guest.go(f"/j/{workshop.plain_code}")
    expect(guest.page.get_by_text(guest.t("error.code-unknown.title"))).to_be_visible()


def test_a_removed_person_is_out_at_once_and_their_notes_stay(people: People) -> None:
    lead = people("Vetäjä")
    workshop = lead.create("Ovella")
    lead.close_dialog()
    guest = people("Kuovi", device=PHONE)
    guest.forgive(REFUSED)
    guest.join(workshop)
    guest.put("challenges", "Jää taululle")
    guest.sees_status("saved")
    actions.panel_tab(lead, "people")
    lead.button("person.change", name="Kuovi").click()
    actions.menu_item(lead, "person.remove", name="Kuovi").click()
    dialog = lead.page.get_by_role("dialog")
    dialog.get_by_role("checkbox", name=lead.t("person.change_code")).check()
    lead.shot("remove-person")
    dialog.get_by_role("button", name=lead.t("person.remove_do"), exact=True).click()
    heading = guest.page.get_by_role("heading", level=1)
    expect(heading).to_have_text(guest.t("error.person-removed.title"))
    expect(heading).to_be_focused()
    expect(guest.page.locator(".toast")).to_have_count(0)
    guest.shot("removed")
    expect(dialog).to_have_count(0)
    expect(lead.button("person.change", name="Kuovi")).to_have_count(0)
    lead.sees("Jää taululle")
    assert guest.get(f"/api/workshops/{workshop.id}")[0] == 401


def test_a_crowd_of_made_up_people_goes_at_once(server: Server, people: People) -> None:
    lead = people("Vetäjä")
    workshop = lead.create("Haamuja")
    lead.close_dialog()
    for name in ("Kurki", *(f"Haamu {number}" for number in range(12))):
        body = {"code": workshop.plain_code, "name": name}
        httpx.post(f"{server.url}/api/join", json=body).raise_for_status()
    actions.panel_tab(lead, "people")
    lead.button("people.remove_many_do").click()
    dialog = lead.page.get_by_role("dialog", name=lead.t("people.remove_many"))
    boxes = dialog.get_by_role("group", name=lead.t("people.spare")).get_by_role("checkbox")
    expect(boxes).to_have_count(13)
    dialog.get_by_role("checkbox", name="Kurki").uncheck()
    assert violations(lead, {"runOnly": LEVELS}) == []
    lead.shot("remove-many")
    lead.page.set_viewport_size({"width": 360, "height": 740})
    lead.shot("remove-many-360")
    lead.page.set_viewport_size({"width": 1280, "height": 800})
    until = dialog.get_by_label(lead.t("people.came_until"))
    until.fill("2020-01-01T09:00")
    expect(dialog.get_by_role("status")).to_have_text(lead.t("people.nobody_fits"))
    until.fill("")
    dialog.get_by_role("button", name=lead.t("people.remove_do", n=12)).click()
    expect(dialog).to_have_count(0)
    desk = workshop_desk(lead, workshop)
    assert sorted(person["name"] for person in desk["people"]) == ["Kurki", "Vetäjä"]
    assert desk["join_code"].replace("-", "") != workshop.plain_code


def workshop_desk(person: Person, workshop: Workshop) -> dict[str, Any]:
    desk: dict[str, Any] = person.get(f"/api/workshops/{workshop.id}")[1]
    return desk


def test_signed_out_everywhere_else(people: People) -> None:
    lead = people("Vetäjä")
    workshop = lead.create("Kadonnut puhelin")
    link = lead.page.evaluate(
        f"JSON.parse(localStorage.getItem('hahmo_keepsake_{workshop.id}')).facilitatorUrl"
    )
    lost = people("Puhelin", device=PHONE)
    lost.forgive(REFUSED)
    lost.page.goto(link)
    lost.sees_status("saved")
    lead.close_dialog()
    lead.button("workshop.me", name="Vetäjä").click()
    lead.page.get_by_role("menuitem", name=lead.t("sign_out.button")).click()
    lead.shot("sign-out")
    lead.page.get_by_role("dialog").get_by_role("button", name=lead.t("sign_out.do")).click()
    dialog = lead.page.get_by_role("dialog")
    expect(dialog.get_by_text(lead.t("sign_out.done"))).to_be_visible()
    code = dialog.locator("strong").inner_text()
    lead.shot("signed-out-elsewhere")
    expect(lost.page.get_by_role("heading", level=1)).to_have_text(
        lost.t("error.token-unknown.title")
    )
    expect(dialog.get_by_role("button", name=lead.t("app.close")).last).to_be_focused()
    lead.page.keyboard.press("Enter")
    lead.button("workshop.me", name="Vetäjä").click()
    expect(lead.page.locator(".code strong")).to_have_text(code)  # and not the old one
    lead.page.keyboard.press("Escape")
    lead.put("challenges", "Vetäjä kirjoittaa yhä")
    lead.sees_status("saved")


def test_a_personal_link_asks_before_it_changes_who_one_is(people: People) -> None:
    lead = people("Vetäjä")
    workshop = lead.create("Kuka olet?")
    link = lead.page.evaluate(
        f"JSON.parse(localStorage.getItem('hahmo_keepsake_{workshop.id}')).facilitatorUrl"
    )
    guest = people("Kuovi", device=PHONE)
    guest.forgive(REFUSED)
    guest.join(workshop)
    guest.sees_status("saved")
    guest.page.goto("about:blank")
    guest.page.goto(link)
    expect(guest.page.get_by_text(guest.t("other_key.lead", name="Kuovi"))).to_be_visible()
    guest.shot("other-key")
    guest.button("join.go_on", name="Kuovi").click()
    guest.sees_status("saved")
    expect(guest.button("workshop.me", name="Kuovi")).to_be_visible()
    guest.page.goto("about:blank")
    guest.page.goto(link)
    guest.button("other_key.change").click()
    guest.sees_status("saved")
    expect(guest.button("workshop.me", name="Vetäjä")).to_be_visible()


def test_a_workshop_is_deleted_by_who_leads_it_and_everybody_is_told(people: People) -> None:
    lead = people("Vetäjä")
    workshop = lead.create("Kertaluontoinen")
    lead.close_dialog()
    guest = people("Kuovi", device=PHONE)
    guest.forgive(REFUSED)
    guest.join(workshop)
    guest.put("challenges", "Häviää")
    guest.sees_status("saved")
    outputs = actions.panel_tab(lead, "outputs")
    expect(outputs.get_by_text(lead.t("end.kept"))).to_be_visible()
    lead.button("end.delete").click()
    dialog = lead.page.get_by_role("dialog")
    lead.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(outputs).to_be_visible()  # Escape was the dialog's
    lead.button("end.delete").click()
    remove = dialog.get_by_role("button", name=lead.t("end.delete_do"))
    expect(remove).to_be_disabled()
    dialog.get_by_role("checkbox").check()
    lead.shot("delete-workshop")
    lead.forgive(REFUSED)
    remove.click()
    lead.page.wait_for_url("**/")
    expect(guest.page.get_by_role("heading", level=1)).to_have_text(
        guest.t("error.workshop-gone.title")
    )
    guest.shot("workshop-gone")
    kept = lead.page.evaluate("Object.keys(localStorage).join()")
    assert workshop.id not in kept


def test_under_a_name_that_the_server_does_not_know_the_address_bar_counts(
    people: People, server: Server
) -> None:
    with proxy_to(server.port) as proxy:
        lead = people("Vetäjä")
        lead.url = proxy.way("front").url
        lead.create("Välissä")
        dialog = lead.page.get_by_role("dialog")
        expect(dialog.get_by_text(lead.t("panel.address_unknown"))).to_be_visible()
        expect(dialog.get_by_text(f"{lead.url}/j/")).to_be_visible()
        expect(dialog.get_by_role("img")).to_have_count(0)
        lead.shot("address-unknown")
        lead.has_all_parts()  # before the way to the server ends


def test_who_leads_lets_people_in_one_by_one(people: People) -> None:
    """Whoever waits is in by themselves as soon as they are let in, and told when they are not."""
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kutsutuille")
    lead.button("door.do_ask").click()
    expect(lead.page.get_by_role("heading", name=lead.t("door.ask"))).to_be_visible()
    expect(lead.page.get_by_text(lead.t("door.nobody_waits"))).to_be_visible()
    lead.close_dialog()
    kuovi = people("Kuovi", language="sv", device=PHONE)
    trana = people("Trana", language="en")
    for person in (kuovi, trana):
        knock(person, workshop)
    assert violations(kuovi, {"runOnly": LEVELS}) == []
    kuovi.shot("at-the-door")
    kuovi.page.reload()
    waits(kuovi)
    strip = lead.page.locator(".doorbell")
    expect(strip.get_by_text(lead.t("door.waiting", n=2))).to_be_visible()
    expect(strip).to_contain_text("Kuovi ja Trana")
    lead.shot("doorbell")
    lead.page.set_viewport_size({"width": 360, "height": 740})
    lead.shot("doorbell-360")
    lead.page.set_viewport_size({"width": 1440, "height": 900})
    lead.button("door.look").focus()
    lead.page.keyboard.press("Enter")
    dialog = lead.page.get_by_role("dialog")
    lead.shot("who-waits")
    assert violations(lead, {"runOnly": LEVELS}) == []
    dialog.get_by_role("button", name=lead.t("door.turn_away", name="Kuovi")).click()
    expect(kuovi.page.get_by_text(kuovi.t("error.turned-away.title"))).to_be_visible()
    expect(kuovi.textbox("join.name")).to_be_focused()
    expect(kuovi.textbox("join.name")).to_have_value("Kuovi")
    kuovi.shot("turned-away")
    dialog.get_by_role("button", name=lead.t("door.let_in", name="Trana")).click()
    trana.page.wait_for_url(f"**/w/{workshop.id}", timeout=5_000)
    trana.sees_status("saved")
    expect(dialog.get_by_text(lead.t("door.nobody_waits"))).to_be_visible()
    lead.page.keyboard.press("Escape")
    kuovi.button("join.join").click()
    waits(kuovi)
    lead.button("door.let_in_short").click()
    kuovi.page.wait_for_url(f"**/w/{workshop.id}", timeout=5_000)
    kuovi.put("challenges", "Sisällä")
    kuovi.sees_status("saved")
    lead.sees("Sisällä")
    expect(strip).to_have_count(0)


def test_who_waits_may_stop_and_an_open_door_lets_them_in(people: People) -> None:
    lead = people("Vetäjä")
    workshop = lead.create("Avautuva")
    lead.button("door.do_ask").click()
    guest = people("Kuovi", device=PHONE)
    knock(guest, workshop)
    dialog = lead.page.get_by_role("dialog")
    answer = dialog.get_by_role("button", name=lead.t("door.let_in", name="Kuovi"))
    expect(answer).to_be_visible()
    lead.shot("door-ask")
    guest.button("waiting.stop").click()
    expect(guest.textbox("join.name")).to_be_focused()
    expect(answer).to_have_count(0)
    guest.button("join.join").click()
    waits(guest)
    expect(answer).to_be_visible()
    lead.button("door.do_open").click()
    guest.page.wait_for_url(f"**/w/{workshop.id}", timeout=5_000)
    guest.sees_status("saved")


def knock(person: Person, workshop: Workshop) -> None:
    person.go(f"/j/{workshop.plain_code}")
    person.textbox("join.name").fill(person.name)
    person.button("join.join").click()
    waits(person)


def waits(person: Person) -> None:
    heading = person.page.get_by_role("heading", name=person.t("waiting.title", name=person.name))
    expect(heading).to_be_focused()


def test_a_passphrase_is_asked_for_beside_the_code(people: People) -> None:
    """By the link it is a field of the page; by a typed code it comes when it is needed."""
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Tunnuslauseella")
    field = lead.textbox("door.passphrase")
    field.fill("lyhyt")
    lead.button("door.passphrase_do").click()
    expect(lead.page.get_by_text(lead.t("door.passphrase_short"))).to_be_visible()
    expect(field).to_be_focused()
    field.fill("Koivu ja tähti")
    lead.page.keyboard.press("Enter")
    expect(lead.page.get_by_text(lead.t("door.passphrase_done"))).to_be_visible()
    expect(field).to_have_value("")
    expect(lead.page.get_by_text(lead.t("door.passphrase_set"))).to_be_visible()
    assert violations(lead, {"runOnly": LEVELS}) == []
    lead.shot("passphrase-set")
    lead.page.set_viewport_size({"width": 360, "height": 740})
    field.scroll_into_view_if_needed()
    lead.shot("passphrase-set-360")
    linked = people("Kuovi", language="sv", device=PHONE)
    linked.forgive(REFUSED)
    linked.go(f"/j/{workshop.plain_code}")
    linked.textbox("join.name").fill("Kuovi")
    linked.textbox("join.passphrase").fill("Björk")
    linked.button("join.join").click()
    expect(linked.page.get_by_text(linked.t("error.passphrase-wrong.title"))).to_be_visible()
    expect(linked.textbox("join.passphrase")).to_be_focused()
    assert violations(linked, {"runOnly": LEVELS}) == []
    linked.shot("passphrase-wrong")
    linked.textbox("join.passphrase").fill("koivu ja tähti")
    linked.page.keyboard.press("Enter")
    linked.sees_status("saved")
    typed = people("Trana", language="en")
    typed.forgive(REFUSED)
    typed.go("/")
    typed.textbox("join.code").fill(workshop.code)
    typed.textbox("join.name").fill("Trana")
    expect(typed.textbox("join.passphrase")).to_have_count(0)
    typed.button("join.join").click()
    expect(typed.textbox("join.passphrase")).to_be_focused()
    typed.page.keyboard.type("KOIVU JA TÄHTI")
    typed.page.keyboard.press("Enter")
    typed.sees_status("saved")
    lead.button("door.passphrase_clear").click()
    expect(lead.page.get_by_text(lead.t("door.passphrase_hint"))).to_be_visible()
    late = people("Haapa")
    late.join(workshop)
    late.sees_status("saved")
