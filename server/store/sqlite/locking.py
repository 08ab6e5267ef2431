"""One process has a data folder: two would lose edits."""

import contextlib
import fcntl
import os
from pathlib import Path
from typing import IO

from server.store import StoreLocked, StoreUnavailable
from server.store.sqlite.database import DATABASE
from server.store.sqlite.private import make_private

__all__ = ["take_lock"]


def take_lock(folder: Path) -> IO[str]:
    """An exclusive lock on the folder for as long as the file stays open."""
    try:
        make_private(folder, create=("lock", DATABASE))
        lock = (folder / "lock").open("a+")
    except OSError as error:
        raise StoreUnavailable(f"cannot use the data folder {folder}: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        owner = lock.read().strip() or "unknown"
        lock.close()
        raise StoreLocked(
            f"the data folder {folder} is used by another server (process {owner});"
            " stop it, or choose another folder with HAHMO_DATA",
            folder=str(folder),
            process=owner,
        ) from error
    # A disk that is full must not keep us from serving what is there: the pid is only a courtesy.
    with contextlib.suppress(OSError):
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
    return lock
