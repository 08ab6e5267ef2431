"""The demo: its people are real clients of a real server, and it begins and ends cleanly."""

import asyncio
import os
import random
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards.desk import Breakout, Desk, DeskBoard, Group, read_desk
from boards.document import Document
from boards.edits import add_note
from boards.schema import Note, read_board
from server.demo.gestures import Clock, gather
from server.demo.person import free_place, whereabouts
from server.demo.story import Lengths, Story
from server.demo.texts import ShuffledTexts, load_texts
from server.i18n import LANGUAGES, t
from tests.support.peer import Peer, board_of, wait_until
from tests.support.seed import seed
from tests.support.server import Server, free_port, running_server

SPEED = 5.0  # times a human; faster people would pass the server's limit of messages per second


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("demo") / "data") as running:
        yield running


def test_two_notes_are_put_together_under_a_name_and_one_is_not() -> None:
    document = Document()
    one, two = (
        add_note(document, "b", zone="challenges", text=text, at=1, position=(20, 20))
        for text in ("a", "b")
    )
    gather(document, "b", (one, "gone"), "Kiire", "challenges", (20, 20))
    assert read_board(document, "b", "notes", "phenomena").themes == ()
    gather(document, "b", (one, two), "Kiire", "challenges", (40, 60))
    board = read_board(document, "b", "notes", "phenomena")
    (theme,) = board.themes
    assert (theme.name, theme.position) == ("Kiire", (40, 60))
    assert [note.theme for note in board.notes] == [theme.id, theme.id]


