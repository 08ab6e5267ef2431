"""Firefox by WebDriver BiDi: one browser, and windows that know nothing of each other.

Source: W3C WebDriver BiDi, which Firefox speaks without a driver beside it.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.support.browsers.windows import ScriptError, W3CWindow, as_source

__all__ = ["Firefox", "running_firefox"]

START_SECONDS = 60.0
ANSWER_SECONDS = 30.0
LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")


def firefox() -> str:
    """Where Firefox is: $FIREFOX, or Debian's."""
    found = shutil.which(os.environ.get("FIREFOX") or "firefox-esr")
    assert found, "Firefox is missing: apt-get install firefox-esr, or set FIREFOX"
    return found


class Firefox:
    """A connection to a running Firefox."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._sent = 0
        self.errors: list[str] = []
        self.call("session.new", capabilities={})
        self.call("session.subscribe", events=["log.entryAdded"])

    def call(self, method: str, **params: Any) -> Any:
        """Send a command and wait for its answer. Raises ScriptError with the browser's words."""
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv(ANSWER_SECONDS))
            if message["type"] == "event":
                self._hear(message["params"])
            elif message["id"] == self._sent:
                if message["type"] == "error":
                    raise ScriptError(f"{method}: {message['message']}")
                return message["result"]

    def _hear(self, entry: dict[str, Any]) -> None:
        if entry.get("level") == "error":
            self.errors.append(f"{entry['type']}: {entry['text']}")

    def window(self, width: int, height: int) -> FirefoxWindow:
        person = self.call("browser.createUserContext")["userContext"]
        opened = self.call("browsingContext.create", type="window", userContext=person)["context"]
        size = {"width": width, "height": height}
        self.call("browsingContext.setViewport", context=opened, viewport=size)
        return FirefoxWindow(self, opened)


class FirefoxWindow(W3CWindow):
    def __init__(self, browser: Firefox, context: str) -> None:
        self._browser = browser
        self._context = context

    def go(self, url: str) -> None:
        # An address that the page changes at once ends this navigation early: that is no fault.
        self._call("browsingContext.navigate", url=url, wait="interactive")

    def reload(self) -> None:
        self._call("browsingContext.reload", wait="interactive")

    def run(self, function: str, *arguments: Any) -> Any:
        answer = self._browser.call(
            "script.evaluate",
            expression=as_source(function, arguments),
            target={"context": self._context},
            awaitPromise=True,
        )
        if answer["type"] != "success":
            raise ScriptError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def perform(self, sources: list[dict[str, Any]]) -> None:
        self._call("input.performActions", actions=sources)

    def picture(self) -> bytes:
        return base64.b64decode(self._call("browsingContext.captureScreenshot")["data"])

    def _call(self, method: str, **params: Any) -> Any:
        return self._browser.call(method, context=self._context, **params)


@contextlib.contextmanager
def running_firefox(folder: Path, prefs: dict[str, Any]) -> Iterator[Firefox]:
    """Start Firefox without a screen, with a profile in `folder`; it ends with the block."""
    profile = folder / "profile"
    profile.mkdir(parents=True)
    lines = [f"user_pref({json.dumps(key)}, {json.dumps(prefs[key])});" for key in prefs]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    command = [firefox(), "--headless", "--no-remote", "--profile", str(profile)]
    process = subprocess.Popen(
        [*command, "--remote-debugging-port=0"],
        env={**os.environ, "HOME": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        with connect(f"{address(process)}/session", max_size=None, proxy=None) as socket:
            yield Firefox(socket)
    finally:
        process.terminate()
        process.communicate(timeout=15)


def address(process: subprocess.Popen[str]) -> str:
    """What Firefox says it listens on. Raises RuntimeError if it ends, or says nothing in time."""
    too_late = threading.Timer(START_SECONDS, process.kill)
    too_late.start()
    said = []
    assert process.stderr
    for line in process.stderr:
        said.append(line)
        if found := LISTENING.search(line):
            too_late.cancel()
            return found[1]
    too_late.cancel()
    raise RuntimeError(f"Firefox did not start:\n{''.join(said)}")
