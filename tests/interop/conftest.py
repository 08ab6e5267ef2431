"""Browsers and servers for tests that let others' programs meet ours; the client's readers."""

from collections.abc import Iterator

import pytest

from tests.support.browsers.fixtures import browser, client_built, people, screens, server
from tests.support.updates.client_reader import ClientReader

__all__ = ["browser", "client", "client_built", "people", "screens", "server"]


@pytest.fixture(scope="module")
def client() -> Iterator[ClientReader]:
    reader = ClientReader()
    yield reader
    reader.close()
