"""Text as Yjs counts it: in UTF-16 units, of which some characters take two.

Where those are is kept as bits: a board may be full of them, and a number for each would take
twenty times its bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Set

__all__ = ["ClockSet", "count_units"]

SHIFT = 11  # bits of one piece of a set, as a power of two
BITS = 1 << SHIFT
MASK = BITS - 1
# Of each unit the higher byte: "1" if it is a low surrogate.
IS_LOW = bytes(ord("1") if 0xDC <= high <= 0xDF else ord("0") for high in range(256))


class ClockSet(Set[int]):
    """Clocks of one client, as bits; it only grows."""

    __slots__ = ("_pieces",)

    def __init__(self) -> None:
        self._pieces: dict[int, int] = {}

    def __contains__(self, clock: object) -> bool:
        assert isinstance(clock, int)
        return bool(self._pieces.get(clock >> SHIFT, 0) >> (clock & MASK) & 1)

    def __iter__(self) -> Iterator[int]:
        for piece, bits in sorted(self._pieces.items()):
            base = piece << SHIFT
            while bits:
                lowest = bits & -bits
                yield base + lowest.bit_length() - 1
                bits ^= lowest

    def __len__(self) -> int:
        return sum(bits.bit_count() for bits in self._pieces.values())

    def __bool__(self) -> bool:
        return bool(self._pieces)

    def add(self, first: int, bits: int) -> None:
        """Bit n stands for clock `first` + n. At least one is set."""
        piece = first >> SHIFT
        bits <<= first & MASK
        pieces = self._pieces
        while bits:
            if bits & ALL:
                pieces[piece] = pieces.get(piece, 0) | bits & ALL
            bits >>= BITS
            piece += 1

    def update(self, other: ClockSet) -> None:
        """Take in another's."""
        for piece, bits in other._pieces.items():
            self._pieces[piece] = self._pieces.get(piece, 0) | bits


ALL = (1 << BITS) - 1


def count_units(text: bytes, clock: int, surrogates: ClockSet | None = None) -> int:
    """How many units `text` takes. Raises UnicodeDecodeError when it is not UTF-8.

    Adds to `surrogates` the clocks of low surrogates; `clock` is that of the first unit.
    """
    characters = text.decode()
    units = characters.encode("utf-16-le")
    count = len(units) >> 1
    if count != len(characters) and surrogates is not None:
        surrogates.add(clock, int(units[1::2].translate(IS_LOW)[::-1], 2))
    return count
