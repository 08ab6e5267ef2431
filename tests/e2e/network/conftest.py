"""What these tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.network.proxy import Way, proxy_to
from tests.support.server import Server


@pytest.fixture
def line(server: Server) -> Iterator[Way]:
    """The member's own line to the server."""
    with proxy_to(server.port) as proxy:
        yield proxy.way("member")
