"""From the menu under one's name: what is kept about me, as a file."""

import json
from pathlib import Path

from tests.support.browsers.browser import People


def test_i_take_along_what_is_kept_about_me(people: People, tmp_path: Path) -> None:
    lead = people("Vetäjä")
    workshop = lead.create("Omat tiedot")
    guest = people("Tiira", language="sv")
    guest.join(workshop)
    guest.put("challenges", "Min egen lapp")
    guest.sees_status("saved")
    guest.button("workshop.me", name="Tiira").click()
    with guest.page.expect_download() as taken:
        guest.page.get_by_role("menuitem", name=guest.t("held.download")).click()
    file = tmp_path / taken.value.suggested_filename
    taken.value.save_as(file)
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["person"]["name"] == "Tiira"
    [board] = found["boards"]
    assert [note["text"] for note in board["notes"]] == ["Min egen lapp"]
    assert found["apart"]["surveys"] == guest.t("held.surveys")
