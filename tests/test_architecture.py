"""Imports point down: client -(bytes)-> server -> boards -> pycrdt. A new arrow starts here."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from tests.support.imports import (
    ROOT,
    client_imports,
    client_packages,
    cycle,
    is_standard,
    module_name,
    python_imports,
    sources,
)

# What each room of the server may import of the others; a room may always import itself and boards.
# A room is a file or a folder; of several that hold a module, the innermost is its own.
ARROWS: dict[str, set[str]] = {
    room: set(others.split())
    for room, others in {
        "errors": "",
        "metrics": "",
        "i18n": "",
        "children": "",
        "low_priority": "",
        "clock": "",
        "logs": "",
        "config": "errors",
        "addresses": "config",
        "store": "errors",
        "store.opened": "config store store.redis store.sqlite",
        "store.redis": "clock store",
        "store.sqlite": "store",
        "sync.access": "",
        "sync.clock": "",
        "sync.errors": "errors",
        "sync.limits": "",
        "sync.memory": "",
        "sync.wire": "sync.errors",
        "sync.inspection": "errors sync.errors sync.wire",
        "sync.judging": "errors store sync.access sync.clock sync.errors sync.limits",
        "sync.commit": (
            "children errors logs metrics store sync.clock sync.inspection sync.limits sync.wire"
        ),
        "sync.board": (
            "errors metrics store sync.access sync.clock sync.errors sync.inspection "
            "sync.judging sync.limits sync.wire"
        ),
        "sync.room": (
            "errors metrics store sync.access sync.board sync.clock sync.commit sync.errors "
            "sync.inspection sync.judging sync.limits sync.wire"
        ),
        "sync.seats": "errors sync.access sync.clock sync.errors sync.limits sync.room",
        "sync.shares": "sync.access sync.clock sync.limits sync.room sync.wire",
        "sync.rooms": (
            "errors metrics store sync.access sync.board sync.clock sync.commit sync.inspection "
            "sync.judging "
            "sync.limits sync.memory sync.room sync.seats sync.shares sync.wire"
        ),
        "sync.transport": (
            "errors store sync.access sync.errors sync.limits sync.room sync.rooms sync.shares "
            "sync.wire"
        ),
        "access": "config errors store",
        "access.oidc": "access clock config store sync.commit",
        "exports": "children errors i18n logs",
        "workshops": (
            "access children clock errors exports i18n store sync.access sync.commit sync.errors "
            "sync.judging sync.room sync.rooms"
        ),
        "passing": "access children errors store",
        "service": "access access.oidc config metrics passing store workshops sync.rooms",
        "web": (
            "access access.oidc addresses clock config errors exports i18n metrics service "
            "store workshops sync.access sync.rooms sync.transport"
        ),
        "demo": "i18n sync.wire",  # a client among clients: of the engine it knows frames
        "app": (
            "access access.oidc config exports metrics passing service store store.opened web "
            "workshops sync.limits sync.rooms"
        ),
        "doorway": "passing store sync.transport",
        "serving": "addresses app config doorway logs service sync.transport",
        "maintenance": "access app config errors exports store store.opened sync.commit",
        "migration": "access config errors store store.opened",
        "top": "i18n",
        "cli": (
            "access addresses config demo errors exports i18n logs maintenance migration serving "
            "store store.opened top web"
        ),
        "__main__": "cli",
    }.items()
}
MOST_FILES = 16  # of a folder
MOST_LINES = 400  # of a file: what has one subject fits

# Other people's packages and the only places that may know of them.
OUTSIDE: dict[str, tuple[str, ...]] = {
    "authlib": ("server.access.oidc",),
    "joserfc": ("server.access.oidc",),
    "pycrdt": ("boards", "server.sync.judging.judge", "server.sync.judging.repairs"),
    "starlette": (
        "server.app",
        "server.web",
        "server.passing.calls",
        "server.passing.work",
        "server.sync.transport.endpoint",
        "server.sync.transport.asgi",
    ),
    "uvicorn": ("server.serving", "server.doorway", "server.sync.transport.takeover"),
    "httptools": ("server.doorway", "server.passing.calls"),
    "websockets": ("server.demo", "server.sync.transport.takeover"),
    "jinja2": ("server.web",),
    "markupsafe": ("server.web",),
    "redis": ("server.store.redis",),
    "prometheus_client": ("server.metrics",),
    "segno": ("server.web",),
    "typst": ("server.exports",),
    "icalendar": ("server.exports",),
    "xlsxwriter": ("server.exports.formats.xlsx",),
    "openpyxl": ("server.workshops.imports.tables",),
    "uvloop": ("server.serving",),
}

# Decided without waiting: values in, values out, or a synchronous object (docs/architecture.md).
NEVER_AWAIT = (
    "boards",
    "server.errors",
    "server.config",
    "server.i18n",
    "server.sync.wire",
    "server.sync.inspection",
    "server.sync.judging",
    "server.sync.board",
    "server.sync.room",
    "server.workshops.input",
    "server.workshops.rights",
    "server.workshops.breakouts.splitting",
)

# The engine takes its time from server/sync/clock.py; who asks the machine, and what for.
ENGINE = "server.sync"
SOCKETS = "server.sync.transport"  # what waits for a socket is the loop's own
KEEPS_TIME = {
    "server.sync.clock": {"thread_time", "monotonic", "sleep", "call_later"},
    "server.sync.commit.elsewhere": {"timeout"},  # how long another process may take
    "server.sync.commit.evenclock": {"time_ns", "monotonic_ns"},  # when updates were made
    "server.sync.board.board_state": {"thread_time"},  # what applying costs, in processor time
    "server.sync.board.building": {"thread_time"},
    "server.sync.board.live_board": {"thread_time"},
    "server.sync.shares": {"monotonic", "perf_counter", "call_later"},  # what serving costs
}

FILES = sources("boards", "server")
MODULES = frozenset(map(module_name, FILES))


def is_within(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


def imports_of(path: Path) -> set[str]:
    return python_imports(path.read_text(encoding="utf-8"), MODULES)


IMPORTS = {module_name(path): imports_of(path) for path in FILES}


def room_of(module: str) -> str:
    """The innermost room that holds a module; "" for what is none's."""
    holding = [room for room in ARROWS if is_within(module, f"server.{room}")]
    return max(holding, key=len, default="")


