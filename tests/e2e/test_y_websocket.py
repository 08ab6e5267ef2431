"""A program with stock `yjs` and `y-websocket` joins a board by token and writes with a browser."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.support.browser import People
from tests.support.server import Server

pytestmark = pytest.mark.xdist_group("e2e-y-websocket")

PEER = Path(__file__).with_name("y_websocket_peer.mjs")
SECONDS = 60.0

State = dict[str, Any]


class Stock:
    """The program, and what it tells."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._told: queue.SimpleQueue[State] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._told.put(json.loads(line))

    def until(self, condition: Callable[[State], bool]) -> State:
        """The first state that it tells for which `condition` holds."""
        deadline = time.monotonic() + SECONDS
        state: State = {}
        while not state or not condition(state):
            try:
                state = self._told.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"after {SECONDS} s it last told {state}") from None
        return state

    def append(self, note: str, text: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"note": note, "text": text}) + "\n")
        self._process.stdin.flush()


@contextmanager
def stock_peer(server: Server, board: str, token: str) -> Iterator[Stock]:
    process = subprocess.Popen(
        ["node", str(PEER), server.ws_url, board, token],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Stock(process)
    finally:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def test_a_stock_provider_and_a_browser_write_together(people: People, server: Server) -> None:
    facilitator = people("Vetäjä")
    workshop = facilitator.create("Tiimin kehittämispäivä")
    facilitator.close_dialog()
    board = facilitator.board_id(workshop)
    body = {"code": workshop.plain_code, "name": "Ohjelma"}
    joined = httpx.post(f"{server.url}/api/join", json=body, trust_env=False)
    token = joined.raise_for_status().json()["token"]
    with stock_peer(server, board, token) as stock:
        stock.until(lambda state: state["synced"])
        facilitator.put("challenges", "Selaimesta")
        told = stock.until(lambda state: "Selaimesta" in state["texts"].values())
        [note] = [id for id, text in told["texts"].items() if text == "Selaimesta"]
        stock.append(note, " ja ohjelmasta ä 👩‍👧")
        facilitator.sees("Selaimesta ja ohjelmasta ä 👩‍👧")
        facilitator.edit("Selaimesta ja ohjelmasta ä 👩‍👧")
        facilitator.page.keyboard.press("Control+End")
        facilitator.page.keyboard.type("!")
        facilitator.done()
        stock.until(lambda state: state["texts"].get(note) == "Selaimesta ja ohjelmasta ä 👩‍👧!")
        cursors = facilitator.page.locator(".cursors")
        expect(cursors).to_contain_text("Ohjelma")
    expect(cursors).not_to_contain_text("Ohjelma")
