"""What no linter knows: what comes late may never come, and a class says what one of it is."""

import re
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[1] / "client" / "src"
AWAIT = re.compile(r"\{#await\b.*?\{/await\}", re.DOTALL)
CLASS = re.compile(r"^export (?:default )?(?:abstract )?class (\w+)", re.MULTILINE)
# The comment that ends on the line above, and nothing that only looks like one further up.
SENTENCE = re.compile(r"/\*\*\s+(?:(?!\*/).)*?[.?!](?=\s)(?:(?!\*/).)*\*/\n\Z", re.DOTALL)
MOST_LINES = 400  # of a file: what has one subject fits
GENERATED = SOURCES / "workshop" / "api-types.ts"
FILES = [
    path
    for kind in ("*.svelte", "*.ts")
    for path in sorted(SOURCES.rglob(kind))
    if not path.name.endswith(".test.ts")
]


def waits_for_ever(source: str) -> list[str]:
    """Blocks that show nothing when what they wait for does not come."""
    return [block for block in AWAIT.findall(source) if "{:catch" not in block]


def fails_unheard(source: str) -> list[str]:
    """Parts that are loaded on the spot, and nobody hears when they do not come.

    `() => import(…)` is given to somebody who does (client/src/browser/chunks.ts).
    """
    statements = [line for line in source.split(";\n") if re.search(r"(?<!=> )\bimport\(", line)]
    return [statement for statement in statements if ".catch(" not in statement]


def says_nothing_of_itself(source: str) -> list[str]:
    """Classes for others that do not say, in a sentence right above, what one of them is."""
    classes = CLASS.finditer(source)
    return [found[1] for found in classes if not SENTENCE.search(source[: found.start()])]


def hovers_where_nothing_can(source: str) -> list[str]:
    """Rules for what a pointer rests on that a finger leaves behind on what it has touched."""
    elsewhere, depth = "", 0
    for piece in re.split(r"(@media \(hover: hover\) \{|[{}])", source):
        if piece.startswith("@media"):
            depth = 1
        elif depth:
            depth += {"{": 1, "}": -1}.get(piece, 0)
        else:
            elsewhere += piece
    return re.findall(r"\S*:hover\S*", elsewhere)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_what_does_not_come_is_told_and_classes_say_what_one_is(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert waits_for_ever(source) == []
    assert fails_unheard(source) == []
    assert says_nothing_of_itself(source) == []


@pytest.mark.parametrize(
    "path",
    [path for path in SOURCES.rglob("*") if path.is_file() and path != GENERATED],
    ids=lambda path: path.relative_to(SOURCES).as_posix(),
)
def test_no_file_is_long(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= MOST_LINES


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_nothing_glides_that_a_style_sheet_could_not_stop(path: Path) -> None:
    """app.css knows who wants less motion; what a script asks for, it does not hear."""
    assert "'smooth'" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path",
    [path for kind in ("*.svelte", "*.css") for path in SOURCES.rglob(kind)],
    ids=lambda path: path.relative_to(SOURCES).as_posix(),
)
def test_hover_is_only_where_there_is_hover(path: Path) -> None:
    assert hovers_where_nothing_can(path.read_text(encoding="utf-8")) == []


def test_what_hovers_everywhere_is_found() -> None:
    bounded = "@media (hover: hover) {\n a:hover {\n b: c;\n }\n}\n"
    assert not hovers_where_nothing_can(bounded)
    assert hovers_where_nothing_can(f"{bounded}a:hover {{ b: c; }}\n{bounded}") == ["a:hover"]


def test_what_is_never_told_is_found() -> None:
    assert waits_for_ever("{#await part}…{:then x}{x}{/await} {#await a}{:catch}{/await}")
    assert not waits_for_ever("{#await part}{:then x}{x}{:catch}!{/await}")
    assert fails_unheard("void import('./a').then(run);\n")
    assert not fails_unheard("const load = () => import('./a');\n")
    assert not fails_unheard("await import('./a').catch(() => undefined);\n")


def test_a_class_without_a_sentence_is_found() -> None:
    assert says_nothing_of_itself("export class A {\n") == ["A"]
    assert says_nothing_of_itself("/** Of another. */\nconst a = 1;\nexport class A {\n") == ["A"]
    assert says_nothing_of_itself("/** No sentence */\nexport abstract class A {\n") == ["A"]
    assert says_nothing_of_itself("/** One. */\n\nexport default class A {\n") == ["A"]
    assert says_nothing_of_itself("/** Of one. */\nexport class A {}\nexport class B {}\n") == ["B"]
    assert not says_nothing_of_itself("/** One board. */\nexport class A {\n")
    assert not says_nothing_of_itself(
        "/**\n * One board\n * of two. More.\n */\nexport class A {\n"
    )
