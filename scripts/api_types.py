"""Write the client's types of the HTTP interface from its OpenAPI description.

`python scripts/api_types.py` writes client/src/workshop/api-types.ts anew; with `--check` it writes
nothing and fails when that file is not what the description says.
"""

from __future__ import annotations

import argparse
import difflib
import json
import subprocess
import sys
from pathlib import Path

from server.web.api.openapi import description

ROOT = Path(__file__).resolve().parent.parent
CLIENT = ROOT / "client"
TYPES = CLIENT / "src" / "workshop/api-types.ts"
GENERATOR = [
    "node_modules/.bin/openapi-typescript",
    "--immutable",  # answers are values; what is sent may be one too
    "--default-non-nullable=false",  # a field with a default may be left out
    "--root-types",  # every schema by its own name
    "--root-types-no-schema-prefix",
]
PRETTIER = ["node_modules/.bin/prettier", f"--stdin-filepath={TYPES.relative_to(CLIENT)}"]


def generated() -> str:
    """What the file has to hold."""
    told = description()
    calls = {path: told["paths"][path] for path in told["paths"] if path.startswith("/api/")}
    return piped(PRETTIER, piped(GENERATOR, json.dumps({**told, "paths": calls})))


def piped(command: list[str], text: str) -> str:
    """What a tool of the client's makes of a text. Raises CalledProcessError."""
    done = subprocess.run(
        command, cwd=CLIENT, input=text, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say whether the file is fresh")
    now = generated()
    if not parser.parse_args().check:
        TYPES.write_text(now, encoding="utf-8")
        return 0
    before = TYPES.read_text(encoding="utf-8") if TYPES.exists() else ""
    lines = difflib.unified_diff(before.splitlines(), now.splitlines(), "written", "described")
    print("\n".join(list(lines)[:60]), end="")
    if before == now:
        return 0
    print(f"\n{TYPES.relative_to(ROOT)} is stale: python scripts/api_types.py writes it anew.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
