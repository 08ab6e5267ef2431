"""Cookies in a real browser: what it takes, by http and by https."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from server.web.requests import session_cookie
from tests.support.server import running_server

pytestmark = pytest.mark.xdist_group("e2e-cookies")

CREATE = """async () => (await (await fetch('/api/workshops', {
  method: 'POST', headers: {'content-type': 'application/json'}, body: '{}'})).json()).id"""


def test_a_browser_takes_the_cookies_of_each_scheme(browser: Browser, tmp_path: Path) -> None:
    """Chromium holds localhost for as good as https, and checks what the prefix asks for."""
    with running_server(tmp_path / "data") as server:
        port, page = server.port, browser.new_page(base_url=f"http://localhost:{server.port}")
        page.goto("/")
        workshop = page.evaluate(CREATE)
        assert kept(page.context.cookies()) == [session_cookie(workshop)]
        server.stop()
        server.restart(HAHMO_PUBLIC_URL=f"https://localhost:{port}")
        page.goto(f"/w/{workshop}")
        assert kept(page.context.cookies()) == []
        workshop = page.evaluate(CREATE)
        page.goto(f"/w/{workshop}")
        assert kept(page.context.cookies()) == [session_cookie(workshop, secure=True)]
        page.context.close()


def kept(cookies: Any) -> list[str]:
    return sorted(cookie["name"] for cookie in cookies if cookie["name"].count("hahmo_"))
