"""Words that are being composed, as in Japanese or with dead keys, while another types in the same
note: neither loses a letter, and what is not finished is not touched."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browsers.browser import LAPTOP, PHONE, Device, People

pytestmark = [pytest.mark.xdist_group("e2e-composing"), pytest.mark.timeout(180)]


@pytest.mark.parametrize("device", [LAPTOP, PHONE], ids=["canvas", "phone"])
def test_composing_while_another_types_in_the_same_note(device: Device, people: People) -> None:
    lead = people("Vetäjä")
    workshop = lead.create("Kevät")
    lead.close_dialog()
    lead.put("challenges", "Alku")
    writer = people("Kuovi", device=device)
    writer.join(workshop)
    writer.sees("Alku")
    if device.touch:
        writer.button("note.edit-named", note="Alku").tap()
        expect(writer.editor).to_be_focused()
    else:
        writer.edit("Alku")
    lead.edit("Alku")
    lead.page.keyboard.press("Home")
    keys = writer.page.context.new_cdp_session(writer.page)
    writer.page.keyboard.press("End")
    for composed in ("ｎ", "に", "にｈ", "にほ"):
        at = len(composed)
        keys.send(
            "Input.imeSetComposition",
            {"text": composed, "selectionStart": at, "selectionEnd": at},
        )
        lead.page.keyboard.type("x")
    expect(lead.editor).to_have_value("xxxxAlku")
    expect(writer.editor).to_have_value("Alkuにほ")  # nothing moves under the pen
    keys.send("Input.insertText", {"text": "日本"})
    for person in (lead, writer):
        expect(person.editor).to_have_value("xxxxAlku日本")
    writer.page.keyboard.type("!")  # the caret is where it was
    lead.page.keyboard.type("y")
    for person in (lead, writer):
        expect(person.editor).to_have_value("xxxxyAlku日本!")
        person.done()
        person.sees("xxxxyAlku日本!")
    writer.page.reload()
    writer.sees("xxxxyAlku日本!")
