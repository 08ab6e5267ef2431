"""docs/ tells the truth: every setting, limit, close code and command stands there, as it is."""

import argparse
import dataclasses
import json
import re
from fractions import Fraction
from pathlib import Path

import pytest

from boards.desk import FIELDS, Breakout, Desk, DeskBoard, Group, Message, Person, Recall
from boards.survey import COMMENT_CHARACTERS, FLOOR
from scripts import draw_rooms
from server.cli import parser
from server.config import Config
from server.sync.limits import SyncLimits
from server.sync.room import room
from server.sync.room.pending import Pending
from server.workshops.breakouts.groups import MAX_GROUPS
from server.workshops.input.fields import NAME_CHARACTERS
from server.workshops.surveys.surveys import MAX_ROUNDS
from tests.test_i18n import error_classes

ROOT = Path(__file__).parents[1]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
PROTOCOL = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
UNITS = {
    unit: Fraction(text)
    for unit, text in (("KiB", "1024"), ("MiB", "1048576"), ("s", "1"), ("ms", "1/1000"), ("", "1"))
}
CITED = re.compile(r"\bdef test_((?:[a-z]{1,2}\d+_)+)|\b([GHMRS]\d{1,2})\b(?=[:.,;)/ ])")
DEFINED = re.compile(r"^(?:- \*\*|\| )([A-Z]{1,2}\d+)\b", re.MULTILINE)
ROW = re.compile(r"^\| `(\w+)` \|(.*)\|$", re.MULTILINE)


def rows() -> dict[str, list[str]]:
    """First cell of every table row (a name in backticks) -> the others."""
    return {
        found[1]: [cell.strip() for cell in found[2].split(" | ")]
        for found in ROW.finditer(OPERATIONS)
    }


def as_number(text: str) -> Fraction:
    """`256 KiB`, `4 ms`, `1/60 s` or `20,000` as a number of bytes, seconds or things."""
    number, _, unit = text.partition(" ")
    return Fraction(number.replace(",", "")) * UNITS[unit]


@pytest.mark.parametrize(("variable", "field"), list(Config.variables().items()))
def test_every_setting_is_described_with_its_default(variable: str, field: str) -> None:
    _, default, meaning = rows()[variable]
    value = getattr(Config(), field)
    assert default == ("–" if value in (None, ()) else f"`{value}`")
    assert meaning


def test_no_setting_is_described_that_does_not_exist() -> None:
    described = {name for name in rows() if name.startswith("HAHMO_")}
    assert described <= Config.variables().keys()


@pytest.mark.parametrize("variable", Config.variables())
def test_every_setting_is_in_the_example_file(variable: str) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert re.search(rf"^#?{variable}=", example, re.MULTILINE)


@pytest.mark.parametrize("limit", dataclasses.fields(SyncLimits), ids=lambda limit: limit.name)
def test_every_limit_of_the_engine_is_described(limit: dataclasses.Field[float]) -> None:
    value, meaning = rows()[limit.name]
    assert float(as_number(value)) == pytest.approx(limit.default)
    assert meaning


def test_limits_of_commands_are_described() -> None:
    assert f"| name of a person or a group | {NAME_CHARACTERS} characters |" in OPERATIONS
    assert f"| groups in a breakout | {MAX_GROUPS} |" in OPERATIONS
    assert f"| comment of a survey's answer | {COMMENT_CHARACTERS:,} characters |" in OPERATIONS
    assert f"| rounds of a survey's form | {MAX_ROUNDS} |" in OPERATIONS
    assert f"| answers below which a survey tells nothing | {FLOOR};" in OPERATIONS


def test_every_close_code_is_described() -> None:
    table = re.findall(r"^\| ([\d, –]+) \|", PROTOCOL, re.MULTILINE)
    codes = {error.close_code for error in error_classes()}
    assert {code for code in codes if not any(covers(cell, code) for cell in table)} == set()


def covers(cell: str, code: int) -> bool:
    """Whether `4400`, `1012, 1013` or `4500–4599` names this code."""
    for part in cell.split(","):
        first, _, last = part.strip().partition("–")
        if first and int(first) <= code <= int(last or first):
            return True
    return False


def test_every_command_is_described() -> None:
    actions = parser()._subparsers
    assert actions is not None
    [commands] = [
        action
        for action in actions._group_actions
        if isinstance(action, argparse._SubParsersAction)
    ]
    for name in commands.choices:
        assert re.search(rf"^\| `hahmo {name}\b", OPERATIONS, re.MULTILINE), name


def test_every_field_of_the_desk_is_described_with_its_default() -> None:
    chapter = PROTOCOL.partition("## Desk documents")[2].partition("\n## ")[0]
    table = re.findall(r"^\| `(\w+)` \|.*\| `(.+)` \|$", chapter, re.MULTILINE)
    defaults = Desk().json()
    assert {name: json.loads(default) for name, default in table} == {
        name: defaults[name] for name in FIELDS
    }


@pytest.mark.parametrize(
    ("root", "kinds"),
    [
        ("people", (Person,)),
        ("boards", (DeskBoard,)),
        ("breakouts", (Breakout, Recall, Group, Message)),
    ],
)
def test_every_entry_of_the_desk_is_described(root: str, kinds: tuple[type, ...]) -> None:
    chapter = PROTOCOL.partition("## Desk documents")[2].partition("\n## ")[0]
    [row] = re.findall(rf"^\| `{root}` \| (.*) \|$", chapter, re.MULTILINE)
    shapes = [set(shape.split(", ")) for shape in re.findall(r"`\{(.*?)\}`", row)]
    assert shapes == [{field.name for field in dataclasses.fields(kind)} for kind in kinds]


