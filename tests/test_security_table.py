"""docs/security.md tells the truth as far as a test can see: each test that it names exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TABLE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ROW = re.compile(r"^\| (V\d+[^|]*) \|(.*)\|$", re.MULTILINE)
REQUIREMENT = re.compile(r"\bV\d+\.\d+\.\d+\b")


@cache
def defined_in(path: str) -> frozenset[str]:
    """The tests that a file defines, at its top or in a class."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds))


@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED.findall(TABLE))))
def test_each_named_test_exists(path: str, name: str) -> None:
    assert name.startswith("test_")
    assert name in defined_in(path)


def test_the_pattern_finds_every_mention_of_a_test() -> None:
    assert TABLE.count("::test_") == len(NAMED.findall(TABLE)) > 50


def test_nothing_is_called_met_without_a_test() -> None:
    met = TABLE.partition("## Met\n")[2].partition("\n## ")[0]
    rows = ROW.findall(met)
    assert len(rows) > 30
    assert [requirement for requirement, rest in rows if not NAMED.search(rest)] == []


def test_a_requirement_has_one_verdict() -> None:
    judged = [name for first, _ in ROW.findall(TABLE) for name in REQUIREMENT.findall(first)]
    assert sorted({name for name in judged if judged.count(name) > 1}) == []


def test_the_way_to_report_leads_to_it() -> None:
    report = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)]+)\)", report):
        assert (ROOT / link).is_file(), link
    assert "docs/security.md" in report