def wrong_arrows(module: str, imported: set[str]) -> set[str]:
    """What `module` imports of ours and may not."""
    ours = {target for target in imported if is_within(target, "boards", "server", "tests")}
    if is_within(module, "boards"):
        return {target for target in ours if not is_within(target, "boards")}
    room = room_of(module)
    may = {room, *ARROWS.get(room, ())} - {""}
    return {t for t in ours if not is_within(t, "boards") and room_of(t) not in may}


def folder_of(module: str) -> str:
    """The folder of a module, or, where a folder holds folders, the module itself.

    Files beside folders are rooms like these: `server.sync.rooms` and `server.sync.room`.
    """
    packages = {other.rpartition(".")[0] for other in MODULES}
    folder = module if module in packages else module.rpartition(".")[0]
    has_folders = any(package.startswith(folder + ".") for package in packages)
    return module if has_folders else folder


@pytest.mark.parametrize("path", FILES, ids=lambda path: module_name(path))
def test_imports_point_down(path: Path) -> None:
    assert wrong_arrows(module_name(path), IMPORTS[module_name(path)]) == set()


@pytest.mark.parametrize(
    ("module", "target"),
    [
        ("boards.schema", "server.errors"),
        ("server.store.sqlite.store", "server.sync.room.room"),
        ("server.sync.room.room", "server.workshops.workshops"),
        ("server.sync.commit.committer", "server.sync.room.room"),
        ("server.sync.inspection.report", "server.sync.judging.judge"),
        ("server.store", "server.store.sqlite.store"),
        ("server.workshops.workshops", "server.web.requests"),
        ("server.demo.peer", "server.sync.room.room"),
        ("server.errors", "tests.support.seed"),
    ],
)
def test_an_arrow_that_points_up_is_found(module: str, target: str) -> None:
    assert wrong_arrows(module, {target, "json"}) == {target}


def test_no_arrow_is_allowed_that_nothing_needs() -> None:
    for room, others in ARROWS.items():
        imported = {t for m, found in IMPORTS.items() if room_of(m) == room for t in found}
        assert others <= {room_of(target) for target in imported}, room


def test_no_circle_of_imports() -> None:
    """Also none that only types make."""
    graph = {module: found & MODULES for module, found in IMPORTS.items()}
    assert cycle(graph) == []
    assert cycle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    types_only = "if TYPE_CHECKING:\n    from server.sync.room.room import Room\n"
    assert python_imports(types_only, MODULES) == {"server.sync.room.room"}


def test_no_circle_of_folders() -> None:
    graph: dict[str, set[str]] = {}
    for module, found in IMPORTS.items():
        folder = folder_of(module)
        targets = {folder_of(target) for target in found & MODULES}
        graph.setdefault(folder, set()).update(targets - {folder})
    assert cycle(graph) == []


