"""No test expects nothing: `expect(…)` alone asks the page for nothing."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


def idle(source: str) -> list[int]:
    """Lines with an `expect` of which nothing is asked."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "expect"
    ]


@pytest.mark.parametrize("source", ["expect(page)", "for each in all:\n    expect(each.first)"])
def test_what_asks_for_nothing_is_found(source: str) -> None:
    assert idle(source)


def test_every_expectation_asks_for_something() -> None:
    found = {path.name: idle(path.read_text(encoding="utf-8")) for path in TESTS.rglob("*.py")}
    assert {name: lines for name, lines in found.items() if lines} == {}
