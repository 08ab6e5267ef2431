"""The built client: Vite's manifest, and its files with headers that let browsers keep them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

__all__ = ["Assets", "Entry", "Files"]

PREFIX = "/static/"
MAIN = "src/main.ts"
CATALOGUE = "../server/i18n/{language}.json"
CHUNKS = {  # what the client asks for next on each page; named here, it comes a round trip earlier
    "start": ("src/pages/Start.svelte",),
    "join": ("src/pages/Join.svelte",),
    "workshop": ("src/pages/WorkshopDoor.svelte", "src/pages/Workshop.svelte"),
    "error": ("src/pages/ErrorPage.svelte",),
}
FOREVER = "public, max-age=31536000, immutable"  # their names carry a hash of their content
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


@dataclass(frozen=True, slots=True)
class Entry:
    """What a page loads, as addresses: one script, the modules it needs, and styles."""

    script: str
    modules: tuple[str, ...]
    styles: tuple[str, ...]


class Assets:
    """The client in `folder`; read again when it has been built anew."""

    def __init__(self, folder: Path) -> None:
        self._manifest = folder / ".vite" / "manifest.json"
        self._changed = 0
        self._chunks: Mapping[str, Any] = {}

    def entry(self, page: str, language: str) -> Entry | None:
        """What a page in this language loads; None while the client is not built."""
        chunks = self._read()
        if MAIN not in chunks:
            return None
        wanted = (MAIN, CATALOGUE.format(language=language), *CHUNKS[page])
        keys = list(dict.fromkeys(key for start in wanted for key in with_imports(chunks, start)))
        return Entry(
            script=PREFIX + chunks[MAIN]["file"],
            modules=tuple(PREFIX + chunks[key]["file"] for key in keys if key != MAIN),
            styles=tuple(PREFIX + style for key in keys for style in chunks[key].get("css", ())),
        )

    def _read(self) -> Mapping[str, Any]:
        try:
            changed = self._manifest.stat().st_mtime_ns
            if changed != self._changed:
                self._chunks = json.loads(self._manifest.read_text(encoding="utf-8"))
                self._changed = changed
        except (OSError, ValueError):
            self._changed, self._chunks = 0, {}  # not built, or being built right now
        return self._chunks


def with_imports(chunks: Mapping[str, Any], start: str) -> Iterator[str]:
    """A chunk and all that it imports at once, each once."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        key = waiting.pop(0)
        if key in seen or key not in chunks:
            continue
        seen.add(key)
        yield key
        waiting += chunks[key].get("imports", ())


class Files(StaticFiles):
    """The client's files; a smaller twin beside a file (.br, .gz) goes out where it is welcome."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        accepted = encodings(scope)
        for encoding, suffix in ENCODINGS:
            if encoding in accepted and self.lookup_path(path + suffix)[1] is not None:
                response = await super().get_response(path + suffix, scope)
                plain = await super().get_response(path, {**scope, "method": "HEAD", "headers": []})
                response.headers["Content-Encoding"] = encoding
                response.headers["Content-Type"] = plain.headers["Content-Type"]
                break
        else:
            response = await super().get_response(path, scope)
        response.headers["Vary"] = "Accept-Encoding"
        if path.startswith("assets/"):
            response.headers["Cache-Control"] = FOREVER
        return response


def encodings(scope: Scope) -> set[str]:
    """The encodings that a browser accepts; one with a weight of 0 it does not."""
    header = dict(scope["headers"]).get(b"accept-encoding", b"").decode("latin-1")
    parts = (part.partition(";") for part in header.lower().split(","))
    return {name.strip() for name, _, weight in parts if weight.replace(" ", "") != "q=0"}
