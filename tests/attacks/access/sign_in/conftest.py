"""A server, and a provider to sign in at that tests can bend."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.app import App, running_app
from tests.support.sign_in.oidc import Provider, running_provider
from tests.support.sign_in.signing import HERE


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider) -> Provider:
    running.reset()
    return running


@pytest_asyncio.fixture
async def signing(tmp_path: Path, provider: Provider) -> AsyncIterator[App]:
    """A server at which who opens workshops has to sign in."""
    async with running_app(tmp_path / "data", public_url=HERE, **provider.settings) as app:
        yield app
