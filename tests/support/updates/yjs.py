"""Stock Yjs, run in Node: ask it one question, get one answer (yjs_peer.mjs)."""

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

__all__ = ["ask_yjs", "from_base64", "to_base64"]

PEER = Path(__file__).with_name("yjs_peer.mjs")


def ask_yjs(command: str, **question: Any) -> Any:
    """What `yjs_peer.mjs` answers. One call starts one Node: ask for much at once."""
    done = subprocess.run(
        ["node", str(PEER)],
        input=json.dumps({"command": command, **question}),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def from_base64(text: str) -> bytes:
    return base64.b64decode(text)


def to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
