"""What the system says of a process: memory and open files. Linux only, as is the store's lock."""

import os
import re
import time
from pathlib import Path

__all__ = ["child", "open_files", "resident"]


def resident(pid: int | str = "self") -> int:
    """Bytes of memory that it holds now."""
    found = re.search(r"^VmRSS:\s+(\d+) kB$", Path(f"/proc/{pid}/status").read_text(), re.M)
    assert found
    return int(found[1]) << 10


def open_files(pid: int) -> int:
    """How many files, sockets and pipes it has open."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def child(pid: int, words: str, seconds: float = 20.0) -> int:
    """The one of its children with `words` in its command line, as soon as there is one."""
    deadline = time.monotonic() + seconds
    while not (found := [each for each in _children(pid) if words in _command(each)]):
        assert time.monotonic() < deadline, f"no child of {pid} runs {words}"
        time.sleep(0.001)
    return found[0]


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(each) for task in tasks for each in (task / "children").read_text().split()]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:  # it has just ended
        return ""
