"""A disk of one's own that breaks as real ones do: ext4, which turns itself read-only."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.support.disks import mount, unmount

__all__ = ["BreakingDisk", "breaking_disk"]

CLEAN, REPAIRED = 0, 1  # exit statuses of e2fsck after which a disk may be used


@dataclass
class BreakingDisk:
    """`folder`: where data may lie. `device`: the loop device that makes `image` a disk."""

    folder: Path
    image: Path
    device: str

    def settle(self) -> None:
        """Write out what waits in memory, as the kernel does with what is half a minute old."""
        subprocess.run(["sync", "--file-system", str(self.folder)], check=True)

    def break_now(self) -> None:
        """As when the kernel finds an error: no more writes, and what waits in memory is lost.

        Nothing but `repair` makes it writable again.
        """
        trigger(self.device).write_text("1")

    def remount(self) -> None:
        """What one tries first. Linux refuses it, or says that it worked although it did not."""
        options = ("--options-mode", "ignore", "-o", "remount,rw")
        mount(*options, self.device, str(self.folder))

    def repair(self) -> None:
        """What an operator does; nobody may have a file of it open."""
        subprocess.run(["umount", str(self.folder)], check=True)
        check = ["e2fsck", "-p", self.device]
        status = subprocess.run(check, stdout=subprocess.DEVNULL, check=False).returncode
        assert status in (CLEAN, REPAIRED)
        assert self.mount()

    def mount(self) -> bool:
        return mount("-o", "errors=remount-ro", self.device, str(self.folder))

    @property
    def takes_writes(self) -> bool:
        try:
            (self.folder / "probe").write_text("")
        except OSError:
            return False
        return True


def trigger(device: str) -> Path:
    """Writing to this file breaks the file system on that device, and no other."""
    assert device.startswith("/dev/loop")
    return Path("/sys/fs/ext4", Path(device).name, "trigger_fs_error")


@contextmanager
def breaking_disk(within: Path, *, size: int) -> Iterator[BreakingDisk | None]:
    """`size`: in bytes. None where this process may not make file systems of its own."""
    image, folder = within / "image", within / "disk"
    with image.open("wb") as file:
        file.truncate(size)
    folder.mkdir()
    device = loop_device(image) if not os.geteuid() else None
    if device is None:
        yield None
        return
    disk = BreakingDisk(folder, image, device)
    try:
        if disk.mount() and trigger(device).exists():
            yield disk
        else:
            yield None
    finally:
        if os.path.ismount(folder):
            unmount(folder)
        subprocess.run(["losetup", "--detach", device], check=True)


def loop_device(image: Path) -> str | None:
    """A device that shows the image, with an empty file system on it."""
    attach = ["losetup", "--find", "--show", str(image)]
    try:
        subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
        return subprocess.run(attach, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None
