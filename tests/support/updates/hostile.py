"""Updates that no client of ours would send, each with the reason for which it is refused.

"gap" means: well-formed, but it builds on what the document lacks (here: on anything).
"""

from collections.abc import Iterator
from typing import NamedTuple

from server.sync.wire.lib0 import write_var_uint
from tests.support.updates import yjs_bytes as yjs
from tests.support.updates.yjs_bytes import any_value, deletions, item, run, section, string, update

__all__ = ["Hostile", "hostile_updates"]

HUGE = [2**31, 2**32 - 1, 2**53 - 1]
NOTE = item(yjs.TYPE, bytes([yjs.MAP]), root="notes", key="n")
VALUE = write_var_uint(1) + any_value(1)


class Hostile(NamedTuple):
    name: str
    reason: str
    update: bytes


def hostile_updates() -> list[Hostile]:
    """The whole corpus; the roots it may use are "notes" and "answers"."""
    parts = (_values, _counts, _contents, _places, _clocks, _deletions, _gaps)
    return [Hostile(*each) for part in parts for each in part()]


def _any(content: bytes, count: int = 1) -> bytes:
    value = write_var_uint(count) + content
    return update(section(1, 0, [item(yjs.ANY, value, root="notes", key="k")]))


def _values() -> Iterator[tuple[str, str, bytes]]:
    for depth in 17, 1_000, 30_000:
        yield f"arrays {depth} deep", "any-depth", _any(b"\x75\x01" * depth + b"\x7e")
        yield f"objects {depth} deep", "any-depth", _any(b"\x76\x01\x01a" * depth + b"\x7e")
    yield "an array of 2^50 values", "count", _any(b"\x75" + write_var_uint(2**50))
    yield "2^50 values", "count", _any(b"", 2**50)
    yield "no value", "count", _any(b"", 0)
    yield "an array of 250,000 values", "too-large", _any(any_value([None] * 250_000))
    yield "bytes as value", "value", _any(b"\x74\x01a")
    yield "a big integer", "value", _any(b"\x7a" + bytes(8))
    yield "an unknown kind of value", "value", _any(b"\x01")
    yield "a value kind above any", "value", _any(b"\x80")
    yield "an integer of ten bytes", "number", _any(b"\x7d" + b"\xff" * 9 + b"\x01")
    yield "not a number", "value", _any(b"\x7b\x7f\xf8" + bytes(6))
    yield "infinity in four bytes", "value", _any(b"\x7c\xff\x80\x00\x00")
    yield "the prototype as key", "key", _any(any_value({"__proto__": {"toJSON": 1}}))
    yield "a key of 300 bytes", "key", _any(any_value({"k" * 300: 1}))
    yield "text that is not UTF-8", "utf-8", _any(b"\x77\x02\xc3\x28")
    yield "a key that is not UTF-8", "utf-8", _any(b"\x76\x01" + string(b"\xff") + b"\x7e")
    yield "half a surrogate pair", "utf-8", _any(b"\x77\x03\xed\xa0\x80")


def _counts() -> Iterator[tuple[str, str, bytes]]:
    many = [section(client, 0, [run(yjs.GC, 1)]) for client in range(50_000)]
    yield "50,000 clients", "clients", update(*many)
    yield "2^50 clients", "clients", update(clients=2**50)
    yield "2^50 structs", "count", update(section(1, 0, [NOTE], count=2**50))
    yield "no structs", "count", update(section(1, 0, []))
    yield "one client twice", "client-twice", update(section(1, 0, [NOTE]), section(1, 1, [NOTE]))
    chain = [item(yjs.STRING, string("a"), left=(1, clock)) for clock in range(30_000)]
    yield "30,000 structs", "too-large", update(section(1, 1, chain))
    scattered = [item(yjs.STRING, string("a"), left=(2, clock)) for clock in range(6_000)]
    yield "6,000 places in a text", "too-large", update(section(1, 0, scattered))
    yield "nothing at all", "truncated", b""
    yield "a tail", "tail", update() + b"\0"
    yield "an endless number", "number", b"\x80" * 200_000
    yield "an overlong number", "number", b"\x81\x00" + section(1, 0, [NOTE]) + b"\0"


