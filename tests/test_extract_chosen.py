"""Which of the dates that a page tells is its publication, where its data, its address and what it shows differ."""

from __future__ import annotations

import json

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.model import Fields, Page, Precision

TEXT = "<p>The town council has decided that three parks will be built near the river before the year is out.</p>" * 4


def fields_of(
    line: str,
    *,
    head: str = "",
    url: str = "https://www.example.org/parks.html",
    lang: str = "en",
    text: str = TEXT,
    after: str = "",
    title: str = "Three parks for the town",
) -> Fields:
    html = (
        f"<html lang={lang}><head><meta charset=utf-8><title>Three parks for the town</title>{head}</head><body>"
        f"<h1>{title}</h1><div class=info>{line}</div><article>{text}</article>{after}</body></html>"
    )
    return extract(Page(url=url, status=200, content_type="", body=html.encode()), ArticleRules(), "UTC").fields


def data(**dates: str) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **dates})}</script>'


def published(fields: Fields) -> str | None:
    return fields.published.at.isoformat() if fields.published else None


@pytest.mark.parametrize(
    ("stated", "shown", "expected"),
    [
        ("2018-12-31T23:11:59Z", "1 January 2019", "2019-01-01T00:11:59+01:00"),
        ("2020-02-18T02:18:11Z", "17 February 2020", "2020-02-17T23:18:11-03:00"),
        ("2020-02-18T00:00:00Z", "17 February 2020", "2020-02-17T23:00:00-01:00"),
        ("2020-02-18T02:18:11Z", "18 February 2020", "2020-02-18T02:18:11+00:00"),
        ("2020-02-18T02:18:11+01:00", "17 February 2020", "2020-02-18T02:18:11+01:00"),
    ],
)
def test_instant_in_utc_is_told_on_the_day_that_the_page_shows(stated: str, shown: str, expected: str) -> None:
    assert published(fields_of(shown, head=data(datePublished=stated))) == expected


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="PubDate" content="2024-05-06 00:00:00">',
        '<meta property="article:published_time" content="2024-05-06T00:00:00+08:00">',
        data(datePublished="2024-05-06T00:00:00+08:00"),
    ],
)
def test_midnight_that_data_state_gives_way_to_the_time_that_is_shown(head: str) -> None:
    assert str(published(fields_of("2024-05-06 10:20", head=head))).startswith("2024-05-06T10:20:00")
    alone = fields_of("", head=head).published
    assert alone is not None
    assert (alone.at.isoformat()[:19], alone.precision) == ("2024-05-06T00:00:00", Precision.DAY)


def test_midnight_that_is_stated_in_utc_is_an_instant() -> None:
    moment = fields_of("", head=data(datePublished="2024-05-06T00:00:00Z")).published
    assert moment is not None
    assert (moment.at.isoformat(), moment.precision) == ("2024-05-06T00:00:00+00:00", Precision.SECOND)


def test_instant_in_utc_is_told_on_the_day_of_the_address() -> None:
    url = "https://www.example.org/2019/01/01/parks/"
    fields = fields_of("", head=data(datePublished="2018-12-31T23:11:59Z"), url=url)
    assert published(fields) == "2019-01-01T00:11:59+01:00"


def test_day_shown_goes_before_that_of_the_address() -> None:
    url = "https://www.example.org/2019/01/01/parks/"
    fields = fields_of("31 December 2018", head=data(datePublished="2018-12-31T23:11:59Z"), url=url)
    assert published(fields) == "2018-12-31T23:11:59+00:00"


def test_day_shown_that_other_data_confirm_goes_before_a_lone_statement() -> None:
    head = data(datePublished="2023-11-03T10:25:56Z")
    head += '<meta property="article:published_time" content="2023-11-06T14:25:00Z">'
    assert published(fields_of("6 November 2023", head=head)) == "2023-11-06T14:25:00+00:00"


