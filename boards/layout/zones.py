"""The zones of a board, from its workbook definition. Twin: client `layout/zones.ts`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["TINTS", "ZoneSpec", "zones_of"]

TINTS = 4  # quiet colours of zones
COLUMNS = (5, 3, 2)  # by how many zones stand side by side
CELL_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class ZoneSpec:
    """`columns`: notes side by side in it. `cell`: whether it is one of a grid."""

    id: str
    row: int
    column: int
    columns: int
    cell: bool = False
    tint: int = 0


def zones_of(definition: Mapping[str, Any]) -> list[ZoneSpec]:
    """Zones side by side, or rows of columns, in reading order. `definition`: workbook JSON."""
    if definition.get("kind") == "grid":
        columns = definition.get("columns", ())
        return [
            ZoneSpec(f"{row['id']}/{column['id']}", y, x, CELL_COLUMNS, True, x % TINTS)
            for y, row in enumerate(definition.get("rows", ()))
            for x, column in enumerate(columns)
        ]
    zones = definition.get("zones", ())
    return [
        ZoneSpec(zone["id"], 0, at, _columns(len(zones)), tint=_tint(zone, at))
        for at, zone in enumerate(zones)
    ]


def _columns(zones: int) -> int:
    """Four zones stand two and two."""
    at = (2 if zones == 4 else zones) - 1
    return COLUMNS[at] if at < len(COLUMNS) else 2


def _tint(zone: Mapping[str, Any], at: int) -> int:
    tint = zone.get("tint")
    return (tint if isinstance(tint, int) else at) % TINTS
