"""What only the web knows of this server, at `app.state.site` beside `app.state.service`."""

from __future__ import annotations

from dataclasses import dataclass

from server.web.assets import Assets
from server.web.hosts import Hosts
from server.web.once import Once

__all__ = ["Site"]


@dataclass(frozen=True, slots=True)
class Site:
    """Its built client, the names it is asked under, and commands that may come a second time."""

    assets: Assets
    hosts: Hosts
    once: Once