def test_only_day_shown_is_the_publication_of_a_page_that_was_published_again() -> None:
    head = data(datePublished="2017-08-21T13:09:00Z", dateModified="2019-04-03T08:04:01Z")
    assert str(published(fields_of("3 April 2019", head=head))).startswith("2019-04-03")


@pytest.mark.parametrize(
    "line",
    [
        "21 August 2017 | 3 April 2019",
        "Updated on 3 April 2019",
        "Päivitetty 3.4.2019",
        "Zaktualizowano 3.4.2019",
        "Uppdaterad 3.4.2019",
    ],
)
def test_day_of_a_change_is_no_publication(line: str) -> None:
    head = data(datePublished="2017-08-21T13:09:00Z", dateModified="2019-04-03T08:04:01Z")
    assert published(fields_of(line, head=head, lang="fi")) == "2017-08-21T13:09:00+00:00"


def test_day_shown_of_something_else_does_not_move_what_is_stated() -> None:
    head = data(datePublished="2019-11-27T15:21:21+01:00", dateModified="2019-11-27T15:30:00+01:00")
    assert published(fields_of("21 February 2020", head=head)) == "2019-11-27T15:21:21+01:00"


def test_guess_stays_within_the_month_of_the_address() -> None:
    url = "https://archive.example.org/web/20160218174457/https://www.example.org/2010/05/parks/"
    line = f"<p>Moved here on 2016-01-01 with all that was written before, long ago, {'and more ' * 40}</p>"
    line += f"<p>Written by somebody of the town on the 19th of May, 2010, in the town, {'and more ' * 40}</p>"
    assert str(published(fields_of(line, url=url))).startswith("2010-05-")


@pytest.mark.parametrize(
    ("words", "lang"),
    [
        ("Published: 19 May 2010", "en"),
        ("Erschienen am: 19.05.2010", "de"),
        ("Veröffentlicht am 19.05.2010<br>Dauer: 4 Minuten", "de"),
        ("Publié le 19 mai 2010", "fr"),
        ("Publicado el 19 de mayo de 2010", "es"),
        ("Pubblicato il 19 maggio 2010", "it"),
        ("Julkaistu 19.5.2010", "fi"),
        ("Publicerad 19 maj 2010", "sv"),
    ],
)
def test_day_that_a_line_in_the_text_or_below_calls_the_publication(words: str, lang: str) -> None:
    head = '<meta property="og:updated_time" content="2011-01-27T18:34:20+01:00">'
    for fields in (
        fields_of("", head=head, lang=lang, text=f"{TEXT}<p>{words}</p>"),
        fields_of("", head=head, lang=lang, after=f"<p class=meta>{words}</p>"),
    ):
        assert str(published(fields)).startswith("2010-05-19")


def test_days_below_that_differ_are_of_other_articles() -> None:
    url = "https://www.example.org/2010/05/02/parks.html"
    others = "".join(f"<p>Erschienen am {day} May 2010</p>" for day in (19, 20, 21))
    assert str(published(fields_of("", url=url, after=others))).startswith("2010-05-02")


def test_page_is_published_no_later_than_its_last_change() -> None:
    head = '<meta name="date" content="2020-04-29T11:52:23">'
    source = "<p>Source: 28.04.2020 21:38</p>"
    assert (
        str(published(fields_of("Stand: 28.04.2020 18:00 Uhr", head=head, lang="de", after=source)))[:10]
        == "2020-04-28"
    )


def test_day_shown_is_the_publication_where_the_page_marks_it_as_that_of_the_change() -> None:
    marks = (
        "<time itemprop=datePublished datetime='2021-10-27T20:35:36+01:00'></time>"
        "<time itemprop=dateModified datetime='2021-10-28T13:21:30+01:00'></time>"
    )
    fields = fields_of("Berlin, 28.10.2021, 058/21", lang="de", after=f"<div hidden>{marks}</div>")
    assert str(published(fields)).startswith("2021-10-28")


