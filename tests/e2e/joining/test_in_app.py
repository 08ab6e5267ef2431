"""In the browser of a mail or chat program: nothing may be kept, no window opens, no file is saved.
One comes in, writes, comes back and leaves all the same."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.screens.tools import from_menu
from tests.support.browsers.browser import PHONE, People, Person

pytestmark = [pytest.mark.xdist_group("e2e-in-app"), pytest.mark.timeout(180)]

ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
PROGRAMS = {
    "teams": ANDROID + "Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36 TeamsMobile-Android",
    "outlook": ANDROID + "Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36 Outlook/4.2",
    "whatsapp": ANDROID + "Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36 WhatsApp/2.24",
}
# To ask for storage is an error there, and a new window is none.
WALLED_IN = """() => {
    const refuse = () => { throw new DOMException('denied', 'SecurityError'); };
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
        Object.defineProperty(window, name, {get: refuse});
    Object.defineProperty(navigator, 'clipboard', {value: undefined});
    Object.defineProperty(navigator, 'serviceWorker', {get: refuse});
    document.execCommand = () => false;
    window.open = () => null;
}"""


def walled_in(people: People, name: str, program: str) -> Person:
    person = people(name, device=PHONE, user_agent=PROGRAMS[program], accept_downloads=False)
    person.page.add_init_script(f"({WALLED_IN})()")
    return person


@pytest.mark.parametrize("program", PROGRAMS)
def test_one_comes_in_writes_comes_back_and_leaves(people: People, program: str) -> None:
    lead = people("Vetäjä")
    workshop = lead.create("Kevät")
    lead.close_dialog()
    person = walled_in(people, "Kuovi", program)
    person.join(workshop)
    person.add("challenges", "Puhelimesta")
    person.button("note.done").tap()
    lead.sees("Puhelimesta")
    person.sees_status("saved")
    person.page.reload()
    person.sees("Puhelimesta")
    person.sees_status("saved")
    person.button("board.view.canvas").tap()
    expect(person.board.locator(".viewport")).to_be_visible()
    person.shot("canvas")
    from_menu(person, "leave.button")
    dialog = person.page.get_by_role("dialog")
    dialog.get_by_role("button", name=re.compile(re.escape(person.t("leave.leave")))).first.tap()
    person.page.wait_for_url(lambda url: "/w/" not in url)
    expect(person.button("join.join")).to_be_visible()


def test_a_workshop_is_led_and_a_file_that_is_not_saved_is_told_of(people: People) -> None:
    lead = walled_in(people, "Vetäjä", "teams")
    lead.create("Kevät")
    dialog = lead.page.get_by_role("dialog")
    dialog.get_by_role("button", name=lead.t("panel.copy_link")).tap()
    lead.shot("copy")  # the link is there to be copied by hand
    lead.close_dialog()
    from_menu_without_dialog(lead, "held.download")
    expect(lead.page.locator(".toast").get_by_text(lead.t("app.file_in_app"))).to_be_visible()


def from_menu_without_dialog(person: Person, key: str) -> None:
    me = person.t("workshop.me", name="").strip()
    person.page.get_by_role("button", name=re.compile(rf"{re.escape(me)}$")).click()
    person.page.get_by_role("menuitem", name=person.t(key)).click()
