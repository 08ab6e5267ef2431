"""Disks that fill up and disks that cannot be written, for a server that runs on them."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

__all__ = ["Disk", "FileLimit", "SmallDisk", "can_mount", "read_only", "small_disk"]


class Disk(Protocol):
    """`folder`: where data may lie. `pid` is the process that writes there.

    `largest_file`: what a process that starts while it is full has to be told, if anything.
    """

    folder: Path
    largest_file: int | None

    def fill(self, pid: int) -> None: ...
    def free(self, pid: int) -> None: ...


@dataclass
class SmallDisk:
    """A file system in memory of its own: really full, for everybody on it."""

    folder: Path
    largest_file: int | None = None

    def fill(self, pid: int) -> None:
        with (self.folder / "filler").open("wb", buffering=0) as filler, suppress(OSError):
            while True:
                filler.write(bytes(4096))

    def free(self, pid: int) -> None:
        (self.folder / "filler").unlink()


@dataclass
class FileLimit:
    """No file of the process may grow beyond what the largest one has; needs no rights."""

    folder: Path
    largest_file: int | None = None

    def fill(self, pid: int) -> None:
        sizes = [file.stat().st_size for file in self.folder.rglob("*") if file.is_file()]
        self.largest_file = max(sizes)
        limit = (self.largest_file, resource.RLIM_INFINITY)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)

    def free(self, pid: int) -> None:
        self.largest_file = None
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)


def mount(*words: str) -> bool:
    return subprocess.run(["mount", *words], capture_output=True, check=False).returncode == 0


def can_mount(folder: Path) -> bool:
    """Whether this process may mount at all; many containers and all ordinary users may not."""
    if os.geteuid() or not mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)):
        return False
    unmount(folder)
    return True


def unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def small_disk(folder: Path, *, size: str) -> Iterator[SmallDisk]:
    """`size`: as mount wants it, such as 6m."""
    folder.mkdir()
    assert mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
    try:
        yield SmallDisk(folder)
    finally:
        unmount(folder)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nobody may write in `folder` meanwhile; for root, who may write anywhere, by a mount."""
    if os.geteuid():
        folder.chmod(0o555)
        try:
            yield
        finally:
            folder.chmod(0o755)
    else:
        assert mount("--bind", str(folder), str(folder))
        try:
            assert mount("-o", "remount,bind,ro", str(folder))
            yield
        finally:
            unmount(folder)