SAVED = (
    '<meta property="article:published_time" content="2022-11-17T10:33:13Z">'
    '<meta property="article:modified_time" content="{}">'
)


def test_publication_stated_for_after_the_last_change_gives_way_to_the_day_that_is_shown() -> None:
    shown = "<time datetime='2022-03-09'>09.03.2022</time>"
    again = fields_of(shown, head=SAVED.format("2022-11-17T10:32:18Z"), lang="de")
    assert str(published(again)).startswith("2022-03-09")
    since = fields_of(shown, head=SAVED.format("2022-11-18T09:00:00Z"), lang="de")
    assert str(published(since)).startswith("2022-11-17")


def test_day_in_the_words_of_the_headline_gives_way_to_the_one_beside_it() -> None:
    fields = fields_of(
        "<a href='/d'>12 July 2020</a> | <a href='/c'>Parks</a>", title="Runs in the parks of July 11, 2020"
    )
    assert str(published(fields)).startswith("2020-07-12")


def test_day_deep_in_the_first_sentence_gives_way_to_the_address() -> None:
    first = (
        "<p><b>In the presence of many guests from the town and the county the first park was on 18 October 2021 at "
        "last given to the public, who had waited for it longer than anybody can remember, as the mayor said on the "
        "same day before the council.</b></p>"
    )
    fields = fields_of(first, url="https://www.example.org/2021/10/20/parks/")
    assert str(published(fields)).startswith("2021-10-20")


@pytest.mark.parametrize("name", ["entry-date published", "entry-date published updated", "dt-published"])
def test_time_whose_class_calls_it_published_goes_before_those_of_comments(name: str) -> None:
    posted = f"<footer><time class='{name}' datetime='2019-08-02T15:57:41+00:00'>some time ago</time></footer>"
    comments = "".join(f"<p><time datetime='2019-08-05T0{hour}:51:17+00:00'>later</time></p>" for hour in range(4))
    assert published(fields_of("", after=posted + comments)) == "2019-08-02T15:57:41+00:00"


@pytest.mark.parametrize(("link", "day"), [("<link rel=prev href='/t/1?page=33'>", "2011-03-03"), ("", "2011-02-21")])
def test_later_page_of_a_discussion_is_dated_by_its_own_first_post(link: str, day: str) -> None:
    thread = {"@type": "DiscussionForumPosting", "datePublished": "2011-02-21T17:47:28+01:00"}
    head = f'<script type="application/ld+json">{json.dumps(thread)}</script>{link}'
    assert str(published(fields_of("03.03.2011, 14:17", head=head, lang="de"))).startswith(day)


@pytest.mark.parametrize(
    ("line", "lang"),
    [
        ("Last reviewed: 20 May 2019<br>Published 17 May 2019", "en"),
        ("Ultimo aggiornamento: 20 maggio 2019. Pubblicato il 17 maggio 2019", "it"),
        ("Actualizat: 20 mai 2019, Publicat: 17 mai 2019", "ro"),
        ("更新日：2019年5月20日 公開日：2019年5月17日", "ja"),
        ("최종수정 2019.05.20 13:11 기사입력 2019.05.17 10:30", "ko"),
        ("Cập nhật 20/05/2019, Đăng ngày 17/05/2019", "vi"),
        ("آخر تحديث: 20 مايو 2019 تاريخ النشر: 17 مايو 2019", "ar"),
        ("עודכן: 20.05.2019 פורסם: 17.05.2019", "he"),
        ("<div><div>May</div><div>17</div><div>2019</div></div>", "en"),
        ("<span class=date data-timestamp='1558081800'>2 hours ago</span>", "en"),
        ("<span class=date data-datetime='2019-05-17T10:30:00Z'>2 hours ago</span>", "en"),
    ],
)
def test_day_beside_the_headline_is_read_in_many_forms(line: str, lang: str) -> None:
    assert str(published(fields_of(line, lang=lang))).startswith("2019-05-17")


