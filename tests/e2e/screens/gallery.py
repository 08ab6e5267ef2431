"""Pictures of every screen and state, and contact sheets to look at many at once.

`python -m tests.e2e.screens.gallery` walks through everything in three languages on three sizes of
screen and keeps what it sees in build/gallery; `--help` tells how to look at less.
"""

from __future__ import annotations

import argparse
import html
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser, Error

from server.i18n import LANGUAGES
from tests.e2e.screens.exhibits import Exhibits
from tests.e2e.screens.reflow import assert_fits
from tests.e2e.screens.test_screens import DEVICES
from tests.e2e.screens.tour import Tour
from tests.support.browsers.browser import People, Person, Screens, new_browser
from tests.support.browsers.fixtures import ROOT
from tests.support.server import running_server

FOLDER = ROOT / "build" / "gallery"
PER_SHEET = {"wide": (2, 2), "tablet": (4, 1), "phone": (4, 1)}  # columns and rows
THUMB = {"wide": 700, "tablet": 430, "phone": 330}  # px of width


def main() -> None:
    options = read_options()
    subprocess.run([sys.executable, ROOT / "scripts" / "build_client.py"], check=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        running_server(Path(data) / "data") as server,
        new_browser() as browser,
    ):
        people = People(browser, server.url, Screens(FOLDER / "making-of"))
        ways: list[Exhibits | Tour] = [Exhibits(people, server)]
        if options.tour:
            ways.append(Tour(people))
        for language in options.language:
            for size in options.size:
                walk(ways, language, size, options)
                draw_sheets(browser, FOLDER / f"{language}-{size}-{options.theme}", size)
        people.leave()


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--language", nargs="+", choices=LANGUAGES, default=LANGUAGES)
    parser.add_argument("--size", nargs="+", choices=list(DEVICES), default=list(DEVICES))
    parser.add_argument("--theme", choices=["light", "dark"], default="light")
    parser.add_argument("--only", default="", help="ways of the exhibits, such as panel")
    parser.add_argument("--tour", action="store_true", help="also groups at work and coming in")
    return parser.parse_args()


def walk(
    ways: Sequence[Exhibits | Tour], language: str, size: str, options: argparse.Namespace
) -> None:
    """A picture of everything on one size in one language; says what does not fit."""
    screens = Screens(FOLDER / f"{language}-{size}-{options.theme}")
    for name, person in seen(ways, language, size, options.only):
        person.page.emulate_media(color_scheme=options.theme)
        screens.keep(person.page, name)
        try:
            assert_fits(person, name)
        except AssertionError as error:
            print(f"{language} {size}: {error}", flush=True)


def seen(
    ways: Sequence[Exhibits | Tour], language: str, size: str, only: str
) -> Iterator[tuple[str, Person]]:
    device = DEVICES[size]
    for way in ways:
        parts = [getattr(way, part) for part in only.split(",") if hasattr(way, part)]
        for part in parts or ([way.everything] if not only else []):
            try:
                yield from part(language, device)
            except (AssertionError, Error) as error:  # the rest is worth a look all the same
                print(f"{language} {size} {part.__name__}: {error}", flush=True)
                yield f"stopped-{part.__name__}", way.people.latest


def draw_sheets(browser: Browser, folder: Path, size: str) -> None:
    """Contact sheets of the pictures in a folder, each picture under its name."""
    columns, rows = PER_SHEET[size]
    pictures = sorted(folder.glob("[0-9]*.png"))
    page = browser.new_page(viewport={"width": columns * (THUMB[size] + 16), "height": 600})
    for at in range(0, len(pictures), columns * rows):
        cards = "".join(card(path, THUMB[size]) for path in pictures[at : at + columns * rows])
        sheet = folder / "sheets" / f"{at // (columns * rows) + 1:02}.html"
        sheet.parent.mkdir(exist_ok=True)
        sheet.write_text(f"<body style='{BODY}'>{cards}", encoding="utf-8")
        page.goto(sheet.as_uri())
        page.screenshot(path=sheet.with_suffix(".png"), full_page=True)
        sheet.unlink()
    page.close()


BODY = "margin:8px;display:flex;flex-wrap:wrap;gap:8px;font:14px sans-serif;background:#888"


def card(path: Path, width: int) -> str:
    name, source = html.escape(path.stem), html.escape(path.as_uri())
    picture = f"<img width={width} src='{source}'>"
    return f"<figure style='margin:0;width:{width}px'>{name}<br>{picture}</figure>"


if __name__ == "__main__":
    main()
