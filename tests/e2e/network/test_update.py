"""The server is updated under an open page: its next part is named as missing, and comes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.support import actions
from tests.support.browsers.browser import People, Screens
from tests.support.server import Server, running_server

pytestmark = [pytest.mark.xdist_group("e2e-update"), pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[3]
BUILT = re.compile(r"^(.+)-([\w-]{8})\.(js|css)$")
UPDATE = (
    r"Failed to load resource|WebSocket connection to .* failed|net::ERR_"
    r"|dynamically imported|Refused to apply style"
)


@pytest.fixture
def installed(client_built: None, tmp_path: Path) -> Path:
    """A copy of what is installed, to be updated."""
    for package in ("boards", "server"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, tmp_path / "app" / package, ignore=ignored)
    return tmp_path / "app"


@pytest.fixture
def own_server(installed: Path, tmp_path: Path) -> Iterator[Server]:
    env = {"PYTHONSAFEPATH": "1", "PYTHONPATH": str(installed)}
    with running_server(tmp_path / "data", env) as server:
        yield server


def build_anew(static: Path) -> None:
    """As another build does it: scripts and sheets have other names, and the old ones are gone."""
    names: dict[str, str] = {}
    for file in (static / "assets").iterdir():
        if found := BUILT.match(file.name):
            names[file.name] = f"{found[1]}-{found[2][::-1]}.{found[3]}"
        elif file.suffix in (".br", ".gz"):
            file.unlink()
    assert len(names) > 10, "the client is built"
    for file in [*(static / "assets").glob("*.js"), static / ".vite" / "manifest.json"]:
        text = file.read_text(encoding="utf-8")
        for old, new in names.items():
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")
    for old, new in names.items():
        (static / "assets" / old).rename(static / "assets" / new)


def test_a_page_from_before_an_update_goes_on_and_loses_nothing(
    browser: Browser, own_server: Server, installed: Path, screens: Screens
) -> None:
    people = People(browser, own_server.url, screens)
    lead, member = people("Vetäjä"), people("Tiira", language="sv")
    workshop = lead.create("Kevät")
    lead.close_dialog()
    member.join(workshop)
    for person in (lead, member):
        person.forgive(UPDATE)
    member.put("challenges", "Före uppdateringen")
    own_server.stop()
    member.sees_status("offline")
    member.put("challenges", "Under uppdateringen")
    build_anew(installed / "server" / "static")
    own_server.restart()
    member.sees_status("saved")
    lead.sees("Före uppdateringen", "Under uppdateringen")
    actions.choose(member, "experiments")
    missing = member.page.get_by_role("alert").filter(has_text=member.t("error.part-missing.title"))
    expect(missing).to_be_visible()
    member.shot("missing")
    before = member.page.evaluate("performance.timeOrigin")
    member.button("app.try_again").click()
    member.page.wait_for_function("(before) => performance.timeOrigin !== before", arg=before)
    member.sees_status("saved")
    actions.go(member, "experiments")
    expect(missing).to_have_count(0)
    actions.go(member, "phenomena")
    member.sees("Före uppdateringen", "Under uppdateringen")
    lead.put("challenges", "Päivityksen jälkeen")
    member.sees("Päivityksen jälkeen")
    people.leave()
    assert not people.complaints()
