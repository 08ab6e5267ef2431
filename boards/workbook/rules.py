"""What a workbook's file is expected to hold, rule by rule, in English; `{name}`: a value.

Programs and logs read it as it is; for people the server has every rule in their language.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["EXPECTED", "expectation"]

EXPECTED: Mapping[str, str] = {
    "board-keys": "keys of [[boards]], got {got}",
    "board-once": "each board once, {got} is in {other} too",
    "choice": "one of {known}, got {got}",
    "flag": "true or false, got {got}",
    "id": "an id of a-z, 0-9, _ and -, at most 40 long, got {got}",
    "ids": "a list of ids, got {got}",
    "ids-once": "each id once, got {got}",
    "installed": "one of {known}",
    "keys": "no other keys than {known}",
    "languages": "one or more of {known}, got {got}",
    "list": "a list of tables, got {got}",
    "long": "at most {most} characters, got {got}",
    "minutes": "two whole numbers of minutes, such as [20, 30], got {got}",
    "minutes-order": "minutes from 1 to {most}, the smaller first, got {got}",
    "own-id": "an id of its own, got {got} a second time",
    "own-key": "a key of its own, got {got} a second time",
    "pages": "pages without a gap, but page {page} has no row",
    "parts": "no such part on a board of kind {kind}",
    "some": "at least one table, got none",
    "staged": "a board that a stage lists in its boards, got {got}",
    "steps": "{steps} tables, from disagreeing to agreeing, got {got}",
    "table": "a table, got {got}",
    "text": "a text in this language, got {got}",
    "texts": "a text in {known}, got nothing",
    "toml": "TOML; line {line}, column {column} cannot be read ({error})",
    "toml-depth": "TOML that is not nested so deeply",
    "toml-number": "no number of so many digits",
    "toml-time": "a workbook that can be read within some seconds",
    "whole": "a whole number from {low} to {high}, got {got}",
}


def expectation(rule: str, values: Mapping[str, str | int]) -> str:
    """A rule with its values, as a sentence begins: "expected …"."""
    return f"expected {EXPECTED[rule].format(**values)}"
