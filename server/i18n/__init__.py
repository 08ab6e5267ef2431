"""The texts people read, in Finnish, Swedish and English: one catalogue for server and client.

`fi.json`, `sv.json`, `en.json` beside this file: flat keys (`area.thing`), placeholders `{name}`,
and for counted things `key.one` and `key.other` with `{n}`.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

__all__ = ["DEFAULT", "LANGUAGES", "NAMES", "UnknownText", "catalogue", "choose", "isolated", "t"]

LANGUAGES = ("fi", "sv", "en")
DEFAULT = "fi"
NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}  # each in its own language
THOUSANDS = {"fi": "\u00a0", "sv": "\u00a0", "en": ","}
PLACEHOLDER = re.compile(r"\{(\w+)\}")
RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
MAX_HEADER = 500  # characters of an Accept-Language header that are looked at


class UnknownText(KeyError):
    """A key that the catalogue lacks: a mistake in the code, found by the tests."""


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All texts of one of LANGUAGES."""
    if language not in LANGUAGES:
        raise UnknownText(language)
    texts: dict[str, str] = json.loads(
        files(__name__).joinpath(f"{language}.json").read_text(encoding="utf-8")
    )
    return texts


def t(language: str, key: str, **values: str | int) -> str:
    """The text of `key` with its placeholders filled; `n` chooses between `.one` and `.other`.

    The three languages share one rule: exactly 1 is singular. Raises UnknownText.
    """
    texts = catalogue(language)
    if "n" in values and key not in texts:
        key = f"{key}.one" if values["n"] == 1 else f"{key}.other"
    if key not in texts:
        raise UnknownText(key)
    return PLACEHOLDER.sub(lambda found: shown(language, values, found), texts[key])


def shown(language: str, values: Mapping[str, str | int], found: re.Match[str]) -> str:
    """The value of one placeholder; one without a value stays visible, so that it is noticed."""
    value = values.get(found[1])
    if value is None:
        return found[0]
    if isinstance(value, int):
        return f"{value:,}".replace(",", THOUSANDS[language])
    return isolated(value)


def isolated(words: str) -> str:
    """Words that run from right to left as one piece (FSI … PDI) inside ours.

    Else brackets and numbers beside them change places. Twin: client i18n/texts.ts; UAX #9.
    """
    return f"\u2068{words}\u2069" if RIGHT_TO_LEFT.search(words) else words


def choose(chosen: str | None, accept: str | None) -> str:
    """The language of a reader: the one they chose, else the best of Accept-Language, else Finnish.

    Source: RFC 9110, 12.5.4: ranges with a weight q of 0 to 1; 0 means never.
    """
    if chosen in LANGUAGES:
        return str(chosen)
    weighed = [weigh(part) for part in (accept or "")[:MAX_HEADER].split(",")]
    offered = [(weight, language) for weight, language in weighed if language in LANGUAGES]
    best = max(offered, key=lambda pair: pair[0], default=(0.0, DEFAULT))  # the first of equals
    return best[1] if best[0] > 0 else DEFAULT


def weigh(part: str) -> tuple[float, str]:
    """One range of Accept-Language as (weight, primary language): "sv-FI;q=0.8" is (0.8, "sv")."""
    tag, _, weight = part.partition(";")
    language = tag.strip().lower().partition("-")[0]
    name, _, number = weight.strip().partition("=")
    if not weight:
        return 1.0, language
    try:
        value = float(number) if name.strip() == "q" else 0.0
    except ValueError:
        value = 0.0
    return (value if 0 <= value <= 1 else 0.0), language
