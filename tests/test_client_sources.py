"""What no linter knows: every part that comes over the network may fail to come."""

import re
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[1] / "client" / "src"
AWAIT = re.compile(r"\{#await\b.*?\{/await\}", re.DOTALL)
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


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_whatever_does_not_come_is_told(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert waits_for_ever(source) == []
    assert fails_unheard(source) == []


def test_what_is_never_told_is_found() -> None:
    assert waits_for_ever("{#await part}…{:then x}{x}{/await} {#await a}{:catch}{/await}")
    assert not waits_for_ever("{#await part}{:then x}{x}{:catch}!{/await}")
    assert fails_unheard("void import('./a').then(run);\n")
    assert not fails_unheard("const load = () => import('./a');\n")
    assert not fails_unheard("await import('./a').catch(() => undefined);\n")
