"""A workbook for one reader: each text as they would be shown it, and nothing else of it."""

import pytest

from boards.workbook.definition import in_language
from boards.workbook.installed import load

ALL = ("fi", "sv", "en")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ({"fi": "Kartta", "sv": "Karta", "en": "Map"}, {"sv": "Karta"}),
        ({"fi": "Kartta", "sv": "", "en": "Map"}, {"fi": "Kartta"}),
        ({"fi": "", "sv": "", "en": "Map"}, {"en": "Map"}),
        ({"fi": "", "sv": "", "en": ""}, {"fi": "", "sv": "", "en": ""}),
    ],
)
def test_a_text_without_words_is_told_in_another_language(
    text: dict[str, str], shown: dict[str, str]
) -> None:
    assert in_language({"rows": [{"id": "fi", "title": text}]}, "sv", ALL) == {
        "rows": [{"id": "fi", "title": shown}]
    }


def test_only_texts_lose_anything() -> None:
    whole = load("valoa").json()
    told = in_language(whole, "en", ALL)
    assert [board["key"] for board in told["boards"]] == [b["key"] for b in whole["boards"]]
    assert len(str(told)) < len(str(whole)) / 2
    assert in_language(told, "en", ALL) == told
