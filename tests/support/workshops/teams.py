"""A desk with people and groups on it."""

from typing import Any

from boards.desk import Desk, DeskBoard, Group, Person


def person(name: str, role: Any = "participant", color: int = 0) -> Person:
    return Person(id=name, name=name, role=role, color=color, joined=0)


def desk(**more: Any) -> Desk:
    return Desk(
        language="sv",
        people=(person("koivu"), person("leppä"), person("haapa", "observer")),
        boards=(
            DeskBoard(id="shared", key="change", kind="grid", lineage="l"),
            DeskBoard(id="other", key="phenomena", kind="notes", lineage="l"),
            DeskBoard(id="groups", key="change", kind="grid", lineage="l", breakout="b", group="g"),
        ),
        **more,
    )


def group(name: str, *people: str) -> Group:
    return Group(id=name, name=name, board=f"{name}-board", people=people)