def test_no_folder_is_crowded() -> None:
    counted = Counter(path.parent for path in sources("boards", "server", "scripts", "tests"))
    crowded = {str(path): n for path, n in counted.items() if n > MOST_FILES}
    assert crowded == {}


@pytest.mark.parametrize(
    "path",
    sources("boards", "server", "scripts", "tests"),
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_no_file_is_long(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= MOST_LINES


@pytest.mark.parametrize("path", FILES, ids=lambda path: module_name(path))
def test_outside_packages_stay_where_they_belong(path: Path) -> None:
    module = module_name(path)
    for target in IMPORTS[module]:
        package = target.partition(".")[0]
        if package in ("boards", "server") or is_standard(target):
            continue
        assert is_within(module, *OUTSIDE.get(package, ())), f"{module} imports {package}"


@pytest.mark.parametrize(("package", "places"), OUTSIDE.items())
def test_no_place_is_allowed_a_package_that_it_does_without(
    package: str, places: tuple[str, ...]
) -> None:
    users = [m for m, found in IMPORTS.items() if any(is_within(t, package) for t in found)]
    assert [place for place in places if not any(is_within(m, place) for m in users)] == []


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if is_within(module_name(path), *NEVER_AWAIT)],
    ids=lambda path: module_name(path),
)
def test_the_core_never_awaits(path: Path) -> None:
    waiting = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
    found = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, waiting)]
    assert not found


def times_of(tree: ast.AST) -> set[str]:
    """What a module asks the machine or the loop for: `time.…`, timers, waits of some length."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="time"), attr=name):
                found.add(name)
            case ast.Call(func=ast.Attribute(value=owner, attr="call_later" | "call_at" as name)):
                if not ast.unparse(owner).endswith("clock"):
                    found.add(name)
            case ast.Call(func=ast.Attribute(attr="sleep"), args=[ast.Constant(value=0)]):
                pass  # a turn of the loop
            case ast.Call(func=ast.Attribute(attr="sleep" | "timeout" as name)):
                found.add(name)
    return found


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if is_within(module_name(path), ENGINE)],
    ids=lambda path: module_name(path),
)
def test_the_engine_takes_its_time_from_the_clock(path: Path) -> None:
    module = module_name(path)
    if not is_within(module, SOCKETS):
        assert times_of(ast.parse(path.read_text())) <= KEEPS_TIME.get(module, set())


@pytest.mark.parametrize(
    "source",
    [
        "time.monotonic()",
        "asyncio.get_running_loop().call_later(1, f)",
        "self._loop.call_at(1, f)",
        "asyncio.sleep(wait)",
    ],
)
def test_time_from_elsewhere_is_found(source: str) -> None:
    assert times_of(ast.parse(source))
    assert not times_of(ast.parse("self._clock.call_later(1, f); asyncio.sleep(0)"))


def test_tests_own_their_time() -> None:
    """Nowhere below tests/server is a while waited; between two looks at a condition, here."""
    looking = {
        "web/test_recall.py",  # a call is asked again
        "exports/test_typesetting.py",  # another process has begun
        "workshops/test_documents.py",  # a document is asked after again
    }
    asleep = {
        path.relative_to(ROOT / "tests" / "server").as_posix()
        for path in sources("tests/server")
        if times_of(ast.parse(path.read_text(encoding="utf-8"))) & {"sleep", "call_later"}
    }
    assert asleep == looking


def test_every_module_named_here_exists() -> None:
    named = {f"server.{part}" for part in ARROWS} | set(NEVER_AWAIT) | set(KEEPS_TIME) | {SOCKETS}
    named |= {place for places in OUTSIDE.values() for place in places}
    assert named <= MODULES


def client_files() -> list[Path]:
    folder = ROOT / "client" / "src"
    return sorted(path for path in folder.rglob("*") if path.suffix in (".ts", ".svelte"))


def test_the_client_knows_the_server_by_bytes_only() -> None:
    """It imports its own files, npm's packages, and the catalogue of texts."""
    packages = client_packages()
    for path in client_files():
        is_test = path.name.endswith(".test.ts")
        for target in client_imports(path.read_text(encoding="utf-8")):
            if target.startswith("."):
                reached = (path.parent / target).resolve()
                beside = (ROOT / "tests" / "vectors", ROOT / "client" / "bundling")
                tried = is_test and any(reached.is_relative_to(place) for place in beside)
                assert tried or reached.is_relative_to(ROOT / "client" / "src"), f"{path}: {target}"
            elif not (is_test and target.startswith("node:")):
                package = "/".join(target.split("/")[: 2 if target.startswith("@") else 1])
                assert package in packages | {"$i18n"}, f"{path}: {target}"
