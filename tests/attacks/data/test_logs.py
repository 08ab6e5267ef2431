"""What strangers send does not write our log: no lines of their own, no escapes, no secrets."""

import logging

import pytest

from tests.support.app import App

FOREIGN = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
ODD = (
    "/x%0aCRITICAL server: forged",
    "/x%0d%0aforged",
    "/%1b[2Jx",
    "/%e2%80%a8x",
    "/KEY-OF-MINE/x",
)


@pytest.mark.parametrize("path", ODD)
async def test_an_address_writes_no_line_of_its_own(
    app: App, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The log names what was asked for by our own words only."""
    answer = await app.http.post(path, json={}, headers=FOREIGN)
    assert answer.status_code == 403
    [line] = lines(caplog)
    assert line.startswith("refused POST /…: ")
    assert line.isprintable()


async def test_a_known_address_is_named_without_what_follows(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    await app.http.post("/api/workshops/KEY-OF-MINE", json={}, headers=FOREIGN)
    [line] = lines(caplog)
    assert line.startswith("refused POST /api: ")


@pytest.mark.parametrize("header", ["Origin", "Sec-Fetch-Site", "Host"])
async def test_a_header_writes_no_line_of_its_own(
    app: App, header: str, caplog: pytest.LogCaptureFixture
) -> None:
    forged = {**FOREIGN, header: "x\u0085forged\x1b[2J".encode("latin-1")}
    await app.http.post("/api/join", json={}, headers=forged)  # type: ignore[arg-type]
    assert all(line.isprintable() for line in lines(caplog))
    assert lines(caplog)


async def test_an_unnamed_error_is_logged_with_a_safe_address(
    app: App, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr(app.app.state.site.hosts, "check", broken)
    await app.http.get("/x%0aforged")
    [line] = lines(caplog)
    assert line == "unnamed error in GET /…"


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    found = [record for record in caplog.records if record.name.startswith("server")]
    assert all(record.levelno >= logging.WARNING for record in found)
    return [record.getMessage() for record in found]
