"""A configuration that is right: what is read, what comes from the environment, what is never shown."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedservice.config.masking import mask_line
from feedservice.config.reading import Config, load
from feedservice.config.showing import rows
from feedservice.config.values import parse_size, say_size
from feedservice.errors import ConfigError
from feedservice.sources import KINDS as REAL_KINDS
from tests.config_kinds import KINDS, Pages, Shelf, Stream

Read = Callable[..., Config]
NEWS = "sources:\n  news:\n    kind: listing\n    url: https://www.example.org/news/\n"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Load a configuration from text."""

    def read_text(text: str | bytes, environ: Mapping[str, str] | None = None) -> Config:
        path = tmp_path / "config.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load(str(path), environ or {}, KINDS)

    return read_text


def shown(config: Config) -> dict[str, tuple[object, str]]:
    return {row.key: (row.value, row.origin.rpartition("/")[2]) for row in rows(config)}


# ------------------------------------------------------------------------------------------------ what is read


def test_sources_get_common_settings_and_those_of_their_kind(read: Read) -> None:
    config = read(
        f"{NEWS}    pages: 3\n    every: 1h 30m\n    category: 资讯动态 > 其他信息\n"
        "  town:\n    kind: folder\n    path: town\n  blog:\n    kind: feed\n    url: https://blog.example.org/feed\n"
    )
    news, town, blog = config.sources.values()
    assert (news.name, news.common.every, news.common.category) == (
        "news",
        timedelta(minutes=90),
        ("资讯动态", "其他信息"),
    )
    assert news.options == Pages(url="https://www.example.org/news/", pages=3)
    assert town.options == Shelf(path="town")
    assert blog.options == Stream(url="https://blog.example.org/feed")


def test_sections_may_be_left_out_or_empty(read: Read) -> None:
    """A section whose settings are all commented out means the defaults, like one that is not there."""
    assert read("site:\nserver:\nsources:\n").settings == read("server: {port: 8000}\n").settings


@pytest.mark.parametrize("text", ["1m", "60s", "60", "60.0", "0.5m 30s", "1 M"])
def test_durations_may_be_written_in_many_ways(read: Read, text: str) -> None:
    assert read(f"schedule:\n  every: {text}\n").settings.schedule.every == timedelta(minutes=1)


@pytest.mark.parametrize("text", ["资讯动态 > 其他信息", "资讯动态>其他信息", "[资讯动态, 其他信息]"])
def test_category_is_a_path_or_a_list(read: Read, text: str) -> None:
    common = read(f"{NEWS}    category: {text}\n").sources["news"].common
    assert common.category == ("资讯动态", "其他信息")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("资讯 ＞ 其他", "资讯 > 其他"),
        ("资讯›其他", "资讯 > 其他"),
        ("[资讯 > 其他, 公告]", "资讯 > 其他 > 公告"),
        ("Breadcrumb", "breadcrumb"),
    ],
)
def test_category_that_is_surely_mistyped_is_a_fault(read: Read, text: str, meant: str) -> None:
    """Taken for what it may mean, it would move the feeds of whoever has it so far."""
    with pytest.raises(ConfigError) as raised:
        read(f"{NEWS}    category: {text}\n")
    (fault,) = raised.value.faults
    assert (fault.key, fault.nearest) == ("sources.news.category", meant)


