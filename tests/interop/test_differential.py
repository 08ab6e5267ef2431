"""Equal logs give equal boards: Yjs in Node and pycrdt here show the same JSON (promise G4)."""

import random
from typing import Any

import pytest

from boards.document import Document
from server.sync.inspection import gaps
from server.sync.inspection.inspector import STEP2_LIMITS, inspect
from server.sync.wire import messages
from tests.support.seed import SOAK, seed
from tests.support.updates.yjs import ask_yjs, from_base64, to_base64


@pytest.fixture(scope="module", params=range(SOAK))
def history(request: pytest.FixtureRequest) -> Any:
    return ask_yjs("histories", seed=seed() + 1_000 + request.param, rounds=1_200)


def shown(document: Document, roots: list[str]) -> dict[str, Any]:
    return {name: document.root(name).to_py() or {} for name in roots}


def replayed(log: list[bytes]) -> Document:
    document = Document()
    for update in log:
        document.apply_update(update)
    return document


def log_of(history: Any) -> list[bytes]:
    sent = (each["update"] for each in history["sent"] if each["kind"] != "whole")
    return [from_base64(history["start"]), *map(from_base64, sent)]


def test_g4_the_same_log_gives_the_same_json(history: Any) -> None:
    document = replayed(log_of(history))
    assert shown(document, history["roots"]) == history["shown"]
    assert len(history["shown"]["notes"]) > 5


def test_g4_any_order_that_the_gap_gate_allows_gives_the_same_json(
    history: Any, dice: random.Random
) -> None:
    logs = [shuffled(log_of(history), dice) for _ in range(3)]
    answers = ask_yjs("replay", logs=[[to_base64(update) for update in log] for log in logs])
    for log, answer in zip(logs, answers, strict=True):
        document = replayed(log)
        assert not answer["waits"]
        assert shown(document, history["roots"]) == answer["shown"] == history["shown"]
        assert messages.read_state_vector(
            document.get_state_vector()
        ) == messages.read_state_vector(from_base64(answer["stateVector"]))


def shuffled(log: list[bytes], dice: random.Random) -> list[bytes]:
    """The log with updates late and repeated, each as soon as nothing is missing for it."""
    clocks: dict[int, int] = {}
    waiting, ordered = list(log), []
    while waiting:
        update = waiting[min(int(dice.expovariate(0.3)), len(waiting) - 1)]
        found = inspect(update, STEP2_LIMITS, None)
        if gaps.gap(found, clocks) is None:
            gaps.advance(clocks, found)
            ordered.append(update)
            if dice.random() < 0.9:
                waiting.remove(update)
    assert ordered[: len(log)] != log
    return ordered


def test_g4_a_snapshot_of_either_gives_the_same_json(history: Any) -> None:
    """What pycrdt encodes, Yjs shows alike, and the other way round."""
    document = replayed(log_of(history))
    [answer] = ask_yjs("replay", logs=[[to_base64(document.get_update())]])
    assert answer["shown"] == history["shown"]
    for sent in history["sent"]:
        if sent["kind"] == "whole":
            copy = replayed([from_base64(history["start"]), from_base64(sent["update"])])
            copy.apply_update(document.get_update())
            assert shown(copy, history["roots"]) == history["shown"]
