"""Codes and tokens: their shape, how they are stored, and how guessing is slowed."""

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import TooManyTries
from server.store import Commit
from server.store.memory import MemoryStore
from server.workshops.codes import (
    ALPHABET,
    JOIN_LENGTH,
    code_id,
    is_code,
    new_join_code,
    new_return_code,
    new_token,
    normalise,
    token_id,
)
from server.workshops.guesses import (
    ADDRESS_FAILURES,
    ALL_BURST,
    ALL_FAILURES,
    WAIT_SECONDS,
    WAITING,
    Guesses,
    Quota,
)
from server.workshops.keys import KeyUnusable, check_key, load_key

VECTORS = Path(__file__).parents[1] / "vectors"


def test_codes_are_readable_and_never_alike() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 30
    assert not set("01ILOU") & set(ALPHABET)
    codes = {new_join_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 9 and code[4] == "-" for code in codes)
    assert len(normalise(new_return_code())) == 12
    assert len(new_token()) == 32


@pytest.mark.parametrize(
    "vector",
    json.loads((VECTORS / "codes.json").read_text("utf-8")),
    ids=lambda v: ascii(v["typed"]),
)
def test_a_code_is_found_in_what_was_typed_or_pasted(vector: dict[str, str]) -> None:
    assert normalise(vector["typed"]) == vector["code"]
    assert code_id(b"key", vector["typed"]) == code_id(b"key", vector["code"])


@given(st.text())
def test_anything_typed_is_read_without_trouble(typed: str) -> None:
    assert is_code(normalise(typed), JOIN_LENGTH) in (True, False)


def test_a_code_is_stored_under_the_servers_key_only() -> None:
    assert code_id(b"one", "ABCD-EFGH") != code_id(b"other", "ABCD-EFGH")
    assert "ABCD" not in code_id(b"one", "ABCD-EFGH")
    assert token_id("secret") == token_id("secret") != "secret"


class Clock:
    """A clock that sleeping moves, so that no test waits."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def wrong() -> str | None:
    return None


async def right() -> str | None:
    return "workshop"


async def test_a_guesser_is_held_to_twenty_a_minute() -> None:
    clock = Clock()
    guesses = Guesses(clock, clock.sleep)
    for _ in range(ADDRESS_FAILURES + 100):
        assert await guesses.attempt("192.0.2.1", wrong) is None
    assert clock.now - 1000 == pytest.approx(100 * 60 / ADDRESS_FAILURES, rel=0.01)
    assert guesses.failures == ADDRESS_FAILURES + 100


async def test_a_right_code_is_never_counted() -> None:
    clock = Clock()
    guesses = Guesses(clock, clock.sleep)
    for _ in range(ADDRESS_FAILURES):
        await guesses.attempt("192.0.2.1", wrong)
    for _ in range(200):  # an office behind one address, where somebody has guessed
        assert await guesses.attempt("192.0.2.1", right) == "workshop"
    assert clock.now - 1000 <= 60 / ADDRESS_FAILURES  # one wait, then all of them


async def test_other_addresses_are_not_slowed() -> None:
    clock = Clock()
    guesses = Guesses(clock, clock.sleep)
    for _ in range(ADDRESS_FAILURES):
        await guesses.attempt("192.0.2.1", wrong)
    assert await guesses.attempt("192.0.2.2", right) == "workshop"
    assert clock.now == 1000


async def test_many_addresses_together_are_held_to_ten_a_second() -> None:
    clock = Clock()
    guesses = Guesses(clock, clock.sleep)
    for number in range(100_000 // 100):
        for _ in range(10):
            await guesses.attempt(f"198.51.100.{number}", wrong)
    elapsed = clock.now - 1000
    assert elapsed * ALL_FAILURES + ALL_BURST + 1 >= 10_000


async def test_who_would_wait_too_long_is_told_when_to_come_back() -> None:
    clock = Clock()
    guesses = Guesses(clock, clock.sleep)
    spare = ALL_BURST + ALL_FAILURES * WAIT_SECONDS + 20
    for number in range(int(spare)):
        guesses._failed(guesses._turn(f"198.51.100.{number}"))
    with pytest.raises(TooManyTries) as caught:
        await guesses.attempt("192.0.2.9", right)
    assert caught.value.seconds > WAIT_SECONDS


async def test_the_queue_of_one_address_is_bounded() -> None:
    door = asyncio.Event()

    async def slow() -> str | None:
        await door.wait()
        return "workshop"

    guesses = Guesses()
    tries = [asyncio.create_task(guesses.attempt("192.0.2.1", slow)) for _ in range(WAITING + 2)]
    await asyncio.sleep(0)  # every task has begun: one looks up, WAITING wait
    refused = [task for task in tries if task.done()]
    assert len(refused) == 1
    with pytest.raises(TooManyTries):
        refused[0].result()
    door.set()
    found = await asyncio.gather(*tries, return_exceptions=True)
    assert found.count("workshop") == WAITING + 1


def test_workshops_are_opened_at_a_bounded_rate() -> None:
    clock = Clock()
    quota = Quota(5, clock=clock)
    for _ in range(5):
        quota.take("192.0.2.1")
    with pytest.raises(TooManyTries) as caught:
        quota.take("192.0.2.1")
    assert caught.value.seconds == 720
    quota.take("192.0.2.2")
    clock.now += 720
    quota.take("192.0.2.1")


async def test_the_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    key = load_key(tmp_path)
    assert load_key(tmp_path) == key
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "secret.key").write_bytes(key[:-1])
    with pytest.raises(KeyUnusable, match="expected 32 bytes"):
        load_key(tmp_path)


async def test_another_key_than_the_stores_is_refused() -> None:
    store = MemoryStore()
    await store.open()
    await store.commit(Commit())
    await check_key(store, b"one" * 10)
    await check_key(store, b"one" * 10)
    with pytest.raises(KeyUnusable, match="restore it"):
        await check_key(store, b"two" * 10)
