"""What imports what, read from the sources without running them."""

import ast
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path

__all__ = ["ROOT", "client_imports", "cycle", "module_name", "python_imports", "sources"]

ROOT = Path(__file__).parents[2]
CLIENT_IMPORT = re.compile(r"""(?:from\s+|import\s+|import\()\s*['"]([^'"]+)['"]""")


def sources(*folders: str) -> list[Path]:
    """Every Python file below the folders of the repository."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def module_name(path: Path) -> str:
    """server/sync/__init__.py is "server.sync"."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def python_imports(source: str, modules: frozenset[str] = frozenset()) -> set[str]:
    """Modules that a source imports, wherever it does, also for types only.

    `from a import b` is "a.b" where that is one of `modules`, and "a" where it is not.
    """
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports hide which package they reach into"
            assert node.module
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (names & modules) or {node.module}
    return found


def is_standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


def cycle(graph: Mapping[str, set[str]]) -> list[str]:
    """Modules that import one another in a circle, the first again as the last; empty if none."""
    done: set[str] = set()

    def search(module: str, way: list[str]) -> list[str]:
        if module in way:
            return [*way[way.index(module) :], module]
        if module in done:
            return []
        for target in sorted(graph.get(module, ())):
            if found := search(target, [*way, module]):
                return found
        done.add(module)
        return []

    return next((found for module in sorted(graph) if (found := search(module, []))), [])


def client_imports(source: str) -> set[str]:
    """What a TypeScript or Svelte source imports, as written."""
    return set(CLIENT_IMPORT.findall(source))


def client_packages() -> set[str]:
    """Names of npm's packages that the client says it needs."""
    manifest = json.loads((ROOT / "client" / "package.json").read_text(encoding="utf-8"))
    return set(manifest["dependencies"]) | set(manifest["devDependencies"])
