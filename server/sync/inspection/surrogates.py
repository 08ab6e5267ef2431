"""Text as Yjs counts it: in UTF-16 units, of which some characters take two."""

import re

TWO_UNITS = re.compile("[\U00010000-\U0010ffff]")


def count_units(text: bytes, clock: int, surrogates: set[int]) -> int:
    """How many units `text` takes. Raises UnicodeDecodeError when it is not UTF-8.

    Adds to `surrogates` the clocks of low surrogates; `clock` is that of the first unit.
    """
    characters = text.decode()
    doubled = 0
    for each in TWO_UNITS.finditer(characters):
        doubled += 1
        surrogates.add(clock + each.start() + doubled)
    return len(characters) + doubled
