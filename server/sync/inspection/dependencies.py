"""What the items of one update build on: outside of it, in cycles, and how deep within it."""

from bisect import bisect_right
from dataclasses import dataclass, field
from operator import itemgetter

from server.sync.inspection.report import CLOCK_LIMIT, Inspection, LowSurrogates, StructureRefused
from server.sync.inspection.slices import SLICE, Slices

# Where an item hangs: None is a root, else (client, clock, is_parent): the parent itself, or a
# neighbour whose parent it shares.
Anchor = tuple[int, int, bool] | None
NOWHERE: Anchor = (-1, -1, False)  # collected or skipped
Placed = tuple[int, int, Anchor]  # first clock, clock behind, anchor
# A reference to another client: item (client, clock) builds on item (client, clock), and cuts its
# text at that clock.
CrossClient = tuple[int, int, int, int, int]


@dataclass(slots=True)
class References:
    """What the checks after the walk need: who depends on whom, and where types hang."""

    cross_client: list[CrossClient] = field(default_factory=list)
    items: dict[int, list[Placed]] = field(default_factory=dict)  # by client; strings left out
    nested_types: list[tuple[int, int]] = field(
        default_factory=list
    )  # types not directly in a root


def collect_dependencies(
    found: Inspection, cross_client: list[CrossClient], surrogates: LowSurrogates
) -> None:
    """Note which items of others the update builds on; refuse sections that wait for each other."""
    dependencies = found.dependencies
    inside: dict[int, list[tuple[int, int, int]]] = {}
    for client, clock, other, near, cut in cross_client:
        if near >= dependencies.get(other, 0):
            dependencies[other] = near + 1
        if other in found.ranges:
            inside.setdefault(client, []).append((clock, other, near))
        if cut in surrogates.get(other, ()) or cut in found.surrogates.get(other, ()):
            raise StructureRefused("surrogate", f"{other}: at {cut}")
    if max(dependencies.values()) > CLOCK_LIMIT:
        raise StructureRefused("clock", str(max(dependencies.values())))
    if inside:
        _refuse_cycles(found.ranges, inside)


def _refuse_cycles(
    ranges: dict[int, tuple[int, int]], inside: dict[int, list[tuple[int, int, int]]]
) -> None:
    """Play the sections against each other, as integration does.

    `inside`: by client the waits (own clock, other client, its clock), first first. Structs that
    wait for each other would be kept invisibly, for ever.
    """
    reached = {client: waits[0][0] for client, waits in inside.items()}
    blocked: dict[int, list[tuple[int, int]]] = {}  # by blocker: its clock, and who waits for it
    for waits in inside.values():
        waits.reverse()
    todo = list(inside)
    while todo:
        client = todo.pop()
        waits = inside[client]
        while waits:
            reached[client], other, near = waits[-1]
            if reached.get(other, CLOCK_LIMIT) <= near < ranges[other][1]:
                blocked.setdefault(other, []).append((near, client))
                break
            waits.pop()
        else:
            reached[client] = CLOCK_LIMIT
        waiting = blocked.pop(client, [])
        todo += [other for near, other in waiting if near < reached[client]]
        blocked[client] = [wait for wait in waiting if wait[0] >= reached[client]]
    if any(inside.values()):
        raise StructureRefused("cycle", f"{sum(map(bool, inside.values()))} clients")


def measure_types(found: Inspection, references: References, most: int) -> Slices[None]:
    """Find how deep the new maps and texts lie inside each other."""
    depths: dict[tuple[int, int], int] = {}
    for number, (client, clock) in enumerate(references.nested_types):
        if number and not number % SLICE:
            yield
        depth = _depth_of(client, clock, found.ranges, references.items, depths)
        if depth > most:
            raise StructureRefused("nesting", f"more than {most}")


def _depth_of(
    client: int,
    clock: int,
    ranges: dict[int, tuple[int, int]],
    items: dict[int, list[Placed]],
    depths: dict[tuple[int, int], int],
) -> int:
    """How many types of this update hold an item, plus one; what lies outside counts as a root.

    It ends: an item builds on earlier ones of its client, and `_refuse_cycles` saw the others.
    """
    path: list[tuple[tuple[int, int], bool]] = []
    is_parent = False
    while True:
        first, end = ranges.get(client, (0, 0))
        if not first <= clock < end:
            depth = 0 if is_parent else 1
            break
        placed = items[client]
        at = bisect_right(placed, clock, key=itemgetter(0)) - 1
        if at < 0 or clock >= placed[at][1]:
            raise StructureRefused("nesting", "a type inside a text")
        item = (client, placed[at][0])
        anchor = placed[at][2]
        if anchor is None or item in depths:
            depth = depths.get(item, 1)
            break
        client, clock, is_parent = anchor
        path.append((item, is_parent))
    for item, is_parent in reversed(path):
        depth += is_parent
        depths[item] = depth
    return depth