@pytest.mark.parametrize(
    ("zone", "meant"),
    [("UTC+8", "Asia/Shanghai"), ("GMT-05:00", "Etc/GMT+5"), ("Asia/Beijing", "Asia/Shanghai"), ("UTC+99", "")],
)
def test_zone_that_is_meant_is_told(read: Read, zone: str, meant: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read(f"site: {{timezone: {zone}}}\n")
    assert [fault.nearest for fault in raised.value.faults] == [meant]


def test_category_may_be_the_breadcrumb_or_none(read: Read) -> None:
    assert read(NEWS).sources["news"].common.category == "breadcrumb"
    assert read(f"{NEWS}    category: breadcrumb\n").sources["news"].common.category == "breadcrumb"
    assert read(f"{NEWS}    category: null\n").sources["news"].common.category is None


def test_words_of_yaml_1_1_are_text(read: Read) -> None:
    """`no`, dates and 12:30 are what they look like, as in editors, not false, days and 750."""
    for text in ("no", "2024-09-29", "12:30", "1_000", "=", "<<"):
        assert read(f"site:\n  title: {text}\n").settings.site.title == text


@pytest.mark.parametrize("url", [f"http://a.example.org/{query}" for query in ("list?id=3", "?", "?a=1&b=c?d")])
def test_question_marks_within_text_are_text_in_braces_too(read: Read, url: str) -> None:
    """As in YAML 1.2 and in editors: it was said that the braces are never closed."""
    config = read(
        f"sources: {{a: {{kind: listing, url: {url}}}}}\n"
        f"selections: {{t: {{title: What?, include: {{title: [{url}, a ? b]}}}}}}\n"
    )
    assert config.sources["a"].options.model_dump()["url"] == url
    assert config.settings.selections["t"].title == "What?"
    assert config.settings.selections["t"].include.title == (url, "a ? b")


def test_an_alias_stands_for_a_copy(read: Read) -> None:
    """Sources of one site share their rules."""
    config = read(
        f"{NEWS}    article: &rules\n      title: .headline\n"
        "  more:\n    kind: listing\n    url: https://www.example.org/more/\n    article: *rules\n"
    )
    assert config.sources["more"].common.article == config.sources["news"].common.article
    assert config.sources["more"].common.article.title == (".headline",)


def test_a_fault_behind_an_alias_is_shown_where_it_stands(read: Read) -> None:
    text = f"{NEWS}    article: &rules\n      titel: .x\n  more:\n    kind: folder\n    path: a\n    article: *rules\n"
    with pytest.raises(ConfigError) as raised:
        read(text)
    assert [(fault.line, fault.key) for fault in raised.value.faults] == [
        (6, "sources.news.article.titel"),
        (6, "sources.more.article.titel"),
    ]


@pytest.mark.parametrize(
    "encode", [lambda text: b"\xef\xbb\xbf" + text.encode(), lambda text: text.replace("\n", "\r\n").encode()]
)
def test_byte_order_mark_and_windows_line_ends_are_read(read: Read, encode: Callable[[str], bytes]) -> None:
    assert read(encode(NEWS)).sources["news"].options == Pages(url="https://www.example.org/news/")


def test_store_path_is_relative_to_the_file(read: Read, tmp_path: Path) -> None:
    assert read("store: {url: 'sqlite:///var/a.db'}\n").store_url == f"sqlite:///{tmp_path.resolve()}/var/a.db"
    assert read("store: {url: 'sqlite:////var/a.db'}\n").store_url == "sqlite:////var/a.db"


# ------------------------------------------------------------------------------------------------ what cannot be read


def test_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nothing\.yaml: there is no such file(?s:.*)--config FILE"):
        load(str(tmp_path / "nothing.yaml"), {}, KINDS)


def test_folder_in_place_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load(str(tmp_path), {}, KINDS)


def test_gbk_file_is_refused_at_its_first_wrong_character(read: Read) -> None:
    with pytest.raises(ConfigError) as raised:
        read("site:\n  title: 新闻\n".encode("gbk"))
    (fault,) = raised.value.faults
    assert (fault.line, fault.column, fault.problem) == (2, 10, "this is not UTF-8")


def test_utf_16_file_is_refused(read: Read) -> None:
    with pytest.raises(ConfigError, match="not UTF-8"):
        read("site:\n  title: x\n".encode("utf-16"))


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.binary(max_size=80),
        st.lists(
            st.sampled_from(
                [
                    "sources:",
                    "site:",
                    "\n",
                    "  ",
                    "- ",
                    "a: ",
                    "{",
                    "}",
                    "[",
                    "]",
                    "&a ",
                    "*a ",
                    "'",
                    '"',
                    "${A}",
                    "|\n",
                    "!t ",
                    "\t",
                    "💥",
                    ": ",
                    "#",
                    "? ",
                ]
            ),
            max_size=30,
        ).map("".join),
    )
)
def test_any_text_is_a_configuration_or_a_list_of_faults(
    tmp_path_factory: pytest.TempPathFactory, text: str | bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    try:
        load(str(path), {}, KINDS)
    except ConfigError as error:
        assert error.faults  # noqa: PT017
        assert str(error)  # noqa: PT017


# ------------------------------------------------------------------------------------------------ the environment


def test_variables_are_put_into_values(read: Read) -> None:
    config = read(
        f"{NEWS}    limit: ${{LIMIT}}\n    enabled: ${{ON:-false}}\n    title: a ${{WHO:-stranger}} b\n    headers:\n"
        "      Cookie: id=${COOKIE}\n",
        {"LIMIT": "25", "COOKIE": "4711"},
    )
    common = config.sources["news"].common
    assert (common.limit, common.enabled, common.title) == (25, False, "a stranger b")
    assert common.headers["Cookie"].get_secret_value() == "id=4711"


def test_a_number_from_the_environment_stays_text_where_text_is_wanted(read: Read) -> None:
    config = read(f"{NEWS}    headers: {{X-Key: '${{KEY}}'}}\n    title: ${{KEY}}\n", {"KEY": "0815"})
    assert config.sources["news"].common.title == "0815"
    assert config.sources["news"].common.headers["X-Key"].get_secret_value() == "0815"


def test_a_value_from_the_environment_is_never_yaml(read: Read) -> None:
    """Nobody who sets a variable can add a setting."""
    assert read("site:\n  title: ${TITLE}\n", {"TITLE": "x\nserver: {port: 1}"}).settings.site.title.startswith("x\n")


def test_two_dollars_are_one(read: Read) -> None:
    assert read("site:\n  title: a $${NAME} b $5\n").settings.site.title == "a ${NAME} b $5"


def test_secrets_may_stand_in_files(read: Read, tmp_path: Path) -> None:
    """${file:PATH}, and a variable NAME by way of NAME_FILE, as containers hand secrets over."""
    (tmp_path / "cookie").write_text("from a file\n")
    config = read(f"{NEWS}    headers: {{A: '${{file:cookie}}', B: '${{COOKIE}}'}}\n", {"COOKIE_FILE": "cookie"})
    headers = config.sources["news"].common.headers
    assert [value.get_secret_value() for value in headers.values()] == ["from a file", "from a file"]


def test_port_host_and_store_of_the_environment_win(read: Read, tmp_path: Path) -> None:
    (tmp_path / "store").write_text("postgresql://a:b@c/d\n")
    environ = {"PORT": "9000", "FEEDSERVICE_HOST": "0.0.0.0", "FEEDSERVICE_STORE_URL_FILE": "store"}
    settings = read("server: {port: 8000}\n", environ).settings
    assert (settings.server.port, settings.server.host) == (9000, "0.0.0.0")
    assert settings.store.url == "postgresql://a:b@c/d"


def test_an_empty_variable_of_ours_counts_as_unset(read: Read) -> None:
    assert read("server: {port: 8001}\n", {"PORT": ""}).settings.server.port == 8001


def test_fault_in_a_variable_of_ours_names_the_variable(read: Read) -> None:
    with pytest.raises(ConfigError) as raised:
        read("server: {port: 8000}\n", {"PORT": "80800", "FEEDSERVICE_STORE_URL": "mysql://u:canary@h/d"})
    assert {(fault.file, fault.line) for fault in raised.value.faults} == {("$FEEDSERVICE_STORE_URL", 0), ("$PORT", 0)}
    assert "canary" not in str(raised.value)
    assert "a whole number from 1 to 65535" in str(raised.value)


def test_short_value_of_a_variable_is_covered_where_it_stands_alone(read: Read) -> None:
    """It was covered within the words that say what is allowed: `te(a value from the environment)t`."""
    with pytest.raises(ConfigError) as raised:
        read(NEWS, {"FEEDSERVICE_STORE_URL": "x"})
    assert "allowed: text such as sqlite:///var/feedservice.db" in str(raised.value)


def test_surrounding_environment_is_left_alone(read: Read) -> None:
    """Only what was handed in counts, not the process's own environment."""
    assert "PATH" in os.environ
    with pytest.raises(ConfigError, match="PATH is not set"):
        read("site:\n  title: ${PATH}\n", {})


# ------------------------------------------------------------------------------------------------ what is shown


def test_each_value_tells_where_it_comes_from(read: Read) -> None:
    config = read(
        f"site:\n  title: Town\nserver:\n  port: 8000\n{NEWS}    limit: ${{LIMIT}}\n", {"PORT": "9", "LIMIT": "7"}
    )
    values = shown(config)
    assert values["site.title"] == ("Town", "config.yaml:2")
    assert values["server.port"] == (9, "$PORT")
    assert values["server.host"] == ("127.0.0.1", "default")
    assert values["sources.news.url"] == ("https://www.example.org/news/", "config.yaml:8")
    assert values["sources.news.limit"] == ("${LIMIT}", "config.yaml:9, $LIMIT")


def test_secrets_are_never_shown(read: Read) -> None:
    """Not by `config show`, not by the repr that a traceback or a log line would print."""
    config = read(
        f"store: {{url: 'postgresql://u:canary@h/d'}}\nfetch: {{proxy: 'http://u:canary@proxy.example.org:1'}}\n{NEWS}"
        "    headers: {Cookie: canary, Other: '${OTHER}'}\n    title: ${OTHER}\n",
        {"OTHER": "canary"},
    )
    values = shown(config)
    assert values["sources.news.headers.Cookie"][0] == "***"
    assert values["store.url"][0] == "postgresql://u:***@h/d"
    assert "canary" not in repr(values)
    assert "canary" not in repr(config)


# ------------------------------------------------------------------------------------------------ the shipped parts


def test_kinds_do_not_take_names_that_all_sources_have() -> None:
    """In the file both stand side by side, so that a name must belong to one of them."""
    from feedservice.config.settings import SourceSettings

    shared = set(SourceSettings.model_fields)
    assert {kind.name: shared & set(kind.options.model_fields) for kind in REAL_KINDS.values()} == {
        name: set() for name in REAL_KINDS
    }


def test_shipped_configuration_is_right() -> None:
    root = Path(__file__).parent.parent
    config = load(str(root / "config.yaml"), {}, REAL_KINDS)
    assert list(config.sources)
    first = (root / "config.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=./config.schema.json"


def test_a_thousand_sources_load_in_a_moment(read: Read) -> None:
    text = "sources:\n" + "".join(
        f"  source-{number}:\n    kind: listing\n    url: https://www.example.org/{number}/\n" for number in range(1000)
    )
    assert len(read(text).sources) == 1000


# ------------------------------------------------------------------------------------------------ feeds of one's own


def test_selections_are_read_with_one_word_or_many(read: Read) -> None:
    config = read(
        f"{NEWS}selections:\n  picked:\n    sources: news\n    categories: [资讯动态 > 其他信息, [城镇]]\n"
        "    include: {title: 公告, body: [a, 'regex:b+']}\n    attachment: false\n  everything: {}\n"
    )
    picked, everything = config.settings.selections.values()
    assert picked.sources == ("news",)
    assert picked.categories == (("资讯动态", "其他信息"), ("城镇",))
    assert (picked.include.title, picked.include.body) == (("公告",), ("a", "regex:b+"))
    assert (picked.attachment, picked.language, everything.attachment) == (False, None, None)


def test_moved_and_gone_feeds_are_read(read: Read) -> None:
    feeds = read(f"{NEWS}feeds:\n  moved: {{old: news, older: old}}\n  gone: [lost]\n").settings.feeds
    assert (feeds.moved, feeds.gone) == ({"old": "news", "older": "old"}, ("lost",))


def test_selections_are_shown(read: Read) -> None:
    values = shown(read("selections:\n  picked:\n    title: 精选\n"))
    value, origin = values["selections.picked"]
    assert isinstance(value, dict)
    assert value["title"] == "精选"
    assert origin == "config.yaml:3"


@pytest.mark.parametrize(
    ("written", "size"),
    [("512 MB", 512_000_000), ("2GB", 2_000_000_000), ("1.5 kb", 1_500), (0, 0), ("700", 700), ("7 b", 7), (7.0, 7)],
)
def test_size_is_text_or_a_number_of_bytes(written: object, size: int) -> None:
    assert parse_size(written) == size
    assert parse_size(say_size(size)) == size


@pytest.mark.parametrize("written", ["2 KiB", "-1 MB", -1, 1.5, True, "MB", ""])
def test_no_size_is_refused_with_what_is_allowed(written: object) -> None:
    with pytest.raises(ValueError, match="512 MB"):
        parse_size(written)


@pytest.mark.parametrize("part", ["x", "新", "cookie", "http://a:", "x://", "token: ", "://u:"])
def test_fault_beside_a_long_value_is_told_at_once(read: Read, part: str) -> None:
    """Secrets are looked for in the whole line, whatever stands there."""
    began = time.monotonic()
    with pytest.raises(ConfigError, match="there is no such setting"):
        read(f"site: {{titel: '{part * 8_000}'}}\n")
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("url: postgresql://u:p@ss@h/db", "url: postgresql://u:****@h/db"),
        ("a: x1http://u:p@h ftp://v:secret@i", "a: x1http://u:*@h ftp://v:******@i"),
        ("a: http://h:80/x@y", "a: http://h:****@y"),
        ("X-Api-Key: 'abc'", "X-Api-Key: *****"),
        ("{a: 1, my_token: abc, b: 2}", "{a: 1, my_token: **********"),
        ("token: ${TOKEN}", "token: ${TOKEN}"),
        ("token:abc", "token:abc"),
    ],
)
def test_what_looks_like_a_secret_is_covered_in_place(line: str, masked: str) -> None:
    assert mask_line(line) == masked
