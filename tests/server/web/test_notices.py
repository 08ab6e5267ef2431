"""The notices: in three languages, with the operator's details or a sentence, and security.txt."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from server.config import Config
from server.i18n import LANGUAGES, t
from server.web.notices import NOTICES, SECURITY_TXT, contact_address
from tests.server.web.test_pages import Page
from tests.support.app import App

TEXTS = Path(__file__).parents[3] / "server" / "i18n" / "notices"
MAIL = "hahmo+turva@kunta.example"
DETAILS = {
    "operator": "Esimerkin <kunta>",
    "operator_contact": MAIL,
    "data_officer": "Tietosuojavastaava 040",
    "supervisor": "Valvova virasto",
    "retention_days": 123,
}
SHOWN = {
    "privacy": ("operator", "operator_contact", "data_officer", "retention_days"),
    "accessibility": ("operator", "operator_contact", "supervisor"),
    "security": ("operator", "operator_contact"),
}


def told(app: App, **details: str | int) -> None:
    """Let the operator say who they are."""
    service = app.service
    service.config = replace(service.config, **details)  # type: ignore[arg-type]


async def read(app: App, name: str, language: str) -> Page:
    answer = await app.http.get(f"/{name}", headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert answer.headers["content-language"] == language
    return Page(answer)


@pytest.mark.parametrize("name", NOTICES)
def test_a_notice_says_the_same_in_all_languages(name: str) -> None:
    """Each element and each condition stands in all of them, in one order."""

    def shape(language: str) -> list[str]:
        text = (TEXTS / f"{name}.{language}.html").read_text(encoding="utf-8")
        return re.findall(r"<\w+|\{% .*? %\}|\{\{ \w+", text)

    assert len(shape("fi")) > 20
    assert shape("sv") == shape("fi") == shape("en")


def test_there_is_no_text_without_a_page() -> None:
    expected = {f"{name}.{language}.html" for name in NOTICES for language in LANGUAGES}
    assert {path.name for path in TEXTS.iterdir()} == expected


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NOTICES)
async def test_a_notice_names_the_operator(app: App, name: str, language: str) -> None:
    told(app, **DETAILS)  # type: ignore[arg-type]
    page = await read(app, name, language)
    text = " ".join(page.texts)
    assert (page.language, t(language, f"notice.{name}") in page.texts) == (language, True)
    for detail in SHOWN[name]:
        assert str(DETAILS[detail]) in text, detail
    links = {attributes.get("href") for tag, attributes in page.tags if tag == "a"}
    assert {f"/{other}" for other in NOTICES} | {f"mailto:{MAIL}"} <= links


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NOTICES)
async def test_what_is_not_set_is_said_and_not_left_blank(
    app: App, name: str, language: str
) -> None:
    text = " ".join((await read(app, name, language)).texts)
    not_yet = {"fi": "ei ole vielä", "sv": "ännu", "en": "yet"}[language]
    assert not_yet in text
    assert "None" not in text.replace("None by the product", "")
    assert not re.search(r"[:(] *(\.|$)", text)


@pytest.mark.parametrize("name", NOTICES)
async def test_a_notice_runs_nothing_and_loads_nothing_foreign(app: App, name: str) -> None:
    page = await read(app, name, "en")
    assert not [tag for tag, _ in page.tags if tag in ("script", "iframe")]
    loaded = [a.get("src") or a.get("href") for tag, a in page.tags if tag in ("link", "img")]
    assert all(address and re.match(r"/(public|static)/", address) for address in loaded)


async def test_a_chosen_language_is_kept(app: App) -> None:
    answer = await app.http.get("/privacy?lang=sv")
    assert answer.cookies["hahmo_lang"] == "sv"
    assert Page(await app.http.get("/security")).language == "sv"


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        (MAIL, f"mailto:{MAIL}"),
        ("https://kunta.example/turva", "https://kunta.example/turva"),
        ("http://kunta.example/turva", None),
        ("Katu 1, 00100 Helsinki", None),
        ("a@b.example?cc=all@b.example", "mailto:a@b.example%3Fcc%3Dall@b.example"),
        ("javascript:alert(1)", None),
        (None, None),
    ],
)
def test_a_contact_is_an_address_or_words(contact: str | None, address: str | None) -> None:
    assert contact_address(Config(operator_contact=contact)) == address


async def test_security_txt_is_as_the_rfc_says(app: App) -> None:
    told(app, operator_contact=MAIL, public_url="https://hahmo.example")
    answer = await app.http.get(SECURITY_TXT)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == f"mailto:{MAIL}"
    assert fields["Canonical"] == f"https://hahmo.example{SECURITY_TXT}"
    left = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert 30 < left.days < 365


async def test_without_a_contact_there_is_no_security_txt(app: App) -> None:
    answer: httpx.Response = await app.http.get(SECURITY_TXT)
    assert answer.status_code == 404
