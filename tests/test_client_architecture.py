"""The client's folders stand on floors, and imports point down. A new arrow starts here."""

from collections import Counter
from pathlib import Path

import pytest

from tests.support.imports import ROOT, client_imports, cycle

SOURCES = ROOT / "client" / "src"

# From the ground up: a folder imports its own files and those of folders on lower floors, for
# types too. No floor knows what stands beside it.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("i18n", "text", "net/wire"),
    ("browser", "document"),
    ("workshop", "net/outbox"),
    ("layout", "net", "api", "workshop/course"),
    ("replica", "device", "ui"),
    ("session",),
    ("canvas", "navigation", "views/guide"),
    ("views/common", "pages/entry"),  # whoever is not in yet needs nothing of a board
    ("views/links", "views/still", "views/themes", "views/votes"),
    ("views/grid", "views/note", "views/zone"),
    ("views/canvas", "views/list"),
    ("views/answers", "views/plan", "views/survey"),
    ("views",),
    ("panel/at-work", "pages/banners/course", "panel/merging", "panel/all-groups"),
    ("panel/breakouts", "panel/doors", "panel/guidance", "panel/pace", "panel/people"),
    ("panel/snapshots",),
    ("panel/outputs",),
    ("panel", "pages/banners/calls", "pages/bar"),
    ("pages/banners",),
    ("pages/wall", "pages/workshop"),
    (".",),  # main.ts: the only wiring
)
FLOOR_OF = {folder: floor for floor, folders in enumerate(FLOORS) for folder in folders}
# What can be tried without a page: values, documents, connections.
NO_COMPONENTS = (
    "i18n",
    "text",
    "net",
    "document",
    "workshop",
    "layout",
    "api",
    "replica",
    "session",
)
MOST_FILES = 16  # in one folder; its tests stand in a folder of their own below it


def client_files() -> list[Path]:
    kinds = (".ts", ".svelte", ".css")
    return sorted(path for path in SOURCES.rglob("*") if path.suffix in kinds)


def is_test(path: Path) -> bool:
    return path.parent.name == "tests"


FILES = [path for path in client_files() if not is_test(path)]


def name(path: Path) -> str:
    return path.relative_to(SOURCES).as_posix()


def folder_of(file: str) -> str:
    return Path(file).parent.as_posix()


def reached(path: Path, target: str) -> Path | None:
    """The file that a relative import means: `./x` is x.ts, `./x.svelte` either kind of it."""
    base = Path(path.parent / target).resolve()
    spellings = (base, Path(f"{base}.ts"))
    return next((found for found in spellings if found.is_file()), None)


def imports_of(path: Path) -> set[str]:
    """Files of the client that one imports, for types too."""
    targets = client_imports(path.read_text(encoding="utf-8"))
    found = {reached(path, target) for target in targets if target.startswith(".")}
    assert None not in found, f"{name(path)} imports what is not there"
    return {name(file) for file in found if file and file.is_relative_to(SOURCES)}


GRAPH = {name(path): imports_of(path) for path in FILES}


def wrong_arrows(file: str, imported: set[str]) -> set[str]:
    """What `file` imports and may not: what stands as high as its own folder, or higher."""
    own = folder_of(file)
    others = {target for target in imported if folder_of(target) != own}
    return {target for target in others if FLOOR_OF[folder_of(target)] >= FLOOR_OF[own]}


def test_every_folder_has_its_floor() -> None:
    assert {folder_of(file) for file in GRAPH} == set(FLOOR_OF)


def test_imports_point_down() -> None:
    wrong = {file: wrong_arrows(file, imported) for file, imported in GRAPH.items()}
    assert {file: targets for file, targets in wrong.items() if targets} == {}


@pytest.mark.parametrize(
    ("file", "target"),
    [
        ("document/schema.ts", "session/session.svelte.ts"),
        ("workshop/place.ts", "net/outbox/shelf.ts"),
        ("views/list/ListNote.svelte", "views/canvas/Note.svelte"),
        ("pages/entry/Join.svelte", "views/BoardView.svelte"),
        ("panel/pace/Pace.svelte", "pages/bar/TopBar.svelte"),
    ],
)
def test_an_arrow_that_points_up_is_found(file: str, target: str) -> None:
    assert wrong_arrows(file, {target, "i18n/i18n.ts", file}) == {target}


def test_no_circle_of_files() -> None:
    assert cycle(GRAPH) == []


def test_types_that_are_imported_count() -> None:
    file = SOURCES / "net" / "presence.ts"
    source = "import type { Other } from './lingering';\nexport type { One } from '../i18n/i18n';"
    assert client_imports(source) == {"./lingering", "../i18n/i18n"}
    assert reached(file, "./lingering") == SOURCES / "net" / "lingering.ts"
    assert reached(SOURCES / "main.ts", "./ui/Dialog.svelte") == SOURCES / "ui" / "Dialog.svelte"


def test_what_needs_no_page_has_no_component() -> None:
    bare = [file for file in GRAPH if Path(file).parts[0] in NO_COMPONENTS]
    assert [file for file in bare if file.endswith((".svelte", ".css"))] == []


def test_no_folder_is_crowded() -> None:
    counts = Counter(path.parent.relative_to(SOURCES).as_posix() for path in client_files())
    assert {folder: count for folder, count in counts.items() if count > MOST_FILES} == {}


def test_tests_stand_below_what_they_test() -> None:
    beside = [name(path) for path in FILES if path.name.endswith(".test.ts")]
    assert beside == []
