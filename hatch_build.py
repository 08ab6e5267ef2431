"""Hatchling's hook: a wheel holds the built browser client and the fonts, or is not made at all.

An editable install leaves the client to `make`, and a source distribution ships its sources.
`HAHMO_BUILD_SKIP_CLIENT=1` takes what is already in server/static as it is.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ClientBuildHook(BuildHookInterface):
    """Runs scripts/build_client.py before a wheel is packed."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel" or version == "editable":
            return
        client = load_script(Path(self.root, "scripts", "build_client.py"))
        if not os.environ.get("HAHMO_BUILD_SKIP_CLIENT"):
            client.build()
        missing = [path for path in (client.MANIFEST, client.FONTS) if not path.exists()]
        if missing:
            raise client.BuildError(f"A wheel without {missing} would serve an empty page.")


def load_script(path: Path) -> ModuleType:
    """The module at `path`, which no package holds."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
