"""One CRDT document: the engine's updates, and every except around it.

The shapes within a document are read and written by schema.py and edits.py; the engine's own events
are read where they are judged.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import pycrdt
from pycrdt import Doc, Map, StickyIndex, Subscription, Text, TransactionEvent

from boards.errors import InvalidUpdate, PoisonedDocument

T = TypeVar("T")


class Document:
    """One CRDT document: a board, or a workshop's desk. Synchronous, one owner, no I/O.

    `update`: the document's state as a Yjs update; raises what `apply_update` raises.
    """

    def __init__(self, update: bytes | None = None) -> None:
        self.doc: Doc[Any] = Doc()  # a random client id of its own: a fixed one loses writes
        self._open = 0
        if update is not None:
            self.apply_update(update)

    def root(self, name: str) -> Map[Any]:
        """The root Map `name`; an empty one where the document has none, or another type."""
        root: Map[Any] = self.doc.get(name, type=Map)
        return root

    def watch(self, name: str, observer: Callable[[list[Any]], None]) -> Subscription:
        """Tell `observer` of the engine's own events on everything under root `name`.

        The wrapped events of pycrdt convert every value for every change (38 µs for a typed
        character, these 1.5). An event has `target`, `path`, `keys` and `transaction`, the values
        in them are raw too (`get(transaction, key)`, `len(transaction)`), all valid only inside
        the call. `observer` must not raise or write. End it with `drop()`, or it pins the document.
        """
        subscription: Subscription = self.root(name).integrated.observe_deep(observer)
        return subscription

    def apply_update(self, update: bytes) -> None:
        """Bring in changes; those already known change nothing.

        Raises InvalidUpdate (document untouched) or PoisonedDocument (discard the document).
        """
        self.apply_updates((update,))

    def apply_updates(self, updates: Iterable[bytes]) -> None:
        """Bring in several changes in one transaction: observers hear of all of them together.

        The next is asked for when the one before is in. Raises InvalidUpdate or PoisonedDocument;
        either way discard the document, as some of them may be in it.
        The engine's panics derive from BaseException, so nothing narrower would do.
        """
        try:
            with self.doc.transaction() as transaction:
                # Doc.apply_update, which does this, costs half as much again as the engine.
                apply, within = self.doc._doc.apply_update, transaction._txn
                assert within is not None
                for update in updates:
                    apply(within, update)
        except ValueError as error:
            raise InvalidUpdate(str(error)) from error
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            raise PoisonedDocument(f"{type(error).__name__}: {error}") from error

    def place_in(self, name: str, item: tuple[int, int]) -> int:
        """How many letters of the root Text `name` stand before an item (client, clock) of it."""
        text: Text = self.doc.get(name, type=Text)
        client, clock = item
        known = {"item": {"client": client, "clock": clock}, "assoc": 0}
        return StickyIndex.from_json(known, text).get_index()

    def get_update(self, state_vector: bytes | None = None) -> bytes:
        """Everything that a replica with `state_vector` lacks; without one, the full state."""
        return self.doc.get_update(state_vector)

    def get_state_vector(self) -> bytes:
        """What this replica has seen, deletions excepted; the bytes are not canonical."""
        return self.doc.get_state()

    @contextmanager
    def transaction(self, origin: Hashable | None = None) -> Iterator[None]:
        """One transaction is one update. A nested one joins the outermost. Never await inside."""
        self._open += 1
        try:
            with self.doc.transaction(origin=origin):
                yield
        finally:
            self._open -= 1

    def record(self, change: Callable[[], T], *, origin: Hashable | None = None) -> tuple[T, bytes]:
        """Run `change` in one transaction; its result, and the update it made (b"" if none).

        An error of `change` passes through when nothing had been written yet. After a write it
        becomes PoisonedDocument: the engine does not roll back, so memory and log would differ.
        """
        if self._open:
            raise RuntimeError("record() inside an open transaction: its update would be mixed up")
        updates: list[bytes] = []

        def keep(event: TransactionEvent) -> None:
            updates.append(event.update)

        subscription = self.doc.observe(keep)
        try:
            with self.transaction(origin):
                result = change()
        except PoisonedDocument:
            raise
        except Exception as error:
            if updates:
                raise PoisonedDocument(f"a change failed half-way: {error}") from error
            raise
        finally:
            self.doc.unobserve(subscription)
        return result, b"".join(updates[:1])


def merge_updates(updates: Sequence[bytes]) -> bytes:
    """One update that says what all of them say. Raises InvalidUpdate.

    Its cost grows faster than its input (100 updates 0.1 ms, 1,000 updates 11 ms): keep it small.
    """
    return on_bytes(pycrdt.merge_updates, *updates)


def unknown_part(update: bytes, state_vector: bytes) -> bytes:
    """What of an update a replica with `state_vector` lacks; all deletions. Raises InvalidUpdate.

    A struct that is known in part is cut: its rest stands right of the part that is known.
    """
    return on_bytes(pycrdt.get_update, update, state_vector)


def on_bytes(engine: Callable[..., bytes], *args: bytes) -> bytes:
    """What a function of the engine makes of updates, without a document. Raises InvalidUpdate."""
    try:
        return engine(*args)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise InvalidUpdate(f"{type(error).__name__}: {error}") from error
