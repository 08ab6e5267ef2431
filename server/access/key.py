"""The server's own secret, under which codes are hashed: a copy of the store alone opens nothing.

It is a setting, or else a file beside the store, readable by its owner only, which belongs into
every backup.
"""

import contextlib
import hashlib
import os
import secrets
from pathlib import Path

from server.config import KEY_BYTES, Config
from server.store import SERVER, Commit, Expected, Overtaken, Record, Store

__all__ = ["FILE", "KeyUnusable", "check_key", "load_key", "server_key", "stored_form", "write_key"]

FILE = "secret.key"


class KeyUnusable(Exception):
    """The key is cut off, or another one: starting all the same would lock everybody out."""


def server_key(config: Config) -> bytes:
    """The key that is set, or the one in the data folder. Raises KeyUnusable and OSError."""
    return load_key(config.data) if config.key is None else config.key


def load_key(folder: Path) -> bytes:
    """Read the key, or make it at the first start. On Redis several may begin on one folder.

    Raises KeyUnusable and OSError.
    """
    path = folder / FILE
    if not path.exists():
        write_key(path, secrets.token_bytes(KEY_BYTES), replaces=False)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise KeyUnusable(f"{FILE}: expected {KEY_BYTES} bytes, got {len(key)}; restore it")
    return key


def write_key(path: Path, key: bytes, *, replaces: bool = True) -> None:
    """All of it or nothing, whenever the power goes. `replaces`: one that is there already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.new")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    if replaces:
        unfinished.replace(path)
        return
    with contextlib.suppress(FileExistsError):  # another process was faster: its key is ours
        os.link(unfinished, path)
    unfinished.unlink()


def stored_form(key: bytes) -> dict[str, str]:
    """What a store keeps to know its key by."""
    return {"sha256": hashlib.sha256(b"hahmo codes" + key).hexdigest()}


async def check_key(store: Store, key: bytes) -> None:
    """Make sure that the store was filled under this key. Raises KeyUnusable."""
    value = stored_form(key)
    if await store.get("key", "codes") is None:
        puts, expects = [Record("key", "codes", "", value)], [Expected("key", "codes", 0)]
        with contextlib.suppress(Overtaken):  # several processes start on one store
            await store.commit(Commit(SERVER, puts=puts, expects=expects))
    if await store.get("key", "codes") != value:
        raise KeyUnusable(
            f"HAHMO_KEY, or else {FILE}, is not the key of this store; restore it from a backup"
        )
