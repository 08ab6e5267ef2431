"""The structural inspection of updates (docs/protocol.md, rules IN1-IN9, IN13 and IN14)."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import ServiceError, TooLarge
from server.sync.inspection import gaps
from server.sync.inspection.clocks import may_have_surrogates, survey
from server.sync.inspection.inspector import (
    STEP2_LIMITS,
    UPDATE_LIMITS,
    Inspection,
    Limits,
    StructureRefused,
    inspect,
    root_names,
)
from server.sync.inspection.report import NO_LOW_SURROGATES, LowSurrogates
from server.sync.inspection.surrogates import ClockSet
from server.sync.wire.lib0 import write_var_uint
from tests.support.updates import yjs_bytes as yjs
from tests.support.updates.hostile import Hostile, hostile_updates
from tests.support.updates.yjs import from_base64
from tests.support.updates.yjs_bytes import any_value, deletions, item, run, section, string, update

VECTORS = json.loads((Path(__file__).parents[3] / "vectors" / "inspector.json").read_text())
HOSTILE = hostile_updates()
ROOTS = root_names("notes", "answers")
STALL = 0.05  # seconds; what the event loop must never be held for
VALUE = write_var_uint(1) + any_value(1)
FIELD = item(yjs.TYPE, bytes([yjs.TEXT]), root="answers", key="q")


def refusal(
    data: bytes, limits: Limits = STEP2_LIMITS, surrogates: LowSurrogates = NO_LOW_SURROGATES
) -> str:
    """Why an update is refused, or an empty text."""
    try:
        inspection = inspect(data, limits, ROOTS, surrogates)
    except StructureRefused as error:
        return error.reason
    except ServiceError as error:
        return error.slug
    return "gap" if gaps.gap(inspection, {}) else ""


def inspected(data: bytes) -> Inspection:
    return inspect(data, UPDATE_LIMITS, ROOTS)


@pytest.mark.parametrize("each", HOSTILE, ids=lambda each: each.name)
def test_in1_hostile_updates_are_refused_for_the_right_reason(each: Hostile) -> None:
    assert refusal(each.update) == each.reason


@pytest.mark.parametrize("each", HOSTILE, ids=lambda each: each.name)
def test_in1_hostile_updates_are_refused_fast(each: Hostile) -> None:
    assert least_seconds(each.update) < STALL


def least_seconds(data: bytes) -> float:
    """Processor time of one inspection: the least of some, as other work shares the machine."""
    spent: list[float] = []
    while len(spent) < 5 and (not spent or min(spent) >= STALL):
        started = time.thread_time()
        refusal(data)
        spent.append(time.thread_time() - started)
    return min(spent)


@pytest.mark.parametrize("vector", VECTORS["updates"], ids=lambda vector: vector["kind"])
def test_in1_reports_what_yjs_reads(vector: Any) -> None:
    data, read = from_base64(vector["update"]), vector["read"]
    found = inspect(data, UPDATE_LIMITS, root_names(*VECTORS["roots"]))
    assert found.ranges == {int(each): tuple(span) for each, span in read["ranges"].items()}
    assert found.dependencies == by_client(read["dependencies"])
    assert found.skips == by_client(read["skips"])
    assert found.deleted == by_client(read["deleted"])
    assert found.structs == read["structs"]


def by_client(read: dict[str, int]) -> dict[int, int]:
    return {int(client): clock for client, clock in read.items()}


@pytest.mark.parametrize("vector", VECTORS["updates"][::7], ids=lambda vector: vector["kind"])
def test_in2_every_truncation_and_every_tail_is_refused(vector: Any) -> None:
    data, roots = from_base64(vector["update"]), root_names(*VECTORS["roots"])
    for end in range(len(data)):
        with pytest.raises(StructureRefused):
            inspect(data[:end], UPDATE_LIMITS, roots)
    with pytest.raises(StructureRefused, match="tail"):
        inspect(data + b"\0", UPDATE_LIMITS, roots)


@given(st.binary(max_size=80))
def test_in2_any_bytes_are_read_or_refused(data: bytes) -> None:
    refusal(data)


def test_in2_empty_updates_bring_nothing() -> None:
    found = inspected(update())
    assert not found.ranges
    assert not found.deleted


def one_text(size: int) -> bytes:
    return update(section(1, 0, [FIELD, item(yjs.STRING, string("x" * size), parent=(1, 0))]))


def values(count: int) -> bytes:
    content = write_var_uint(1) + any_value([1] * (count - 1))
    return update(section(1, 0, [item(yjs.ANY, content, root="notes", key="k")]))


def nested(depth: int) -> bytes:
    content = write_var_uint(1) + b"\x75\x01" * depth + b"\x7e"
    return update(section(1, 0, [item(yjs.ANY, content, root="notes", key="k")]))


def maps(depth: int) -> bytes:
    first = item(yjs.TYPE, bytes([yjs.MAP]), root="notes", key="n")
    inner = [
        item(yjs.TYPE, bytes([yjs.MAP]), parent=(1, clock), key="k") for clock in range(depth - 1)
    ]
    return update(section(1, 0, [first, *inner]))


@pytest.mark.parametrize(
    ("limit", "most", "at_limit", "above"),
    [
        (
            "structs",
            3,
            update(section(1, 0, [run(0, 1)] * 3)),
            update(section(1, 0, [run(0, 1)] * 4)),
        ),
        (
            "clients",
            2,
            update(*(section(client, 0, [run(0, 1)]) for client in range(2))),
            update(*(section(client, 0, [run(0, 1)]) for client in range(3))),
        ),
        (
            "deleting_clients",
            2,
            update(deleted=[deletions(client, [(0, 1)]) for client in range(2)]),
            update(deleted=[deletions(client, [(0, 1)]) for client in range(3)]),
        ),
        (
            "delete_ranges",
            2,
            update(deleted=[deletions(1, [(0, 1), (2, 1)])]),
            update(deleted=[deletions(1, [(0, 1), (2, 1), (4, 1)])]),
        ),
        (
            "scattered",
            2,
            update(section(1, 9, [item(yjs.ANY, VALUE, left=(1, near)) for near in range(2)])),
            update(section(1, 9, [item(yjs.ANY, VALUE, left=(1, near)) for near in range(3)])),
        ),
        ("text_bytes", 100, one_text(100), one_text(101)),
        ("values", 50, values(50), values(51)),
        ("any_depth", 4, nested(4), nested(5)),
        ("type_depth", 3, maps(3), maps(4)),
        ("run", 7, update(section(1, 0, [run(0, 7)])), update(section(1, 0, [run(0, 8)]))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_in3_each_limit_holds_at_n_and_refuses_n_plus_one(
    limit: str, most: int, at_limit: bytes, above: bytes
) -> None:
    limits = replace(UPDATE_LIMITS, **{limit: most})
    inspect(at_limit, limits, ROOTS)
    with pytest.raises((StructureRefused, TooLarge)):
        inspect(above, limits, ROOTS)


def test_in3_the_longest_updates_we_accept_do_not_stall() -> None:
    texts = [
        item(yjs.STRING, string("a"), left=(1, near)) for near in range(STEP2_LIMITS.structs - 1)
    ]
    assert least_seconds(update(section(1, 0, [FIELD, *texts]))) < 3 * STALL
    fields = [
        item(yjs.ANY, VALUE, root="notes", key=f"k{number}")
        for number in range(UPDATE_LIMITS.structs)
    ]
    assert least_seconds(update(section(1, 0, fields))) < STALL


def test_in4_tells_the_kinds_and_counts() -> None:
    text = item(yjs.STRING, string("ä🌲"), parent=(1, 0))
    value = item(yjs.ANY, VALUE, root="notes", key="k")
    found = inspected(update(section(1, 0, [FIELD, text, value, run(yjs.GC, 2)])))
    kinds = (yjs.TYPE, yjs.STRING, yjs.ANY, yjs.GC)
    assert found.kinds == sum(1 << kind for kind in kinds)
    assert found.ranges == {1: (0, 7)}  # the tree counts twice
    assert (found.structs, found.values) == (4, 1)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53) + 1, 2**53 - 1)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=10),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=20,
    )
)
def test_in5_plain_values_pass_with_their_depth(value: object) -> None:
    content = write_var_uint(1) + any_value(value)
    data, depth = (
        update(section(1, 0, [item(yjs.ANY, content, root="notes", key="k")])),
        depth_of(value),
    )
    assert refusal(data, replace(UPDATE_LIMITS, any_depth=depth)) == ""
    if depth:
        assert refusal(data, replace(UPDATE_LIMITS, any_depth=depth - 1)) == "any-depth"


def depth_of(value: object) -> int:
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    return 0


def test_in6_items_hang_where_ours_do() -> None:
    note = item(yjs.TYPE, bytes([yjs.MAP]), root="notes", key="n")
    text = item(yjs.TYPE, bytes([yjs.TEXT]), parent=(1, 0), key="text")
    words = item(yjs.STRING, string("hei"), parent=(1, 1))
    zone = item(yjs.ANY, VALUE, parent=(1, 0), key="zone")
    both = update(section(1, 0, [note, text, words, zone]))
    assert refusal(both, replace(UPDATE_LIMITS, type_depth=2)) == ""
    assert refusal(both, replace(UPDATE_LIMITS, type_depth=1)) == "nesting"
    under_collected = update(section(1, 0, [run(yjs.GC, 3), zone]))
    assert refusal(under_collected) == ""


def test_in7_depth_counts_across_clients_in_any_order() -> None:
    def maps_of(client: int, parent: int) -> bytes:
        chain = [item(yjs.TYPE, bytes([yjs.MAP]), parent=(parent, 0), key="k")]
        return section(client, 0, chain)

    first = section(9, 0, [item(yjs.TYPE, bytes([yjs.MAP]), root="notes", key="n")])
    four = [maps_of(3, 5), first, maps_of(7, 9), maps_of(5, 7)]
    assert refusal(update(*four)) == ""
    assert refusal(update(maps_of(2, 3), *four)) == "nesting"


def test_in8_clocks_end_runs_are_bounded_and_a_client_occurs_once() -> None:
    gc = 0
    assert refusal(update(section(1, 0, [run(gc, 2**24)]))) == ""
    assert refusal(update(section(1, 0, [run(gc, 2**24 + 1)]))) != ""
    assert refusal(update(section(1, 2**31 - 1, [run(gc, 1)]))) == "clock"
    assert (
        refusal(update(section(1, 0, [run(gc, 1)]), section(1, 1, [run(gc, 1)]))) == "client-twice"
    )
    twice = [deletions(1, [(0, 1)]), deletions(1, [(1, 1)])]
    assert refusal(update(deleted=twice)) == "client-twice"


def test_in9_a_chain_across_clients_is_no_cycle() -> None:
    def text(left: tuple[int, int]) -> bytes:
        return item(yjs.STRING, string("a"), left=left)

    # Each waits for the other's item before: 1/1 for 2/0, 2/1 for 1/1, 1/2 for 2/1.
    one = section(1, 0, [FIELD, text((2, 0)), text((2, 1))])
    two = section(2, 0, [item(yjs.STRING, string("b"), parent=(1, 0)), text((1, 1))])
    assert refusal(update(one, two)) == ""
    one = section(1, 0, [FIELD, text((2, 1)), text((2, 0))])
    assert refusal(update(one, two)) == "cycle"


def test_in13_characters_of_the_document_are_not_cut() -> None:
    held = inspected(one_text_of("a🌲b"))
    assert {client: set(found) for client, found in held.surrogates.items()} == {1: {3}}
    surrogates: dict[int, ClockSet] = {}
    gaps.note_surrogates(surrogates, held)
    for start, length, reason in (
        (2, 2, "gap"),
        (2, 1, "surrogate"),
        (3, 1, "surrogate"),
        (1, 2, "surrogate"),
    ):
        data = update(deleted=[deletions(1, [(start, length)])])
        assert refusal(data, surrogates=surrogates) == reason
    inside = update(section(2, 0, [item(yjs.STRING, string("x"), left=(1, 2), right=(1, 3))]))
    assert refusal(inside, surrogates=surrogates) == "surrogate"
    behind = update(section(1, 5, [item(yjs.STRING, string("x"), left=(1, 3), right=(1, 4))]))
    assert refusal(behind, surrogates=surrogates) == "gap"
    own = update(section(1, 5, [item(yjs.STRING, string("x"), left=(1, 2), right=(1, 4))]))
    assert refusal(own, surrogates=surrogates) == "surrogate"


def one_text_of(text: str) -> bytes:
    return update(section(1, 0, [FIELD, item(yjs.STRING, string(text), parent=(1, 0))]))


@pytest.mark.parametrize("vector", VECTORS["updates"], ids=lambda vector: vector["kind"])
def test_in14_a_survey_agrees_with_the_inspection(vector: Any) -> None:
    data = from_base64(vector["update"])
    found, told = survey(data), inspect(data, STEP2_LIMITS, None)
    assert found.ends == {client: end for client, (_, end) in told.ranges.items()}
    assert found.surrogates == told.surrogates
    assert may_have_surrogates(data) or not told.surrogates


def test_in14_a_survey_refuses_nothing_that_may_be_stored() -> None:
    for each in HOSTILE:
        if each.reason in ("place", "nesting", "surrogate", "order", "run", "cycle"):
            survey(each.update)
    contents = {
        yjs.JSON: b"\x02" + string("1") + string("2"),
        yjs.BINARY: string(b"\xff"),
        yjs.EMBED: string("{}"),
        yjs.FORMAT: string("bold") + string("true"),
        yjs.DOC: string("guid") + any_value({"meta": [1, 2.5, None, {"a": "b"}]}),
        yjs.TYPE: bytes([yjs.XML_ELEMENT]) + string("p"),
        yjs.DELETED: b"\x05",
    }
    for kind, content in contents.items():
        items = [item(kind, content, root="other", key="k"), FIELD]
        units = {yjs.JSON: 2, yjs.DELETED: 5}.get(kind, 1)
        assert survey(update(section(1, 3, items))).ends == {1: 4 + units}


@pytest.mark.parametrize("data", [b"", b"\1", b"\1\1\1\1\x11", one_text_of("abc")[:7], b"\xff" * 9])
def test_in14_a_survey_tells_bytes_that_are_no_update(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"no Yjs update|utf-8"):
        survey(data)
