"""What a page says to those who read it: complete, and in one language."""

from __future__ import annotations

import re

from server.i18n import catalogue
from tests.support.browsers.browser import Person

__all__ = ["assert_complete"]

AREAS = "|".join(sorted({key.split(".")[0] for key in catalogue("fi")}))
A_KEY = re.compile(rf"\b(?:{AREAS})\.[a-z][a-z_.-]*[a-z]\b")
A_PLACEHOLDER = re.compile(r"\{\w+\}")
SPOKEN = """() => [...document.querySelectorAll('*')].flatMap(element => [
    ...['aria-label', 'title', 'alt', 'placeholder'].map(name => element.getAttribute(name)),
    ...[...element.childNodes].filter(({ nodeType }) => nodeType === 3).map(node => node.data),
]).filter(text => text?.trim() && true)"""


def assert_complete(person: Person) -> None:
    """No key instead of a text, no placeholder left open, and the page says its language."""
    assert person.page.locator("html").get_attribute("lang") == person.language
    script = person.page.locator("script, style").all_text_contents()
    for text in person.page.evaluate(SPOKEN):
        if text in script:
            continue
        assert not A_KEY.search(text), text
        assert not A_PLACEHOLDER.search(text), text
