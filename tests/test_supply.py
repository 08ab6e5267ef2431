"""What Hahmo is made of: the bill of materials is whole, and an audit never passes unasked."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOWHERE = {
    "npm_config_registry": "http://127.0.0.1:9/",  # the discard port: nothing answers there
    "npm_config_fetch_retries": "0",
    "PATH": os.environ["PATH"],
    "HOME": os.environ.get("HOME", "/"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sbom")
    subprocess.run([sys.executable, ROOT / "scripts" / "sbom.py", folder], check=True)
    return folder


def locked() -> set[str]:
    """Every package of every lock file, as a package URL."""
    found = set()
    for lock in (ROOT / "requirements").glob("*.txt"):
        pins = re.findall(
            r"^([\w.-]+)==([^\s;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE
        )
        found |= {f"pkg:pypi/{name.lower().replace('_', '-')}@{version}" for name, version in pins}
    packages = json.loads((ROOT / "client" / "package-lock.json").read_text())["packages"]
    for path, told in packages.items():
        if path:
            name = path.rpartition("node_modules/")[2].replace("@", "%40")
            found.add(f"pkg:npm/{name}@{told['version']}")
    return found


def test_the_bill_names_all_that_is_locked_once(made: Path) -> None:
    bill = json.loads((made / "sbom.cdx.json").read_text())
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    refs = [part["bom-ref"] for part in bill["components"]]
    assert len(refs) == len(set(refs))
    assert set(refs) == locked()


def test_what_runs_is_told_from_what_builds(made: Path) -> None:
    bill = json.loads((made / "sbom.cdx.json").read_text())
    scope = {part["name"]: part["scope"] for part in bill["components"]}
    assert {scope[name] for name in ("starlette", "pycrdt", "yjs", "svelte")} == {"required"}
    assert {scope[name] for name in ("pytest", "eslint")} == {"optional"}


def test_every_package_that_runs_has_a_licence(made: Path) -> None:
    lines = (made / "licences.txt").read_text().splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    assert len(rows) == len(locked())
    unknown = {
        package for use, licence, package in rows if use == "required" and "not told by" in licence
    }
    assert unknown == set()


def test_an_audit_that_reaches_nobody_says_so_and_does_not_pass() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "audit.py"],
        env={**NOWHERE, "https_proxy": "http://127.0.0.1:9", "PIP_INDEX_URL": "http://127.0.0.1:9"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert "npm packages: could not be asked." in done.stdout
    assert "no weakness is known" not in done.stdout
