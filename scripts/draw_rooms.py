"""Draw docs/rooms.svg: the rooms of client, server and boards, and who imports whom.

`python scripts/draw_rooms.py`, from the top of the repository. An arrow that follows from others is
left out, and so is what nearly everybody uses (`EVERYWHERE`): what is left fits one look.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.imports import (  # noqa: E402
    client_imports,
    module_name,
    python_imports,
    sources,
)

PICTURE = ROOT / "docs" / "rooms.svg"
CLIENT = ROOT / "client" / "src"
# Used from nearly everywhere: leaves without arrows of their own, and what carries all parts.
EVERYWHERE = (
    "server.addresses",
    "server.clock",
    "server.config",
    "server.errors",
    "server.i18n",
    "server.metrics",
    "server.service",
    "server.sync.access",
    "server.sync.clock",
    "server.sync.limits",
    "server.sync.memory",
)
WIRING = {
    "server." + name for name in ("__main__", "app", "cli", "doorway", "maintenance", "serving")
}
BYTES = (("client net", "server/sync/transport"), ("client api", "server/web"))

Graph = dict[str, set[str]]

WIDTH, HEIGHT, GAP, ROW, MARGIN, HEAD = 132, 34, 14, 76, 20, 46


def server_room(module: str) -> str:
    """The box that a module of boards or server is in; empty for those that are in none."""
    first, *rest = module.split(".")
    if first == "boards":
        return "boards/workbook" if rest[:1] == ["workbook"] else "boards"
    if module in WIRING:
        return "server: wiring"
    if not rest or any(module == leaf or module.startswith(leaf + ".") for leaf in EVERYWHERE):
        return ""
    if rest[0] == "sync" and len(rest) > 1 and (ROOT / "server" / "sync" / rest[1]).is_dir():
        return f"server/sync/{rest[1]}"
    return f"server/{rest[0]}"


def server_graph() -> Graph:
    """Which rooms of server and boards import which."""
    files = sources("boards", "server")
    modules = frozenset(map(module_name, files))
    graph: Graph = {}
    for path in files:
        room = server_room(module_name(path))
        found = python_imports(path.read_text(encoding="utf-8"), modules) & modules
        if room:
            graph.setdefault(room, set()).update(map(server_room, found))
    return without_selves(graph)


def client_graph() -> Graph:
    """Which folders of client/src import which; tests left out."""
    graph: Graph = {}
    for path in sorted(CLIENT.rglob("*")):
        place = path.relative_to(CLIENT)
        if path.suffix not in (".ts", ".svelte") or len(place.parts) < 2 or "tests" in place.parts:
            continue
        room = f"client {place.parts[0]}"
        targets = graph.setdefault(room, set())
        for target in client_imports(path.read_text(encoding="utf-8")):
            reached = (path.parent / target).resolve()
            if target.startswith(".") and len(reached.relative_to(CLIENT).parts) > 1:
                targets.add(f"client {reached.relative_to(CLIENT).parts[0]}")
    return without_selves(graph)


def without_selves(graph: Graph) -> Graph:
    return {room: targets & graph.keys() - {room} for room, targets in graph.items()}


def reaches(graph: Graph, start: str, without: tuple[str, str]) -> set[str]:
    """Rooms that one gets to from `start`, not going along the arrow `without`."""
    found: set[str] = set()
    todo = [start]
    while todo:
        room = todo.pop()
        new = {to for to in graph[room] if (room, to) != without} - found
        found |= new
        todo += new
    return found


def reduced(graph: Graph) -> Graph:
    """Without the arrows that follow from others. Two rooms that import each other keep both."""
    kept = {room: set(targets) for room, targets in graph.items()}
    for room in sorted(graph):
        for to in sorted(graph[room]):
            if room not in graph[to] and to in reaches(kept, room, (room, to)):
                kept[room].discard(to)
    return kept


def floors(graph: Graph) -> dict[str, int]:
    """How high each room stands: one above the highest that it imports. A circle is one floor."""
    level = dict.fromkeys(graph, 0)
    for _ in graph:
        for room, targets in graph.items():
            around = {to for to in targets if room in reaches(graph, to, ("", ""))}
            below = [level[to] + 1 for to in targets - around] + [level[to] for to in around]
            level[room] = max([level[room], *below])
    return level


@dataclass(frozen=True)
class Box:
    x: float
    y: float

    @property
    def middle(self) -> float:
        return self.x + WIDTH / 2


def placed(graph: Graph, left: float, width: float, top: float, rows: int) -> dict[str, Box]:
    """A box for each room, the floors one above the other; neighbours near those they import."""
    level = floors(graph)
    boxes: dict[str, Box] = {}
    for floor, rooms in groupby(sorted(graph, key=lambda room: (level[room], room)), level.get):
        assert floor is not None
        order = sorted(
            rooms, key=lambda room: (mean(boxes[to].x for to in graph[room] if to in boxes), room)
        )
        used = len(order) * WIDTH + (len(order) - 1) * GAP
        start = left + (width - used) / 2
        y = top + (rows - 1 - floor) * ROW
        for place, room in enumerate(order):
            boxes[room] = Box(start + place * (WIDTH + GAP), y)
    return boxes


def mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0


def svg() -> str:
    """The whole picture."""
    client, server = client_graph(), server_graph()
    rows = max(max(floors(graph).values()) for graph in (client, server)) + 1
    across = [widest(graph) * (WIDTH + GAP) for graph in (client, server)]
    top = MARGIN + HEAD
    boxes = placed(reduced(client), MARGIN, across[0], top, rows)
    boxes |= placed(reduced(server), 3 * MARGIN + across[0], across[1], top, rows)
    width, height = round(sum(across) + 4 * MARGIN), round(top + rows * ROW)
    lines = [arrow(boxes[a], boxes[b]) for a, b in edges(reduced(client) | reduced(server))]
    lines += [sideways(boxes[a], boxes[b], "way bytes") for a, b in BYTES]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
            ' aria-labelledby="title told">',
            '<title id="title">The rooms of Hahmo and who imports whom</title>',
            f'<desc id="told">{told(reduced(client) | reduced(server))}</desc>',
            STYLE,
            f'<rect class="paper" width="{width}" height="{height}"/>',
            heading(MARGIN, "client/src: what people see"),
            heading(
                3 * MARGIN + across[0], "server, boards: who may change a board, and what one is"
            ),
            *lines,
            *(box(name, boxes[name]) for name in sorted(boxes)),
            "</svg>\n",
        ]
    )


def widest(graph: Graph) -> int:
    level = list(floors(graph).values())
    return max(level.count(floor) for floor in level)


def edges(graph: Mapping[str, set[str]]) -> list[tuple[str, str]]:
    return [(room, to) for room in sorted(graph) for to in sorted(graph[room])]


def told(graph: Mapping[str, set[str]]) -> str:
    """The same in words, for whoever does not see it."""
    return " ".join(
        f"{room} imports {', '.join(sorted(targets))}."
        for room, targets in sorted(graph.items())
        if targets
    )


STYLE = """<style>
.paper { fill: #fff }
.room { fill: #f3f1ec; stroke: #444 }
text { font: 13px sans-serif; fill: #222; text-anchor: middle }
.part { font-weight: bold; text-anchor: start }
.way { fill: none; stroke: #667; marker-end: url(#head) }
.bytes { stroke: #b45309; stroke-dasharray: 5 4 }
</style>
<defs><marker id="head" markerWidth="7" markerHeight="7" refX="6" refY="3" orient="auto">
<path d="M0 0 L6 3 L0 6 z" fill="#667"/></marker></defs>"""


def heading(x: float, text: str) -> str:
    return f'<text class="part" x="{x:.0f}" y="{MARGIN + 10}">{text}</text>'


def box(name: str, at: Box) -> str:
    label = name.removeprefix("client ").removeprefix("server/")
    size = f'width="{WIDTH}" height="{HEIGHT}" rx="6"'
    return (
        f'<rect class="room" x="{at.x:.0f}" y="{at.y:.0f}" {size}/>'
        f'<text x="{at.middle:.0f}" y="{at.y + 22:.0f}">{label}</text>'
    )


def arrow(a: Box, b: Box) -> str:
    """From the lower edge of one to the upper edge of the other; sideways on one floor."""
    if a.y == b.y:
        return sideways(a, b)
    (x1, y1), (x2, y2) = (a.middle, a.y + HEIGHT), (b.middle, b.y)
    return way(
        f"M{x1:.0f} {y1:.0f} C{x1:.0f} {y1 + 24:.0f} {x2:.0f} {y2 - 24:.0f} {x2:.0f} {y2:.0f}"
    )


def sideways(a: Box, b: Box, kind: str = "way") -> str:
    """From the side of one to the side of another."""
    (x1, bend), x2 = ((a.x + WIDTH, 60), b.x) if a.x < b.x else ((a.x, -60), b.x + WIDTH)
    y1, y2 = a.y + HEIGHT / 2, b.y + HEIGHT / 2
    if y1 == y2:
        return way(f"M{x1:.0f} {y1:.0f} L{x2:.0f} {y2:.0f}", kind)
    curve = f"{x1 + bend:.0f} {y1:.0f} {x2 - bend:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
    return way(f"M{x1:.0f} {y1:.0f} C{curve}", kind)


def way(line: str, kind: str = "way") -> str:
    return f'<path class="{kind}" d="{line}"/>'


if __name__ == "__main__":
    PICTURE.write_text(svg(), encoding="utf-8")