RULE = re.compile(r"^- \*\*([A-Z]{2}\d+)\*\*", re.MULTILINE)
RANGE = re.compile(r"\b[A-Z]{2}\d+\s?[–-]\s?(?:[A-Z]{2})?\d+\b")  # names a chapter, cites no rule
SOURCES = (
    *(ROOT / "tests").rglob("*.py"),
    *(ROOT / "client" / "src").rglob("*.test.ts"),
)


def cited_rules() -> set[str]:
    """Rules that tests name: `RM3`, or a test's own name that says `rm3`."""
    found: set[str] = set()
    for path in SOURCES:
        text = RANGE.sub("", path.read_text(encoding="utf-8"))
        found.update(re.findall(r"\b[A-Z]{2}\d+\b", text))
        for name in re.findall(r"\bdef (test_\w+)", text):
            found.update(part.upper() for part in re.findall(r"_([a-z]{2}\d+)(?=_)", name))
    return found


def test_every_rule_of_the_protocol_stands_once() -> None:
    rules = RULE.findall(PROTOCOL)
    assert len(rules) > 100
    assert sorted({rule for rule in rules if rules.count(rule) > 1}) == []


def test_every_rule_of_the_protocol_is_cited_by_a_test() -> None:
    cited = cited_rules()
    assert [rule for rule in RULE.findall(PROTOCOL) if rule not in cited] == []


def rules_of(path: Path) -> set[str]:
    """Numbers of rules, faults, attacks and scenarios that a test file names, such as RM2."""
    found = set()
    for names, told in CITED.findall(path.read_text(encoding="utf-8")):
        found |= {name.upper() for name in names.split("_") if name} or {told}
    return found


def defined_rules() -> set[str]:
    pages = [*(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md"]
    return {rule for page in pages for rule in DEFINED.findall(page.read_text(encoding="utf-8"))}


@pytest.mark.parametrize(
    "path",
    sorted(path for path in (ROOT / "tests").rglob("*.py") if rules_of(path)),
    ids=lambda path: str(path.relative_to(ROOT / "tests")),
)
def test_every_rule_that_a_test_names_is_defined(path: Path) -> None:
    assert rules_of(path) <= defined_rules()


RELIABILITY = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
ATTACK = re.compile(r"^\| ([CHML]\d+) \|.*\|(.*)\|$", re.MULTILINE)


def test_every_attack_has_a_test_and_each_that_is_named_exists() -> None:
    attacks = ATTACK.findall(RELIABILITY)
    assert len(attacks) >= 30
    for attack, tests in attacks:
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", tests)
        assert named, attack
        for path, name in named:
            assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), (attack, name)


def test_every_fault_that_is_described_is_tried() -> None:
    described = set(DEFINED.findall(RELIABILITY.partition("## Attacks")[0]))
    tried = {rule for path in (ROOT / "tests").rglob("test_*.py") for rule in rules_of(path)}
    assert described <= tried


ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
SUFFIXES = (".py", ".ts", ".svelte")
NAMED_FILES = sorted(set(re.findall(r"`([\w/.-]+\.(?:py|ts|svelte))`", ARCHITECTURE)))


def in_tables() -> str:
    return "\n".join(line for line in ARCHITECTURE.splitlines() if line.startswith("| `"))


def rooms_and_files() -> list[str]:
    """Every folder and file at the top of boards, server, the engine and the client."""
    tops = ("boards", "server", "server/sync", "client/src")
    found = (path for top in tops for path in sorted((ROOT / top).iterdir()))
    return [
        str(path.relative_to(ROOT))
        for path in found
        if path.name not in ("__init__.py", "tests", "static") and is_source(path)
    ]


def is_source(path: Path) -> bool:
    """A source, or a folder with some; what builds and moves leave behind is none."""
    files = path.rglob("*") if path.is_dir() else [path]
    return any(file.suffix in SUFFIXES for file in files)


@pytest.mark.parametrize("name", rooms_and_files())
def test_every_room_and_file_at_the_top_is_in_a_table(name: str) -> None:
    short = name.rpartition("/")[2]
    assert re.search(rf"`{name}/?`|`{short}`", in_tables()), f"{name} is in no table"


@pytest.mark.parametrize("name", NAMED_FILES)
def test_every_file_that_the_architecture_names_exists(name: str) -> None:
    places = [ROOT / top for top in ("boards", "server", "client/src", "scripts", "tests")]
    known = [path for place in places for path in place.rglob(Path(name).name)]
    assert any(str(path).endswith(f"/{name}") for path in known)


def test_the_way_of_an_edit_names_what_the_room_does() -> None:
    """The first lines of its file have the way; each step is a method of the room or its batch."""
    steps = re.findall(r"^    ([a-z_.]+\d?)  ", room.__doc__ or "", re.MULTILINE)
    own = {name for name in steps if "." not in name}
    assert len(own) > 4
    assert own <= set(vars(room.Room))
    assert {name for name in steps if "." in name} == {"_pending.keep"}
    assert hasattr(Pending, "keep")


def test_the_picture_of_the_rooms_is_as_the_imports_are() -> None:
    """When this fails: run scripts/draw_rooms.py, and look at what came of it."""
    assert draw_rooms.PICTURE.read_text(encoding="utf-8") == draw_rooms.svg()


def test_the_picture_leaves_out_only_what_follows() -> None:
    graph = {"a": {"b", "c"}, "b": {"c"}, "c": set[str]()}
    assert draw_rooms.reduced(graph) == {"a": {"b"}, "b": {"c"}, "c": set()}
    assert draw_rooms.floors(graph) == {"a": 2, "b": 1, "c": 0}
    assert draw_rooms.reduced({"a": {"b"}, "b": {"a"}}) == {"a": {"b"}, "b": {"a"}}
