"""Codes and tokens: their shape, how they are stored, and how guessing is slowed."""

import base64
import contextlib
import hashlib
import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.access.codes import (
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
from server.access.key import KeyUnusable, check_key, load_key, server_key
from server.access.throttle import (
    ADDRESS_FAILURES,
    ADDRESS_LOOKUPS,
    ADDRESS_LOOKUPS_BURST,
    LINE_SECONDS,
    Guesses,
    Line,
    Quota,
)
from server.config import Config
from server.errors import TooManyTries
from server.store import Commit
from server.store.memory import MemoryStore

VECTORS = Path(__file__).parents[2] / "vectors"


def test_a_token_has_192_bits_and_is_known_by_its_hash() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    bits = [base64.urlsafe_b64decode(token) for token in tokens]
    assert {len(each) for each in bits} == {24}
    for place in range(24):  # none of them is filled up with anything else
        assert len({each[place] for each in bits}) > 200
    assert token_id("abc") == hashlib.sha256(b"abc").hexdigest()


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


async def told(guesses: Guesses, address: str, tries: int) -> int:
    """How many of so many wrong tries are told that they are wrong."""
    count = 0
    for _ in range(tries):
        with contextlib.suppress(TooManyTries):
            count += await guesses.attempt(address, wrong) is None
    return count


async def test_a_guesser_is_told_of_twenty_a_minute() -> None:
    clock = Clock()
    guesses = Guesses(clock)
    assert await told(guesses, "192.0.2.1", 100) == ADDRESS_FAILURES
    with pytest.raises(TooManyTries) as caught:
        await guesses.attempt("192.0.2.1", wrong)
    assert caught.value.seconds == 60 / ADDRESS_FAILURES
    clock.now += 60
    assert await told(guesses, "192.0.2.1", 100) == ADDRESS_FAILURES
    assert guesses.failures == 201


async def test_h10_right_codes_are_answered_at_once_while_somebody_guesses() -> None:
    clock = Clock()
    guesses = Guesses(clock)
    for _ in range(200):  # an office behind one address
        await told(guesses, "192.0.2.1", 8)
        assert await guesses.attempt("192.0.2.1", right) == "workshop"
    for number in range(3000):  # and guesses from everywhere
        await told(guesses, f"198.51.100.{number}", 1)
        assert await guesses.attempt("192.0.2.2", right) == "workshop"
    assert clock.now == 1000


async def test_h10_not_even_waiting_for_the_right_answer_lets_one_guess_for_ever() -> None:
    clock = Clock()
    guesses = Guesses(clock, clock.sleep)
    await told(guesses, "192.0.2.1", ADDRESS_LOOKUPS_BURST)
    assert (guesses.failures, clock.now) == (ADDRESS_LOOKUPS_BURST, 1000)
    await told(guesses, "192.0.2.1", 100_000)
    assert clock.now == pytest.approx(1000 + 100_000 / ADDRESS_LOOKUPS)
    assert await guesses.attempt("192.0.2.2", right) == "workshop"
    assert clock.now == pytest.approx(1000 + 100_000 / ADDRESS_LOOKUPS)


async def test_h10_a_line_has_an_end_and_right_codes_do_not_lengthen_it() -> None:
    clock = Clock()
    line = Line(ADDRESS_LOOKUPS, 1, clock)
    waits = [line.join() for _ in range(round(LINE_SECONDS * ADDRESS_LOOKUPS))]
    assert waits == [pytest.approx(n / ADDRESS_LOOKUPS) for n in range(len(waits))]
    before = line.ends
    line.join()
    line.give_back()
    assert line.ends == pytest.approx(before)
    clock.now -= 0.1  # beyond what rounding could do
    with pytest.raises(TooManyTries) as caught:
        line.join()
    assert caught.value.seconds == math.ceil(LINE_SECONDS) + 1
    clock.now += 3600
    assert line.join() == 0


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


def test_a_key_that_is_set_leaves_no_file(tmp_path: Path) -> None:
    key = bytes(range(32))
    assert server_key(Config(data=tmp_path, key=key)) == key
    assert list(tmp_path.iterdir()) == []
    assert server_key(Config(data=tmp_path)) == load_key(tmp_path) != key


async def test_another_key_than_the_stores_is_refused() -> None:
    store = MemoryStore()
    await store.open()
    await store.commit(Commit("w"))
    await check_key(store, b"one" * 10)
    await check_key(store, b"one" * 10)
    with pytest.raises(KeyUnusable, match="restore it"):
        await check_key(store, b"two" * 10)
