"""Selectors, paths and patterns that can never find anything are told while the configuration is read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from feedservice import assembly
from feedservice.config.reading import Config
from feedservice.errors import ConfigError, Fault

LISTING = "sources:\n  news:\n    kind: listing\n    url: https://www.example.org/news/\n"
API = "sources:\n  news:\n    kind: json\n    url: https://www.example.org/news.json\n"
FOLDER = "sources:\n  news:\n    kind: folder\n    path: town\n"
BAD_ON_PAGES = [
    "",
    "li:has(",
    "a::before",
    "ul..list",
    ".x >",
    "div{",
    "a@",
    "xpath:",
    "xpath://a[",
    "xpath://a[foo()]",
    "xpath://ns:li",
    "xpath:$x",
    "xpath:count(1)",
    "css:a::before",
    "meta:og:title",
    "“.title”",
    ".share，.qrcode",
    "【.share】",
    "下一页",
    "div > 标题.x",
    ":is(" * 2_000 + "a" + ")" * 2_000,
]
GOOD_ON_PAGES = [
    ".x > a",
    "css:.x > a",
    "css:time@datetime",
    "@href",
    ".标题 a",
    "#正文 > p.摘要",
    "p:contains(来源：)",
    "a[title='第一，第二']",
    "a[title*=第一，第二]",
    "xpath://a[.='“来源”']",
    "xpath://a[@class='x' and (position() < 3 or not(self::b))]/text()",
    "xpath://*[@xml:lang='zh']//text()[normalize-space()]",
    "xpath: ./ancestor-or-self::node()",
    "xpath://a[contains(., 'ns:foo() $x')]",
    "xpath:count(//a) div (2)",
]


def read(folder: Path, text: str) -> Config:
    path = folder / "config.yaml"
    path.write_text(text)
    return assembly.load_config(str(path), {})


def faults_of(folder: Path, text: str) -> tuple[Fault, ...]:
    with pytest.raises(ConfigError) as raised:
        read(folder, text)
    return raised.value.faults


@pytest.mark.parametrize("selector", BAD_ON_PAGES, ids=lambda selector: selector[:20])
@pytest.mark.parametrize("field", ["article", "items"])
def test_selector_that_is_none_is_told_with_its_line(tmp_path: Path, field: str, selector: str) -> None:
    value = json.dumps(selector)
    text = f"{LISTING}    article:\n      title: {value}\n" if field == "article" else f"{LISTING}    items: {value}\n"
    (fault,) = faults_of(tmp_path, text)
    key, line = ("article.title", 6) if field == "article" else ("items", 5)
    assert (fault.key, fault.line, fault.problem) == (f"sources.news.{key}", line, "not allowed")
    assert fault.allowed.startswith("a CSS selector such as")


@pytest.mark.parametrize("selector", GOOD_ON_PAGES)
def test_selector_that_is_one_is_taken(tmp_path: Path, selector: str) -> None:
    value = json.dumps(selector)
    article = f"    article: {{title: {value}, published: [{value}, 'regex:(.*)', 'text:']}}\n"
    assert read(tmp_path, f"{LISTING}    items: {value}\n{article}").sources["news"].common.article.title == (selector,)


@pytest.mark.parametrize("pattern", ["(", "[", "a{99999999999}", "*", "", "(" * 3_000 + ")" * 3_000])
def test_regular_expression_that_is_none_is_told(tmp_path: Path, pattern: str) -> None:
    (fault,) = faults_of(tmp_path, f"{LISTING}    article: {{title: {json.dumps(f'regex:{pattern}')}}}\n")
    assert "a regular expression" in fault.allowed


@pytest.mark.parametrize("field", ["body", "drop"])
@pytest.mark.parametrize(
    "selector",
    [
        "regex:(.*)",
        "text:x",
        "div@id",
        "xpath://p/text()",
        "xpath: //p/@id[1]",
        "xpath:count(//p)",
        "xpath:string(//p)",
    ],
)
def test_where_elements_are_wanted_no_text_is_taken(tmp_path: Path, field: str, selector: str) -> None:
    (fault,) = faults_of(tmp_path, f"{LISTING}    article: {{{field}: '{selector}'}}\n")
    assert fault.key == f"sources.news.article.{field}"


def test_xpath_that_may_find_elements_is_taken(tmp_path: Path) -> None:
    good = ["//p[text()]", "//div[@id]", "//div[a/@href]", "//p | //a/@href", "id(//a/@href)"]
    config = read(tmp_path, f"{LISTING}    article: {{body: {json.dumps([f'xpath:{one}' for one in good])}}}\n")
    assert len(config.sources["news"].common.article.body) == len(good)


def test_every_faulty_selector_of_every_source_is_told_at_once(tmp_path: Path) -> None:
    text = (
        f"{LISTING}    limit: 0\n    article:\n      title: [.x, 'regex:(']\n      drop: 'a::before'\n"
        "  more:\n    kind: feed\n    url: https://www.example.org/feed\n    article: {body: 'li:has('}\n"
    )
    found = [(fault.line, fault.key) for fault in faults_of(tmp_path, text)]
    assert found == [
        (5, "sources.news.limit"),
        (7, "sources.news.article.title.1"),
        (8, "sources.news.article.drop"),
        (12, "sources.more.article.body"),
    ]


def test_selector_from_the_environment_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(f"{LISTING}    article: {{title: '${{RULE}}'}}\n")
    with pytest.raises(ConfigError) as raised:
        assembly.load_config(str(tmp_path / "config.yaml"), {"RULE": "canary::before"})
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("nofunc(data)", "nofunc()"),
        ("rows[?nofunc(@)].{a: b}", "nofunc()"),
        ("length(a, b)", "length() takes 1 values, not 2"),
        ("join(',')", "join()"),
        ("not_null()", "not_null() takes 1 or more values, not 0"),
        ("rows[::0]", "a step of 0"),
        ("a" + "[" * 2_000 + "]" * 2_000, ""),
        ("!" * 3_000 + "a", ""),
    ],
    ids=lambda text: text[:20],
)
def test_path_that_leads_nowhere_is_told(tmp_path: Path, path: str, reason: str) -> None:
    for name in ("items", "headline"):
        (fault,) = faults_of(tmp_path, f"{API}    {name}: {json.dumps(path)}\n")
        assert fault.key == f"sources.news.{name}"
        assert fault.allowed.startswith("a JMESPath expression")
        assert reason in fault.allowed


@pytest.mark.parametrize(
    "path", ["sum(data)", "sort_by(rows, &id)[-1::-1]", "merge(a, b)", "a || `{}`", "not_null(a, b)"]
)
def test_path_with_functions_is_taken(tmp_path: Path, path: str) -> None:
    assert read(tmp_path, f"{API}    items: {json.dumps(path)}\n").sources["news"].options


@pytest.mark.parametrize("link", ["https://a.example.org/{docid", "https://a.example.org/docid}", "/a/{}", "/{a{b}}"])
def test_link_with_an_open_brace_is_told(tmp_path: Path, link: str) -> None:
    (fault,) = faults_of(tmp_path, f"{API}    link: '{link}'\n")
    assert "{docid}" in fault.allowed


@pytest.mark.parametrize("pattern", ["**a**", "/abs/*", ""])
def test_pattern_that_is_none_is_told(tmp_path: Path, pattern: str) -> None:
    (fault,) = faults_of(tmp_path, f"{FOLDER}    files: ['*.md', '{pattern}']\n")
    assert fault.key == "sources.news.files"
    assert "**/*.md" in fault.allowed


@pytest.mark.parametrize("size", ["9" * 5_000 + " GB", "9" * 400, "1" + "0" * 19])
def test_size_beyond_all_disks_is_told(tmp_path: Path, size: str) -> None:
    (fault,) = faults_of(tmp_path, f"pages: {{keep: {size}}}\n")
    assert "a size such as" in fault.allowed
