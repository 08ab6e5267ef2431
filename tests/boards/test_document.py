"""Document: updates in and out, one transaction one update, errors by what to do next."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Map, Text

from boards.document import Document, merge_updates, unknown_part
from boards.errors import BoardError, InvalidUpdate, PoisonedDocument
from boards.schema import entries


def write(document: Document, key: str, value: object) -> None:
    document.root("things")[key] = value


def things(document: Document) -> dict[str, object]:
    return entries(document.root("things"))


def test_an_update_makes_an_equal_document() -> None:
    document = Document()
    write(document, "a", 1)
    assert things(Document(document.get_update())) == {"a": 1}


def test_an_update_since_a_state_vector_holds_only_what_is_new() -> None:
    document = Document()
    write(document, "a", "long" * 100)
    other = Document(document.get_update())
    write(document, "b", 2)
    update = document.get_update(other.get_state_vector())
    assert len(update) < 100
    other.apply_update(update)
    assert things(other) == things(document)


def test_two_documents_write_under_different_client_ids() -> None:
    assert len({Document().doc.client_id for _ in range(100)}) == 100


@given(st.binary(max_size=60))
def test_bytes_that_are_no_update_leave_the_document_as_it_was(garbage: bytes) -> None:
    document = Document()
    write(document, "a", 1)
    before = document.get_update()
    try:
        document.apply_update(garbage)
    except BoardError as error:
        if isinstance(error, InvalidUpdate):
            assert document.get_update() == before


@pytest.mark.parametrize("garbage", [b"", b"\1", b"\1\1\1\0", b"no update at all"])
def test_invalid_updates_are_named(garbage: bytes) -> None:
    with pytest.raises(InvalidUpdate):
        Document(garbage)


class Broken(Doc[Map[object]]):
    """An engine that fails the way the real one does on a hostile update, at a time we choose."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error

    def transaction(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise self.error


class Panic(BaseException):
    """Stands for pyo3's PanicException, which derives from BaseException as well."""


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RuntimeError("block parent"), PoisonedDocument),
        (Panic("panicked"), PoisonedDocument),
        (ValueError("cut short"), InvalidUpdate),
        (KeyboardInterrupt(), KeyboardInterrupt),
        (SystemExit(), SystemExit),
    ],
)
def test_errors_of_the_engine_say_what_to_do(
    error: BaseException, expected: type[BaseException]
) -> None:
    document = Document()
    document.doc = Broken(error)
    with pytest.raises(expected):
        document.apply_update(b"anything")


def test_several_updates_are_one_transaction() -> None:
    source, target = Document(), Document()
    made = [source.record(partial(write, source, key, 1))[1] for key in "abc"]
    events = list[object]()
    watching = target.watch("things", events.append)
    target.apply_updates(iter(made))
    watching.drop()
    assert things(target) == {"a": 1, "b": 1, "c": 1}
    assert len(events) == 1


@pytest.mark.parametrize("garbage", [b"", b"\1", b"no update at all"])
def test_one_bad_update_among_several_is_named(garbage: bytes) -> None:
    source = Document()
    good = source.record(partial(write, source, "a", 1))[1]
    with pytest.raises(InvalidUpdate):
        Document().apply_updates([good, garbage])


def test_errors_between_updates_poison() -> None:
    def coming() -> Iterator[bytes]:
        yield b"\0\0"
        raise Panic("panicked")

    with pytest.raises(PoisonedDocument):
        Document().apply_updates(coming())


def test_a_panic_inside_a_recorded_change_poisons() -> None:
    document = Document()

    def change() -> None:
        write(document, "a", 1)
        raise PoisonedDocument("half-way")

    with pytest.raises(PoisonedDocument, match="half-way"):
        document.record(change)


def test_record_returns_exactly_the_update_of_its_transaction() -> None:
    document = Document()
    write(document, "before", 1)
    copy = Document(document.get_update())

    def change() -> str:
        write(document, "a", 1)
        write(document, "b", 2)
        return "done"

    result, update = document.record(change)
    write(document, "after", 3)
    copy.apply_update(update)
    assert result == "done"
    assert things(copy) == {"before": 1, "a": 1, "b": 2}


def test_record_of_no_change_is_no_update() -> None:
    document = Document()
    assert document.record(lambda: 7) == (7, b"")
    assert document.record(lambda: document.apply_update(Document().get_update())) == (None, b"")


