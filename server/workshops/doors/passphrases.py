"""A passphrase that newcomers have to know beside the code, where a facilitator has set one.

It is stored as a salted scrypt hash, which is slow on purpose and is worked out in a thread. In
memory the right one is known by a keyed hash, under a key that is nowhere else: once somebody has
been right, neither right nor wrong ones take any time, so nobody can keep others waiting.
"""

import asyncio
import hashlib
import hmac
import secrets
import unicodedata
from collections import OrderedDict
from typing import Any

from boards.desk_edits import put_field
from server.access.throttle import Guesses
from server.errors import InvalidField
from server.store import Record, Store
from server.workshops.errors import PassphraseNeeded, PassphraseWrong
from server.workshops.input import fields
from server.workshops.members import Desks, Member

__all__ = ["LEAST", "MOST", "Passphrases"]

LEAST, MOST = 6, 100  # characters
KIND = "passphrase"
COST = {"n": 1 << 15, "r": 8, "p": 1, "maxmem": 64 << 20, "dklen": 32}  # 32 MiB, about 0.1 s
AT_ONCE = 2  # hashes in the making, for the memory that each takes
KNOWN = 1_000  # workshops whose passphrase is known in memory
# Wrong ones of one address at one workshop that are looked up: far fewer than of codes, as what
# people make up is more easily guessed. They are told 20 a minute, as of codes.
LOOKUPS, LOOKUPS_BURST = 2, 300


class Passphrases:
    """The passphrases of workshops; `guesses` counts wrong ones, by workshop and address."""

    def __init__(self, desks: Desks, guesses: Guesses | None = None) -> None:
        self._desks = desks
        self._store: Store = desks.store
        self.guesses = guesses or Guesses(lookups=LOOKUPS, burst=LOOKUPS_BURST)
        self._memory = secrets.token_bytes(32)
        self._known: OrderedDict[str, bytes] = OrderedDict()  # by salt
        self._hashing = asyncio.Semaphore(AT_ONCE)

    async def set(self, member: Member, value: object) -> bool:
        """Ask newcomers for this one from now on, or, by None, for none; whether they are asked."""
        member.must_lead()
        record = None if value is None else await self._record(member.workshop, read(value))
        async with self._desks.hold(member.workshop) as room:
            room.edit(lambda document: put_field(document, "passphrase", record is not None))
            await self._desks.rooms.committer.commit(
                member.workshop,
                puts=[record] if record else [],
                deletes=[] if record else [(KIND, member.workshop)],
            )
        return record is not None

    async def check(self, workshop: str, given: object, address: str) -> None:
        """Raises PassphraseNeeded, PassphraseWrong or TooManyTries; nothing where none is set."""
        value = await self._store.get(KIND, workshop)
        if value is None:
            return
        if given is None or given == "":
            raise PassphraseNeeded("this workshop has a passphrase")
        if not isinstance(given, str):
            raise InvalidField("passphrase", expected="a text", got=given)

        async def right() -> bool | None:
            return await self._is_right(value, plain(given[: 2 * MOST])) or None

        if await self.guesses.attempt(f"{workshop}/{address}", right) is None:
            raise PassphraseWrong("not this one")

    async def _is_right(self, value: dict[str, Any], given: str) -> bool:
        known = self._known.get(value["salt"])
        if known is None:
            hashed = await self._hash(given, value["salt"])
            if not hmac.compare_digest(hashed, bytes.fromhex(value["hash"])):
                return False
            self._know(value["salt"], given)
            return True
        return hmac.compare_digest(known, self._quick(given))

    async def _record(self, workshop: str, passphrase: str) -> Record:
        salt = secrets.token_hex(16)
        hashed = await self._hash(passphrase, salt)
        self._know(salt, passphrase)
        return Record(KIND, workshop, workshop, {"salt": salt, "hash": hashed.hex()})

    async def _hash(self, passphrase: str, salt: str) -> bytes:
        async with self._hashing:
            return await asyncio.to_thread(
                hashlib.scrypt, passphrase.encode(), salt=bytes.fromhex(salt), **COST
            )

    def _know(self, salt: str, passphrase: str) -> None:
        self._known[salt] = self._quick(passphrase)
        if len(self._known) > KNOWN:
            self._known.popitem(last=False)

    def _quick(self, passphrase: str) -> bytes:
        return hmac.new(self._memory, passphrase.encode(), hashlib.sha256).digest()


def read(value: object) -> str:
    """A passphrase to be set. Raises InvalidField, TextTooLong."""
    text = fields.text(value, "passphrase", most=MOST)
    if len(plain(text)) < LEAST:
        raise InvalidField("passphrase", expected=f"{LEAST} characters or more", got="fewer")
    return plain(text)


def plain(typed: str) -> str:
    """As it is compared: capitals, spaces and ways to write a letter make no difference."""
    return " ".join(unicodedata.normalize("NFKC", typed).casefold().split())
