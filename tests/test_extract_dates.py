"""When an article was published: the forms in which dates are written, and the right one among all those on a page."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract, parse_moment
from feedservice.model import Fields, Moment, Page, Precision

ZONE = "Asia/Shanghai"
NOW = datetime(2024, 9, 25, 13, 1, tzinfo=UTC)
PAST = "<p>示例新区的前身成立于1984年12月6日，2007年6月29日通过了新的规划，此后多次修订，至今已有四十年的历史。</p>"
TEXT = "<p>记者从示例新区获悉，当地今年将新建三座公园，方便附近居民休闲健身，预计全部工程在年内完成。</p>" * 4


def told(moment: Moment | None) -> str | None:
    """A moment with its offset, as far as it was told."""
    if moment is None:
        return None
    text = moment.at.isoformat()
    offset = text[19:]
    return text[: {Precision.DAY: 10, Precision.MINUTE: 16, Precision.SECOND: 19}[moment.precision]] + offset


def fields_of(line: str, *, head: str = "", text: str = TEXT, after: str = "", url: str = "") -> Fields:
    html = (
        f"<html lang=zh><head><meta charset=utf-8><title>示例新区将新建三座公园</title>{head}</head><body>"
        f"<h1>示例新区将新建三座公园</h1><div class=info>{line}</div><div id=zoom>{text}</div>{after}</body></html>"
    )
    page = Page(url=url or "https://www.example.org/a.html", status=200, content_type="", body=html.encode())
    return extract(page, ArticleRules(), ZONE).fields


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-09-25 21:01", "2024-09-25T21:01+08:00"),
        ("2024-09-25 21:01:33", "2024-09-25T21:01:33+08:00"),
        ("2024-09-25-21:01:33", "2024-09-25T21:01:33+08:00"),
        ("2024/9/5", "2024-09-05+08:00"),
        ("2024.09.25", "2024-09-25+08:00"),
        ("2024年9月25日", "2024-09-25+08:00"),
        ("2024年09月25日 21时01分", "2024-09-25T21:01+08:00"),
        ("2024年9月25日 下午3:05", "2024-09-25T15:05+08:00"),
        ("2024年9月25日 星期三 21:01", "2024-09-25T21:01+08:00"),
        ("２０２４－０９－２５", "2024-09-25+08:00"),
        ("发布日期：2024-09-25", "2024-09-25+08:00"),
        ("20240925210133", "2024-09-25T21:01:33+08:00"),
        ("20240925", "2024-09-25+08:00"),
        ("二〇二四年九月二十五日", "2024-09-25+08:00"),
        ("二○二四年十月十日", "2024-10-10+08:00"),
        ("民國113年9月25日", "2024-09-25+08:00"),
        ("113.09.25", "2024-09-25+08:00"),
        ("令和6年9月25日", "2024-09-25+08:00"),
        ("2024년 9월 25일", "2024-09-25+08:00"),
    ],
)
def test_east_asian_forms_are_read(text: str, expected: str) -> None:
    assert told(parse_moment(text, ZONE, None)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-09-25T21:01:33Z", "2024-09-25T21:01:33+00:00"),
        ("2024-09-25T21:01:33+02:00", "2024-09-25T21:01:33+02:00"),
        ("2024-09-25T21:01:33.250+0200", "2024-09-25T21:01:33+02:00"),
        ("Wed, 25 Sep 2024 21:01:33 GMT", "2024-09-25T21:01:33+00:00"),
        ("September 25, 2024", "2024-09-25+08:00"),
        ("25 September 2024, 9:01 pm", "2024-09-25T21:01+08:00"),
        ("25. September 2024", "2024-09-25+08:00"),
        ("25 de septiembre de 2024", "2024-09-25+08:00"),
        ("25 сентября 2024 г.", "2024-09-25+08:00"),
        ("5 Eyl 2024", "2024-09-05+08:00"),
        ("5 EYLÜL 2024", "2024-09-05+08:00"),
        ("05 сент. 2024 г.", "2024-09-05+08:00"),
        ("5 вер. 2024", "2024-09-05+08:00"),
        ("5. септембар 2024.", "2024-09-05+08:00"),
        ("2024. szept. 5.", "2024-09-05+08:00"),
        ("5 Σεπ 2024, 14:03", "2024-09-05T14:03+08:00"),
        ("٥ أيلول ٢٠٢٤", "2024-09-05+08:00"),
        ("5 בספטמבר 2024", "2024-09-05+08:00"),
        ("5 मई 2024", "2024-05-05+08:00"),
        ("৫ জানু\u09dfারি ২০২৪", "2024-01-05+08:00"),
        ("৫ জানু\u09af\u09bcারি ২০২৪", "2024-01-05+08:00"),
        ("5 செப்டம்பர் 2024", "2024-09-05+08:00"),
        ("5 กันยายน 2567", "2024-09-05+08:00"),
        ("5 ก.ย. พ.ศ. 2567", "2024-09-05+08:00"),
        ("5 ก.ย. 2024", "2024-09-05+08:00"),
        ("5 tháng 9, 2024", "2024-09-05+08:00"),
        ("2024 m. rugsėjo 5 d.", "2024-09-05+08:00"),
        ("2024. gada 5. septembrī", "2024-09-05+08:00"),
        ("2024ko irailaren 5a", "2024-09-05+08:00"),
        ("Septiembre 5 de 2024", "2024-09-05+08:00"),
        ("Sep-05-2024", "2024-09-05+08:00"),
        ("05-SEP-24", "2024-09-05+08:00"),
        ("5 Sep '24", "2024-09-05+08:00"),
        ("25/09/2024", "2024-09-25+08:00"),
        ("09/25/2024", "2024-09-25+08:00"),
    ],
)
def test_other_forms_are_read_and_their_own_zone_wins(text: str, expected: str) -> None:
    assert told(parse_moment(text, ZONE, None)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-08-08 HKT 15:02", "2020-08-08T15:02+08:00"),
        ("2020-08-08 (JST) 15:08", "2020-08-08T15:08+09:00"),
        ("2020-08-08（HKT）15:08", "2020-08-08T15:08+08:00"),
        ("2020年8月8日 HKT 15:08", "2020-08-08T15:08+08:00"),
        ("2020-08-08 CST 15:08", "2020-08-08T15:08+08:00"),
        ("08 Aug 2020 MSK 15:08", "2020-08-08T15:08+03:00"),
        ("Aug 8, 2020, EST 3:08 pm", "2020-08-08T15:08-05:00"),
        ("8 août 2020 est 15h", "2020-08-08+08:00"),
        ("2020-08-08 ABC 15:08", "2020-08-08+08:00"),
    ],
)
def test_zone_may_stand_between_date_and_time(text: str, expected: str) -> None:
    assert told(parse_moment(text, ZONE, None)) == expected


@pytest.mark.parametrize("text", ["1727269293", "1727269293000"])
def test_epoch_is_read_in_seconds_and_in_milliseconds(text: str) -> None:
    moment = parse_moment(text, ZONE, None)
    assert moment is not None
    assert moment.at == datetime(2024, 9, 25, 13, 1, 33, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3小时前", "2024-09-25T18:01"),
        ("5分钟前", "2024-09-25T20:56"),
        ("刚刚", "2024-09-25T21:01"),
        ("昨天 08:30", "2024-09-24T08:30"),
        ("2 hours ago", "2024-09-25T19:01"),
        ("09-24", "2024-09-24"),
        ("12-30", "2023-12-30"),
    ],
)
def test_relative_dates_and_those_without_a_year_count_from_now(text: str, expected: str) -> None:
    moment = parse_moment(text, ZONE, NOW)
    assert moment is not None
    assert moment.at.isoformat().startswith(expected)
    assert parse_moment(text, ZONE, None) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "来源：示例日报",
        "2024-13-45",
        "2024年2月30日",
        "电话 022-25201111",
        "第2024-001号",
        "1.2.3",
        "10:30",
        "5 Pro 2024",
    ],
)
def test_what_is_no_date_is_not_read(text: str) -> None:
    assert parse_moment(text, ZONE, NOW) is None


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2099, 12, 31)))  # noqa: DTZ001
def test_every_minute_survives_being_written_and_read(at: datetime) -> None:
    for form in ("%Y-%m-%d %H:%M", "%Y年%m月%d日 %H:%M", "%Y/%m/%d %H:%M"):
        moment = parse_moment(at.strftime(form), ZONE, None)
        assert moment is not None
        assert moment.at.strftime(form) == at.strftime(form)
        assert moment.precision is Precision.MINUTE


@given(st.text(max_size=400))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    moment = parse_moment(text, ZONE, NOW)
    assert moment is None or moment.at.tzinfo is not None


def test_dates_are_always_aware() -> None:
    moment = parse_moment("2024-09-25", ZONE, None)
    assert moment is not None
    assert moment.at.utcoffset() is not None


# among all the dates on a page


@pytest.mark.parametrize("label", ["发布时间", "发布日期", "发表时间", "时间", "日期", "发 布 时 间"])
def test_labelled_date_is_the_one(label: str) -> None:
    fields = fields_of(f"{label}：2024-09-25 21:01 浏览次数：20240101", text=PAST + TEXT)
    assert told(fields.published) == "2024-09-25T21:01+08:00"


def test_date_beside_the_headline_goes_before_dates_in_the_text() -> None:
    assert told(fields_of("2024-09-25 21:01　示例日报", text=PAST + TEXT).published) == "2024-09-25T21:01+08:00"


def test_date_that_is_split_over_elements_is_put_together() -> None:
    line = "<span class=year>2024</span> / <span>09/25</span> / <span>22:27:02</span>"
    assert told(fields_of(line).published) == "2024-09-25T22:27:02+08:00"


def test_dates_of_other_articles_do_not_count() -> None:
    others = "<div class=hot><ul>" + "".join(
        f"<li><a href='/{n}.html'>别的文章第{n}篇</a><span>2024-10-0{n}</span></li>" for n in range(1, 9)
    )
    assert told(fields_of("2024-09-25 21:01", after=others + "</ul></div>").published) == "2024-09-25T21:01+08:00"


def test_time_of_the_meta_name_completes_the_day_that_is_shown() -> None:
    head = '<meta name="PubDate" content="2024-09-25 21:01:33">'
    assert told(fields_of("发布日期：2024-09-25", head=head).published) == "2024-09-25T21:01:33+08:00"


def test_date_of_structured_data_is_read() -> None:
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2024-09-25T13:01:33Z", '
        '"dateModified": "2024-09-26T01:00:00Z"}</script>'
    )
    fields = fields_of("", head=head)
    assert told(fields.published) == "2024-09-25T13:01:33+00:00"
    assert told(fields.updated) == "2024-09-26T01:00:00+00:00"


def test_update_is_not_the_publication() -> None:
    fields = fields_of("发布时间：2024-09-25 21:01 更新时间：2024-09-26 08:20")
    assert (told(fields.published), told(fields.updated)) == ("2024-09-25T21:01+08:00", "2024-09-26T08:20+08:00")


def test_notice_may_be_dated_at_its_end() -> None:
    signed = TEXT + "<p style='text-align:right'>示例新区管委会</p><p style='text-align:right'>2024年9月25日</p>"
    assert told(fields_of("", text=signed).published) == "2024-09-25+08:00"


def test_address_tells_the_day_where_nothing_else_does() -> None:
    url = "https://www.example.org/qtxx/202409/t20240925_1224.html"
    assert told(fields_of("", url=url).published) == "2024-09-25+08:00"


@pytest.mark.parametrize("slug", ["2016123-some-words", "2089096-una-solucion", "20161-2-words"])
def test_number_in_an_address_that_only_begins_like_a_year_is_no_day(slug: str) -> None:
    assert fields_of("", url=f"https://www.example.org/{slug}").published is None


def test_address_tells_the_day_whose_section_stands_between_year_and_month() -> None:
    assert told(fields_of("", url="https://www.example.org/2013/middle_east/8/3/parks/index.html").published) == (
        "2013-08-03+08:00"
    )
    assert fields_of("", url="https://www.example.org/2013/volume/8/3/index.html").published is None


@pytest.mark.parametrize(
    "note",
    [
        "版权所有 © 2013 示例新区网",
        "Copyright 2013 <a href='/'>示例新区网</a> All Rights Reserved",
        "&copy; <span>2013</span> 示例新区网",
        "示例新区网 2013",
    ],
)
def test_year_of_a_copyright_is_no_date(note: str) -> None:
    assert fields_of("", text=f"{TEXT}</div><div class=foot>{note}").published is None


@pytest.mark.parametrize("said", ["2013-01-01", "1 January 2013", "2013年1月1日"])
def test_first_of_january_counts_where_the_page_says_so(said: str) -> None:
    assert told(fields_of("", text=f"{TEXT}</div><div class=foot>{said}<br>版权所有 © 2013 示例新区网").published) == (
        "2013-01-01+08:00"
    )


def test_comment_with_a_leftover_date_does_not_count() -> None:
    line = "<!-- 发布时间：2017-11-08 20:26 -->发布时间：2024-09-25 21:01"
    assert told(fields_of(line).published) == "2024-09-25T21:01+08:00"


def test_day_without_a_time_says_so() -> None:
    published = fields_of("发布日期：2024-09-25").published
    assert published is not None
    assert published.precision is Precision.DAY
    assert re.match(r"2024-09-25T00:00:00", published.at.isoformat())
