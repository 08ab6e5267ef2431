"""Browsers and servers for the tests that let others' programs meet ours."""

from tests.support.browsers.fixtures import browser, client_built, people, screens, server

__all__ = ["browser", "client_built", "people", "screens", "server"]
