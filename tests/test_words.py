"""One word for one thing: what was settled on, and the words that it took the place of."""

import re
from pathlib import Path
from typing import Any

import pytest

from boards.workbook import installed
from server.i18n import LANGUAGES, catalogue

NOTICES = Path(__file__).parents[1] / "server" / "i18n" / "notices"
# What is said no more, and what is said instead.
SETTLED = {
    "fi": {
        r"\bohjaaja": "vetäjä",
        r"\bvie ulos": "lataa",
        r"\bpiste": "ääni",
        r"muutoskart": "muutoshahmotus",
        r"\btauolla": "keskeytetty",
        r"paria? lappuja": "lappuparia",
        r"itsearvio\b": "itsearviointi",
        r"ohjattu tänne": "ovat täällä",
    },
    "sv": {
        r"(?<!workshop)ledar(e|n)": "workshopledare",
        r"\bgöm": "dölj",
        r"\bprick": "röst",
        r"\bshift": "skift",
        r"\bstyrning": "tempo",
        r"\bpar lappar": "par av lappar",
        r"med med": "med",
    },
    "en": {
        r"\bdots?\b": "votes",
        r"^(to an answer|into a theme|choose several|go and look)": "add to, select, visit",
        r"means by": "averages by",
    },
}


def texts(language: str) -> dict[str, str]:
    """All that people read in a language, by where it is from."""
    plain = {
        key: re.sub(r"\{\w+\}", "", text)
        for key, text in catalogue(language).items()
        if not key.startswith(("page.needs", "page.too"))
    }
    for notice in NOTICES.glob(f"*.{language}.html"):
        plain[notice.name] = re.sub(r"\{[{%].*?[%}]\}", "", notice.read_text(encoding="utf-8"))
    return plain | dict(of_workbook(installed.load("valoa").json(), language))


def of_workbook(part: Any, language: str, where: str = "workbook") -> list[tuple[str, str]]:
    if isinstance(part, dict) and isinstance(part.get(language), str):
        return [(where, part[language])]
    if not isinstance(part, dict | list):
        return []
    items = part.items() if isinstance(part, dict) else enumerate(part)
    return [found for key, each in items for found in of_workbook(each, language, f"{where}.{key}")]


ROUND = {"fi": "kierro", "sv": "omgång", "en": "round"}  # of a survey, and of nothing else


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workshop_that_goes_on_from_another_is_no_round(language: str) -> None:
    about = ("rounds.", "note.carried", "error.previous")
    said = [text for key, text in catalogue(language).items() if key.startswith(about)]
    assert len(said) > 10
    assert [text for text in said if ROUND[language] in text.lower()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_goes_by_the_name_it_had(language: str) -> None:
    said = texts(language)
    assert sum(where.startswith("workbook") for where in said) > 100
    old = [
        f"{where}: {text[max(0, found.start() - 30) : found.end() + 30]!r}, say {better}"
        for where, text in said.items()
        for pattern, better in SETTLED[language].items()
        if (found := re.search(pattern, text, re.IGNORECASE))
    ]
    assert old == []
