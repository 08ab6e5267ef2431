"""Every page in Finnish, Swedish and English: chosen by the browser, switchable, complete."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from server.i18n import LANGUAGES, NAMES, t
from tests.e2e.support.reading import assert_complete
from tests.support.browsers.browser import PHONE, WIDE, People, Person, Workshop

pytestmark = pytest.mark.xdist_group("e2e-languages")

TABS = ("groups", "people", "pace", "outputs")


def pages(person: Person, people: People) -> Iterator[str]:
    """Through every page and sheet; gives the name of each, to be looked at."""
    person.forgive(r"status of 404")
    person.go("/")
    yield "start"
    person.go("/j/ABCDEFGH")
    yield "unknown"
    workshop = person.create("Kehittämispäivä")
    yield "invite"
    person.close_dialog()
    yield "board"
    person.put("challenges", "Lappu")
    yield "note"
    person.button("board.keys").click()
    yield "keys"
    person.close_dialog()
    for tab in TABS:
        person.page.get_by_role("tab", name=person.t(f"panel.tab_{tab}"), exact=True).click()
        yield f"panel-{tab}"
    person.button("board.view.list").click()
    yield "list"
    yield from as_participant(people, person.language, workshop)


def as_participant(people: People, language: str, workshop: Workshop) -> Iterator[str]:
    phone = people("Kuovi", language=language, device=PHONE)
    phone.go(f"/j/{workshop.plain_code}")
    assert_complete(phone)
    phone.join(workshop)
    phone.sees("Lappu")
    assert_complete(phone)
    phone.button("workshop.me", name="Kuovi").click()
    assert_complete(phone)
    phone.shot("menu-on-a-phone")
    yield "participant-came"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_complete(language: str, people: People) -> None:
    person = people("Vetäjä", language=language, device=WIDE)
    for name in pages(person, people):
        assert_complete(person)
        person.shot(name)


def test_the_language_can_be_switched_and_stays(people: People) -> None:
    person = people("Tiira", device=WIDE)
    person.forgive(r"status of 404")
    person.go("/")
    for language in ("en", "sv", "fi", "sv"):
        person.page.get_by_role("button", name=NAMES[language], exact=True).click()
        person.language = language
        heading = person.page.get_by_role("heading", level=1)
        expect(heading).to_have_text(person.t("start.headline"))
        assert_complete(person)
    person.page.reload()
    expect(person.button("start.create")).to_be_visible()
    assert_complete(person)
    person.textbox("join.code").fill("ABCD-EFGH")
    person.textbox("join.name").fill("Tiira")
    person.button("join.join").click()  # the server speaks it, too
    expect(person.page.get_by_text(person.t("error.code-unknown.detail"))).to_be_visible()


def test_switching_on_the_board_changes_all_but_what_people_wrote(people: People) -> None:
    person = people("Tiira", device=WIDE)
    person.create("Kehittämispäivä")
    person.close_dialog()
    person.put("challenges", "Lappu")
    person.zone("challenges").evaluate("zone => { zone.dataset.same = '' }")
    person.button("workshop.me", name=person.t("workshop.facilitator")).click()
    person.page.get_by_role("menuitemradio", name="English", exact=True).click()
    person.language = "en"
    expect(person.zone("challenges")).to_be_visible()
    assert person.zone("challenges").get_attribute("data-same") == "", "the board did not open anew"
    expect(person.page.get_by_role("tab", name=person.t("panel.tab_groups"))).to_be_visible()
    person.sees("Lappu")
    person.sees_status("saved")
    assert_complete(person)
    person.shot("switched")


def test_each_reads_the_same_board_in_their_own_language(people: People) -> None:
    lead = people("Vetäjä")
    workshop = lead.create("Kehittämispäivä")
    readers = [people(f"Lukija {language}", language=language) for language in LANGUAGES]
    for reader in readers:
        reader.join(workshop)
        reader.put("inspirations", f"Kirjoitettu: {reader.language}")
    for reader in readers:
        expect(reader.zone("inspirations").locator("[data-note]")).to_have_count(3)
        assert_complete(reader)


def test_a_browser_that_cannot_run_the_client_reads_why(people: People) -> None:
    """In three languages, instead of a white page; nobody else sees a word of it."""
    without = people("Vanha", device=PHONE)
    without.page.add_init_script("delete Array.prototype.findLast")
    parsing = people("Vanhempi")
    parsing.forgive("unexpected token")
    parsing.page.route(
        "**/assets/main-*.js",
        lambda route: route.fulfill(body="class A { #? }", content_type="text/javascript"),
    )
    for person in (without, parsing):
        person.go("/")
        for language in LANGUAGES:
            words = person.page.get_by_text(t(language, "page.too_old"))
            expect(words).to_be_visible()
            assert words.get_attribute("lang") == language
        person.shot("too-old")
    silent = people("Hiljainen", java_script_enabled=False)
    silent.go("/")
    for language in LANGUAGES:
        words = silent.page.locator(f"#needs-script [lang={language}]")
        expect(words).to_be_visible()
        assert words.text_content() == t(language, "page.needs_script")
    silent.shot("no-script")
    fresh = people("Uusi")
    fresh.go("/")
    expect(fresh.button("start.create")).to_be_visible()
    for hidden in ("#too-old", "#needs-script"):
        expect(fresh.page.locator(hidden)).to_be_hidden()
