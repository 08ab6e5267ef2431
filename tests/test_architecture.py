"""Imports point down: client -(bytes)-> server -> boards -> pycrdt. A new arrow starts here."""

import ast
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

# What each part of the server may import of the others; a part may always import itself and boards.
ARROWS: dict[str, set[str]] = {
    "errors": set(),
    "metrics": set(),
    "i18n": set(),
    "config": {"errors"},
    "addresses": {"config"},
    "clock": set(),
    "access": {"clock", "config", "errors", "store", "sync"},
    "store": {"config", "errors", "metrics"},
    "sync": {"errors", "metrics", "store"},
    "exports": {"errors", "i18n"},
    "workshops": {"access", "clock", "config", "errors", "i18n", "store", "sync", "exports"},
    "service": {
        "access",
        "clock",
        "config",
        "errors",
        "metrics",
        "i18n",
        "store",
        "sync",
        "exports",
        "workshops",
    },
    "demo": {
        "i18n",
        "sync.wire.messages",
    },  # a client among clients: of the engine it knows the frames
    "__main__": {"cli"},
}
ARROWS["web"] = ARROWS["service"] | {"addresses", "service"}
# The names of built files and of the server, and commands on their way, are among what it carries.
ARROWS["service"] |= {"web.assets", "web.hosts", "web.once"}
ARROWS["app"] = ARROWS["web"] | {"web"}  # the only wiring
ARROWS["doorway"] = {"sync.transport.lobby"}
ARROWS["serving"] = {"app", "config", "doorway", "sync.transport.takeover", "sync.transport.lobby"}
ARROWS["maintenance"] = ARROWS["web"] | {"app"}
ARROWS["cli"] = ARROWS["app"] | {"addresses", "app", "demo", "maintenance", "serving"}

# Other people's packages and the only places that may know of them.
OUTSIDE: dict[str, tuple[str, ...]] = {
    "authlib": ("server.access.oidc",),
    "joserfc": ("server.access.oidc",),
    "pycrdt": ("boards", "server.sync.judging.judge", "server.sync.judging.repairs"),
    "starlette": (
        "server.app",
        "server.web",
        "server.sync.transport.endpoint",
        "server.sync.transport.asgi",
    ),
    "uvicorn": ("server.serving", "server.doorway", "server.sync.transport.takeover"),
    "httptools": ("server.doorway",),
    "websockets": ("server.demo", "server.sync.transport.takeover"),
    "jinja2": ("server.web",),
    "markupsafe": ("server.web",),
    "prometheus_client": ("server.metrics",),
    "segno": ("server.web",),
    "typst": ("server.exports",),
    "icalendar": ("server.exports",),
    "uvloop": ("server.serving",),
}

# Decided without waiting: values in, values out, or a synchronous object (docs/architecture.md).
NEVER_AWAIT = (
    "boards",
    "server.errors",
    "server.config",
    "server.i18n",
    "server.sync.wire.messages",
    "server.sync.inspection.inspector",
    "server.sync.room.presence",
    "server.sync.room.connection",
    "server.sync.judging.judge",
    "server.sync.room.room",
    "server.workshops.input.desk_patch",
    "server.workshops.rights",
    "server.workshops.breakouts.splitting",
)

# The engine takes its time from server/sync/clock.py; who asks the machine, and what for.
ENGINE = "server.sync"
SOCKETS = "server.sync.transport"  # what waits for a socket is the loop's own
KEEPS_TIME = {
    "server.sync.clock": {"monotonic", "sleep", "call_later"},
    "server.sync.commit.elsewhere": {"timeout"},  # how long another process may take
    "server.sync.commit.evenclock": {"time_ns", "monotonic_ns"},  # when updates were made
    "server.sync.room.board_state": {"thread_time"},  # what applying costs, in processor time
    "server.sync.room.shares": {"monotonic", "perf_counter", "call_later"},  # what serving costs
}

FILES = sources("boards", "server")
MODULES = frozenset(map(module_name, FILES))


def is_within(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


def imports_of(path: Path) -> set[str]:
    return python_imports(path.read_text(encoding="utf-8"), MODULES)


def wrong_arrows(module: str, imported: set[str]) -> set[str]:
    """What `module` imports of ours and may not."""
    ours = {target for target in imported if is_within(target, "boards", "server", "tests")}
    if is_within(module, "boards"):
        return {target for target in ours if not is_within(target, "boards")}
    part = module.split(".")[1] if "." in module else ""
    may = [f"server.{part}", *(f"server.{other}" for other in ARROWS[part])] if part else []
    return {target for target in ours if not is_within(target, "boards", *may)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: module_name(path))
def test_imports_point_down(path: Path) -> None:
    assert wrong_arrows(module_name(path), imports_of(path)) == set()


@pytest.mark.parametrize(
    ("module", "target"),
    [
        ("boards.schema", "server.errors"),
        ("server.store.sqlite.store", "server.sync.room.room"),
        ("server.sync.room.room", "server.workshops.workshops"),
        ("server.workshops.workshops", "server.web.requests"),
        ("server.demo.peer", "server.sync.room.room"),
        ("server.errors", "tests.support.seed"),
    ],
)
def test_an_arrow_that_points_up_is_found(module: str, target: str) -> None:
    assert wrong_arrows(module, {target, "json"}) == {target}


def test_no_circle_of_imports() -> None:
    graph = {module_name(path): imports_of(path) & MODULES for path in FILES}
    assert cycle(graph) == []
    assert cycle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: module_name(path))
def test_outside_packages_stay_where_they_belong(path: Path) -> None:
    module = module_name(path)
    for target in imports_of(path):
        package = target.partition(".")[0]
        if package in ("boards", "server") or is_standard(target):
            continue
        assert is_within(module, *OUTSIDE.get(package, ())), f"{module} imports {package}"


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
        "test_web_breakouts.py",  # a call is asked again
        "test_exports_typesetting.py",  # another process has begun
        "test_proxy.py",  # another thread counts
    }
    asleep = {
        path.name
        for path in (ROOT / "tests" / "server").rglob("*.py")
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
                vectors = is_test and reached.is_relative_to(ROOT / "tests" / "vectors")
                assert vectors or reached.is_relative_to(ROOT / "client" / "src"), (
                    f"{path}: {target}"
                )
            elif not (is_test and target.startswith("node:")):
                package = "/".join(target.split("/")[: 2 if target.startswith("@") else 1])
                assert package in packages | {"$i18n"}, f"{path}: {target}"
