"""The JSON Schema that editors use: kept in step, and of one mind with the loader on mutated configurations."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from feedservice.cli import main
from feedservice.config.reading import load
from feedservice.config.schema import json_schema
from feedservice.errors import ConfigError, Fault
from feedservice.sources import KINDS as REAL_KINDS
from tests.config_kinds import KINDS

ROOT = Path(__file__).parent.parent
WHOLE: dict[str, object] = {
    "site": {
        "title": "Town",
        "base_url": "https://feeds.example.org",
        "language": "zh-CN",
        "timezone": "Asia/Shanghai",
    },
    "store": {"url": "sqlite:///var/feedservice.db"},
    "server": {"host": "127.0.0.1", "port": 8000, "processes": 2},
    "fetch": {"read_timeout": "15s", "delay": 0, "robots": True, "allow": ["10.1.0.0/16"], "proxy": None},
    "feeds": {
        "items": 50,
        "ttl": "15m",
        "of": {"news": {"dates": "arrival"}},
        "moved": {"town-news": "town"},
        "gone": ["village"],
    },
    "pages": {"keep": "512 MB"},
    "schedule": {"every": "30m", "rebuild": "17 3 * * *"},
    "selections": {
        "picked": {
            "sources": ["news", "blog"],
            "categories": ["资讯动态 > 其他信息", ["资讯动态"]],
            "include": {"title": ["公告", "regex:第[0-9]+号"]},
            "exclude": {"body": "招聘"},
            "language": "zh",
            "attachment": True,
        },
    },
    "sources": {
        "news": {
            "kind": "listing",
            "url": "https://www.example.org/news/",
            "category": "资讯动态 > 其他信息",
            "every": "1h 30m",
            "cron": None,
            "items": [".row", "li"],
            "pages": 3,
            "article": {"title": ".headline", "drop": [".share", ".qrcode"]},
            "headers": {"Cookie": "a=b"},
        },
        "blog": {"kind": "feed", "url": "https://blog.example.org/feed", "full_text": "page", "limit": 25},
        "town": {"kind": "folder", "path": "town", "category": ["资讯动态"], "cron": "0 3 * * mon"},
    },
}
POOL: tuple[object, ...] = (
    "2 GB", "2 KiB", "1.5mb",
    None, True, False, 0, 1, -1, 7, 3.5, 100_000, 8000.0, "", "x", "8000", "true", "yes", "5m", "0s", "0", "5 minutes",
    "10 >", "a > b", " ", "https://www.example.org/", "www.example.org", "ftp://a/b", "zh_CN", "en", "listing", "feed",
    "breadcrumb", "page", [], {}, ["a"], ["a", 5], [""], [None], {"a": 1}, {"title": ".x"},
    ["127.0.0.1"], "postgresql://u@h/d", 0.0,
)  # fmt: skip
NAMES = (
    "title",
    "port",
    "every",
    "cron",
    "url",
    "path",
    "kind",
    "pages",
    "all",
    "Town",
    "a-b",
    "-a",
    "ünder",
    "x" * 81,
    "",
)
SEMANTIC = {"timezone", "cron", "rebuild", "allow", "every", "read_timeout", "delay", "ttl"}
"""What a schema cannot say to the end: zones, cron lines, hosts, and the bounds of durations that are text."""
BETWEEN_NAMES = {
    "there is no such source",
    "a source has this name",
    "a selection has this name",
    "the feed of everything has this name",
    "the moves go round in a circle",
    "this feed is gone",
    "moved and gone exclude each other",
}
"""Nor can it compare names that stand in different places."""


def places(data: object, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a document."""
    if place:
        yield place
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inside:
        yield from places(value, (*place, key))


def mutate(chance: random.Random) -> object:
    """The whole configuration with one to three things changed: a value, a name, something left out or added."""
    data = copy.deepcopy(WHOLE)
    for _ in range(chance.randint(1, 3)):
        *way, last = chance.choice(list(places(data)))
        holder: object = data
        for part in way:
            holder = holder[part]  # type: ignore[index]
        change = chance.random()
        if not isinstance(holder, dict):
            holder[last] = chance.choice(POOL)  # type: ignore[index]
        elif change < 0.6:
            holder[last] = copy.deepcopy(chance.choice(POOL))
        elif change < 0.75:
            del holder[last]
        elif change < 0.9:
            holder[chance.choice(NAMES)] = copy.deepcopy(chance.choice(POOL))
        else:
            holder[chance.choice(NAMES)] = holder.pop(last)
    return data


def faults_of(path: Path) -> tuple[Fault, ...]:
    try:
        load(str(path), {}, KINDS)
    except ConfigError as error:
        return error.faults
    return ()


def is_semantic(fault: Fault) -> bool:
    return fault.problem in BETWEEN_NAMES or any(part in SEMANTIC for part in fault.key.split("."))


def test_shipped_schema_is_in_step_with_the_models() -> None:
    """`feedservice config schema > config.schema.json` brings it up to date."""
    shipped = json.loads((ROOT / "config.schema.json").read_text(encoding="utf-8"))
    assert shipped == json_schema(REAL_KINDS)


def test_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema(REAL_KINDS))


def test_shipped_configuration_fits_the_schema() -> None:
    data = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    assert [error.message for error in Draft202012Validator(json_schema(REAL_KINDS)).iter_errors(data)] == []


def test_variables_fit_the_schema_where_numbers_are_wanted() -> None:
    data = {"server": {"port": "${FEED_PORT:-8000}"}, "fetch": {"robots": "${ROBOTS}"}}
    assert Draft202012Validator(json_schema(KINDS)).is_valid(data)


@pytest.mark.parametrize("mutants", [60, pytest.param(1_000, marks=pytest.mark.slow)])
def test_schema_and_loader_agree_on_mutated_configurations(tmp_path: Path, mutants: int) -> None:
    """The schema never refuses what the loader takes, and takes nothing more but what no schema can judge."""
    validator, chance = Draft202012Validator(json_schema(KINDS)), random.Random(20261123)
    path, refused, judged = tmp_path / "config.yaml", 0, 0
    for _ in range(mutants):
        data = mutate(chance)
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        faults, complaints = faults_of(path), [error.message for error in validator.iter_errors(data)]
        if complaints:
            assert faults, (data, complaints)
        elif faults:
            judged += 1
            assert all(is_semantic(fault) for fault in faults), (data, [str(fault) for fault in faults])
        refused += bool(faults)
    assert mutants // 3 < refused < mutants
    assert judged < max(5, mutants // 20)


@pytest.mark.slow
def test_check_and_start_agree_on_mutated_configurations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` says yes exactly where a command that needs the configuration begins."""
    chance, path = random.Random(4), tmp_path / "config.yaml"
    for _ in range(500):
        path.write_text(json.dumps(mutate(chance), ensure_ascii=False), encoding="utf-8")
        said = main(["--config", str(path), "check"]), main(["--config", str(path), "config", "show"])
        assert said in {(0, 0), (1, 2)}
        capsys.readouterr()
