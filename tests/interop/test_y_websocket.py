"""Any Yjs program can take part: stock y-websocket in Node, a person in the browser, one board."""

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

import pytest
from playwright.sync_api import expect

from tests.support.browsers.browser import People, Person, Workshop
from tests.support.server import Server

pytestmark = pytest.mark.xdist_group("interop-y-websocket")

PEER = Path(__file__).with_name("y_websocket_peer.mjs")
PATIENCE_SECONDS = 20.0
NAME = "Palokärki"
NOTE = "n" * 20

State = dict[str, Any]


class Node:
    """The program at work: tell it what to do, wait for what it sees."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.states: queue.Queue[State] = queue.Queue()
        self.last: State = {}
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.states.put(json.loads(line))

    def do(self, verb: str, **what: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"do": verb, **what}) + "\n")
        self.process.stdin.flush()

    def sees(self, condition: Callable[[State], object]) -> State:
        """Its first state, now or later, for which `condition` is true."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while not (self.last and condition(self.last)):
            try:
                self.last = self.states.get(timeout=max(0.0, ends - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"still {self.last}") from None
        return self.last

    def reads(self, *texts: str) -> None:
        self.sees(lambda state: texts_of(state) == sorted(texts))


def texts_of(state: State) -> list[str]:
    return sorted(note["text"] for note in state["notes"].values())


@contextmanager
def node(server: Server, board: str, token: str) -> Iterator[Node]:
    process = subprocess.Popen(
        ["node", str(PEER), server.ws_url, board, token],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield Node(process)
        finally:
            process.kill()


def token_for(person: Person, workshop: Workshop, name: str) -> tuple[str, str]:
    """A program signs in as anybody does: with the code. Gives person id and token."""
    status, joined = person.call("POST", "/api/join", {"code": workshop.code, "name": name})
    assert status == 201
    return joined["person"], joined["token"]


@pytest.fixture
def person(people: People) -> Person:
    return people("Tiira")


@pytest.fixture
def workshop(person: Person) -> Workshop:
    workshop = person.create("Tiimin kehittämispäivä")
    person.close_dialog()
    return workshop


@pytest.fixture
def program(person: Person, workshop: Workshop, server: Server, people: People) -> Iterator[Node]:
    """Signed in with cookies of its own: the browser's stay what they are."""
    _, token = token_for(people("Ohjelma"), workshop, NAME)
    with node(server, person.board_id(workshop), token) as program:
        program.sees(lambda state: state["synced"])
        yield program


def test_text_typed_in_each_appears_in_the_other(person: Person, program: Node) -> None:
    program.do("add", id=NOTE, zone="challenges", text="Nodesta")
    person.sees("Nodesta")
    expect(person.zone("challenges").locator("[data-note]")).to_have_count(1)
    person.put("inspirations", "Selaimesta")
    program.reads("Nodesta", "Selaimesta")
    person.sees_status("saved")


def test_both_write_in_one_note_at_once(person: Person, program: Node) -> None:
    program.do("add", id=NOTE, zone="challenges", text="-")
    person.sees("-")
    person.edit("-")
    for letter in "selain":
        program.do("insert", id=NOTE, at=0, text=letter.upper())
        person.page.keyboard.type(letter)
    expect(person.editor).to_have_value("NIALES-selain")
    program.reads("NIALES-selain")
    person.done()
    person.sees("NIALES-selain")
    person.page.keyboard.press("Delete")
    program.reads()


def test_each_sees_who_the_other_is(person: Person, program: Node) -> None:
    program.do("show", state={"user": {"name": "Joku muu", "color": 3}, "edit": NOTE})
    program.do("add", id=NOTE, zone="challenges", text="Tässä")
    faces = person.board.locator(".people")
    faces.locator("summary").click()
    expect(faces).to_contain_text(NAME)  # the server's word, whatever the program says
    expect(faces).not_to_contain_text("Joku muu")
    expect(person.notes).to_contain_text(person.t("note.written-by", name=NAME))
    person.shot("program-writes")
    program.sees(lambda state: state["people"] == [person.t("workshop.facilitator")])
    program.do("leave")
    expect(faces).not_to_contain_text(NAME)


def test_the_program_comes_back_after_a_crash(
    person: Person, program: Node, server: Server
) -> None:
    person.forgive(r"WebSocket connection to .* failed|net::ERR_CONNECTION_REFUSED")
    person.put("challenges", "Ennen")
    program.reads("Ennen")
    server.kill9()
    program.sees(lambda state: not state["synced"])
    program.do("add", id=NOTE, zone="challenges", text="Ohjelman oma")
    person.put("challenges", "Selaimen oma")
    server.restart()
    program.reads("Ennen", "Ohjelman oma", "Selaimen oma")
    person.sees("Ennen", "Ohjelman oma", "Selaimen oma")
    person.sees_status("saved")


def test_a_program_without_a_token_is_turned_away_for_good(
    person: Person, workshop: Workshop, server: Server
) -> None:
    with node(server, person.board_id(workshop), "tokenOfYesterday") as stranger:
        closed = stranger.sees(lambda state: state["closed"])["closed"]
    assert closed["code"] == 4401
