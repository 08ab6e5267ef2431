"""The other process in which a workbook that somebody brought along is read.

A file of some kilobytes can keep the parser busy for a minute, and nobody else may wait for that.
It gets [file, source] packed on stdin and answers (workbook, None) or (None, what is wrong).
"""

from __future__ import annotations

import pickle
import resource
import sys

from boards.workbook.definition import Workbook
from boards.workbook.errors import WorkbookError
from boards.workbook.installed import read_workbook
from server.store.packing import unpack

__all__ = ["Fault", "main", "read"]

SECONDS = 2  # of processor time; the built-in workbook takes a tenth of one
MEMORY = 1 << 29  # bytes of address space

Fault = tuple[str, str, str, dict[str, str | int]]  # what a WorkbookError is made of


def read(source: str, file: str) -> tuple[Workbook | None, Fault | None]:
    try:
        return read_workbook(source, file), None
    except WorkbookError as error:
        return None, (error.file, error.place, error.rule, dict(error.values))


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    file, source = (part.decode() for part in unpack(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(pickle.dumps(read(source, file)))


if __name__ == "__main__":
    main()
