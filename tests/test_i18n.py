"""Every text exists in three languages, with the same placeholders, and every used key exists."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import server
from server.errors import ServiceError
from server.i18n import LANGUAGES, UnknownText, catalogue, choose, isolated, t

ROOT = Path(__file__).parents[1]
PLACEHOLDER = re.compile(r"\{(\w+)\}")
# t('a.b'), tIfKnown("a.b"), t(language, "a.b"); the key may stand on the next line
USED = re.compile(r"""\bt(?:IfKnown)?\(\s*(?:[\w.]+,\s*)?(['"`])([a-z][\w.$\{\}\-]*)\1""")


def texts_in_use() -> Iterator[tuple[str, str]]:
    """(file, key) for every key written in client, templates and server code."""
    sources = [
        *(ROOT / "client" / "src").rglob("*.svelte"),
        *(ROOT / "client" / "src").rglob("*.ts"),
        *(ROOT / "server").rglob("*.html"),
        *(ROOT / "server").rglob("*.py"),
    ]
    for path in sources:
        if path.name.endswith(".test.ts"):
            continue
        for match in USED.finditer(path.read_text(encoding="utf-8")):
            yield str(path.relative_to(ROOT)), match[2]


def exists(key: str) -> bool:
    """Whether the catalogue has this key, its plural pair, or any key that fits `${…}` in it."""
    if "${" in key:
        pattern = re.sub(r"\\\$\\\{.*?\\\}", r"[\\w.-]+", re.escape(key))
        return any(re.fullmatch(pattern, known) for known in catalogue("fi"))
    return key in catalogue("fi") or f"{key}.other" in catalogue("fi")


def error_classes() -> set[type[ServiceError]]:
    for module in pkgutil.walk_packages(server.__path__, "server."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found, waiting = {ServiceError}, [ServiceError]
    while waiting:
        children = set(waiting.pop().__subclasses__()) - found
        found |= children
        waiting += children
    return {error for error in found if error.__module__.startswith("server.")}


def test_every_error_stands_where_errors_do() -> None:
    modules = {error.__module__ for error in error_classes()}
    others = {m for m in modules if not m.endswith(".errors")}
    assert others == {"server.store", "server.sync.inspection.report"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_have_the_same_keys(language: str) -> None:
    assert catalogue(language).keys() == catalogue("fi").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(language: str) -> None:
    assert [key for key, text in catalogue(language).items() if not text.strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same(language: str) -> None:
    def of(key: str, text: str) -> list[str]:
        found = set(PLACEHOLDER.findall(text))
        return sorted(
            found - {"n"} if key.endswith(".one") else found
        )  # "one note" needs no number

    ours, finnish = catalogue(language), catalogue("fi")
    assert {key: of(key, ours[key]) for key in ours} == {key: of(key, finnish[key]) for key in ours}


def test_plurals_come_in_pairs() -> None:
    keys = catalogue("fi").keys()
    ones = {key.removesuffix(".one") for key in keys if key.endswith(".one")}
    others = {key.removesuffix(".other") for key in keys if key.endswith(".other")}
    assert ones == others


def test_every_used_key_exists() -> None:
    used = list(texts_in_use())
    assert len(used) > 20, "the pattern finds no keys any more"
    assert sorted({(file, key) for file, key in used if not exists(key)}) == []


def test_every_error_has_words() -> None:
    missing = {
        f"error.{error.slug}.{part}"
        for error in error_classes()
        for part in ("title", "detail")
        if f"error.{error.slug}.{part}" not in catalogue("fi")
    }
    assert missing == set()


@pytest.mark.parametrize(
    ("chosen", "accept", "language"),
    [
        (None, None, "fi"),
        (None, "", "fi"),
        ("sv", "en", "sv"),
        ("de", "en", "en"),  # a cookie we did not set
        (None, "sv-FI,sv;q=0.9,en;q=0.8", "sv"),
        (None, "de-DE,de;q=0.9,en;q=0.5,fi;q=0.4", "en"),
        (None, "en;q=0.4, fi;q=0.9", "fi"),
        (None, "en;q=0", "fi"),
        (None, "*", "fi"),
        (None, "en;q=much, sv;q=0.1", "sv"),
        (None, "EN-gb", "en"),
        (None, "en;q=2", "fi"),
        (None, "," * 10_000, "fi"),
    ],
)
def test_the_reader_gets_their_language(
    chosen: str | None, accept: str | None, language: str
) -> None:
    assert choose(chosen, accept) == language


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(UnknownText):
        t("fi", "no.such.key")


def test_numbers_and_plurals(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"x.one": "{n} note", "x.other": "{n} notes by {who}"}
    monkeypatch.setattr("server.i18n.catalogue", lambda language: texts)
    assert t("en", "x", n=1) == "1 note"
    assert t("en", "x", n=1200, who="{n}") == "1,200 notes by {n}"
    assert t("fi", "x", n=1200) == "1\u00a0200 notes by {who}"


def test_words_of_another_direction_stand_as_one_piece_in_ours() -> None:
    assert isolated("אנה") == "\u2068אנה\u2069"
    assert isolated("مريم (2)") == "\u2068مريم (2)\u2069"
    assert isolated("Åsa (2)") == "Åsa (2)"
    assert t("en", "export.group_board", name="אנה").count("\u2068") == 1
