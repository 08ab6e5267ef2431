"""A facilitator who signs in with their organisation, in a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.support.browsers.browser import PHONE, People
from tests.support.server import Server, running_server
from tests.support.sign_in.oidc import CLIENT, SECRET, Provider, running_provider

pytestmark = pytest.mark.xdist_group("e2e-sign-in")


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def server(
    client_built: None, provider: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("sign-in") / "data") as server:
        server.stop()
        server.restart(
            HAHMO_PUBLIC_URL=server.url,
            HAHMO_OIDC_ISSUER=provider.issuer,
            HAHMO_OIDC_CLIENT_ID=CLIENT,
            HAHMO_OIDC_CLIENT_SECRET=SECRET,
        )
        yield server


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_signing_in_opens_workshops_and_finds_ones_own_again(people: People, language: str) -> None:
    lead = people("Anna", language=language)
    lead.go("/")
    expect(lead.page.get_by_label(lead.t("start.title"), exact=True)).to_have_count(0)
    lead.shot("signed-out")
    lead.page.get_by_role("link", name=lead.t("start.sign_in"), exact=True).click()
    signed_in = lead.t("start.signed_in_as", name="Anna Arvo")
    expect(lead.page.get_by_text(signed_in)).to_be_visible()
    assert lead.page.url == f"{lead.url}/"
    title = f"Kehittämispäivä {language}"
    lead.create(title)
    elsewhere = people("Anna", language=language, device=PHONE)
    elsewhere.go("/sign-in")
    elsewhere.page.get_by_text(elsewhere.t("start.own_workshops")).click()
    elsewhere.shot("signed-in")
    elsewhere.page.get_by_role("button", name=title).click()
    elsewhere.page.wait_for_url("**/w/*")
    elsewhere.sees_status("saved")
    elsewhere.go("/")
    elsewhere.button("start.sign_out").click()
    expect(elsewhere.page.get_by_text(signed_in)).to_have_count(0)


def test_a_service_that_does_not_answer_is_told(people: People, provider: Provider) -> None:
    lead = people("Anna", language="en")
    lead.forgive("status of 503")
    provider.broken = {"token": 500}
    lead.go("/sign-in")
    expect(lead.page.get_by_text(lead.t("error.sign-in-down.title"))).to_be_visible()
    lead.shot("down")
    provider.broken = {}
