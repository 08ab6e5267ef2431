"""Write what Hahmo is made of: dist/sbom.cdx.json (CycloneDX 1.6) and dist/licences.txt.

Everything comes from the lock files; licences of Python packages from what is installed. The same
lock files give the same bytes. Source: https://cyclonedx.org/docs/1.6/json/
"""

import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
BUNDLED = frozenset({"svelte"})  # npm packages for the build of which a part is in the client
LONG = 60  # characters; a longer License field is the whole text of one, and no name
UNTOLD = "not told: not installed here"

Component = dict[str, Any]


def pins(name: str) -> dict[str, str]:
    """Package -> version of one lock file in requirements/."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return dict(PIN.findall(text))


def python_components() -> Iterator[Component]:
    """What the server needs to run, then what builds and tests it."""
    running = pins("run")
    for name, version in sorted({**pins("dev"), **pins("build"), **pins("uv"), **running}.items()):
        yield component(
            f"pkg:pypi/{name.lower().replace('_', '-')}@{version}",
            name,
            version,
            python_licence(name),
            runs=name in running,
        )


def python_licence(name: str) -> str:
    """As the installed package tells it: an expression, a name, or its classifiers."""
    try:
        told = metadata(name)
    except PackageNotFoundError:  # for another platform or version of Python
        return UNTOLD
    short = told.get("License-Expression") or told.get("License") or ""
    if 0 < len(short) <= LONG and "\n" not in short:
        return short
    named = [kind.rsplit(" :: ", 1)[1] for kind in told.get_all("Classifier") or () if is_one(kind)]
    return ", ".join(named) or "not told by the package"


def is_one(classifier: str) -> bool:
    """Whether a classifier names a licence."""
    return classifier.startswith("License :: ") and classifier != "License :: OSI Approved"


def npm_components() -> Iterator[Component]:
    """The client's packages: those it holds, and those that build and test it."""
    lock = json.loads((ROOT / "client" / "package-lock.json").read_text(encoding="utf-8"))
    seen = set()
    for path, told in sorted(lock["packages"].items()):
        name = path.rpartition("node_modules/")[2]
        if not name or (name, told["version"]) in seen:
            continue
        seen.add((name, told["version"]))
        made = component(
            f"pkg:npm/{name.replace('@', '%40')}@{told['version']}",
            name,
            told["version"],
            told.get("license", "not told by the package"),
            runs=name in BUNDLED or not told.get("dev"),
        )
        yield {**made, "hashes": [digest(told["integrity"])]}


def digest(integrity: str) -> dict[str, str]:
    """`sha512-<base64>` as CycloneDX writes it."""
    kind, _, value = integrity.partition("-")
    return {"alg": f"SHA-{kind[3:]}", "content": base64.b64decode(value).hex()}


def component(purl: str, name: str, version: str, licence: str, *, runs: bool) -> Component:
    """One package. `runs`: it is part of what is served, not only of what makes it."""
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "scope": "required" if runs else "optional",
        "licenses": [{"license": {"name": licence}}],
        "purl": purl,
    }


def bill() -> dict[str, Any]:
    """The whole bill of materials."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ours = f"pkg:pypi/{project['name']}@{project['version']}"
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": ours,
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
                "purl": ours,
            }
        },
        "components": [*python_components(), *npm_components()],
    }


def licences(components: list[Component]) -> str:
    """A line for each package, by use and licence."""
    lines = sorted(
        f"{part['scope']}\t{part['licenses'][0]['license']['name']}\t{part['purl']}"
        for part in components
    )
    return "\n".join(["use\tlicence\tpackage", *lines]) + "\n"


def main(folder: Path) -> None:
    """Write both files into `folder`."""
    whole = bill()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sbom.cdx.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    (folder / "licences.txt").write_text(licences(whole["components"]), encoding="utf-8")
    print(f"{len(whole['components'])} packages: {folder}/sbom.cdx.json, {folder}/licences.txt")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist")
