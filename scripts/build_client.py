"""Build the browser client into server/static and put the export fonts in place, if stale.

Used by the Makefile and by the wheel's build hook (hatch_build.py), so it needs only Python's
standard library. Fresh means: the built manifest is newer than every source it is made from.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLIENT = ROOT / "client"
MANIFEST = ROOT / "server" / "static" / ".vite" / "manifest.json"
FONTS = ROOT / "server" / "exports" / "fonts"
FONT_SCRIPT = ROOT / "scripts" / "fonts.mjs"
FONTS_COPIED = ROOT / ".make" / "fonts"  # touched when the script has run
INSTALLED = CLIENT / "node_modules" / ".package-lock.json"  # npm writes it last
LOCK = CLIENT / "package-lock.json"
MEND = CLIENT / "bundling" / "yjs_undo.mjs"  # of a package, once it is installed
NODE_VERSION = (20, 19)  # what Vite needs; the 21 series and 22 before 22.12 are left out by it


class BuildError(Exception):
    """The client cannot be built; the message says what to do."""


def main() -> int:
    try:
        build()
    except BuildError as error:
        print(f"\n{error}\n", file=sys.stderr)
        return 1
    return 0


def build() -> None:
    """Install npm's packages, copy the fonts, run Vite: each only if stale. Raises BuildError."""
    if packages_are_stale():
        check_node()
        say("Installing npm's packages into client/node_modules ...")
        run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        run("node", str(MEND))
        INSTALLED.touch()
    if fonts_are_stale():
        run("node", str(FONT_SCRIPT), folder=ROOT)
        FONTS_COPIED.parent.mkdir(exist_ok=True)
        FONTS_COPIED.touch()
    if client_is_stale():
        check_node()
        say("Building the browser client ...")
        run("npm", "run", "--silent", "build", "--", "--logLevel", "warn")
    if not MANIFEST.exists():
        raise BuildError(f"The client build ended without {MANIFEST.relative_to(ROOT)}.")


def packages_are_stale() -> bool:
    return is_older(INSTALLED, [LOCK, CLIENT / "package.json", MEND])


def fonts_are_stale() -> bool:
    return not FONTS.exists() or is_older(FONTS_COPIED, [FONT_SCRIPT, LOCK])


def client_is_stale() -> bool:
    return is_older(MANIFEST, client_sources())


def client_sources() -> Iterator[Path]:
    """Every file that the build reads: the client's own, npm's packages, the texts."""
    yield INSTALLED
    yield from (path for path in CLIENT.iterdir() if path.is_file())
    yield from (CLIENT / "bundling").iterdir()
    for folder in (CLIENT / "src", CLIENT / "public", ROOT / "server" / "i18n"):
        yield from (path for path in folder.rglob("*") if not path.name.endswith(".test.ts"))


def is_older(target: Path, sources: Iterable[Path]) -> bool:
    """Whether `target` is missing or older than any of `sources`."""
    if not target.exists():
        return True
    made = modified(target)
    return any(modified(source) > made for source in sources)


def modified(path: Path) -> float:
    """Seconds; 0 for a file that was moved away while we looked."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def check_node() -> None:
    """Raises BuildError naming what to install."""
    wanted = "Node.js 20.19 or newer, with npm, is needed to build the browser client"
    if not (shutil.which("node") and shutil.which("npm")):
        raise BuildError(f"{wanted}, and it is missing here. See https://nodejs.org/en/download")
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    match = re.match(r"v(\d+)\.(\d+)", answer.stdout)
    version = (int(match[1]), int(match[2])) if match else (0, 0)
    if version < NODE_VERSION or (21, 0) <= version < (22, 12):
        raise BuildError(f"{wanted}, and this is {answer.stdout.strip() or 'unknown'}.")


def run(*command: str, folder: Path = CLIENT) -> None:
    finished = subprocess.run(command, cwd=folder, check=False)
    if finished.returncode:
        raise BuildError(f"'{' '.join(command)}' failed; its words above tell why.")


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
