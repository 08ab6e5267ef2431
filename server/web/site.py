"""What only the web knows of this server, at `app.state.site` beside `app.state.service`."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import HTTPConnection

from server.access.bodies import Bodies
from server.web.assets import Assets
from server.web.hosts import Hosts
from server.web.once import Once

__all__ = ["Site", "hosts_of"]


@dataclass(frozen=True, slots=True)
class Site:
    """Its built client, the names it is asked under, commands that may come a second time, and what
    bodies on their way hold."""

    assets: Assets
    hosts: Hosts
    once: Once
    bodies: Bodies = field(default_factory=Bodies)


def hosts_of(connection: HTTPConnection) -> Hosts:
    """Under which addresses this server is asked."""
    hosts: Hosts = connection.app.state.site.hosts
    return hosts
