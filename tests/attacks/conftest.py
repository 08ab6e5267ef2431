"""Fixtures of the attacks: the real application, and how long it kept others waiting."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.support.app import App, running_app


@pytest_asyncio.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    """The application over an empty store."""
    async with running_app(tmp_path / "data") as running:
        yield running