async def test_groups_write_and_their_boards_are_gathered(server: Server) -> None:
    story = Story(
        server=server.url,
        language="sv",
        people=6,
        lengths=Lengths(together=12, in_groups=20, gathered=30),
        clock=Clock(SPEED),
        dice=random.Random(seed()),
    )
    await story.open()
    running = asyncio.create_task(story.run())
    workshop, token = story.workshop, story.workshop["token"]
    try:
        async with (
            Peer(server.url, workshop["id"], token=token) as desk,
            Peer(server.url, workshop["boards"][0]["id"], token=token) as board,
        ):
            pointing = await wait_until(
                lambda: [state for state in board.others.values() if "cursor" in state],
                board,
            )
            assert {state["user"]["name"] for state in pointing} <= set(load_texts("sv").nicknames)
            await wait_until(lambda: any("edit" in state for state in board.others.values()), board)
            breakout = await wait_until(
                lambda: next((b for b in read_desk(desk.document).breakouts if b.merged), None),
                desk,
                deadline=60,
            )
            groups = {group.id for group in breakout.groups}
            written = await wait_until(
                lambda: [note for note in board_of(board).notes if note.group in groups], board
            )
            known = load_texts("sv").challenges + load_texts("sv").inspirations
            assert all(
                any(note.text.startswith(text) or text.startswith(note.text) for text in known)
                for note in written
            )
            assert len({note.group for note in written}) == 2
            people = {person.id for person in read_desk(desk.document).people}
            assert {note.author for note in written} <= people
            assert not running.done()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_the_command_prints_links_works_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "server", "demo", "--people", "3", "--language", "en"),
        env={**os.environ, "TMPDIR": str(tmp_path), "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        said = await asyncio.wait_for(process.stdout.readuntil(b"/j/"), 30)
        url, workshop, token = links(said.decode())
        assert url.endswith(f":{port}")  # where PORT said, as for "serve"
        async with Peer(url, workshop, token=token) as desk:
            await wait_until(lambda: len(read_desk(desk.document).people) == 4, desk)
            assert read_desk(desk.document).title == load_texts("en").title
        process.send_signal(signal.SIGINT)
        rest, errors = await asyncio.wait_for(process.communicate(), 20)
    finally:
        if process.returncode is None:
            process.kill()
    assert (process.returncode, errors) == (0, b"")
    assert rest.decode().endswith(t("en", "demo.goodbye") + "\n")
    assert not any(name.startswith("hahmo-demo-") for name in os.listdir(tmp_path))


def links(said: str) -> tuple[str, str, str]:
    """(address, workshop, token) of the facilitator's link."""
    found = re.search(r"(http://[\w.:]+)/w/(\w+)#t=(\S+)", said)
    assert found, said
    return found[1], found[2], found[3]


async def test_the_command_says_when_no_server_is_there(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "server", "demo", "--language", "en", "--url", f"http://127.0.0.1:{free_port()}"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    said, errors = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 1
    assert errors.startswith(b"The demo did not work: http://127.0.0.1:")
    assert b"Traceback" not in errors


async def test_the_demo_talks_to_nobody_who_has_its_port_already(tmp_path: Path) -> None:
    """It could be somebody's own Hahmo, in which its people would write."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "server", "demo", "--language", "en", "--port", str(port)),
            env={**os.environ, "TMPDIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        said, errors = await asyncio.wait_for(process.communicate(), 30)
        taken.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody has knocked
            taken.accept()
    assert (process.returncode, said) == (1, b"")
    assert f"127.0.0.1:{port} ".encode() in errors
    assert b"Traceback" not in errors


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_many_different_and_short(language: str) -> None:
    texts = load_texts(language)
    notes = texts.challenges + texts.inspirations
    assert len(notes) >= 40
    assert len(set(notes)) == len(notes)
    assert max(map(len, notes)) <= 100
    assert len(set(texts.nicknames)) == len(texts.nicknames)
    assert texts.nickname(len(texts.nicknames)) not in texts.nicknames
    assert all(vars(texts).keys() == vars(load_texts(other)).keys() for other in LANGUAGES)


BOARDS = (
    DeskBoard(id="shared", key="phenomena", kind="notes", lineage="x"),
    DeskBoard(id="forked", key="phenomena", kind="notes", lineage="x", breakout="b", group="g"),
    DeskBoard(id="grid", key="change", kind="grid", lineage="x"),
    DeskBoard(id="answers", key="synthesis", kind="answers", lineage="x"),
)
OPEN = Breakout(
    id="b",
    board="shared",
    state="open",
    created=1,
    groups=(Group(id="g", name="A", board="forked", people=("koivu",)),),
)
DESK = Desk(boards=BOARDS, board="shared", breakouts=(OPEN,))


@pytest.mark.parametrize(
    ("desk", "person", "board"),
    [
        (DESK, "koivu", "forked"),
        (DESK, "kuusi", "shared"),
        (replace(DESK, breakouts=(replace(OPEN, state="closed"),)), "koivu", "shared"),
        (replace(DESK, board="grid"), "kuusi", "grid"),
        (replace(DESK, board=None), "kuusi", "shared"),
        (replace(DESK, board="answers"), "kuusi", None),
        (replace(DESK, locks={"shared": True}), "kuusi", None),
        (Desk(), "kuusi", None),
    ],
)
def test_people_go_where_they_belong(desk: Desk, person: str, board: str | None) -> None:
    found = whereabouts(desk, person)
    assert (found and found.id) == board


places = st.tuples(st.integers(-50, 900), st.integers(-50, 1500))
notes = st.builds(
    Note, id=st.just("n"), zone=st.just("z"), text=st.text(max_size=120), position=places
)


@given(
    notes=st.lists(notes, max_size=30), pointers=st.lists(places, max_size=5), seed=st.integers()
)
def test_a_free_place_covers_no_note(
    notes: list[Note], pointers: list[tuple[int, int]], seed: int
) -> None:
    x, y = free_place(notes, pointers, random.Random(seed))
    for note in notes:
        assert note.position is not None
        beside = abs(note.position[0] - x) >= 190  # a note is 200 wide; a little may overlap
        assert beside or note.position[1] >= y + 130 or note.position[1] + 92 <= y + 10


def test_a_text_is_out_only_once_at_a_time() -> None:
    shuffled = ShuffledTexts(("yksi", "kaksi"), random.Random(seed()))
    assert {shuffled.draw(), shuffled.draw()} == {"yksi", "kaksi"}
    assert shuffled.draw() is None
    shuffled.put_back("yksi. Sama meillä!")
    shuffled.put_back("yksi")
    assert (shuffled.draw(), shuffled.draw()) == ("yksi", None)
