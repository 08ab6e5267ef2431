"""Kept on a home screen: what Chromium says of installing it, and the pictures for it."""

from __future__ import annotations

import re
import struct
from typing import Any

import httpx
import pytest

from server.i18n import LANGUAGES
from tests.support.browsers.browser import PHONE, People

pytestmark = pytest.mark.xdist_group("e2e-installing")

PAGES = ("/", "/privacy")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_browser_finds_nothing_against_installing_it(language: str, people: People) -> None:
    person = people("Kuovi", language=language, device=PHONE)
    for path in PAGES:
        person.go(path)
        devtools = person.page.context.new_cdp_session(person.page)
        manifest = devtools.send("Page.getAppManifest")
        assert manifest["errors"] == []
        assert manifest["url"].endswith("/public/hahmo.webmanifest")
        wrong = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
        # Of the browser's own window, which a test opens beside the usual one.
        assert [each for each in wrong if each["errorId"] != "in-incognito"] == []
        devtools.detach()


def test_pictures_are_as_large_as_they_say(people: People) -> None:
    url = people.url
    with httpx.Client(base_url=url, trust_env=False) as http:
        told: dict[str, Any] = http.get("/public/hahmo.webmanifest").raise_for_status().json()
        icons = {each["src"]: each["sizes"] for each in told["icons"]}
        [apple] = re.findall(r'rel="apple-touch-icon" href="([^"]+)"', http.get("/").text)
        icons[apple] = "180x180"
        for src, sizes in icons.items():
            picture = http.get(src).raise_for_status()
            if sizes == "any":
                assert picture.headers["content-type"] == "image/svg+xml"
                continue
            width, height = struct.unpack(">II", picture.content[16:24])  # of a PNG's first chunk
            assert f"{width}x{height}" == sizes, src
    purposes = [each.get("purpose", "any") for each in told["icons"]]
    assert purposes.count("maskable") == 1
