"""An update that was inspected, and what of it a board lacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from boards.document import unknown_part
from boards.errors import BoardError
from server.sync.errors import RefusedUpdate
from server.sync.inspection import gaps, inspector
from server.sync.inspection.report import STRING, TYPE, Inspection, LowSurrogates
from server.sync.wire import messages

__all__ = ["Edit", "is_mark", "without_known"]

MARK_BYTES = 1024
GROWTH = 1 << STRING | 1 << TYPE  # kinds of content of which boards grow


class Edit(NamedTuple):
    """An update that was inspected."""

    update: bytes
    inspection: Inspection


def is_mark(edit: Edit) -> bool:
    """Whether it brings a few plain values and no more: a note that is deleted, or was moved."""
    return len(edit.update) <= MARK_BYTES and not edit.inspection.kinds & GROWTH


def without_known(
    edit: Edit, clocks: Mapping[int, int], roots: frozenset[bytes], surrogates: LowSurrogates
) -> Edit:
    """The edit without what the document has already, if it begins before the document's end.

    Of a struct that is known in part, the engine integrates the rest where the update says. If
    that is elsewhere than the part it has, it reads memory that it has freed. Cut before, the
    rest says only what it is right of. Raises RefusedUpdate.
    """
    if not gaps.overlaps(edit.inspection, clocks):
        return edit
    known = {client: clocks[client] for client in edit.inspection.ranges if client in clocks}
    try:
        update = unknown_part(edit.update, messages.write_state_vector(known))
    except BoardError as error:
        raise RefusedUpdate(str(error)) from error
    cut = Edit(update, inspector.inspect(update, inspector.STEP2_LIMITS, roots, surrogates))
    if gaps.gap(cut.inspection, clocks) is not None:
        raise RefusedUpdate("what is left of it has a gap")
    return cut
