"""Answers and links in browsers: a group's answer with its evidence, and a trail along links."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.support.actions import as_list, go, link, put, title
from tests.support.browsers.browser import PHONE, WIDE, People

pytestmark = pytest.mark.xdist_group("e2e-answers-links")

COSTLY = "Kirjaamme samat tiedot kolmeen järjestelmään"
OLD, NEW = "Kolme erillistä rekisteriä", "Yksi yhteinen rekisteri"


def test_a_phenomenon_is_evidence_and_leads_to_a_change(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevään kehittämispäivä")
    birch, rowan = people("Koivu", device=WIDE), people("Rowan", language="en", device=PHONE)
    for person in (birch, rowan):
        person.join(workshop)
    as_list(birch)
    put(birch, "phenomena", "challenges", COSTLY)

    # An answer that both write, and a note put under it; undone and done again.
    go(birch, "phenomena_summary")
    go(rowan, "phenomena_summary")
    birch.page.get_by_role("textbox").first.fill("Moneen kertaan kirjaaminen.")
    expect(rowan.page.get_by_role("textbox").first).to_have_value("Moneen kertaan kirjaaminen.")
    expect(rowan.page.get_by_text(rowan.t("note.written-by", name="Koivu"))).to_be_visible()
    use = re.escape(birch.t("answers.use-named", note=COSTLY[:30]))
    birch.page.get_by_role("button", name=re.compile(f"^{use}")).click()
    birch.page.get_by_role("dialog").get_by_role("listitem").first.get_by_role("button").click()
    first = rowan.page.locator("section").first
    expect(first.get_by_role("listitem")).to_contain_text(COSTLY)
    birch.button("board.undo").click()
    expect(first.get_by_role("listitem")).to_have_count(0)
    birch.button("board.redo").click()
    expect(first.get_by_role("listitem")).to_contain_text(COSTLY)
    rowan.shot("answer-with-evidence")

    # From → To of a row, and the phenomenon that calls for it.
    go(birch, "change")
    put(birch, "change", "tools/from", OLD)
    put(birch, "change", "tools/to", NEW)
    link(birch, OLD, "change", NEW)
    go(birch, "phenomena")
    link(birch, COSTLY, "change", OLD)

    # The other end shows it, and the trail leads back to the phenomenon and its answer.
    go(rowan, "change")
    rowan.page.get_by_role("button", name=rowan.t("links.count-named", n=2, note=OLD)).click()
    rowan.button("links.trace").click()
    trail = rowan.page.get_by_role("dialog").last
    expect(trail.get_by_role("heading", level=3)).to_have_text(
        [title(key, "en") for key in ("phenomena", "phenomena_summary", "change")]
    )
    expect(trail).to_contain_text(f"This became: {NEW}")
    rowan.shot("trail")
    trail.get_by_role("button", name=re.compile("Kirjaamme")).first.click()
    expect(rowan.note(COSTLY)).to_be_visible()
