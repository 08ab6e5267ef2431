"""WebKit by WebDriver, in GTK's MiniBrowser on a screen that nobody sees.

One driver has one window, so that each window has one of its own. Source: W3C WebDriver.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from tests.support.browsers.windows import ScriptError, W3CWindow, as_source
from tests.support.server import free_port

__all__ = ["WebKit", "running_webkit"]

START_SECONDS = 60.0
ANSWER_SECONDS = 60.0
BROWSER = "webkit2gtk-4.1/MiniBrowser"
BARS_PX = 38  # of MiniBrowser's own, above the page
ASK = "const done = arguments[arguments.length - 1];"


def minibrowser() -> str:
    """Where WebKit's own small browser is: $MINIBROWSER, or Debian's."""
    debian = next(Path("/usr/lib").glob(f"*/{BROWSER}"), None)
    found = shutil.which(os.environ.get("MINIBROWSER") or str(debian))
    assert found, "WebKit is missing: apt-get install webkit2gtk-driver, or set MINIBROWSER"
    return found


class WebKit:
    """Opens windows, each by a driver of its own; `close` ends them all."""

    def __init__(self, display: str) -> None:
        self._display = display
        self._closing = contextlib.ExitStack()

    def window(self, width: int, height: int) -> WebKitWindow:
        url = self._closing.enter_context(running_driver(self._display))
        window = WebKitWindow(url)
        self._closing.callback(window.close)
        window.resize(width, height)
        return window

    def close(self) -> None:
        self._closing.close()


class WebKitWindow(W3CWindow):
    def __init__(self, driver: str) -> None:
        options = {"binary": minibrowser(), "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self._http = httpx.Client(timeout=ANSWER_SECONDS, trust_env=False)
        self._session = f"{driver}/session"
        answer = self._call("POST", "", {"capabilities": wanted})
        self._session = f"{driver}/session/{answer['sessionId']}"

    def resize(self, width: int, height: int) -> None:
        rect = {"x": 0, "y": 0, "width": width, "height": height + BARS_PX}
        self._call("POST", "/window/rect", rect)

    def go(self, url: str) -> None:
        self._call("POST", "/url", {"url": url})

    def reload(self) -> None:
        self._call("POST", "/refresh", {})

    def run(self, function: str, *arguments: Any) -> Any:
        source = as_source(function, arguments)
        script = f"{ASK} {source}.then(found => done([found]), error => done(String(error)))"
        answer = self._call("POST", "/execute/async", {"script": script, "args": []})
        if not isinstance(answer, list):
            raise ScriptError(answer)
        return json.loads(answer[0])

    def perform(self, sources: list[dict[str, Any]]) -> None:
        self._call("POST", "/actions", {"actions": sources})

    def picture(self) -> bytes:
        return base64.b64decode(self._call("GET", "/screenshot"))

    def close(self) -> None:
        self._call("DELETE", "")
        self._http.close()

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._http.request(method, f"{self._session}{path}", json=body)
        value = answer.json()["value"]
        if answer.is_error:
            raise ScriptError(f"{path}: {value['error']}: {value['message']}")
        return value


@contextlib.contextmanager
def running_webkit() -> Iterator[WebKit]:
    """A screen and the drivers on it; all end with the block."""
    with running_screen() as display:
        browser = WebKit(display)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def running_screen() -> Iterator[str]:
    """A display that draws into memory; gives its name."""
    ours, theirs = os.pipe()
    size = ["-screen", "0", "1500x1000x24"]
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(theirs), *size, "-nolisten", "tcp"],
        pass_fds=[theirs],
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    try:
        with os.fdopen(ours) as told:
            number = told.readline().strip()  # empty if it ended
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        screen.terminate()
        screen.wait(15)


@contextlib.contextmanager
def running_driver(display: str) -> Iterator[str]:
    """Start a driver and wait until it answers; gives its address."""
    port = free_port()
    driver = subprocess.Popen(
        ["WebKitWebDriver", f"--port={port}"],
        env={**os.environ, "DISPLAY": display, "GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(driver, f"{url}/status")
        yield url
    finally:
        driver.terminate()
        driver.wait(15)


def wait_for(driver: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while driver.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(url, trust_env=False).is_success:
                return
        with contextlib.suppress(subprocess.TimeoutExpired):
            driver.wait(0.05)
    raise RuntimeError("WebKitWebDriver did not start")
