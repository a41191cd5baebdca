"""The walls of the house: who may import whom, who opens sockets, who writes the database."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = {
    "models": set(),
    "cleaning": {"models"},
    "connectors": {"models"},
    "flows": {"models", "cleaning", "connectors"},
}
# What a room may take from models: the store belongs to the flows alone.
OPEN_MODELS = {"records", "rules", "errors", "wording"}
SOCKET_OPENERS = {"httpx", "httpcore", "socket", "ssl", "urllib.request", "requests", "aiohttp", "http.client"}
THE_ONE_SOCKET = "connectors/http.py"
# The store and the modules it is made of.
THE_ONE_WRITER = ("models/store.py", "models/writers/")


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Absolute dotted names of everything a module imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text("utf8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = path.relative_to(ROOT).with_suffix("").parts
                base = ".".join([*parts[: len(parts) - node.level], *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_imports_only_the_rooms_it_may(room: str) -> None:
    assert modules(room), f"the room {room} is empty: this test would prove nothing"
    strangers = set(ROOMS) - ROOMS[room] - {room}
    wrong = [(name(m), i) for m in modules(room) for i in imports(m) if i.split(".")[0] in strangers]
    assert wrong == []


@pytest.mark.parametrize("room", ["cleaning", "connectors"])
def test_cleaning_and_connectors_know_records_but_not_the_store(room: str) -> None:
    taken = {(name(m), i) for m in modules(room) for i in imports(m) if i.startswith("models.")}
    assert {(m, i) for m, i in taken if i.split(".")[1] not in OPEN_MODELS} == set()


def test_only_one_module_opens_sockets() -> None:
    found = {
        name(m)
        for room in ROOMS
        for m in modules(room)
        for i in imports(m)
        if i in SOCKET_OPENERS or i.split(".")[0] in SOCKET_OPENERS - {"ssl", "socket"}
    }
    assert found <= {THE_ONE_SOCKET}


def test_prefect_is_imported_under_flows_only() -> None:
    found = {
        name(m).split("/")[0]
        for room in ROOMS
        for m in modules(room)
        for i in imports(m)
        if i.split(".")[0] == "prefect"
    }
    assert found <= {"flows"}


def writes_database(path: Path) -> bool:
    """True where a module imports or calls a construct that changes rows."""
    changing = {"insert", "update", "delete"}
    for node in ast.walk(ast.parse(path.read_text("utf8"))):
        if (
            isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith(("sqlalchemy", "sqlmodel"))
            and changing & {a.name for a in node.names}
        ):
            return True
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"insert", "delete", "update"}
            and isinstance(node.func.value, ast.Attribute)
            and node.func.value.attr == "__table__"
        ):
            return True
    return False


def test_only_the_store_writes_the_database() -> None:
    written = {name(m) for room in ROOMS for m in modules(room) if "migrations" not in m.parts and writes_database(m)}
    assert {module for module in written if not module.startswith(THE_ONE_WRITER)} == set()


def test_only_the_store_takes_what_writes() -> None:
    taken = {
        name(m) for room in ROOMS for m in modules(room) if any(i.startswith("models.writers") for i in imports(m))
    }
    assert {module for module in taken if not module.startswith(THE_ONE_WRITER)} == set()


def test_cleaning_has_no_clock() -> None:
    clocks = {"now", "utcnow", "today", "time"}
    owners = {"datetime", "date", "time"}
    wrong = [
        (name(m), node.lineno)
        for m in modules("cleaning")
        for node in ast.walk(ast.parse(m.read_text("utf8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in clocks
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in owners
    ]
    assert wrong == []
