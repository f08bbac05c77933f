"""The floors, held: imports go down only, rooms on floor 3 never meet, each guest has one room, importing does nothing.

The rules are functions over source text, so that each is shown to fail on a planted fault.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Set
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "feedservice"

FLOORS: Mapping[str, int] = {
    "__init__": 0,
    "model": 1,
    "errors": 1,
    "protocols": 2,
    "config": 2,
    "addresses": 2,
    "words": 2,
    "allowance": 2,
    "complaints": 2,
    "stamps": 2,
    "digests": 2,
    "holidays": 2,
    "sources": 3,
    "outbound": 3,
    "extract": 3,
    "changes": 3,
    "health": 3,
    "minting": 3,
    "selecting": 3,
    "duplicates": 3,
    "packing": 3,
    "store": 3,
    "formats": 3,
    "publish": 3,
    "schedule": 3,
    "web": 3,
    "refreshing": 4,
    "refresh": 4,
    "operating": 4,
    "running": 4,
    "rebuild": 4,
    "export": 4,
    "assembly": 5,
    "cli": 6,
    "wsgi": 6,
    "__main__": 6,
}
GUESTS: Mapping[str, tuple[str, ...]] = {
    "flask": ("web",),
    "werkzeug": ("web",),
    "granian": ("web",),
    "requests": ("outbound",),
    "urllib3": ("outbound",),
    "protego": ("outbound",),
    "sqlalchemy": ("store",),
    "alembic": ("store",),
    "pg8000": ("store",),
    "feedgen": ("formats",),
    "brotli": ("publish",),
    "zstandard": ("publish", "packing"),
    "apscheduler": ("schedule",),
    "feedparser": ("sources",),
    "jmespath": ("sources",),
    "markdown_it": ("sources",),
    "trafilatura": ("extract",),
    "nh3": ("extract",),
    "charset_normalizer": ("extract",),
    "htmldate": ("extract",),
    "dateparser": ("extract",),
    "pypinyin": ("minting",),
    "yaml": ("config", "sources"),
    "click": ("cli",),
    "obstore": ("export",),
    "playwright": ("outbound",),
    "lxml": ("sources", "extract", "formats"),
}
BUSY_CALLS = {  # what no module may call while it is imported: it opens, starts or configures something
    "open",
    "print",
    "create_engine",
    "Flask",
    "Thread",
    "Session",
    "basicConfig",
    "BackgroundScheduler",
    "ThreadPoolExecutor",
    "ProcessPoolExecutor",
    "connect",
    "start",
    "setlocale",
}


def room_of(path: Path) -> str:
    """The room that a file belongs to: its first folder or its own name below the package."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(source: str, path: Path) -> Iterator[str]:
    """Every module that source text imports, wherever it does so, as an absolute dotted name."""
    package = ("feedservice", *path.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            yield module
            yield from (f"{module}.{name.name}" for name in node.names if module.startswith("feedservice"))


def faults(source: str, path: Path) -> list[str]:
    """What source text at `path` imports against the floors."""
    room = room_of(path)
    floor = FLOORS[room]
    found = []
    for module in imports(source, path):
        top, _, rest = module.partition(".")
        if top in GUESTS and room not in GUESTS[top]:
            found.append(f"{room} imports {top}, whose room is {' or '.join(GUESTS[top])}")
        other = rest.partition(".")[0]
        if top != "feedservice" or not other or other == room or other == "__version__":
            continue
        if FLOORS[other] > floor:
            found.append(f"{room} (floor {floor}) imports upwards: {other} (floor {FLOORS[other]})")
        elif FLOORS[other] == floor == 3:
            found.append(f"{room} imports its neighbour {other}")
    return found


def busy_lines(source: str) -> list[str]:
    """Calls at module level that do something: open, start, configure."""
    body = [node for node in ast.parse(source).body if not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.If))]
    called = [node for statement in body for node in ast.walk(statement) if isinstance(node, ast.Call)]
    names = [
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "") for node in called
    ]
    return [name for name in names if name in BUSY_CALLS]


