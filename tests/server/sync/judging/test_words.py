"""What the server puts right is told under a code, and browsers have words for each of them."""

import re
from pathlib import Path

import pytest

from server import i18n
from server.sync.judging import bounds, repairs

JUDGING = Path(repairs.__file__).parent
CODE = re.compile(r'"((?:too|may|note|votes|text|board|locked)-[a-z-]+)"')
ROOTS = ("notes", "themes", "links", "experiments")


def codes() -> set[str]:
    """All that stand in what judges, and those that are put together there."""
    sources = "".join(path.read_text("utf-8") for path in JUDGING.glob("*.py"))
    return set(CODE.findall(sources)) | {f"board-full-of-{root}" for root in ROOTS}


def test_the_codes_are_found() -> None:
    known = {
        repairs.Cut.code,
        *bounds.CODES.values(),
        bounds.MAY_NOT_ADD,
        bounds.TOO_MANY,
        bounds.LOCKED_ZONE,
    }
    assert known | {"note-gone", "votes-closed", "too-many-dots"} <= codes()


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("code", sorted(codes()))
def test_whoever_is_told_of_it_reads_a_sentence(code: str, language: str) -> None:
    texts = i18n.catalogue(language)
    assert f"notice.{code}" in texts or {f"notice.{code}.{n}" for n in ("one", "other")} <= set(
        texts
    )
