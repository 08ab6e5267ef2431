"""Values of records as text, whichever store keeps them."""

import json
from collections.abc import Mapping
from typing import Any

from server.store import StoreCorrupted

__all__ = ["parse", "text_of"]


def text_of(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def parse(id: str, text: str | bytes) -> dict[str, Any]:
    """The inverse. Raises StoreCorrupted."""
    try:
        parsed: dict[str, Any] = json.loads(text)
    except ValueError as error:
        raise StoreCorrupted(f"record {id} is damaged: {error}") from error
    return parsed
