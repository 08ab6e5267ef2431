"""A server with a provider to sign in at, and people who do."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from joserfc import jwt

from tests.support.app import App
from tests.support.sign_in.oidc import new_key, walk

OWN = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
HERE = "http://hahmo.test"
Claims = dict[str, Any]


async def begun(http: httpx.AsyncClient) -> str:
    """The way to the provider, after a click on "Sign in"."""
    answer = await http.get("/sign-in")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def come(http: httpx.AsyncClient) -> httpx.Response:
    """There and back."""
    back = await asyncio.to_thread(walk, await begun(http))
    return await http.get(back)


async def signed_in(app: App) -> httpx.AsyncClient:
    http = app.client(headers=OWN)
    answer = await come(http)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    return http


async def opens(http: httpx.AsyncClient, **headers: str) -> int | str:
    """201, or why no workshop is opened."""
    answer = await http.post("/api/workshops", json={"title": "Oma"}, headers=headers)
    return 201 if answer.status_code == 201 else str(answer.json()["code"])


def problem(answer: httpx.Response) -> tuple[int, bool]:
    """The status, and whether the browser was given a session all the same."""
    cookies = answer.headers.get_list("set-cookie")
    given = any(cookie.startswith("hahmo_facilitator=") for cookie in cookies)
    return answer.status_code, given


def by_own_key(header: Claims, claims: Claims) -> str:
    """The token brings the key that it is signed with."""
    key = new_key("mine")
    brought = {"alg": "RS256", "kid": "mine", "jwk": key.as_dict(private=False)}
    return jwt.encode(brought, claims, key)
