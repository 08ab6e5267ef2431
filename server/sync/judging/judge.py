"""What an update changed, judged before anything of it is stored or shown (rules JD1–JD17).

The inspector has read the bytes; only the document knows which note a change fell on. The judge
listens to the document while one update is applied. It keeps the first rule that was broken as no
honest client breaks it, and what is to be put right of the rest. It runs for every keystroke of
everybody, so it reads the engine's events as they come, unwrapped (`Document.watch`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pycrdt import Subscription

from boards.document import Document
from boards.schema import (
    ANSWERS,
    CHECK,
    DATE_FIELDS,
    EXPERIMENTS,
    LINKS,
    NOTES,
    THEMES,
    VOTES,
    is_date,
    is_number,
)
from server.errors import NotAllowed, ServiceError
from server.sync.access import Access
from server.sync.errors import RefusedUpdate
from server.sync.judging.bounds import Bounds
from server.sync.judging.removals import Removal, experiment_key
from server.sync.judging.repairs import Cut, Keep, Remove, Repair
from server.sync.judging.votes import judge_votes
from server.sync.limits import SyncLimits

__all__ = ["Judge"]

LINK_FIELDS = frozenset({"from", "to", "kind"})
NO_CHANGE = {"action": "none"}
SERVER_FIELDS = ("group", "carried")  # fields of a note that only the server writes


class Quota:
    """The most entries that a root, such as notes, may have.

    They are counted only when they may be too many: the engine walks
    through all of them for that, and it was a thirtieth of the time of a busy server.
    """

    def __init__(self, root: str, most: int) -> None:
        self._root, self._most = root, most
        self._left = 0  # so many may certainly come

    def forget(self) -> None:
        """Others than those we judge may have added some."""
        self._left = 0

    def judge(self, event: Any) -> Iterator[Remove]:
        """Of the entries that were added, the latest as far as they are too many (JD15)."""
        self._left -= len(event.keys)  # each of which may have been added
        if self._left < 0:
            count = event.target.len(event.transaction)
            self._left = max(0, self._most - count)
            if count > self._most:
                surplus = tuple(self._surplus(event, count))
                if surplus:
                    yield Remove(self._root, surplus, f"board-full-of-{self._root}")

    def _surplus(self, event: Any, count: int) -> list[str]:
        actions = [change["action"] for change in event.keys.values()]
        before = count - actions.count("add") + actions.count("delete")
        over = count - max(self._most, before)
        added = [key for key, change in event.keys.items() if change["action"] == "add"]
        added.sort(key=lambda key: (made_at(event.keys[key]["newValue"], event.transaction), key))
        return added[-over:] if over > 0 else []


class Judge:
    """Judges what edits change in a document, by the engine's events.

    One per loaded document; `close` it, or its observers pin the document for ever.
    """

    def __init__(self, document: Document, limits: SyncLimits) -> None:
        self._document = document
        self._limits = limits
        self._bounds: Bounds | None = None  # on a board where somebody is bound by rights
        self._notes = document.root(NOTES).integrated
        self._access: Access | None = None
        self._broken: ServiceError | None = None
        self._repairs: list[Repair] = []
        self._removals: list[Removal] = []
        rules: dict[str, Callable[[Any], None]] = {
            NOTES: self._judge_notes,
            VOTES: self._judge_votes,
            ANSWERS: self._judge_answers,
            THEMES: self._judge_themes,
            LINKS: self._judge_links,
            EXPERIMENTS: self._judge_experiments,
        }
        self._quotas = {
            name: Quota(name, limits.notes) for name in (NOTES, THEMES, LINKS, EXPERIMENTS)
        }
        self._subscriptions = [self._watch(document, name, rules[name]) for name in rules]

    def _watch(self, document: Document, name: str, rule: Callable[[Any], None]) -> Subscription:
        def observe(events: list[Any]) -> None:
            if self._access is not None and self._broken is None:
                self._broken = verdict_on(events, rule)

        return document.watch(name, observe)

    def close(self) -> None:
        for subscription in self._subscriptions:
            subscription.drop()
        self._subscriptions.clear()
        if self._bounds is not None:
            self._bounds.close()

    def begin(self, access: Access) -> None:
        """The next changes are this person's."""
        self._access = access
        if self._bounds is None and access.is_bound:
            self._bounds = Bounds(self._document, access.board)
        if self._bounds is not None:
            self._bounds.begin(access)
        self._broken = None
        self._repairs = []
        if self._removals:  # hardly ever
            self._removals = []

    def verdict(self) -> ServiceError | None:
        """What no honest client does and the changes since `begin` did, the first of it."""
        self._access = None
        if self._broken is None and self._bounds is not None and self._bounds.unreadable:
            self._broken = RefusedUpdate("unreadable change")
        return self._broken

    @property
    def repairs(self) -> list[Repair]:
        """What is to be put right of the changes since `begin`."""
        bounds = () if self._bounds is None else self._bounds.repairs()
        return [*self._repairs, *bounds]

    @property
    def removals(self) -> list[Removal]:
        """Notes and experiments that were deleted, or brought back, since `begin`."""
        kept = set() if self._bounds is None else self._bounds.kept
        return (
            [each for each in self._removals if each.note not in kept] if kept else self._removals
        )

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Changes of the server itself are not judged."""
        self._access = None
        if self._bounds is not None:
            self._bounds.begin(None)
        for quota in self._quotas.values():
            quota.forget()
        yield

    def _judge_notes(self, event: Any) -> None:
        most = self._limits.note_characters
        if is_text(event):
            self._judge_typing(NOTES, event, most=most)
            return
        path, keys = event.path, event.keys
        if not path:
            for note, change in keys.items():
                must_be_new(change, "a note")
                self._judge_new_note(note, change["newValue"], event)
            self._repairs += self._quotas[NOTES].judge(event)
        elif len(path) == 1:
            self._judge_fields({key: change.get("newValue") for key, change in keys.items()})
            self._judge_author(keys.get("author"))
            if "text" in keys:
                raise RefusedUpdate("a note's text stays, whatever is written in it")
            self._judge_zone(NOTES, path[0], keys.get("zone"))
            if keys.get("color", NO_CHANGE)["action"] == "delete":
                self._repairs.append(Keep(NOTES, path[0], "color", keys["color"]["oldValue"]))
            if "del" in keys:
                self._note_removal(path[0], event)

    def _note_removal(self, note: str, event: Any) -> None:
        """Empty notes that their authors throw away are of no interest to anybody."""
        assert self._access is not None
        fields, transaction = event.target, event.transaction
        gone = event.keys["del"].get("newValue") is True
        author = fields.get(transaction, "author") if fields.has(transaction, "author") else None
        others = author != self._access.person
        text: Any = fields.get(transaction, "text") if fields.has(transaction, "text") else None
        if others or not gone or kind(text) != "Text" or text.len(transaction):
            self._removals.append(Removal(note, gone, others))

    def _judge_zone(self, root: str, item: str, change: dict[str, Any] | None) -> None:
        """Undo may take it out when somebody else has changed it too: then it is put back."""
        if change is None:
            return
        if change["action"] == "delete":
            self._repairs.append(Keep(root, item, "zone", change["oldValue"]))
        elif not isinstance(change["newValue"], str):
            raise RefusedUpdate("a zone that is none")

    def _judge_new_note(self, key: str, note: Any, event: Any) -> None:
        if kind(note) != "Map":
            raise RefusedUpdate("a note is not a map")
        transaction = event.transaction
        keys = [key for key in ("author", *SERVER_FIELDS) if note.has(transaction, key)]
        self._judge_fields({key: note.get(transaction, key) for key in keys})
        text = note.get(transaction, "text") if note.has(transaction, "text") else None
        if kind(text) != "Text":
            raise RefusedUpdate("a note has no text")
        self._judge_text((NOTES, key, "text"), text, event, most=self._limits.note_characters)

    def _judge_fields(self, fields: dict[str, Any]) -> None:
        assert self._access is not None
        if any(key in fields for key in SERVER_FIELDS):
            raise NotAllowed("a note's group is the server's word")
        if self._access.role == "facilitator":
            return  # writes for people who are in the room without a device
        if fields.get("author") not in (None, self._access.person):
            raise NotAllowed("a note in another's name")

    def _judge_author(self, change: dict[str, Any] | None) -> None:
        """Whose note it is stays so: nobody takes it over, and nobody makes it nobody's."""
        assert self._access is not None
        if change is None or self._access.role == "facilitator":
            return
        if change.get("oldValue") not in (None, self._access.person):
            raise NotAllowed("another's note stays theirs")

    def _judge_votes(self, event: Any) -> None:
        assert self._access is not None
        self._repairs += judge_votes(event, self._notes, self._access)

    def _judge_answers(self, event: Any) -> None:
        if not is_text(event):
            raise NotAllowed("questions are the server's")
        self._judge_typing(ANSWERS, event, most=self._limits.answer_characters)

    def _judge_themes(self, event: Any) -> None:
        if is_text(event):
            self._judge_typing(THEMES, event, most=self._limits.name_characters)
            return
        if event.path:
            if "name" in event.keys:
                raise RefusedUpdate("a theme's name stays, whatever is written in it")
            self._judge_zone(THEMES, event.path[0], event.keys.get("zone"))
            return
        for key, change in event.keys.items():
            must_be_new(change, "a theme")
            self._judge_new_theme(key, change["newValue"], event)
        self._repairs += self._quotas[THEMES].judge(event)

    def _judge_new_theme(self, key: str, theme: Any, event: Any) -> None:
        transaction = event.transaction
        if kind(theme) != "Map" or not theme.has(transaction, "name"):
            raise RefusedUpdate("a theme is no map with a name")
        self._judge_name(key, theme.get(transaction, "name"), event)

    def _judge_name(self, theme: str, name: Any, event: Any) -> None:
        if kind(name) != "Text":
            raise RefusedUpdate("a theme's name is no text")
        self._judge_text((THEMES, theme, "name"), name, event, most=self._limits.name_characters)

    def _judge_links(self, event: Any) -> None:
        for change in event.keys.values():
            if change["action"] != "delete" and not self._is_link(change["newValue"]):
                raise RefusedUpdate("a link without two ends and a kind")
        self._repairs += self._quotas[LINKS].judge(event)

    def _is_link(self, value: Any) -> bool:
        return (
            isinstance(value, dict)
            and value.keys() == LINK_FIELDS
            and all(isinstance(end, str) and end for end in value.values())
            and sum(map(len, value.values())) <= self._limits.name_characters
        )

    def _judge_experiments(self, event: Any) -> None:
        if is_text(event):
            self._judge_typing(EXPERIMENTS, event, most=self._limits.answer_characters)
        elif len(event.path) == 1:
            if any(kind(change.get("oldValue")) == "Text" for change in event.keys.values()):
                raise RefusedUpdate("what an experiment says stays, whatever is written in it")
            changed = {key: change.get("newValue") for key, change in event.keys.items()}
            self._judge_plan(event.path[0], changed, event)
            if "del" in event.keys:
                self._experiment_removal(event.path[0], event)
        else:
            for key, change in event.keys.items():
                must_be_new(change, "an experiment")
                self._judge_new_experiment(key, change["newValue"], event)
            self._repairs += self._quotas[EXPERIMENTS].judge(event)

    def _experiment_removal(self, experiment: str, event: Any) -> None:
        """It is everybody's, so it counts as others'; an empty one is of no interest."""
        fields, transaction = event.target, event.transaction
        gone = event.keys["del"].get("newValue") is True
        values = (fields.get(transaction, field) for field in fields.keys(transaction))
        if not gone or any(kind(each) == "Text" and each.len(transaction) for each in values):
            self._removals.append(Removal(experiment_key(experiment), gone, others=True))

    def _judge_new_experiment(self, key: str, experiment: Any, event: Any) -> None:
        if kind(experiment) != "Map":
            raise RefusedUpdate("an experiment is not a map")
        transaction = event.transaction
        fields = {
            field: experiment.get(transaction, field) for field in experiment.keys(transaction)
        }
        self._judge_plan(key, fields, event)

    def _judge_plan(self, experiment: str, fields: dict[str, Any], event: Any) -> None:
        if any(key in fields for key in SERVER_FIELDS):
            raise NotAllowed("an experiment's group is the server's word")
        for key, value in fields.items():
            if key in DATE_FIELDS and not is_day(value):
                raise RefusedUpdate("a date that is none")
            if key.startswith(CHECK) and not is_date(key.removeprefix(CHECK)):
                raise RefusedUpdate("a check on no day")
            if kind(value) == "Text":
                path = EXPERIMENTS, experiment, key
                self._judge_text(path, value, event, most=self._limits.answer_characters)

    def _judge_typing(self, root: str, event: Any, *, most: int) -> None:
        text = event.target
        if is_longer(text, event.transaction, most):  # else its path is not asked for: it costs
            before = text.len(event.transaction) - growth(event.delta)
            self._repairs.append(Cut((root, *event.path), most, before))

    def _judge_text(self, path: tuple[str, ...], text: Any, event: Any, *, most: int) -> None:
        if is_longer(text, event.transaction, most):
            self._repairs.append(Cut(path, most, before=0))


