"""What people write with Yjs is refused by none of the rules that guard a board (IN18, IN19)."""

from __future__ import annotations

import random

import pytest

from boards.document import Document
from server.sync.inspection.places import Places
from server.sync.wire import messages
from tests.support.seed import SOAK
from tests.support.updates.yjs import ask_yjs, from_base64


@pytest.mark.parametrize("part", range(SOAK))
@pytest.mark.parametrize("loaded", [False, True], ids=["live", "loaded again and again"])
def test_in18_nothing_that_yjs_writes_is_refused(
    loaded: bool, part: int, dice: random.Random
) -> None:
    admit_history(dice, loaded=loaded)


@pytest.mark.parametrize("seed", [40, 118, 127])
def test_in19_undo_puts_letters_that_come_back_between_two_that_stood_so(seed: int) -> None:
    """Histories in which Yjs names others, unless it is mended (`yjs_undo.mjs`)."""
    admit_history(random.Random(seed), loaded=True)


def admit_history(dice: random.Random, *, loaded: bool) -> None:
    """What people wrote with Yjs; `loaded`: what the board knows is read anew now and then."""
    history = ask_yjs("histories", seed=dice.randrange(2**32), rounds=1_200)
    document, places = Document(from_base64(history["start"])), Places()
    places.note([document.get_update()])
    for sent in history["sent"]:
        if sent["kind"] == "whole":
            continue
        edit = from_base64(sent["update"])
        places.begin()
        places.admit(edit, messages.read_state_vector(from_base64(sent["stateVector"])))
        document.apply_update(edit)
        if loaded and dice.random() < 0.05:
            places = Places()
            places.note([document.get_update()])
