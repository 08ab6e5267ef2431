"""Random edit histories: verbs as values, played on a document under a client id of our choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from pycrdt import Doc

from boards import edits
from boards.document import Document
from boards.order import Position
from boards.schema import COLORS, NOTES, THEMES, entries, layout_root

BASE = "base"
ZONES = ("challenges", "inspirations", "tools/to")

texts = st.text(alphabet="aä😀 \nkiire", max_size=12)
zones = st.sampled_from(ZONES)
colors = st.sampled_from(COLORS)
positions = st.tuples(st.integers(-50, 900), st.integers(-50, 900))
which = st.integers(0, 30)

# A verb and its arguments; `which` picks one of the notes that the document has at that moment.
Verb = tuple[Any, ...]
plain_verbs: list[st.SearchStrategy[Verb]] = [
    st.tuples(st.just("add"), zones, texts, st.none() | positions),
    st.tuples(st.just("type"), which, which, texts.filter(bool)),
    st.tuples(st.just("retext"), which, texts),
    st.tuples(st.just("move"), which, zones, st.none() | positions),
    st.tuples(st.just("recolour"), which, colors),
    st.tuples(st.just("delete"), which),
    st.tuples(st.just("vote"), which, st.integers(0, 3)),
    st.tuples(st.just("theme"), which, zones, texts),
    st.tuples(st.just("gather"), which, which),
    st.tuples(st.just("take out"), which),
    st.tuples(st.just("rename"), which, texts),
    st.tuples(st.just("move theme"), which, zones, st.none() | positions),
    st.tuples(st.just("take apart"), which),
    st.tuples(st.just("link"), which, which),
]
restore: st.SearchStrategy[Verb] = st.tuples(st.just("restore"), which)
forgeries: list[st.SearchStrategy[Verb]] = [
    st.tuples(st.just("forge group"), which),
    st.tuples(st.just("forge placement"), which, positions),
    st.tuples(st.just("forge theme placement"), which, positions),
]
histories = st.lists(st.one_of(*plain_verbs, restore), max_size=8)
histories_without_restore = st.lists(st.one_of(*plain_verbs), max_size=8)
hostile_histories = st.lists(st.one_of(*plain_verbs, restore, *forgeries), max_size=10)


def with_client(update: bytes, client: int) -> Document:
    """A document that writes under `client`: whose write wins is then a choice of the test."""
    document = Document()
    document.doc = Doc(client_id=client)
    document.apply_update(update)
    return document


@dataclass
class Player:
    """Plays verbs on one document as one board, and remembers what it did to what."""

    document: Document
    board: str
    touched: set[str] = field(default_factory=set)
    themed: set[str] = field(default_factory=set)
    voted: set[str] = field(default_factory=set)
    added: list[str] = field(default_factory=list)

    def play(self, history: list[Verb]) -> None:
        for name, *arguments in history:
            verb: Callable[..., None] = getattr(self, "_" + name.replace(" ", "_"))
            verb(*arguments)

    def notes(self) -> list[str]:
        return sorted(entries(self.document.root(NOTES)))

    def pick(self, number: int) -> str | None:
        notes = self.notes()
        return notes[number % len(notes)] if notes else None

    def touch(self, number: int) -> str | None:
        note = self.pick(number)
        if note is not None:
            self.touched.add(note)
        return note

    def _add(self, zone: str, text: str, position: Position | None) -> None:
        note = f"{self.board}-{len(self.added)}"
        marked = f"{text}<{note}>"
        edits.add_note(
            self.document,
            self.board,
            zone=zone,
            text=marked,
            position=position,
            at=len(self.added) + 1,
            note=note,
        )
        self.added.append(note)

    def _type(self, number: int, offset: int, text: str) -> None:
        note = self.touch(number)
        if note is not None:
            old = entries(self.document.root(NOTES))[note]["text"]
            offset %= len(old) + 1
            edits.retext(self.document, note, old[:offset] + text + old[offset:])

    def _retext(self, number: int, text: str) -> None:
        note = self.touch(number)
        if note is not None:
            edits.retext(self.document, note, f"{text}<{note}>")

    def _move(self, number: int, zone: str, position: Position | None) -> None:
        note = self.touch(number)
        if note is not None:
            edits.move_note(self.document, self.board, note, zone=zone, position=position)

    def _recolour(self, number: int, color: str) -> None:
        note = self.touch(number)
        if note is not None:
            edits.recolour(self.document, note, color)

    def _delete(self, number: int) -> None:
        note = self.touch(number)
        if note is not None:
            edits.delete_note(self.document, note)

    def _restore(self, number: int) -> None:
        note = self.touch(number)
        if note is not None:
            edits.restore_note(self.document, note)

    def _vote(self, number: int, dots: int) -> None:
        note = self.pick(number)
        if note is not None:
            self.voted.add(note)
            edits.vote(self.document, note, f"person of {self.board}", dots)

    def themes(self) -> list[str]:
        return sorted(entries(self.document.root(THEMES)))

    def pick_theme(self, number: int) -> str | None:
        """A theme; its notes count as touched, since it takes them along."""
        themes = self.themes()
        if not themes:
            return None
        theme = themes[number % len(themes)]
        self.themed.add(theme)
        notes = entries(self.document.root(NOTES)).items()
        self.touched |= {note for note, fields in notes if fields.get("theme") == theme}
        return theme

    def _theme(self, number: int, zone: str, name: str) -> None:
        theme = f"theme-{self.board}-{len(self.themes())}"
        edits.add_theme(self.document, name=f"{name}<{theme}>", zone=zone, theme=theme)
        note = self.touch(number)
        if note is not None:
            edits.set_theme(self.document, note, theme)

    def _gather(self, number: int, which: int) -> None:
        themes, note = self.themes(), self.touch(number)
        if themes and note is not None:
            edits.set_theme(self.document, note, themes[which % len(themes)])

    def _take_out(self, number: int) -> None:
        note = self.touch(number)
        if note is not None:
            edits.set_theme(self.document, note, None)

    def _rename(self, number: int, name: str) -> None:
        theme = self.pick_theme(number)
        if theme is not None:
            edits.rename_theme(self.document, theme, f"{name}<{theme}>")

    def _move_theme(self, number: int, zone: str, position: Position | None) -> None:
        theme = self.pick_theme(number)
        if theme is not None:
            edits.move_theme(self.document, self.board, theme, zone=zone, position=position)

    def _take_apart(self, number: int) -> None:
        theme = self.pick_theme(number)
        if theme is not None:
            edits.delete_theme(self.document, theme)

    def _link(self, one: int, other: int) -> None:
        source, target = self.pick(one), self.pick(other)
        if source is not None and target is not None:
            edits.add_link(
                self.document,
                source=source,
                target=target,
                kind="became",
                link=f"link-{self.board}-{one}-{other}",
            )

    def _forge_group(self, number: int) -> None:
        note = self.touch(number)
        if note is not None:
            self.document.root(NOTES)[note]["group"] = "somebody else"

    def _forge_placement(self, number: int, position: Position) -> None:
        self.document.root(layout_root(BASE))[self.pick(number) or "nothing"] = list(position)

    def _forge_theme_placement(self, number: int, position: Position) -> None:
        theme = self.pick_theme(number) or "nothing"
        self.document.root(layout_root(BASE))[theme] = list(position)
