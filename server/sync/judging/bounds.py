"""What people may do with notes and themes, judged (JD17): what goes beyond is put right.

A facilitator says for each board who may add, edit, move and delete notes, and how many one person
may have. That changes while people work, so who goes beyond it is honest. It is listened to only on
boards where somebody is bound: what others' notes said, which an event does not tell, is kept then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from boards.desk_parts.board_rights import Scope
from boards.document import Document
from boards.schema import NOTES, THEMES, entries, is_number, layout_root
from server.sync.access import Access
from server.sync.judging.repairs import ABSENT, BOUND, Put, Remove, Repair, Restore, Retext

__all__ = ["Bounds"]

MAY_NOT_ADD, TOO_MANY = "may-not-add", "too-many-of-yours"
LOCKED_NOTE, LOCKED_ZONE = "locked-note", "locked-zone"
CODES = {"edit": "may-not-edit", "move": "may-not-move", "delete": "may-not-delete"}
VERBS = {"zone": "move", "theme": "move", "del": "delete"}  # any other field: edit
TEXTS = {NOTES: "text", THEMES: "name"}

Key = tuple[str, str]  # a root and what stands there
Fields = Mapping[str, Any]
UNCHANGED: Fields = {}


class Bounds:
    """What the edits of people who are bound did beyond their rights.

    `close` it, as `Judge`. `begin`: the next changes are this person's; of nobody: None.
    """

    def __init__(self, document: Document, board: str) -> None:
        self._notes = document.root(NOTES).integrated
        self._themes = document.root(THEMES).integrated
        self._texts = {
            (root, item): fields.get(TEXTS[root], "")
            for root in TEXTS
            for item, fields in entries(document.root(root)).items()
            if isinstance(fields, dict)
        }
        self._access: Access | None = None
        self._layout = layout_root(board)
        self.unreadable = False  # a change that is not what our clients write
        self._forget()
        rules = {
            NOTES: self._notes_changed,
            THEMES: self._themes_changed,
            self._layout: self._placed,
        }
        self._subscriptions = [document.watch(root, self._observer(rules[root])) for root in rules]

    def _observer(self, rule: Callable[[Any], None]) -> Callable[[list[Any]], None]:
        def observe(events: list[Any]) -> None:
            try:
                for event in events:
                    rule(event)
            except Exception:  # whatever it is
                self.unreadable = self._access is not None

        return observe

    def close(self) -> None:
        for subscription in self._subscriptions:
            subscription.drop()
        self._subscriptions.clear()

    def begin(self, access: Access | None) -> None:
        self._access = access if access is not None and access.is_bound else None
        self.unreadable = False
        self._forget()

    def _forget(self) -> None:
        self._added: set[Key] = set()
        self._refused: dict[Key, str] = {}  # what was added and may not stay: why
        self._before: dict[tuple[Key, str], dict[str, Any]] = {}  # of what and why: its fields
        self._typed: dict[Key, tuple[str, str]] = {}  # what stood there, and why it does again
        self._places: dict[Key, tuple[str | None, Any]] = {}  # why not, and where it was
        self._more: dict[str, float] = {}  # notes of theirs that came, and when they were made
        self._count = 0  # of their notes, with those

    # -- what is to be put right --------------------------------------------------------------

    def repairs(self) -> Iterator[Repair]:
        """Of the changes since `begin`."""
        self._refuse_surplus()
        removed: dict[tuple[str, str], list[str]] = {}
        for (root, item), code in self._refused.items():
            removed.setdefault((root, code), []).append(item)
        for (root, code), items in removed.items():
            yield Remove(root, tuple(items), code, BOUND)
        for (root, item), (text, code) in self._typed.items():
            yield Retext((root, item, TEXTS[root]), text, code, BOUND)
        places: dict[tuple[Key, str], Put] = {}
        for key, (why, old) in self._places.items():
            # What comes out of a locked zone goes back to its place there.
            found = why or (LOCKED_ZONE if (key, LOCKED_ZONE) in self._before else None)
            if found is not None:
                places[key, found] = Put(self._layout, key[1], old, BOUND, found)
                self._before.setdefault((key, found), {})
        for (key, code), fields in self._before.items():
            if key not in self._added:
                yield Restore(*key, fields, places.get((key, code)), code, BOUND)

    @property
    def kept(self) -> set[str]:
        """Notes of which it is put right whether they stand."""
        codes = (CODES["delete"], TOO_MANY, LOCKED_NOTE, LOCKED_ZONE)
        return {item for (root, item), code in self._before if code in codes}

    def _refuse_surplus(self) -> None:
        """Of what came now, the latest as far as they are too many of one person's."""
        most = None if self._access is None else self._access.allowed.most
        if most is None or self._count <= most:
            return
        latest = sorted(self._more, key=lambda note: (self._more[note], note), reverse=True)
        for note in latest[: self._count - most]:
            key = (NOTES, note)
            if key in self._added:
                self._refused[key] = TOO_MANY
            elif (key, CODES["delete"]) not in self._before:
                self._before[key, TOO_MANY] = {"del": True}

    # -- notes --------------------------------------------------------------------------------

    def _notes_changed(self, event: Any) -> None:
        if is_text(event):
            self._text_changed(NOTES, event, self._may_edit)
        elif not event.path:
            for note, change in event.keys.items():
                self._came_or_went((NOTES, note), change, event)
        elif len(event.path) == 1 and self._access is not None:
            self._fields_changed(event.path[0], event)

    def _may_edit(self, note: str, event: Any) -> str | None:
        assert self._access is not None
        locked = self._lock_on(note, event.transaction)
        owner = value_of(self._notes, event.transaction, note, "author")
        fine = self._may(self._access.allowed.edit, owner)
        return locked or (None if fine else CODES["edit"])

    def _may(self, scope: Scope, owner: Any) -> bool:
        assert self._access is not None
        return scope == "all" or (scope == "own" and owner == self._access.person)

    def _came_or_went(self, key: Key, change: Any, event: Any) -> None:
        if change["action"] == "delete":
            self._texts.pop(key, None)
            return
        made, transaction = change["newValue"], event.transaction
        self._texts[key] = string_at(made, transaction, TEXTS[key[0]])
        if self._access is None:
            return
        self._added.add(key)
        if key[0] == THEMES:
            if self._access.allowed.move != "all":
                self._refused[key] = CODES["move"]
            elif self._is_locked(field_of(made, transaction, "zone")):
                self._refused[key] = LOCKED_ZONE
        elif not self._access.allowed.add:
            self._refused[key] = MAY_NOT_ADD
        elif self._is_locked(self._zone_of(made, transaction)):
            self._refused[key] = LOCKED_ZONE
        elif self._access.allowed.most is not None:
            if field_of(made, transaction, "author") != self._access.person:
                self._refused[key] = TOO_MANY  # nobody's could not be counted
            elif field_of(made, transaction, "del") is not True:
                self._count_in(key[1], made, event)

    def _count_in(self, note: str, fields: Any, event: Any) -> None:
        assert self._access is not None
        at = field_of(fields, event.transaction, "at")
        self._more[note] = float(at) if is_number(at) else 0.0
        self._count = notes_of(self._notes, event.transaction, self._access.person)

    def _fields_changed(self, note: str, event: Any) -> None:
        """Whose note it is says what its author was before."""
        assert self._access is not None
        allowed, changes = self._access.allowed, event.keys
        fields, transaction = event.target, event.transaction
        owner = field_of(fields, transaction, "author")
        if "author" in changes:
            owner = changes["author"].get("oldValue")
        before = {key: change.get("oldValue") for key, change in changes.items()}
        lock = self._lock_on(note, transaction, before)
        if lock is None and self._is_locked(self._zone_of(fields, transaction)):
            lock = LOCKED_ZONE  # it comes into one
        for field, change in changes.items():
            verb = VERBS.get(field, "edit")
            if field == "del":
                is_fine = self._may_go_or_come(note, owner, change, event)
            elif field == "author":  # a note of one's own is not nobody's where those are counted
                is_fine = allowed.edit == "all" and allowed.most is None
            else:
                is_fine = self._may(getattr(allowed, verb), owner)
            if field == "del" and self._throws_away(owner, change, event):
                continue
            if lock is not None or not is_fine:
                kept = self._before.setdefault(((NOTES, note), lock or CODES[verb]), {})
                kept.setdefault(field, change.get("oldValue", ABSENT))

    def _may_go_or_come(self, note: str, owner: Any, change: Any, event: Any) -> bool:
        """One's own comes also where one may add: a note is made deleted, and then shown."""
        assert self._access is not None
        allowed, is_own = self._access.allowed, owner == self._access.person
        is_gone = change.get("newValue") is True
        if is_own and not is_gone and allowed.most is not None:
            self._count_in(note, event.target, event)
        if self._may(allowed.delete, owner):
            return True
        return is_own and not is_gone and allowed.add

    def _throws_away(self, owner: Any, change: Any, event: Any) -> bool:
        """An empty note of one's own goes: one is made, and thrown away if nothing is written."""
        assert self._access is not None
        if owner != self._access.person or change.get("newValue") is not True:
            return False
        return not string_at(event.target, event.transaction, "text")

    # -- themes, texts, places ----------------------------------------------------------------

    def _themes_changed(self, event: Any) -> None:
        if is_text(event):
            self._text_changed(THEMES, event, self._may_arrange)
        elif not event.path:
            for theme, change in event.keys.items():
                self._came_or_went((THEMES, theme), change, event)
        elif self._access is not None:
            code = self._may_arrange(event.path[0], event)
            if code is not None:
                kept = self._before.setdefault(((THEMES, event.path[0]), code), {})
                for field, change in event.keys.items():
                    kept.setdefault(field, change.get("oldValue", ABSENT))

    def _may_arrange(self, theme: str, event: Any) -> str | None:
        """Why one may not, or None. `event`: what is done with it, or with where it stands."""
        assert self._access is not None
        if self._access.allowed.move != "all":
            return CODES["move"]
        zones = [value_of(self._themes, event.transaction, theme, "zone")]
        if event.path == [theme] and "zone" in event.keys:
            zones.append(event.keys["zone"].get("oldValue"))
        return LOCKED_ZONE if any(map(self._is_locked, zones)) else None

    def _text_changed(
        self, root: str, event: Any, why_not: Callable[[str, Any], str | None]
    ) -> None:
        """What is put right afterwards is still known as it was."""
        if len(event.path) != 2 or event.path[1] != TEXTS[root]:
            return
        key = (root, event.path[0])
        if self._access is not None and key not in self._added:
            code = why_not(key[1], event)
            if code is not None:
                self._typed[key] = (self._texts.get(key, ""), code)
                return
        self._texts[key] = event.target.get_string(event.transaction)

    def _placed(self, event: Any) -> None:
        if self._access is None or event.path:
            return
        for item, change in event.keys.items():
            if self._themes.has(event.transaction, item):
                key, code = (THEMES, item), self._may_arrange(item, event)
            else:
                key = (NOTES, item)
                owner = value_of(self._notes, event.transaction, item, "author")
                fine = self._may(self._access.allowed.move, owner)
                lock = self._lock_on(item, event.transaction)
                code = lock or (None if fine else CODES["move"])
            self._places[key] = code, change.get("oldValue", ABSENT)

    # -- what is locked -----------------------------------------------------------------------

    def _is_locked(self, zone: Any) -> bool:
        assert self._access is not None
        return zone in self._access.locked.zones

    def _lock_on(self, note: str, transaction: Any, before: Fields = UNCHANGED) -> str | None:
        """What keeps a note as it is; `before`: fields that changed, as they were."""
        assert self._access is not None
        if note in self._access.locked.notes:
            return LOCKED_NOTE
        fields = self._notes.get(transaction, note) if self._notes.has(transaction, note) else None
        return LOCKED_ZONE if self._is_locked(self._zone_of(fields, transaction, before)) else None

    def _zone_of(self, fields: Any, transaction: Any, before: Fields = UNCHANGED) -> Any:
        """Where a note stands, or stood: its theme's zone, if it is under one."""
        theme = before["theme"] if "theme" in before else field_of(fields, transaction, "theme")
        if isinstance(theme, str) and self._themes.has(transaction, theme):
            entry = self._themes.get(transaction, theme)
            if field_of(entry, transaction, "del") is not True:
                return field_of(entry, transaction, "zone")
        return before["zone"] if "zone" in before else field_of(fields, transaction, "zone")


def notes_of(notes: Any, transaction: Any, person: str) -> int:
    """How many notes that stand are a person's."""
    found = (notes.get(transaction, note) for note in notes.keys(transaction))
    return sum(
        field_of(fields, transaction, "author") == person
        and field_of(fields, transaction, "del") is not True
        for fields in found
        if type(fields).__name__ == "Map"
    )


def value_of(root: Any, transaction: Any, item: str, field: str) -> Any:
    """A field of an item of a root, or None."""
    fields = root.get(transaction, item) if root.has(transaction, item) else None
    return field_of(fields, transaction, field)


def field_of(fields: Any, transaction: Any, field: str) -> Any:
    has_field = type(fields).__name__ == "Map" and fields.has(transaction, field)
    return fields.get(transaction, field) if has_field else None


def string_at(fields: Any, transaction: Any, field: str) -> str:
    """What is written there; "" if it is no text."""
    text = field_of(fields, transaction, field)
    return str(text.get_string(transaction)) if type(text).__name__ == "Text" else ""


def is_text(event: Any) -> bool:
    return type(event).__name__ == "TextEvent"