def test_record_takes_an_update_from_elsewhere_and_an_origin() -> None:
    other = Document()
    write(other, "a", 1)
    document = Document()
    _, update = document.record(lambda: document.apply_update(other.get_update()), origin="merge")
    assert things(Document(update)) == {"a": 1}


def failing(document: Document, *, after_writing: bool) -> Callable[[], None]:
    def change() -> None:
        if after_writing:
            write(document, "a", 1)
        raise LookupError("no such thing")

    return change


def test_an_error_before_any_write_passes_through() -> None:
    document = Document()
    with pytest.raises(LookupError):
        document.record(failing(document, after_writing=False))
    assert document.record(lambda: write(document, "b", 1))[1] != b""


def test_an_error_after_a_write_poisons() -> None:
    document = Document()
    with pytest.raises(PoisonedDocument, match="no such thing"):
        document.record(failing(document, after_writing=True))


def test_record_inside_a_transaction_is_refused() -> None:
    document = Document()
    with document.transaction(), pytest.raises(RuntimeError, match="open transaction"):
        document.record(lambda: None)
    assert document.record(lambda: write(document, "a", 1))[1] != b""


def test_nested_transactions_are_one_update() -> None:
    document = Document()

    def change() -> None:
        with document.transaction(), document.transaction():
            write(document, "a", 1)
        write(document, "b", 2)

    _, update = document.record(change)
    assert things(Document(update)) == {"a": 1, "b": 2}


def recorded() -> Document:
    document = Document()
    for _ in range(3):
        document.record(lambda: write(document, "a", 1))
    with pytest.raises(LookupError):
        document.record(failing(document, after_writing=False))
    return document


def test_recording_leaves_no_observer() -> None:
    assert recorded().doc._subscriptions == []


def test_recording_keeps_no_document_alive() -> None:
    gone = weakref.ref(recorded().doc)
    gc.collect()
    assert gone() is None


def test_merged_updates_say_what_all_of_them_say() -> None:
    document = Document()
    updates = [document.record(lambda n=n: write(document, n, 1))[1] for n in "abc"]  # type: ignore[misc]
    assert things(Document(merge_updates(updates))) == things(document)


def test_merging_bytes_that_are_no_update_is_refused() -> None:
    with pytest.raises(InvalidUpdate):
        merge_updates([b"no update at all", b"\1"])


def test_interrupting_a_merge_of_updates_interrupts(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*updates: bytes) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("pycrdt.merge_updates", interrupted)
    with pytest.raises(KeyboardInterrupt):
        merge_updates([b"", b""])


def test_a_root_of_another_type_reads_as_empty() -> None:
    document = Document()
    document.doc["things"] = Text("hello")
    assert things(Document(document.get_update())) == {}


@given(st.lists(st.sampled_from(["type", "set", "delete"]), max_size=12), st.data())
def test_the_unknown_part_says_what_the_whole_says(steps: list[str], data: st.DataObject) -> None:
    source, states = Document(), [Document().get_update()]
    text = source.record(lambda: put_text(source))[0]
    for step in steps:
        match step:
            case "type":
                text += "words "
            case "set":
                write(source, "a", len(states))
            case "delete":
                del text[: min(2, len(text))]
        states.append(source.get_update())
    known = Document(data.draw(st.sampled_from(states)))
    whole = Document(known.get_update())
    whole.apply_update(source.get_update())
    known.apply_update(unknown_part(source.get_update(), known.get_state_vector()))
    assert known.get_update() == whole.get_update()


def put_text(document: Document) -> Text:
    write(document, "text", Text())
    text: Text = document.root("things")["text"]
    return text


def test_the_rest_of_a_struct_stands_right_of_the_part_that_is_known() -> None:
    source = Document()
    text = source.record(lambda: put_text(source))[0]
    text += "abc"
    begun = source.get_state_vector()
    text += "def"
    rest = unknown_part(source.get_update(), begun)
    assert b"def" in rest
    assert b"abc" not in rest


@pytest.mark.parametrize("garbage", [b"", b"\1", b"no update at all"])
def test_what_is_no_update_has_no_unknown_part(garbage: bytes) -> None:
    with pytest.raises(InvalidUpdate):
        unknown_part(garbage, b"\0")
