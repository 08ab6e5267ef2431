"""Every rule about boards, forks and merges has a test, and tests cite only rules that exist."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
PROTOCOL = HERE.parent.parent / "docs" / "protocol.md"


def test_rules_and_tests_name_each_other() -> None:
    rules = set(re.findall(r"\*\*BR(\d+)\*\*", PROTOCOL.read_text(encoding="utf-8")))
    tests = HERE.parent.rglob("test_*.py")  # some rules are kept by the server that merges
    sources = [path.read_text(encoding="utf-8") for path in tests]
    cited = {number for source in sources for number in re.findall(r"def test_br(\d+)_", source)}
    assert rules
    assert cited == rules
