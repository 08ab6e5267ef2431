"""What the system says of a process: memory and open files. Linux only, as is the store's lock."""

import os
import re
from pathlib import Path

__all__ = ["open_files", "resident"]


def resident(pid: int | str = "self") -> int:
    """Bytes of memory that it holds now."""
    found = re.search(r"^VmRSS:\s+(\d+) kB$", Path(f"/proc/{pid}/status").read_text(), re.M)
    assert found
    return int(found[1]) << 10


def open_files(pid: int) -> int:
    """How many files, sockets and pipes it has open."""
    return len(os.listdir(f"/proc/{pid}/fd"))