FILES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down_only(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8"), path) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_importing_does_nothing(path: Path) -> None:
    assert busy_lines(path.read_text(encoding="utf-8")) == []


def test_every_file_has_a_floor() -> None:
    assert {room_of(path) for path in FILES} <= set(FLOORS)


@pytest.mark.parametrize(
    ("room", "planted"),
    [
        ("model/articles.py", "from feedservice.protocols import Store"),
        ("store/reading.py", "from feedservice.formats import FORMATS"),
        ("store/reading.py", "from feedservice import publish"),
        ("store/reading.py", "def f():\n    from ..web import pages"),
        ("web/pages.py", "import sqlalchemy.orm"),
        ("web/pages.py", "import feedservice.refresh"),
        ("sources/feed.py", "from requests import get"),
        ("refresh.py", "from feedservice.assembly import run"),
        ("formats/rss.py", "import flask"),
    ],
)
def test_planted_import_is_found(room: str, planted: str) -> None:
    assert faults(planted, PACKAGE / room) != []


@pytest.mark.parametrize(
    "planted", ["engine = create_engine('sqlite://')", "x = threading.Thread()", "app = Flask('x')"]
)
def test_planted_work_at_import_is_found(planted: str) -> None:
    assert busy_lines(planted) != []


def circle(graph: Mapping[str, Set[str]]) -> str:
    """A way on which one comes back to where one was, "" where there is none."""
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> str:
        if name in way:
            return " -> ".join((*way[way.index(name) :], name))
        if name in done:
            return ""
        found = next(filter(None, (visit(other, (*way, name)) for other in sorted(graph[name] & graph.keys()))), "")
        done.add(name)
        return found

    return next(filter(None, (visit(name, ()) for name in sorted(graph))), "")


def test_rooms_have_no_circles_inside() -> None:
    """Within a room the modules import one another in one direction only."""
    graph: dict[str, set[str]] = {}
    for path in FILES:
        name = ".".join(("feedservice", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
        found = set(imports(path.read_text(encoding="utf-8"), path))
        # `from room import file` means the file; what the room's own page gathers is no step on the way.
        graph[name] = found - {name} - {module.rpartition(".")[0] for module in found}
    assert circle(graph) == ""


def test_rooms_have_no_circles_among_them() -> None:
    """Two rooms on one floor may know each other only in one direction, whichever of their modules do."""
    graph: dict[str, set[str]] = {room: set() for room in FLOORS if room != "__init__"}
    for path in FILES:
        if (room := room_of(path)) in graph:
            modules = imports(path.read_text(encoding="utf-8"), path)
            graph[room] |= {module.split(".")[1] for module in modules if module.startswith("feedservice.")} - {room}
    assert circle(graph) == ""


ROOMS = sorted(path.parent for path in PACKAGE.rglob("__init__.py") if path.parent != PACKAGE)
INNER = sorted({path.parent for path in ROOMS if path.parent != PACKAGE and path.name != "migrations"})


@pytest.mark.parametrize("room", INNER, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_rooms_within_a_room_have_no_circles_among_them(room: Path) -> None:
    """Where a room holds rooms of its own, these stand on one another in one order, whichever of their modules do."""
    below = ".".join(("feedservice", *room.relative_to(PACKAGE).parts, ""))
    graph: dict[str, set[str]] = {}
    for path in (path for path in FILES if path.is_relative_to(room) and path != room / "__init__.py"):
        name = path.relative_to(room).parts[0].removesuffix(".py")
        modules = imports(path.read_text(encoding="utf-8"), path)
        told = {module.removeprefix(below).split(".")[0] for module in modules if module.startswith(below)}
        graph[name] = graph.get(name, set()) | told - {name}
    assert circle(graph) == ""


def test_planted_circle_is_found() -> None:
    assert circle({"a": {"b", "x"}, "b": {"c"}, "c": {"b"}}) == "b -> c -> b"


def unmapped(face: str, files: Set[str]) -> set[str]:
    """Of a room whose docstring names one of its files, those that it leaves out."""
    told = ast.get_docstring(ast.parse(face)) or ""
    if not any(re.search(rf"\b{name}\.py\b", told) for name in files):
        return set()
    return {name for name in files if not re.search(rf"\b{name}\b", told)}


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_map_of_a_room_names_every_file(room: Path) -> None:
    files = {path.stem for path in room.glob("*.py")} - {"__init__"}
    assert not unmapped((room / "__init__.py").read_text(), files)


def test_planted_file_that_a_map_leaves_out_is_found() -> None:
    assert unmapped('"""a.py knows one thing."""', {"a", "b"}) == {"b"}
    assert not unmapped('"""What is told."""', {"a", "b"})


def test_light_commands_stay_light() -> None:
    """The command line itself is imported without any guest but click."""
    code = "import sys, feedservice.cli; print(*sorted(m for m in sys.modules if '.' not in m))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & (set(GUESTS) - {"click"})


def test_no_name_that_tells_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "handler", "processor"}
    assert [path for path in FILES if path.stem in vague] == []
