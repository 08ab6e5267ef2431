"""Real Yjs against the inspector: nothing honest is refused, and both read the same (IN1, IN10).

The histories come from simulated people in Node (support/updates/yjs_peer.mjs): typing, moving,
voting, deleting, undo, work done offline, merged updates, documents with and without collection.
"""

import json
import random
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from boards.document import Document
from boards.edits import add_note, delete_note, move_note, recolour, retext, vote
from server.sync.inspection import gaps
from server.sync.inspection.inspector import STEP2_LIMITS, UPDATE_LIMITS, inspect, root_names
from server.sync.inspection.surrogates import ClockSet
from server.sync.wire import messages
from tests.support.seed import SOAK, rounds, seed
from tests.support.updates.yjs import ask_yjs, from_base64, to_base64

VECTORS = Path(__file__).parents[1] / "vectors"
BOARD = "b" * 20


@pytest.fixture(scope="module", params=range(SOAK))
def history(request: pytest.FixtureRequest) -> Any:
    return ask_yjs("histories", seed=seed() + request.param, rounds=2_000)


def test_in1_never_refuses_what_yjs_sends(history: Any) -> None:
    """Every update passes in its order, and none of them is a gap to the server that got them."""
    roots = root_names(*history["roots"])
    surrogates: dict[int, ClockSet] = {}
    gaps.note_surrogates(surrogates, inspect(from_base64(history["start"]), STEP2_LIMITS, None))
    seen = Counter(sent["kind"] for sent in history["sent"])
    assert min(seen["live"], seen["merged"], seen["step2"], seen["whole"]) > 10, seen
    for sent in history["sent"]:
        limits = UPDATE_LIMITS if sent["kind"] in ("live", "merged") else STEP2_LIMITS
        limits = replace(limits, type_depth=2)
        found = inspect(from_base64(sent["update"]), limits, roots, surrogates)
        clocks = messages.read_state_vector(from_base64(sent["stateVector"]))
        assert sent["kind"] == "whole" or gaps.gap(found, clocks) is None
        gaps.note_surrogates(surrogates, found)


def test_in1_reads_what_yjs_reads(history: Any) -> None:
    updates = [sent["update"] for sent in history["sent"]]
    for update, read in zip(updates, ask_yjs("decode", updates=updates), strict=True):
        found = inspect(from_base64(update), STEP2_LIMITS, None)
        assert as_yjs_says(found) == read


def as_yjs_says(found: Any) -> Any:
    """An inspection in the shape of yjs_peer's `read`, where JSON makes keys of client ids."""
    report = {
        "ranges": found.ranges,
        "dependencies": found.dependencies,
        "skips": found.skips,
        "deleted": found.deleted,
        "structs": found.structs,
    }
    return json.loads(json.dumps(report))


@pytest.mark.parametrize("part", range(SOAK))
def test_in10_waits_exactly_when_yjs_waits(part: int) -> None:
    answer = ask_yjs("gaps", seed=seed() + part, rounds=600)
    roots = root_names(*answer["roots"])
    waited = Counter(offered["waits"] for offered in answer["offered"])
    assert min(waited[True], waited[False]) > 50, waited
    for offered in answer["offered"]:
        found = inspect(from_base64(offered["update"]), STEP2_LIMITS, roots)
        clocks = messages.read_state_vector(from_base64(offered["stateVector"]))
        assert (gaps.gap(found, clocks) is not None) == offered["waits"]


def test_in1_never_refuses_what_pycrdt_clients_send(dice: random.Random) -> None:
    """The demo's people, and programs in Python, write with pycrdt."""
    documents = [Document() for _ in range(3)]
    roots = root_names("notes", "votes", f"layout/{BOARD}")
    surrogates: dict[int, ClockSet] = {}
    notes: list[str] = []
    for _ in range(rounds(400)):
        author = dice.choice(documents)
        result, update = author.record(partial(edit, author, notes, dice))
        if isinstance(result, str):
            notes.append(result)
        if not update:
            continue
        found = inspect(update, UPDATE_LIMITS, roots, surrogates)
        for other in documents:
            clocks = messages.read_state_vector(other.get_state_vector())
            assert gaps.gap(found, clocks) is None
            other.apply_update(update)
        gaps.note_surrogates(surrogates, found)
    for document in documents:
        whole = inspect(document.get_update(), STEP2_LIMITS, roots)
        assert {
            client: end for client, (_, end) in whole.ranges.items()
        } == messages.read_state_vector(document.get_state_vector())


def edit(document: Document, notes: list[str], dice: random.Random) -> object:
    note = dice.choice(notes) if notes else None
    if note is None or dice.random() < 0.2:
        text = dice.choice(["idea", "🌲 metsä", "", "möte"])
        place = (dice.randrange(900), dice.randrange(900))
        return add_note(document, BOARD, zone="challenges", text=text, position=place, at=1)
    place = (dice.randrange(900), dice.randrange(900))
    match dice.randrange(5):
        case 0:
            retext(document, note, dice.choice(["a🌲b", "hei", "🌲🌲", "työ " * 50]))
        case 1:
            move_note(document, BOARD, note, zone="inspirations", position=place)
        case 2:
            recolour(document, note, dice.choice(["pink", "blue"]))
        case 3:
            vote(document, note, "osallistuja", dice.randrange(3))
        case _:
            delete_note(document, note)
    return None


def test_vectors_are_what_yjs_writes_today() -> None:
    answer = ask_yjs("vectors")
    for name in "wire", "inspector":
        assert json.loads((VECTORS / f"{name}.json").read_text()) == answer[name], name
    # And the helper that carries bytes to Node and back changes none of them.
    assert all(to_base64(from_base64(text)) == text for _, text in answer["wire"]["numbers"])
