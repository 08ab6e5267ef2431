"""What is taken in portions comes to the same end as in one go (rule RM19)."""

from __future__ import annotations

import random
from collections import Counter
from functools import partial
from typing import Any

import pytest

from boards.document import Document
from boards.edits import add_note
from server.sync.inspection import inspector
from server.sync.inspection.portions import portions
from server.sync.inspection.structs import sections
from server.sync.rooms import Rooms
from server.sync.wire import messages
from tests.support.rooms import BOARD, Client, board_rooms, facilitator, settled, write
from tests.support.seed import rounds
from tests.support.updates.mutants import mutate
from tests.support.updates.weaver import Weaver
from tests.support.updates.yjs import to_base64

LAYOUT = f"layout/{BOARD}"
ROOTS = ("notes", LAYOUT)
BOARDS, EDITS, MUTANTS = rounds(12), 40, 12


async def verdict(base: list[bytes], answer: bytes) -> tuple[str, Any]:
    """What becomes of a board when this answers its question: why it is not taken, else what the
    board shows then."""
    async with board_rooms() as rooms, rooms.hold(BOARD) as here:
        client = Client(here, facilitator())
        client.sync()
        for each in base:
            client.send_update(each)
            await settled(rooms)
        assert client.error is None
        client.send(messages.sync_step2(answer))
        await settled(rooms)
        if client.error is not None:
            return str(client.error), None
        client.hear()
        if client.connection.parked:
            return "waits", None
        assert client.acked == client.connection.received == 3 + len(base)
        assert here.document is not None
        return "", shown(here.document)


def shown(document: Document) -> Any:
    try:
        return {name: document.root(name).to_py() for name in ROOTS}
    except TypeError:  # a mutant has a value that pycrdt does not read
        return None


async def history(dice: random.Random) -> tuple[list[bytes], bytes]:
    """Some edits that build on each other, and more after them in one update."""
    weaver = Weaver(LAYOUT, dice)
    async with board_rooms() as rooms, rooms.hold(BOARD) as here:
        client = Client(here, facilitator())
        client.sync()
        document, log = client.document, list[bytes]()
        for number in range(EDITS):
            if number == EDITS // 4:
                base, then = list(log), document.get_state_vector()
            if number % 4 == 0:
                edit = write(client, dice.choice(("hei", "pitkä 🌲", "a")))
            else:
                edit = weaver.edit(dict(here.loaded_board().state.clocks))
            before = here.seq
            client.send_update(edit)
            await settled(rooms)
            if client.error is not None or client.connection.parked:
                client.reconnect()
                client.connection.has_synced()
                await loaded(rooms)
            elif here.seq > before:
                document.apply_update(edit)
                weaver.note(edit)
                log.append(edit)
        return base, document.get_update(then)


async def loaded(rooms: Rooms) -> None:
    async with rooms.hold(BOARD) as here:
        assert here.loaded


async def test_rm19_portions_come_to_the_same_end_as_one_go(
    dice: random.Random, request: pytest.FixtureRequest
) -> None:
    cases = []
    for _ in range(BOARDS):
        base, rest = await history(dice)
        others = [rest, *base]
        cases += [(base, rest), *((base, mutate(rest, others, dice)) for _ in range(MUTANTS))]
    in_one_go = [await verdict(*case) for case in cases]
    request.getfixturevalue("tiny")
    in_portions = [await verdict(*case) for case in cases]
    for number, (base, answer) in enumerate(cases):
        one, other = in_one_go[number], in_portions[number]
        mutant_differs = number % (1 + MUTANTS) and is_stricter(one, other)
        case = f"repeat with {[*map(to_base64, base)]} {to_base64(answer)}"
        assert one == other or mutant_differs, case
    ends = Counter(why.partition(":")[2][:12] for why, _ in in_one_go)
    assert ends[""] > len(cases) // 10
    assert len(ends) > 4


def is_stricter(one: tuple[str, Any], other: tuple[str, Any]) -> bool:
    """A mutant may be refused for what is overwritten later in it, and a note that it brings and
    empties keeps what had come of it by then (JD16)."""
    if other[0].startswith("refused-update"):
        return True
    if one[1] is None or other[1] is None:
        return False
    for note, fields in other[1]["notes"].items():
        before = one[1]["notes"].get(note)
        if isinstance(before, dict) and isinstance(fields, dict):
            before.update(
                {k: fields[k] for k in ("zone", "color") if k in fields and k not in before}
            )
    return one == other


def test_rm19_portions_say_what_the_update_says(dice: random.Random, tiny: None) -> None:
    """Each struct once, in an order in which each finds what it builds on."""
    whole, step = Document(), Document()
    for _ in range(30):
        client = Document(whole.get_update())
        for number in range(dice.randrange(1, 5)):
            client.record(partial(add_note, client, BOARD, zone="z", text=f"{number}", at=number))
        whole.apply_update(client.get_update())
    update = whole.get_update()
    cut = [each for each in portions(update) if each is not None]
    assert len(cut) > 30
    for each in cut:
        edit = inspector.inspect(each, inspector.STEP2_LIMITS, None)
        step.apply_update(each)
        assert edit.structs <= 30
    assert shown(step) == shown(whole)
    assert sum(len(run) for each in cut for run in sections(each)) == sum(
        map(len, sections(update))
    )
