"""What is large, in tests of how a room takes it."""

from __future__ import annotations

import pytest

from server.sync.room import inbox, intake, taking


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is longer than a few structs is large."""
    for module in inbox, intake, taking:
        monkeypatch.setattr(module, "LARGE", 0)
    for name in ("inspector", "dependencies", "clocks", "portions"):
        monkeypatch.setattr(f"server.sync.inspection.{name}.SLICE", 1)
    monkeypatch.setattr(taking, "is_one", lambda found: found.structs + found.delete_ranges < 3)
    for name, size in {"FULL": 2, "FULLER": 9, "FULLEST": 30, "DELETED": 1}.items():
        monkeypatch.setattr(f"server.sync.inspection.portions.{name}", size)


@pytest.fixture
def singly(tiny: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """And each slice is a turn."""
    monkeypatch.setattr("server.sync.shares.CHORE", 1e-9)
