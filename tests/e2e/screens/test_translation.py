"""A browser that translates the page leaves codes and people's names as they are."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.support import actions
from tests.support.browsers.browser import WIDE, People, Person

pytestmark = [pytest.mark.xdist_group("e2e-translation"), pytest.mark.timeout(180)]

# Words that every dictionary has: a browser would translate these names.
NAME, OTHER = "Rose Summers", "Will Storm"
STANDS = """(words) => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (data.trim() === words) found.push(parentElement);
  }
  return found.map((node) => `${node.translate ? 'translated' : 'kept'}: ${node.outerHTML}`);
}"""


def is_kept(person: Person, *words: str) -> None:
    """All of these stand there, and wherever they stand alone they are not to be translated."""
    for each in words:
        found = person.page.evaluate(STANDS, each)
        assert found, each
        assert not [node for node in found if node.startswith("translated")]


def test_codes_and_names_are_not_for_translation(people: People) -> None:
    lead = people("Vetäjä", language="en", device=WIDE)
    workshop = lead.create("Spring")
    is_kept(lead, workshop.code)
    lead.close_dialog()
    member = people(OTHER, language="en")
    member.join(workshop)
    other = people(NAME, language="en")
    other.join(workshop)
    faces = lead.page.locator("details.people summary")
    expect(faces.locator(".face")).to_have_count(2)
    faces.click()
    is_kept(lead, NAME, OTHER)
    faces.click()
    actions.panel_tab(lead, "people")
    is_kept(lead, NAME, OTHER)
    actions.panel_tab(lead, "groups")
    is_kept(lead, NAME, OTHER)
    lead.page.locator("header").get_by_role("button", name="3").first.click()
    expect(lead.page.get_by_role("dialog")).to_be_visible()
    is_kept(lead, NAME, OTHER)
    lead.close_dialog()
    member.button("workshop.me", name=OTHER).click()
    is_kept(member, OTHER)
    code = member.page.locator(".code strong").inner_text()
    is_kept(member, code)
