"""The client's own readers, run in Node from its sources (client_reader.mjs beside this file)."""

import json
import subprocess
from pathlib import Path
from typing import Any

__all__ = ["ClientReader"]

SCRIPT = Path(__file__).with_suffix(".mjs")


class ClientReader:
    """One Node process that answers questions, each with one value of JSON, until it is closed."""

    def __init__(self) -> None:
        self.node = subprocess.Popen(
            ["node", str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, command: str, **question: Any) -> Any:
        assert self.node.stdin
        assert self.node.stdout
        self.node.stdin.write(json.dumps({"command": command, **question}) + "\n")
        self.node.stdin.flush()
        answer = self.node.stdout.readline()
        assert answer, f"Node ended with {self.node.wait(10)}"
        return json.loads(answer, parse_int=float)  # as they are there

    def close(self) -> None:
        assert self.node.stdin
        assert self.node.stdout
        self.node.stdin.close()
        self.node.wait(10)
        self.node.stdout.close()
