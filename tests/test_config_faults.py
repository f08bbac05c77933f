"""What an operator reads when the configuration is wrong: each file in data/config/bad has its message beside it.

FEEDSERVICE_UPDATE_SNAPSHOTS=1 writes the messages anew; read the difference before you keep it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from feedservice.config.reading import load
from feedservice.errors import ConfigError, Fault
from tests.config_kinds import ENVIRON, KINDS

BAD = Path(__file__).parent / "data" / "config" / "bad"
FILES = sorted(BAD.glob("*.yaml"))


def faults_of(path: str) -> tuple[Fault, ...]:
    with pytest.raises(ConfigError) as raised:
        load(path, ENVIRON, KINDS)
    return raised.value.faults


def test_there_are_enough_bad_examples() -> None:
    assert len(FILES) >= 60


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_message_is_as_expected(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BAD)
    message = "\n\n".join(str(fault) for fault in faults_of(file.name)) + "\n"
    expected = file.with_suffix(".txt")
    if os.environ.get("FEEDSERVICE_UPDATE_SNAPSHOTS"):
        expected.write_text(message, encoding="utf-8")
    assert message == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_fault_names_a_place_that_is_in_the_file(file: Path) -> None:
    """Lines and columns count from 1, point into the file, and the excerpt is as long as the line that stands there."""
    lines = file.read_text(encoding="utf-8").split("\n")
    for fault in faults_of(str(file)):
        assert 1 <= fault.line <= len(lines)
        assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1
        assert len(fault.excerpt) == len(lines[fault.line - 1])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_secret_is_told(file: Path) -> None:
    assert "canary" not in "".join(str(fault) for fault in faults_of(str(file)))


def test_five_mistakes_are_told_at_once() -> None:
    found = faults_of(str(BAD / "five-mistakes.yaml"))
    assert [fault.line for fault in found] == [2, 4, 6, 8, 10, 15]


def test_caret_stands_under_the_value_behind_wide_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Chinese character takes two columns of a terminal; the caret moves by as many."""
    monkeypatch.chdir(BAD)
    _, excerpt, caret, *_ = str(faults_of("chinese-before-the-fault.yaml")[0]).split("\n")
    before = excerpt[: excerpt.index("www.example.org")]
    assert caret.index("^") == len(before) + sum(1 for character in before if ord(character) > 0x2E80)
