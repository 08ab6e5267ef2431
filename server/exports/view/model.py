"""A board as a reader meets it: in one language, in reading order, with everything looked up.

The written formats (Markdown, PDF) are made from a View, so that all tell the same. build.py
makes it from an ExportContext.
"""

from dataclasses import dataclass

SHORT = 2400  # characters that a page holds for sure
LINE = 150  # that a heading, a group's name and the room between them are worth


@dataclass(frozen=True, slots=True)
class Group:
    """A group's mark; `index` gives its colour."""

    letter: str
    name: str
    index: int


@dataclass(frozen=True, slots=True)
class Card:
    """One note. `group`: place in View.groups."""

    text: str
    color: str
    group: int | None
    votes: int
    author: str | None
    links: tuple[str, ...] = ()  # what it is linked with, a sentence each


@dataclass(frozen=True, slots=True)
class Block:
    """Notes under a theme, or (title None) those that have none. `votes`: of all of a theme's."""

    title: str | None
    cards: tuple[Card, ...]
    votes: int = 0


@dataclass(frozen=True, slots=True)
class Zone:
    """A place of meaning with its notes. `tint`: 0-3."""

    title: str
    prompt: str
    tint: int
    count: int
    blocks: tuple[Block, ...]
    kind: str = "zone"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a grid: a cell of notes per column, as in a zone."""

    title: str
    prompt: str
    cells: tuple[tuple[Block, ...], ...]
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """One page of a grid."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    kind: str = "grid"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to a question, by one group or (None) by all together.

    `evidence`: the notes that it rests on, in words.
    """

    group: int | None
    text: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answers."""

    title: str
    answers: tuple[Answer, ...]
    kind: str = "question"

    @property
    def length(self) -> int:
        """How much room it takes, in characters."""
        said = (answer.text + "".join(answer.evidence) for answer in self.answers)
        return LINE + len(self.title) + sum(LINE + len(text) for text in said)


@dataclass(frozen=True, slots=True)
class Plan:
    """One experiment: label and text per field."""

    title: str
    fields: tuple[tuple[str, str], ...]
    kind: str = "plan"


@dataclass(frozen=True, slots=True)
class Remark:
    """A kind word where nothing has been written yet."""

    title: str
    text: str
    kind: str = "remark"


@dataclass(frozen=True, slots=True)
class Bar:
    """An experiment in a picture of time; shares of its width, 0 to 1. `checks`: assessments."""

    name: str
    start: float
    end: float
    checks: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """Where a month begins, as a share of the picture's width."""

    label: str
    at: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """The days of a plan. `lines`: as `columns`; `remarks`: what has to be put right."""

    title: str
    columns: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    remarks: tuple[str, ...]
    bars: tuple[Bar, ...]
    months: tuple[Month, ...]
    kind: str = "timeline"


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A statement or a theme. No `counts`: too few rated it. `before`: the last round's mean."""

    text: str
    counts: tuple[int, ...]
    cant_say: int
    mean: str
    before: str


@dataclass(frozen=True, slots=True)
class Results:
    """One round of a survey. `scale`: what 1 to 5 mean; `before`: title of the last round's mean,
    "" where there is none."""

    title: str
    answered: str
    scale: tuple[str, ...]
    cant_say: str
    before: str
    themes: tuple[ResultLine, ...]
    statements: tuple[ResultLine, ...]
    comments: tuple[str, ...]
    kind: str = "results"


Section = Zone | Grid | Question | Plan | Remark | Timeline | Results


TallyLine = tuple[int | None, str, tuple[int, ...]]  # group or None, its label, numbers


@dataclass(frozen=True, slots=True)
class Tally:
    """How many notes stand where; the last line holds the totals. `columns`: with the labels'."""

    columns: tuple[str, ...]
    lines: tuple[TallyLine, ...]


@dataclass(frozen=True, slots=True)
class View:
    """The whole document. `facts`: numbers with their words, for the head of the first page."""

    language: str
    workshop: str
    board: str
    subtitle: str
    intro: str
    date: str
    facts: tuple[tuple[int, str], ...]
    groups: tuple[Group, ...]
    tally: Tally | None
    top: tuple[Card, ...]
    sections: tuple[Section, ...]

    @property
    def is_short(self) -> bool:
        """Whether it is some answers, which need no page of their own."""
        asked = [part for part in self.sections if isinstance(part, Question)]
        return len(asked) == len(self.sections) and sum(part.length for part in asked) < SHORT
