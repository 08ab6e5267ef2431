"""Each limit of SyncLimits has a test beside this file that is named after it.

Each holds at n and is felt at n + 1, by whoever passes it alone.
"""

import re
from dataclasses import fields
from pathlib import Path

from server.sync.limits import SyncLimits
from tests.support.rooms import LIMITS

TEST = re.compile(r"^async def (test_limit_\w+)", re.MULTILINE)


def test_every_limit_has_a_test() -> None:
    files = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    tests = [name for source in files for name in TEST.findall(source)]
    missing = [
        field.name for field in fields(SyncLimits) if not any(field.name in test for test in tests)
    ]
    assert missing == []
    assert LIMITS.frame_bytes == SyncLimits.frame_bytes  # what other tests use is the real thing