def _contents() -> Iterator[tuple[str, str, bytes]]:
    def kind(number: int, content: bytes) -> bytes:
        return update(section(1, 0, [item(number, content, root="notes", key="k")]))

    yield "a subdocument", "kind", kind(yjs.DOC, string("guid") + any_value({}))
    yield "an embed", "kind", kind(yjs.EMBED, string("{}"))
    yield "a format", "kind", kind(yjs.FORMAT, string("bold") + string("true"))
    yield "binary", "kind", kind(yjs.BINARY, string(b"\xff\xff"))
    yield "JSON of old", "kind", kind(yjs.JSON, b"\x01" + string("1"))
    yield "an unknown content", "kind", kind(17, b"\x01")
    yield "a place for a collected run", "kind", kind(yjs.GC, b"\x01")
    yield "a place for a skip", "kind", kind(yjs.SKIP, b"\x01")
    for name, number in ("array", yjs.ARRAY), ("XML text", yjs.XML_TEXT), ("weak link", 7):
        yield f"an {name}", "type", kind(yjs.TYPE, bytes([number]))
    yield "an XML element", "type", kind(yjs.TYPE, bytes([yjs.XML_ELEMENT]) + string("b"))
    yield "text of 70,000 bytes", "too-large", _text("x" * 70_000)
    yield "empty text", "count", _text("")
    yield "text that is not UTF-8 in a note", "utf-8", _text(b"\xff")
    yield "text that ends too soon", "truncated", _text("abc")[:-3]
    yield "a text of 2^50 bytes", "too-large", _text("", length=2**50)


def _text(text: str | bytes, *, length: int | None = None) -> bytes:
    content = string(text) if length is None else write_var_uint(length)
    field = item(yjs.TYPE, bytes([yjs.TEXT]), root="answers", key="q")
    return update(section(1, 0, [field, item(yjs.STRING, content, parent=(1, 0))]))


def _places() -> Iterator[tuple[str, str, bytes]]:
    def of(*items: bytes) -> bytes:
        return update(section(1, 0, items))

    yield "an unknown root", "root", of(item(yjs.ANY, VALUE, root="secrets", key="k"))
    yield "a root that is not UTF-8", "root", of(item(yjs.ANY, VALUE, root=b"\xff", key="k"))
    yield "a sequence in a root", "parent", of(item(yjs.STRING, string("a"), root="notes"))
    yield "a value in a sequence", "parent", of(NOTE, item(yjs.ANY, VALUE, parent=(1, 0)))
    yield "text under a key", "parent", of(item(yjs.STRING, string("a"), root="notes", key="k"))
    field = item(yjs.TYPE, bytes([yjs.TEXT]), root="answers", key="q")
    yield "a key in a text", "parent", of(field, item(yjs.ANY, VALUE, parent=(1, 0), key="k"))
    yield "text in a map", "parent", of(NOTE, item(yjs.STRING, string("a"), parent=(1, 0)))
    value = item(yjs.ANY, VALUE, root="notes", key="k")
    yield "a value as parent", "parent", of(value, item(yjs.ANY, VALUE, parent=(1, 0), key="k"))
    yield "an unknown mark of parents", "parent", of(b"\x28\x02\x01k" + VALUE)
    yield "the prototype as field", "key", of(item(yjs.ANY, VALUE, root="notes", key="__proto__"))
    yield "a field that is not UTF-8", "utf-8", of(item(yjs.ANY, VALUE, root="notes", key=b"\xff"))
    yield "a field of 300 bytes", "key", of(item(yjs.ANY, VALUE, root="notes", key="k" * 300))
    yield "its own neighbour", "order", of(item(yjs.ANY, VALUE, left=(1, 0)))
    yield "a child of the future", "order", of(item(yjs.ANY, VALUE, parent=(1, 9), key="k"))
    yield "20,000 structs at one place", "place", of(*[value] * 20_000)
    yield "maps 5 deep", "nesting", of(NOTE, *(_child(clock) for clock in range(4)))
    yield "maps 4,000 deep", "nesting", of(NOTE, *(_child(clock) for clock in range(4_000)))
    yield "maps 2,000 deep by neighbours", "nesting", of(NOTE, *_hidden_children(2_000))
    sibling = item(yjs.TYPE, bytes([yjs.MAP]), left=(1, 1))
    text = item(yjs.STRING, string("a"), parent=(1, 0))
    yield "a map in a text", "nesting", of(field, text, sibling)


def _child(parent: int) -> bytes:
    return item(yjs.TYPE, bytes([yjs.MAP]), parent=(1, parent), key="k")


