"""What an inspected update means for a document of which only the state vector is known.

Pure functions over decoded state vectors (client id to clock, `wire.read_state_vector`): the gap
gate of rules IN10-IN13 in docs/protocol.md. A document that integrates past a hole shows a board
that no browser shows (yrs does, Yjs does not), so nothing with a gap is ever applied.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from server.sync.inspection.report import Inspection
from server.sync.inspection.surrogates import ClockSet


class Gap(NamedTuple):
    """The first struct that an update builds on and the document lacks."""

    client: int
    clock: int


def gap(inspection: Inspection, state_vector: Mapping[int, int]) -> Gap | None:
    """The first missing struct, or None when the update can be integrated whole.

    Every section starts where the document ends or before, a skip covers only what is known, and
    everything built on or deleted is in the document or in the update. Nor does the document end
    with the first half of a character of which the update brings the second: an update holds a
    character whole, so somebody cut this one.
    """
    get = state_vector.get
    ranges = inspection.ranges
    for client, (start, _) in ranges.items():
        if start > get(client, 0):
            return Gap(client, get(client, 0))
    for client, end in inspection.skips.items():
        if end > get(client, 0):
            return Gap(client, get(client, 0))
    for demands in inspection.dependencies, inspection.deleted:
        for client, end in demands.items():
            if end > get(client, 0) and (client not in ranges or end > ranges[client][1]):
                return Gap(client, max(get(client, 0), ranges.get(client, (0, 0))[1]))
    for client, surrogates in inspection.surrogates.items():
        if get(client, 0) in surrogates:
            return Gap(client, get(client, 0) - 1)
    return None


def is_known(inspection: Inspection, state_vector: Mapping[int, int]) -> bool:
    """Whether the document has all its structs, and all the structs it deletes.

    Deletions themselves leave no trace in a state vector: whether one is new, only the document
    can tell (applying a known one makes no event).
    """
    get = state_vector.get
    return all(end <= get(client, 0) for client, (_, end) in inspection.ranges.items()) and all(
        end <= get(client, 0) for client, end in inspection.deleted.items()
    )


def is_fresh(inspection: Inspection, state_vector: Mapping[int, int]) -> bool:
    """Whether it brings structs and the document has none of them: it can be stored as it came."""
    for client, (start, _) in inspection.ranges.items():
        if start < state_vector.get(client, 0):
            return False
    return bool(inspection.ranges)


def overlaps(inspection: Inspection, state_vector: Mapping[int, int]) -> bool:
    """Whether of some client it brings both what the document has and what it lacks."""
    get = state_vector.get
    return any(start < get(client, 0) < end for client, (start, end) in inspection.ranges.items())


def continues(inspection: Inspection, state_vector: Mapping[int, int]) -> bool:
    """Whether it brings only what comes next, and has no gap: `is_fresh` and no `gap`."""
    for client, (start, _) in inspection.ranges.items():
        if start != state_vector.get(client, 0):
            return False
    if not (inspection.dependencies or inspection.skips or inspection.deleted):
        return bool(inspection.ranges)  # a keystroke: nothing that could be missing
    return bool(inspection.ranges) and gap(inspection, state_vector) is None


def advance(state_vector: dict[int, int], inspection: Inspection) -> None:
    """Note in `state_vector` that an update without a gap has been applied."""
    for client, (_, end) in inspection.ranges.items():
        if end > state_vector.get(client, 0):
            state_vector[client] = end


def note_surrogates(surrogates: dict[int, ClockSet], inspection: Inspection) -> None:
    """Note in `surrogates` where texts of an applied update must not be cut."""
    for client, clocks in inspection.surrogates.items():
        surrogates.setdefault(client, ClockSet()).update(clocks)


def authors(inspection: Inspection, state_vector: Mapping[int, int]) -> Iterator[int]:
    """The client ids under which the update brings structs that the document lacks."""
    for client, (_, end) in inspection.ranges.items():
        if end > state_vector.get(client, 0):
            yield client
