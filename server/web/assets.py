"""The built client: Vite's manifest, and its files with headers that let browsers keep them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from server.web.encoding import best_encoding

__all__ = ["Assets", "Entry", "Files"]

PREFIX = "/static/"
MAIN = "src/main.ts"
FONTS = "src/fonts.css"
FIRST_TEXTS = "../server/i18n/{language}.json?first"  # client/bundling/texts.ts cuts them
LATER_TEXTS = "../server/i18n/{language}.json?later"
BOARD = "board"  # the chunk with all that every board needs; client/bundling/chunks.ts names it
START = "src/pages/entry/Start.svelte"
WALL = "src/pages/wall/Wall.svelte"
FOREVER = "public, max-age=31536000, immutable"  # their names carry a hash of their content
SUFFIXES = {"br": ".br", "gzip": ".gz"}  # of twins, the smaller first; client/vite.config.ts
TYPES = {  # by our own table: what the machine's one says of .woff2 is anybody's guess
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
}


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
        # What the client asks for next, named here, comes a round trip earlier.
        ahead: tuple[str, ...] = ()
        if page == "workshop":
            ahead = named(chunks, BOARD)
        elif page == "wall":
            ahead = (*named(chunks, BOARD), WALL, LATER_TEXTS.format(language=language))
        elif page == "start":
            ahead = (START, LATER_TEXTS.format(language=language))
        wanted = (MAIN, FIRST_TEXTS.format(language=language), *ahead)
        fonts = (
            () if page == "join" else (FONTS,)
        )  # there the board comes first: client/src/main.ts
        keys = list(dict.fromkeys(key for start in wanted for key in with_imports(chunks, start)))
        styles = [style for key in keys for style in chunks[key].get("css", ())]
        styles += [chunks[key]["file"] for key in fonts if key in chunks]
        return Entry(
            script=PREFIX + chunks[MAIN]["file"],
            modules=tuple(PREFIX + chunks[key]["file"] for key in keys if key != MAIN),
            styles=tuple(PREFIX + style for style in styles),
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


def named(chunks: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The keys of the scripts with this name."""
    return tuple(
        key
        for key, chunk in chunks.items()
        if chunk.get("name") == name and chunk["file"].endswith(".js")
    )


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
    """The client's files; a smaller twin that the build made (.br, .gz) goes out where it may."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        kind = TYPES.get(Path(path).suffix)
        if kind is None:
            raise HTTPException(404)  # also a twin under its own name, which no page asks for
        header = dict(scope["headers"]).get(b"accept-encoding", b"").decode("latin-1")
        encoding = best_encoding(header, self._twins(path))
        response = await super().get_response(
            path + (SUFFIXES[encoding] if encoding else ""), scope
        )
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["Cache-Control"] = FOREVER
        if response.status_code != 304:
            response.headers["Content-Type"] = kind
            if encoding is not None:
                response.headers["Content-Encoding"] = encoding
        return response

    def _twins(self, path: str) -> list[str]:
        return [name for name, end in SUFFIXES.items() if self.lookup_path(path + end)[1]]
