"""What the inspection costs per update: `python -m tests.bench.inspector`.

Prints microseconds for what people do all the time (the least of several runs: other work on the
machine only adds), and milliseconds for the largest updates that are accepted. Target: under 10 µs
for a typed character and a moved note.
"""

import timeit
from collections.abc import Callable
from functools import partial

from server.sync.inspection import gaps
from server.sync.inspection.clocks import survey
from server.sync.inspection.inspector import STEP2_LIMITS, UPDATE_LIMITS, inspect, root_names
from server.sync.wire.lib0 import write_var_uint
from tests.support.updates import yjs_bytes as yjs
from tests.support.updates.yjs_bytes import any_value, deletions, item, section, string, update

ROOTS = root_names("notes", "answers", "layout/bench")
ME, OTHER = 3_042_696_590, 2_311_132_046  # Yjs client ids take five bytes
VALUE = write_var_uint(1) + any_value([412, -96])


def ordinary() -> dict[str, bytes]:
    """What one gesture of one person sends."""
    letter = item(yjs.STRING, string("x"), left=(ME, 410))
    within = item(yjs.STRING, string("x"), left=(OTHER, 90), right=(OTHER, 91))
    moved = item(yjs.ANY, VALUE, left=(ME, 400))
    fields = {
        "zone": "challenges",
        "color": "yellow",
        "at": 1_765_000_000_000.5,
        "author": "a" * 20,
    }
    note = [
        item(yjs.TYPE, bytes([yjs.MAP]), root="notes", key="n" * 20),
        item(yjs.TYPE, bytes([yjs.TEXT]), parent=(ME, 411), key="text"),
        item(yjs.STRING, string("Asiakas odottaa"), parent=(ME, 412)),
        *(
            item(yjs.ANY, b"\1" + any_value(value), parent=(ME, 411), key=key)
            for key, value in fields.items()
        ),
        item(yjs.ANY, VALUE, root="layout/bench", key="n" * 20),
    ]
    return {
        "typed character": update(section(ME, 411, [letter])),
        "character in another's text": update(section(ME, 411, [within])),
        "moved note": update(section(ME, 411, [moved]), deleted=[deletions(ME, [(400, 1)])]),
        "deleted character": update(deleted=[deletions(OTHER, [(90, 1)])]),
        "new note": update(section(ME, 411, note)),
        "nothing new (empty SyncStep2)": update(),
    }


def large() -> dict[str, bytes]:
    """As much as is accepted of one kind."""
    texts = [item(yjs.STRING, string("a"), left=(ME, near)) for near in range(STEP2_LIMITS.structs)]
    fields = [
        item(yjs.ANY, VALUE, root="notes", key=f"k{number}")
        for number in range(UPDATE_LIMITS.structs)
    ]
    gone = [(2 * number, 1) for number in range(20_000)]
    return {
        f"{STEP2_LIMITS.structs:,} letters": update(section(ME, 1, texts)),
        f"{UPDATE_LIMITS.structs:,} fields": update(section(ME, 0, fields)),
        "20,000 deletions": update(deleted=[deletions(ME, gone)]),
    }


def least_seconds(run: Callable[[], object], times: int) -> float:
    return min(timeit.repeat(run, number=times, repeat=15)) / times


def main() -> None:
    clocks = {ME: 411, OTHER: 400}
    print(f"{'µs for one update':32}{'bytes':>8}{'inspect':>10}{'gap gate':>10}")
    for name, data in ordinary().items():
        found = inspect(data, UPDATE_LIMITS, ROOTS)
        inspection = least_seconds(partial(inspect, data, UPDATE_LIMITS, ROOTS), 2_000) * 1e6
        gate = least_seconds(partial(gaps.gap, found, clocks), 2_000) * 1e6
        print(f"{name:32}{len(data):8}{inspection:10.1f}{gate:10.1f}")
    print(f"\n{'ms for one update':32}{'bytes':>8}{'inspect':>10}{'survey':>10}")
    for name, data in large().items():
        inspection = least_seconds(partial(inspect, data, STEP2_LIMITS, ROOTS), 1) * 1e3
        surveyed = least_seconds(partial(survey, data), 1) * 1e3
        print(f"{name:32}{len(data):8}{inspection:10.1f}{surveyed:10.1f}")


if __name__ == "__main__":
    main()
