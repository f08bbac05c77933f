"""What a selection takes: sources, shelves, words, languages, files; and never much work."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedservice.config.patterns import check_word
from feedservice.model import Attachment, CategoryStep, Fields
from feedservice.selecting import Rule, Words, matches, plain_text, selections_of

NEWS = (CategoryStep(title="资讯动态", slug="zixun"), CategoryStep(title="其他信息", slug="qita"))
OTHER = (CategoryStep(title="其他信息", slug="qita-2"),)


def takes(rule: Rule, **fields: object) -> bool:
    return matches(rule, Fields(**fields), "site", ())  # type: ignore[arg-type]


def including(**words: tuple[str, ...]) -> Rule:
    return Rule(include=Words(**words))


def test_an_empty_rule_takes_everything() -> None:
    assert takes(Rule())


def test_only_named_sources_are_taken() -> None:
    rule = Rule(sources=frozenset({"site", "town"}))
    assert [matches(rule, Fields(), source, ()) for source in ("site", "town", "other")] == [True, True, False]


def test_a_shelf_holds_what_is_below_it_and_nothing_beside_it() -> None:
    above, below = Rule(categories=(("资讯动态",),)), Rule(categories=(("资讯动态", "其他信息"),))
    for rule in (above, below):
        assert matches(rule, Fields(), "site", (NEWS,))
        assert not matches(rule, Fields(), "site", (OTHER,))
        assert not matches(rule, Fields(), "site", ())
    assert not matches(below, Fields(), "site", (NEWS[:1],))
    assert matches(below, Fields(), "site", (OTHER, NEWS))


@pytest.mark.parametrize(
    ("word", "title"),
    [
        ("公告", "关于放假的公告"),
        ("teda", "TEDA opens a new port"),
        ("ＴＥＤＡ", "teda 2026"),
        ("2026年", "２０２６年工作要点"),
        ("STRASSE", "Hauptstraße"),
        ("(更新)", "公告（更新）"),
        ("C++", "Learning c++"),
    ],
)
def test_words_are_found_in_any_case_and_width(word: str, title: str) -> None:
    assert takes(including(title=(word,)), title=title)
    assert not takes(including(title=(word,)), title="别的", body=title)


def test_one_word_of_each_named_part_has_to_be_there() -> None:
    rule = including(title=("公告", "通知"), origin=("新华社",))
    assert takes(rule, title="通知", origins=("人民日报", "新华社"))
    assert not takes(rule, title="通知")
    assert not takes(rule, title="新闻", origins=("新华社",))


def test_no_excluded_word_may_be_anywhere() -> None:
    rule = Rule(include=Words(title=("公告",)), exclude=Words(title=("招聘",), author=("机器人",)))
    assert takes(rule, title="公告")
    assert not takes(rule, title="招聘公告")
    assert not takes(rule, title="公告", authors=("张三", "机器人"))


def test_words_in_the_body_are_found_across_markup_in_a_line_and_not_across_blocks() -> None:
    assert takes(including(body=("高质量发展",)), body="<p>高<b>质量</b><span class='x'>发</span>展</p>")
    assert not takes(including(body=("甲乙",)), body="<p>甲</p><p>乙</p>")
    assert takes(including(body=("A & B",)), body="<td>a &amp;\n   b</td>")


def test_markup_itself_is_no_text() -> None:
    assert not takes(including(body=("href",)), body='<a href="https://www.example.org/href">x</a>')


def test_regular_expressions_see_the_text_as_it_is_written() -> None:
    assert takes(including(title=("regex:第[0-9]+号",)), title="津政第12号")
    assert takes(including(title=("regex:^teda",)), title="TEDA news")
    assert not takes(including(title=("regex:^news",)), title="TEDA news")
    assert takes(including(body=("regex:^第二行$",)), body="<p>第一行</p><p>第二行</p>")


@given(before=st.integers(0, 3_000), length=st.integers(1, 190))
def test_a_match_of_up_to_200_characters_is_found_wherever_it_stands(before: int, length: int) -> None:
    assert takes(including(body=("regex:b[0-9]*e",)), body="x" * before + "b" + "7" * length + "e" + "y" * 500)


@pytest.mark.parametrize("word", ["regex:.*a.*", "regex:[0-9]+x[0-9]+", "regex:a*b", "regex:(?:a|b)c{0,9}.*d", "aaab"])
@pytest.mark.parametrize("text", ["a" * 2_000_000, "0" * 2_000_000, "ab" * 500_000, "<" * 200_000, "&" * 200_000])
def test_no_text_takes_long(word: str, text: str) -> None:
    check_word(word)
    rule, start = Rule(include=Words(title=("没有",), body=(word,)), exclude=Words(body=(word,))), time.process_time()
    takes(rule, body=text, title="没有")
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    "pattern", ["(a+)+", "(a|aa)+", "(a?){20}", "(.*)\\1", "(?=a)", "(?i)a", "a*b*c*", "a?" * 12, "(", "", "a" * 600]
)
def test_patterns_without_bounds_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="a regular expression"):
        check_word(f"regex:{pattern}")


@pytest.mark.parametrize(
    "pattern",
    ["第[0-9]+号", "(?:公告|通知)$", "[(*+|]{2}", r"\(\d{4}\)", r"20\d\d年(?:\d{1,2}月)?", "(?:ab){2,4}", "a{x"],
)
def test_ordinary_patterns_are_let_through(pattern: str) -> None:
    assert check_word(f"regex:{pattern}") == f"regex:{pattern}"


def test_a_language_takes_its_regions_and_unstated_counts_as_the_assumed_one() -> None:
    rule = Rule(language="zh", assumed="zh-CN")
    assert takes(rule, language="zh-Hans-CN")
    assert takes(rule, language="ZH")
    assert takes(rule)
    assert not takes(rule, language="en")
    assert not takes(Rule(language="zh-CN"), language="zh")
    assert not takes(Rule(language="e"), language="en")


def test_articles_with_files_or_without() -> None:
    file = (Attachment(url="https://www.example.org/a.pdf"),)
    assert takes(Rule(attachment=True), attachments=file)
    assert not takes(Rule(attachment=True))
    assert takes(Rule(attachment=False))
    assert not takes(Rule(attachment=False), attachments=file)


def test_every_selection_that_takes_it_is_named() -> None:
    rules = {"b": Rule(), "a": including(title=("x",)), "c": including(title=("y",))}
    assert selections_of(rules, Fields(title="X"), "site", ()) == ("b", "a")


@given(st.text(alphabet="<>&;ab \n/p'\"=公"))
def test_any_body_has_a_plain_text(body: str) -> None:
    text = plain_text(body)
    assert text == text.strip()
    assert "\n\n" not in text
