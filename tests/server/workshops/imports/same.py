"""Two exports that tell of equal workshops, under other ids."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Any

__all__ = ["differences"]

ID = re.compile(r"[a-z2-7]{20}")
LEFT = ("/exported_at", "/boards/*/exported_at", "/boards/*/participants")


def first(item: tuple[str, Any]) -> str:
    return item[0]


def differences(one: Any, other: Any) -> list[str]:
    """Where they differ in more than ids, each of which stands for one of the other's, and in what
    an import leaves out."""
    found: list[str] = []
    there: dict[str, str] = {}
    back: dict[str, str] = {}

    def same_text(a: str, b: str) -> bool:
        if a == b and not ID.search(a):
            return True
        ids, others = ID.findall(a), ID.findall(b)
        if ID.split(a) != ID.split(b):
            return False
        pairs = zip(ids, others, strict=True)
        return all(there.setdefault(x, y) == y and back.setdefault(y, x) == x for x, y in pairs)

    def walk(a: Any, b: Any, path: str, general: str) -> None:
        if general in LEFT:
            return
        if isinstance(a, dict) and isinstance(b, dict):
            pairs = zip_longest(
                sorted(a.items(), key=first), sorted(b.items(), key=first), fillvalue=(None, None)
            )
            for (x, left), (y, right) in pairs:
                if x is None or y is None or not same_text(x, y):
                    found.append(f"{path}: {x!r} and {y!r}")
                else:
                    walk(left, right, f"{path}/{x}", f"{general}/{x}")
        elif isinstance(a, list) and isinstance(b, list):
            if len(a) != len(b):
                found.append(f"{path}: {len(a)} and {len(b)}")
            for n, (left, right) in enumerate(zip(a, b, strict=False)):
                walk(left, right, f"{path}/{n}", f"{general}/*")
        elif isinstance(a, str) and isinstance(b, str):
            if not same_text(a, b):
                found.append(f"{path}: {a!r} and {b!r}")
        elif type(a) is not type(b) or a != b:
            found.append(f"{path}: {a!r} and {b!r}")

    walk(one, other, "", "")
    return found
