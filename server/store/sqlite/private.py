"""The data folder is its owner's alone: it holds what people wrote, and who they are."""

import contextlib
import os
from pathlib import Path

__all__ = ["FILE_MODE", "make_private"]

FILE_MODE = 0o600
FOLDER_MODE = 0o700


def make_private(folder: Path, *, create: tuple[str, ...]) -> None:
    """Make the folder and the files `create`, and take from others what an earlier version gave.

    SQLite gives the files beside a database the mode that this has. Raises OSError if the folder
    cannot be made; modes that cannot be set (another's files, a disk that knows none) stay.
    """
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    with contextlib.suppress(OSError):
        folder.chmod(FOLDER_MODE)
    for name in create:
        with contextlib.suppress(OSError):  # a full or read-only disk can still be read
            os.close(os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE))
    for path in folder.iterdir():
        if path.is_file() and not path.is_symlink():
            with contextlib.suppress(OSError):
                path.chmod(FILE_MODE)
