"""What an update changed, judged before anything of it is stored or shown (rules JD1–JD6).

The inspector has read the bytes; only the document knows which note a change fell on. The judge
listens to the document while one update is applied and keeps the first rule that it broke.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from pycrdt import Map, MapEvent, Subscription, Text, TextEvent

from boards.document import Document
from boards.schema import ANSWERS, NOTES, THEMES, VOTES
from server.errors import NotAllowed, RefusedUpdate, ServiceError, TooLarge
from server.sync.access import Access
from server.sync.limits import SyncLimits

__all__ = ["Judge"]

SERVER_FIELDS = ("group",)  # fields of a note that only the server writes


class Judge:
    """One per loaded document; `close` it, or its observers pin the document for ever."""

    def __init__(self, document: Document, board: str, limits: SyncLimits) -> None:
        self._limits = limits
        self._access: Access | None = None
        self._broken: ServiceError | None = None
        self._observed: list[tuple[Map[Any], Subscription]] = []
        for name in (NOTES, THEMES, VOTES, ANSWERS):
            self._observe(document.root(name), name)

    def _observe(self, root: Map[Any], name: str) -> None:
        def heard(events: list[Any]) -> None:
            if self._access is not None and self._broken is None:
                self._hear(name, root, events)

        self._observed.append((root, root.observe_deep(heard)))

    def close(self) -> None:
        for root, subscription in self._observed:
            root.unobserve(subscription)
        self._observed.clear()

    def begin(self, access: Access) -> None:
        """The next changes are this person's."""
        self._access = access
        self._broken = None

    def verdict(self) -> ServiceError | None:
        """The first rule that the changes since `begin` broke, if any."""
        self._access = None
        return self._broken

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Changes of the server itself are not judged."""
        self._access = None
        yield

    def _hear(self, name: str, root: Map[Any], events: list[Any]) -> None:
        try:
            for event in events:
                if isinstance(event, TextEvent):
                    self._judge_text(name, cast(Any, event).target)
                elif isinstance(event, MapEvent):
                    self._judge_map(name, root, event)
        except ServiceError as error:
            self._broken = error
        except Exception as error:  # whatever cannot be read is not what our clients write
            self._broken = RefusedUpdate(f"unreadable change: {error}")

    def _judge_text(self, name: str, text: Text) -> None:
        most = self._limits.answer_characters if name == ANSWERS else self._limits.note_characters
        # len() counts UTF-8 bytes and is cheap; only near the limit are characters counted.
        if len(text) > most and len(str(text)) > most:
            raise TooLarge(f"a text has more than {most} characters", most=most)

    def _judge_map(self, name: str, root: Map[Any], event: Any) -> None:
        path = event.path
        if name == NOTES:
            self._judge_note(root, path, event.keys)
        elif name == VOTES:
            self._judge_votes(event.keys)
        elif name == ANSWERS and not path:
            raise NotAllowed("questions are the server's")

    def _judge_note(self, root: Map[Any], path: list[Any], keys: dict[str, Any]) -> None:
        if not path:
            for change in keys.values():
                if change["action"] != "delete":
                    self._judge_new_note(change["newValue"])
            if len(root) > self._limits.notes:
                raise TooLarge("too many notes", most=self._limits.notes)
        elif len(path) == 1:
            self._judge_fields({key: change.get("newValue") for key, change in keys.items()})
            text = keys.get("text")
            if text is not None and isinstance(text.get("newValue"), Text):
                self._judge_text(NOTES, text["newValue"])

    def _judge_new_note(self, note: Any) -> None:
        if not isinstance(note, Map):
            raise RefusedUpdate("a note is not a map")
        told = ("author", *SERVER_FIELDS)
        self._judge_fields({key: note.get(key) for key in told if key in note})
        text = note.get("text")
        if not isinstance(text, Text):
            raise RefusedUpdate("a note has no text")
        self._judge_text(NOTES, text)

    def _judge_fields(self, fields: dict[str, Any]) -> None:
        assert self._access is not None
        if any(key in fields for key in SERVER_FIELDS):
            raise NotAllowed("a note's group is the server's word")
        if self._access.role == "facilitator":
            return  # writes for people who are in the room without a device
        if fields.get("author") not in (None, self._access.person):
            raise NotAllowed("a note in another's name")

    def _judge_votes(self, keys: dict[str, Any]) -> None:
        assert self._access is not None
        for key in keys:
            if key.rpartition("/")[2] != self._access.person:
                raise NotAllowed("a vote in another's name")
