"""What is installed is whole, and everything that is installed is pinned."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.support.imports import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[\w,-]+\])?==([^\s;\\]+)", re.MULTILINE)
SECONDS = 100  # the longest that a step may take on a busy machine


def run(*command: str | Path, folder: Path = ROOT) -> str:
    """Standard output; the test fails with both outputs if the command does."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def pins(path: Path) -> dict[str, str]:
    """Package -> version of a lock file."""
    return dict(PIN.findall(path.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this working copy."""
    folder = tmp_path_factory.mktemp("wheel")
    build = ("--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder)
    run(sys.executable, "-m", "pip", "wheel", *build, ROOT)
    return next(folder.glob("hahmo-*.whl"))


def test_the_wheel_holds_all_that_is_served(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        manifest = json.loads(archive.read("server/static/.vite/manifest.json"))
    built = {f"server/static/{entry['file']}" for entry in manifest.values()}
    built |= {f"server/static/{css}" for entry in manifest.values() for css in entry.get("css", ())}
    assert built <= names
    assert {f"{name}.br" for name in built if "assets/main-" in name} <= names  # sent to browsers
    for folder, ending in (
        ("boards/workbook/data", ".toml"),
        ("server/i18n", ".json"),
        ("server/i18n/notices", ".html"),
        ("server/web/public", ".css"),
        ("server/web/templates", ".html"),
        ("server/exports/fonts", ".ttf"),
        ("server/exports", ".typ"),
        ("server/demo", ".toml"),
        ("server/store/redis/lua", ".lua"),
    ):
        shipped = {name for name in names if name.startswith(folder) and name.endswith(ending)}
        here = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob(f"*{ending}")}
        assert here, f"nothing ends in {ending} below {folder}"
        assert shipped == here
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {
        "boards",
        "server",
        "hahmo",
    }


@pytest.mark.timeout(SECONDS * 3)
def test_the_wheel_runs_in_a_fresh_environment(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    run(sys.executable, "-m", "venv", home)
    python = home / "bin" / "python"
    install(python, "--require-hashes", "-r", ROOT / "requirements" / "run.txt")
    install(python, "--no-deps", wheel)
    said = run(home / "bin" / "hahmo", "--help", folder=tmp_path)
    assert {"serve", "demo", "export", "check"} <= set(re.findall(r"\w+", said))
    found = run(python, "-c", "import server; print(server.__file__)", folder=tmp_path)
    assert Path(found.strip()).is_relative_to(home)


def install(python: Path, *what: str | Path) -> None:
    """By uv where it is here, for it is ten times quicker; else by pip."""
    has_uv = not subprocess.run(
        [sys.executable, "-m", "uv", "--version"], capture_output=True, check=False
    ).returncode
    if has_uv:
        run(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", python, *what)
    else:
        run(python, "-m", "pip", "install", "--quiet", *what)


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_lock_files_pin_hash_and_name_no_registry(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(
        r"^\s*-(-index-url|-extra-index-url|-find-links|i|f)\b", text, re.MULTILINE
    )
    packages = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert packages
    for package in packages:
        assert PIN.match(package), package
        assert "--hash=sha256:" in package, package


def test_lock_files_hold_what_pyproject_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    run_time = pins_of(project["project"]["dependencies"])
    dev = pins_of(project["project"]["optional-dependencies"]["dev"])
    build = pins_of(project["build-system"]["requires"])
    locked = {path.stem: pins(path) for path in LOCKS}
    assert run_time.items() <= locked["run"].items()
    assert (run_time | dev).items() <= locked["dev"].items()
    assert build.items() <= locked["build"].items()
    assert locked["run"].items() <= locked["dev"].items()


def pins_of(requirements: list[str]) -> dict[str, str]:
    return dict(requirement.split("==") for requirement in requirements)


def test_npm_lock_has_hashes_and_names_no_registry() -> None:
    text = (ROOT / "client" / "package-lock.json").read_text(encoding="utf-8")
    lock = json.loads(text)
    packages = {path: entry for path, entry in lock["packages"].items() if path}
    assert packages
    for path, entry in packages.items():
        assert "resolved" not in entry, path
        assert "integrity" in entry, path


def test_a_command_of_make_never_takes_away_what_the_one_before_it_installed(
    tmp_path: Path,
) -> None:
    """In a fresh checkout `soak` and `bench` want the tools for tests and then a client."""
    for needed in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / needed, tmp_path)
    for folder in ("scripts", "requirements", ".venv/bin"):
        (tmp_path / folder).mkdir(parents=True)
    for lock in LOCKS:
        (tmp_path / "requirements" / lock.name).touch()
    says = "#!/bin/sh\necho installed $1 >> installed\n"
    for program, text in (("scripts/python-env", says), (".venv/bin/python", "#!/bin/sh\n")):
        (tmp_path / program).write_text(text)
        (tmp_path / program).chmod(0o755)
    run("make", "--silent", ".make/python-dev", "client", folder=tmp_path)
    assert (tmp_path / "installed").read_text() == "installed dev\n"
