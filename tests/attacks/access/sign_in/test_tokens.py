"""What the provider did not make for this, now, proves nothing."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from tests.support.app import App
from tests.support.sign_in.oidc import CLIENT, Provider, new_key, walk
from tests.support.sign_in.signing import HERE, OWN, Claims, begun, by_own_key, come, problem


def claim(**changed: Any) -> Callable[[Claims, Claims], None]:
    def spoil(header: Claims, claims: Claims) -> None:
        claims |= changed
        for name in [name for name, value in claims.items() if value is None]:
            del claims[name]

    return spoil


NOW = int(time.time())
SPOILT = {
    "another nonce": claim(nonce="x"),
    "no nonce": claim(nonce=None),
    "another issuer": claim(iss="https://evil.example"),
    "no issuer": claim(iss=None),
    "another audience": claim(aud="another"),
    "many audiences, none of them ours": claim(aud=["another", "third"]),
    "ours among others, made for another": claim(aud=[CLIENT, "another"], azp="another"),
    "another audience, for us": claim(aud="another", azp=CLIENT),
    "other audiences, for us": claim(aud=["another", "third"], azp=CLIENT),
    "no audience": claim(aud=None),
    "over": claim(exp=NOW - 3600, iat=NOW - 7200),
    "without an end": claim(exp=None),
    "not yet begun": claim(nbf=NOW + 3600),
    "of the future": claim(iat=NOW + 3600),
    "of nobody": claim(sub=None),
    "of a number": claim(sub=7),
    "another access token's": claim(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT.keys())
async def test_a_token_that_was_not_made_for_this_proves_nothing(
    signing: App, provider: Provider, spoil: Callable[[Claims, Claims], None]
) -> None:
    provider.spoil = spoil
    assert problem(await come(signing.client(headers=OWN))) == (401, False)


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned(alg: str) -> Callable[[Claims, Claims], str]:
    return lambda header, claims: f"{part({**header, 'alg': alg})}.{part(claims)}."


def by_public_key(provider: Provider) -> Callable[[Claims, Claims], str]:
    """The public key as a shared secret: who takes any algorithm takes this."""
    secret = provider.key.as_pem(private=False)

    def sign(header: Claims, claims: Claims) -> str:
        text = f"{part({**header, 'alg': 'HS256'})}.{part(claims)}"
        digest = hmac.digest(secret, text.encode(), "sha256")
        return f"{text}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"

    return sign


def by_shared_key(header: Claims, claims: Claims) -> str:
    """A secret that stands among the keys."""
    secret = OctKey.import_key(b"s" * 32)
    return jwt.encode({"alg": "HS256", "kid": "shared"}, claims, secret, algorithms=["HS256"])


def by_another_key(header: Claims, claims: Claims) -> str:
    return jwt.encode(header, claims, new_key("one"))


SIGNED: dict[str, Callable[[Provider], Callable[[Claims, Claims], str]]] = {
    "none": lambda provider: unsigned("none"),
    "None": lambda provider: unsigned("None"),
    "RS256 in name": lambda provider: unsigned("RS256"),
    "the public key as a secret": by_public_key,
    "a secret among the keys": lambda provider: by_shared_key,
    "another key of the same name": lambda provider: by_another_key,
    "its own key": lambda provider: by_own_key,
    "no token": lambda provider: lambda header, claims: "x",
    "changed afterwards": lambda provider: lambda header, claims: changed(provider, header, claims),
}


def changed(provider: Provider, header: Claims, claims: Claims) -> str:
    head, _, signature = provider.signed(header, claims).split(".")
    return f"{head}.{part({**claims, 'sub': 'mallory'})}.{signature}"


@pytest.mark.parametrize("sign", SIGNED.values(), ids=SIGNED.keys())
async def test_a_token_that_the_provider_did_not_sign_proves_nothing(
    signing: App, provider: Provider, sign: Callable[[Provider], Callable[[Claims, Claims], str]]
) -> None:
    provider.sign = sign(provider)
    assert problem(await come(signing.client(headers=OWN))) == (401, False)


async def test_what_another_browser_began_signs_nobody_in(signing: App) -> None:
    """Otherwise a link would make somebody work in an attacker's name."""
    theirs = await asyncio.to_thread(walk, await begun(signing.client(headers=OWN)))
    victim = signing.client(headers=OWN)
    assert problem(await victim.get(theirs)) == (401, False)
    await begun(victim)  # also in the middle of their own
    assert problem(await victim.get(theirs)) == (401, False)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda back: back.replace("state=", "state=x"),
        lambda back: back.replace("state=", "was="),
        lambda back: back.replace("code=", "code=x"),
        lambda back: back.replace("code=", "was="),
        lambda back: back.replace("iss=", "iss=x"),
    ],
)
async def test_what_comes_back_changed_signs_nobody_in(
    signing: App, spoil: Callable[[str], str]
) -> None:
    http = signing.client(headers=OWN)
    back = await asyncio.to_thread(walk, await begun(http))
    assert problem(await http.get(spoil(back))) == (401, False)


async def test_a_code_is_good_once(signing: App) -> None:
    http = signing.client(headers=OWN)
    way = await begun(http)
    kept = dict(http.cookies)
    back = await asyncio.to_thread(walk, way)
    assert problem(await http.get(back)) == (303, True)
    again = signing.client(headers=OWN, cookies=kept)
    assert problem(await again.get(back)) == (401, False)


async def test_no_redirect_leads_elsewhere(signing: App) -> None:
    http = signing.client(headers={**OWN, "Host": "evil.example"})
    asked = {"next": "https://evil.example", "redirect_uri": "https://evil.example"}
    way = str((await http.get("/sign-in", params=asked)).headers["location"])
    assert parse_qs(urlsplit(way).query)["redirect_uri"] == [f"{HERE}/sign-in/back"]
    back = await asyncio.to_thread(walk, way)
    answer = await http.get(f"{back}&next=https://evil.example")
    assert answer.headers["location"] == "/"
