"""People whose line to the server breaks, and comes back."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator

from tests.support.browsers.browser import People, Person, Workshop
from tests.support.network.proxy import Way

OFFLINE = r"WebSocket connection to .* failed|net::ERR_|Failed to load resource"


def comes(people: People, line: Way, workshop: Workshop, language: str = "en") -> Person:
    member = people("Tiira", language=language)
    member.url = line.url
    member.forgive(OFFLINE)
    member.join(workshop)
    return member


def patch(lead: Person, workshop: Workshop, **changes: Any) -> None:
    assert lead.call("PATCH", f"/api/workshops/{workshop.id}", changes)[0] == 200


def goes_on(member: Person, other: Person, text: str) -> None:
    """The next honest edit is saved: here, in another tab, and after a reload."""
    member.put("challenges", text)
    member.sees_status("saved")
    second = Person(
        member.name, member.language, member.url, member.page.context.new_page(), member.screens
    )
    second.page.goto(member.page.url)
    second.sees_status("saved")
    second.put("challenges", f"{text}, other tab")
    second.sees_status("saved")
    second.page.close()
    member.page.reload()
    member.sees_status("saved")
    member.put("challenges", f"{text}, again")
    member.sees_status("saved")
    other.sees(text, f"{text}, other tab", f"{text}, again")


def told(person: Person, key: str, **values: int) -> Locator:
    return person.page.locator(".toast").get_by_text(person.t(key, **values))


def device(people: People, way: Way, workshop: Workshop, token: str) -> Person:
    """One more device of the person with this token."""
    person = people("Tiira", language="en")
    person.url = way.url
    person.forgive(OFFLINE)
    assert person.call("POST", "/api/session", {"token": token})[0] < 300
    person.go(f"/w/{workshop.id}")
    person.sees_status("saved")
    return person