def must_be_new(change: dict[str, Any], what: str) -> None:
    """Deleting is a mark that can be taken away again; taking an entry out is for good (JD16)."""
    if change["action"] != "add":
        raise RefusedUpdate(f"{what} is not taken out, nor put in the place of another")


def is_longer(text: Any, transaction: Any, most: int) -> bool:
    """Its length is in UTF-8 bytes and cheap; characters are counted only near the limit."""
    return text.len(transaction) > most and len(text.get_string(transaction)) > most


def growth(delta: list[dict[str, Any]]) -> int:
    """By how many bytes of UTF-8 a text has grown; less than nothing if it shrank."""
    return sum(len(part.get("insert", "").encode()) - part.get("delete", 0) for part in delta)


def made_at(entry: Any, transaction: Any) -> float:
    """When somebody says that they made this entry of a root: ms since the epoch, or 0."""
    has_time = kind(entry) == "Map" and entry.has(transaction, "at")
    at: Any = entry.get(transaction, "at") if has_time else 0
    return float(at) if is_number(at) else 0.0


def verdict_on(events: list[Any], rule: Callable[[Any], None]) -> ServiceError | None:
    try:
        for event in events:
            rule(event)
    except ServiceError as error:
        # Its traceback holds this judge, and the document: kept here, a ring that pins a board.
        return error.with_traceback(None)
    except Exception as error:  # what cannot be read is not what our clients write
        return RefusedUpdate(f"unreadable change: {error}")
    return None


def is_text(event: Any) -> bool:
    return type(event).__name__ == "TextEvent"


def is_day(value: Any) -> bool:
    """An ISO day, or nothing: "" and None clear a date."""
    return value in (None, "") or (isinstance(value, str) and is_date(value))


def kind(value: Any) -> str:
    """The engine's name of a raw value's type, such as Map or Text."""
    return type(value).__name__
