"""Fixtures for tests with browsers; a conftest imports those it offers.

`browser` and `server` live as long as a test module: each module of tests with browsers names an
xdist group, so that it stays in one process.
"""

import contextlib
import fcntl
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browsers.browser import People, Screens, new_browser
from tests.support.server import Server, running_server

__all__ = ["browser", "client_built", "people", "screens", "server"]

ROOT = Path(__file__).resolve().parents[3]
SCREENS = ROOT / "build" / "screens"


@contextlib.contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Only one process of this test run at a time."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def client_built() -> None:
    """What browsers load is built from the sources as they are now."""
    with alone(ROOT / ".make" / "client.lock"):
        subprocess.run([sys.executable, ROOT / "scripts" / "build_client.py"], check=True)


@pytest.fixture(scope="module")
def browser(client_built: None) -> Iterator[Browser]:
    with new_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def server(client_built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("server") / "data") as server:
        yield server


@pytest.fixture
def screens(request: pytest.FixtureRequest) -> Screens:
    """Pictures of this test, in build/screens."""
    folder = SCREENS / request.path.stem / request.node.name.replace("/", "-")
    shutil.rmtree(folder, ignore_errors=True)
    return Screens(folder)


@pytest.fixture
def people(
    request: pytest.FixtureRequest, browser: Browser, server: Server, screens: Screens
) -> Iterator[People]:
    """Makes people with browsers; fails the test if a page had an error nobody expected."""
    failures = request.session.testsfailed
    people = People(browser, server.url, screens)
    yield people
    people.leave(picture=request.session.testsfailed > failures)
    complaints = people.complaints()
    assert not complaints, complaints
