"""A server on a socket, over both ways between it and a room."""

from collections.abc import AsyncIterator

import pytest

from tests.support.network.sites import QUICK
from tests.support.network.sockets import Site, site


@pytest.fixture(params=[True, False], ids=["handoff", "asgi"])
async def here(request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    async with site(handoff=request.param, limits=QUICK) as opened:
        yield opened