def _hidden_children(depth: int) -> Iterator[bytes]:
    """Each map shares the parent of a plain value in the map before it."""
    for level in range(depth):
        yield item(yjs.ANY, VALUE, parent=(1, 2 * level), key="k")
        yield item(yjs.TYPE, bytes([yjs.MAP]), left=(1, 2 * level + 1))


def _clocks() -> Iterator[tuple[str, str, bytes]]:
    for length in HUGE:
        yield f"{length} collected", "run", update(section(1, 0, [run(yjs.GC, length)]))
        yield f"{length} skipped", "run", update(section(1, 0, [run(yjs.SKIP, length)]))
        gone = item(yjs.DELETED, write_var_uint(length), root="notes", key="k")
        yield f"{length} deleted", "run", update(section(1, 0, [gone]))
        yield f"a first clock of {length}", "clock", update(section(1, length, [NOTE]))
        far = item(yjs.ANY, VALUE, left=(2, length))
        yield f"a neighbour at {length}", "clock", update(section(1, 0, [far]))
    runs = [run(yjs.GC, 1 << 24)] * 200
    yield "runs that sum up to 2^31", "clock", update(section(1, 0, runs))
    yield "an empty run", "run", update(section(1, 0, [run(yjs.GC, 0)]))
    yield "a client id of 2^53", "number", update(section(2**53, 0, [NOTE]))
    yield "two that wait for each other", "cycle", update(_waits(1, 0, 2, 0), _waits(2, 0, 1, 0))
    ring = [_waits(client, 0, client % 60 + 1, 0) for client in range(1, 61)]
    yield "sixty that wait in a ring", "cycle", update(*ring)


def _waits(client: int, clock: int, other: int, near: int) -> bytes:
    return section(client, clock, [item(yjs.STRING, string("a"), left=(other, near))])


def _deletions() -> Iterator[tuple[str, str, bytes]]:
    for length in HUGE:
        yield f"{length} deletions", "clock", update(deleted=[deletions(1, [(0, length)])])
        yield f"deletions at {length}", "clock", update(deleted=[deletions(1, [(length, 1)])])
    yield "an empty deletion", "deletions", update(deleted=[deletions(1, [(0, 0)])])
    yield "no deletions", "count", update(deleted=[deletions(1, [])])
    yield "2^50 deletions", "count", update(deleted=[deletions(1, [(0, 1)], count=2**50)])
    yield "deletions of 2^50", "deletions", update(deleting=2**50)
    twice = [deletions(1, [(0, 1)]), deletions(1, [(1, 1)])]
    yield "deletions of one client twice", "client-twice", update(deleted=twice)
    of_many = [deletions(client, [(0, 1)]) for client in range(60_000)]
    yield "deletions of 60,000 clients", "deletions", update(deleted=of_many)
    trees = string("🌲🌲")
    field = item(yjs.TYPE, bytes([yjs.TEXT]), root="answers", key="q")
    text = section(1, 0, [field, item(yjs.STRING, trees, parent=(1, 0))])
    yield "half a tree deleted", "surrogate", update(text, deleted=[deletions(1, [(2, 1)])])
    insert = item(yjs.STRING, string("x"), left=(1, 1), right=(1, 2))
    own = section(1, 0, [field, item(yjs.STRING, trees, parent=(1, 0)), insert])
    yield "text within a tree", "surrogate", update(own)
    yield "another's text within a tree", "surrogate", update(text, section(2, 0, [insert]))


def _gaps() -> Iterator[tuple[str, str, bytes]]:
    yield "an orphan of another's", "gap", update(_waits(1, 0, 2, 7))
    yield "an orphan of one's own", "gap", update(_waits(1, 5, 1, 4))
    child = item(yjs.ANY, VALUE, parent=(2, 0), key="k")
    yield "a child of nobody", "gap", update(section(1, 0, [child]))
    yield "a hole", "gap", update(section(1, 0, [NOTE, run(yjs.SKIP, 5), NOTE[:-2] + b"m\x01"]))
    yield "a hole at first", "gap", update(section(1, 0, [run(yjs.SKIP, 5), NOTE]))
    yield "deletions of what is not there", "gap", update(deleted=[deletions(1, [(0, 1)])])
    yield "deletions beyond", "gap", update(section(1, 0, [NOTE]), deleted=[deletions(1, [(0, 2)])])
