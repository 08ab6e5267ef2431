"""Browsers, servers and people for the tests that go from end to end."""

from tests.support.browsers.fixtures import browser, client_built, people, screens, server

__all__ = ["browser", "client_built", "people", "screens", "server"]
