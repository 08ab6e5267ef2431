"""Scripts that Redis runs, each of which sees and leaves a workshop as a whole (`lua/`)."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "ALL",
    "COMMIT",
    "COMPACT",
    "ENTER",
    "ERASE",
    "FIND",
    "HISTORY",
    "LEAVE",
    "LOAD",
    "REBASE",
    "RESTORE",
    "Script",
    "TAKE",
    "THIN",
]

FOLDER = Path(__file__).parent / "lua"
READING = ("enter", "load", "history", "find")


@dataclass(frozen=True, slots=True)
class Script:
    """`sha`: by which Redis knows it once it was loaded. `reads`: it changes nothing to be kept."""

    text: str
    sha: str
    reads: bool

    @classmethod
    def read(cls, name: str, *, common: bool = True) -> "Script":
        parts = ["common", name] if common else [name]
        text = "\n".join((FOLDER / f"{part}.lua").read_text(encoding="utf-8") for part in parts)
        sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
        return cls(text, sha, reads=name in READING)


ENTER, COMMIT, LOAD, HISTORY, COMPACT, ERASE, THIN, REBASE, FIND, RESTORE = (
    Script.read(name)
    for name in (
        "enter",
        "commit",
        "load",
        "history",
        "compact",
        "erase",
        "thin",
        "rebase",
        "find",
        "restore",
    )
)
TAKE, LEAVE = (Script.read(name, common=False) for name in ("take", "leave"))
ALL = (ENTER, COMMIT, LOAD, HISTORY, COMPACT, ERASE, THIN, REBASE, FIND, RESTORE, TAKE, LEAVE)
