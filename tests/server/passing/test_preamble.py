"""For whom another process speaks: believed of nobody who has not the key, nor to anybody else."""

import random

import pytest

from server.passing.preamble import MOST_BYTES, Vouched, passing_key, read_preamble, write_preamble

KEY = passing_key(b"k" * 32)


@pytest.mark.parametrize(
    "vouched",
    [
        Vouched(("192.0.2.7", 4711), ("10.0.0.1", 8000), "https", "0a1b"),
        Vouched(("2001:db8::7", 1), None, "http", ""),
        Vouched(None, None, "http", "0a1b"),
    ],
)
def test_what_was_written_is_read(vouched: Vouched) -> None:
    line = write_preamble(KEY, vouched, "home")
    assert line.endswith(b"\n")
    assert len(line) <= MOST_BYTES
    assert read_preamble(KEY, line, "home") == vouched._replace(session=vouched.session or "-")


def test_a_host_that_would_break_the_line_does_not() -> None:
    line = write_preamble(KEY, Vouched(("a b\nc\u00e4", 1), None, "ftp", "s"), "home")
    assert read_preamble(KEY, line, "home") == Vouched(("abc", 1), None, "http", "s")


def test_nobody_else_is_believed(dice: random.Random) -> None:
    line = write_preamble(KEY, Vouched(("192.0.2.7", 4711), None, "http", "0a1b"), "home")
    assert read_preamble(passing_key(b"l" * 32), line, "home") is None
    assert read_preamble(KEY, line, "later") is None
    assert read_preamble(KEY, line, "") is None
    assert read_preamble(KEY, write_preamble(KEY, Vouched(None, None, "http", "s"), ""), "") is None
    for _ in range(300):
        place = dice.randrange(len(line) - 1)
        other = bytes([dice.choice([each for each in range(256) if each != line[place]])])
        assert read_preamble(KEY, line[:place] + other + line[place + 1 :], "home") is None
    for said in (b"", b"\n", b"GET / HTTP/1.1\n", bytes(range(256))):
        assert read_preamble(KEY, said, "home") is None