@pytest.mark.parametrize("path", ["news/2019/may/17/parks", "news/17-05-2019/parks", "parks-17-05-2019.html"])
def test_address_tells_the_day_with_the_month_by_name_or_the_day_first(path: str) -> None:
    assert str(published(fields_of("", url=f"https://www.example.org/{path}"))).startswith("2019-05-17")


@pytest.mark.parametrize(
    ("line", "lang", "host", "day"),
    [
        ("05/03/2019", "en-us", "www.example.co.uk", "2019-05-03"),
        ("05/03/2019", "en", "www.example.com", "2019-05-03"),
        ("05/03/2019", "''", "www.example.com", "2019-05-03"),
        ("05/03/2019", "en-gb", "www.example.com", "2019-03-05"),
        ("05/03/2019", "en", "www.example.co.uk", "2019-03-05"),
        ("05/03/2019", "fr", "www.example.com", "2019-03-05"),
        ("05.03.2019", "en", "www.example.com", "2019-03-05"),
    ],
)
def test_month_comes_first_where_language_and_address_are_american(line: str, lang: str, host: str, day: str) -> None:
    text = TEXT * 3
    assert str(published(fields_of(line, lang=lang, url=f"https://{host}/parks.html", text=text))).startswith(day)


@pytest.mark.parametrize("line", ["Posted: 7/12/2021", "Published on 7.12.2021"])
def test_day_after_a_label_is_read_in_the_order_that_the_data_tell(line: str) -> None:
    head = data(datePublished="2021-07-12T11:00:00-05:00")
    assert str(published(fields_of(line, head=head, lang="fr"))).startswith("2021-07-12")


def test_old_day_counts_where_two_places_tell_it() -> None:
    head = data(datePublished="1989-07-25T00:00:00+00:00")
    url = "https://www.example.org/1989/07/25/parks/"
    assert str(published(fields_of("", head=head, url=url))).startswith("1989-07-25")
    assert published(fields_of("", head=head)) is None


@pytest.mark.parametrize("unset", ["1970-01-01T00:00:00Z", "1969-12-31T17:00:00-07:00"])
def test_time_that_is_not_set_is_no_publication(unset: str) -> None:
    head = data(datePublished=unset) + f"<meta property='article:published_time' content='{unset}'>"
    assert published(fields_of("", head=head)) is None


@pytest.mark.parametrize(
    "elsewhere",
    [
        "<link rel=stylesheet href='/theme/style.css?ver=2024-10-02'>",
        "<script src='/scripts.js?ver=2024-10-02'></script>",
        "<script>var slot = name('New Slot - 2024-10-02 15:04:47');</script>",
        "<img src='/media/screen-shot-2024-10-02-at-12.jpg'>",
        "<a href='https://login.example.org/?wct=2024-10-02T21:04:45Z'>Log in</a>",
    ],
)
def test_day_of_a_file_or_a_visit_is_no_publication(elsewhere: str) -> None:
    assert published(fields_of("", after=elsewhere)) is None


SYSTEM = '<meta name="PubDate" content="{}"><meta name="ContentSource" content="Example Office">'


@pytest.mark.parametrize(
    ("stated", "shown", "expected"),
    [
        ("2022-10-14 10:16:14", "2020-09-15 09:32", "2020-09-15T09:32:00+00:00"),
        ("2025-06-03 13:56:58", "2025-06-03 13:44", "2025-06-03T13:44:00+00:00"),
        ("2025-06-03 13:44:00", "2025-06-03", "2025-06-03T13:44:00+00:00"),
        ("2025-06-03 13:44:00", "2025-06-05 09:00", "2025-06-03T13:44:00+00:00"),
    ],
)
def test_time_shown_goes_before_a_later_one_that_a_content_system_states(
    stated: str, shown: str, expected: str
) -> None:
    assert published(fields_of(shown, head=SYSTEM.format(stated))) == expected
