"""Lists in tables, and lists whose links say no more than where they lead."""

from __future__ import annotations

import json
import time
from html import escape

import pytest

from feedservice.extract import parse_moment
from feedservice.sources.listing import find_items
from feedservice.sources.listing.javascript import documents
from tests.source_support import shown

URL = "https://www.example.org/cases/"
NAMES = ["Smith v. Jones and others", "In re the estate of Brown", "The City v. Harbour Company", "Miller v. State"]


def found(rows: str, zone: str = "America/New_York") -> list[tuple[str, str | None]]:
    html = f"<html><body><table>{rows}</table></body></html>"
    items = find_items(html, URL, timezone=zone, parse_moment=parse_moment)
    return [(item.title, shown(item.date)) for item in items]


@pytest.mark.parametrize("number", ["2022{}450", "No. {}", "{}-2022"])
def test_numbers_and_names_in_other_columns_are_no_articles(number: str) -> None:
    rows = "".join(
        f'<tr><td><a href="file/{place}.pdf">{name}</a></td>'
        f'<td><a href="docket/{place}">{number.format(place)}</a></td><td>10/{20 + place}/2023</td></tr>'
        for place, name in enumerate(NAMES)
    )
    assert found(rows) == [(name, f"2023-10-{20 + place}") for place, name in enumerate(NAMES)]


def test_grid_of_headlines_is_one_list() -> None:
    cells = [f'<td><a href="file/{place}.html">{name}</a></td>' for place, name in enumerate(NAMES)]
    rows = f"<tr>{cells[0]}{cells[1]}</tr><tr>{cells[2]}{cells[3]}</tr>"
    assert [title for title, _ in found(rows)] == NAMES


@pytest.mark.parametrize("label", ["PDF", "View document", "Details", "查看", "[详情]", "Read more »"])
def test_headline_stands_beside_a_link_that_says_how_to_read_it(label: str) -> None:
    rows = "".join(
        f"<tr><td>{name}</td><td>22-028{place}/AR</td><td>Oct {20 + place}, 2023</td>"
        f'<td><a href="file/{place}.html">{label}</a></td></tr>'
        for place, name in enumerate(NAMES)
    )
    assert found(rows) == [(name, f"2023-10-{20 + place}") for place, name in enumerate(NAMES)]


def test_headline_that_is_the_same_every_day_stays() -> None:
    rows = "".join(
        f'<tr><td><a href="file/{day}.html">海峡周边海域和空域动态通报</a></td>'
        f"<td>发布单位：新闻办公室</td><td>2023-10-{day}</td></tr>"
        for day in (23, 22, 21)
    )
    assert {title for title, _ in found(rows)} == {"海峡周边海域和空域动态通报"}


def test_heading_that_is_the_same_in_all_rows_is_a_headline_still() -> None:
    rows = "".join(
        f'<tr><td><h3><a href="event/{day}.html">Track club</a></h3>Stadium in the park</td><td>2023-10-{day}</td></tr>'
        for day in (23, 22, 21)
    )
    assert {title for title, _ in found(rows)} == {"Track club"}


def test_number_before_a_date_is_no_part_of_it() -> None:
    rows = "".join(
        f'<tr><td><a href="file/{place}.html">{name}</a></td><td>24-1900</td><td>07/{20 + place}/2023</td></tr>'
        for place, name in enumerate(NAMES)
    )
    assert [day for _, day in found(rows)] == [f"2023-07-{20 + place}" for place in range(4)]


def test_first_of_several_dates_counts() -> None:
    rows = "".join(
        f'<tr><td><a href="file/{place}.html">{name}</a></td><td>07-{20 + place}-2023</td><td>06-{20 + place}-2023</td>'
        f"<td>08-{25 + place}-2023</td></tr>"
        for place, name in enumerate(NAMES)
    )
    assert [day for _, day in found(rows)] == [f"2023-07-{20 + place}" for place in range(4)]


@pytest.mark.parametrize(("zone", "day"), [("America/Chicago", "2023-07-10"), ("Europe/London", "2023-10-07")])
def test_zone_tells_what_the_dates_leave_open(zone: str, day: str) -> None:
    rows = "".join(
        f'<tr><td><a href="file/{place}.html">{name}</a></td><td>07/10/2023</td></tr>'
        for place, name in enumerate(NAMES)
    )
    assert [told for _, told in found(rows, zone)] == [day] * 4


def test_day_of_the_republic_is_no_headline() -> None:
    html = "".join(
        f'<a class="news_list" href="act/{day}"><div class="date headline-h5">115.03.{day}</div>'
        f'<div class="title headline-h4">週邊海、空域動態之{day}</div><div>點閱次數：97 次</div></a>'
        for day in (19, 18, 17)
    )
    items = find_items(f"<html><body>{html}</body></html>", URL, timezone="Asia/Taipei", parse_moment=parse_moment)
    assert [(item.title, shown(item.date)) for item in items] == [
        (f"週邊海、空域動態之{day}", f"2026-03-{day}") for day in (19, 18, 17)
    ]


@pytest.mark.parametrize(
    ("head", "days"),
    [
        (("标题", "成文日期", "发布日期"), "published"),
        (("标题", "报名截止时间", "发布时间 ↓"), "published"),
        (("Title", "Decided", "Published"), "published"),
        (("Titel", "Entscheidungsdatum", "Veröffentlicht am"), "published"),
        (("Title", "Published", "Closes"), "first"),
        (("Title", "Opened", "Closes"), "first"),
        (("Title", "One", "Two"), "first"),
    ],
)
def test_day_of_publication_is_in_the_column_that_is_named_for_it(head: tuple[str, ...], days: str) -> None:
    rows = "".join(
        f'<tr><td><a href="file/{place}.html">{name}</a></td><td>2023-05-0{place + 1}</td>'
        f"<td>2023-06-0{place + 1}</td></tr>"
        for place, name in enumerate(NAMES)
    )
    labels = "".join(f"<th>{label}</th>" for label in head)
    month = "06" if days == "published" else "05"
    expected = [(name, f"2023-{month}-0{place + 1}") for place, name in enumerate(NAMES)]
    assert found(f"<thead><tr>{labels}</tr></thead><tbody>{rows}</tbody>") == expected


def test_day_in_a_hidden_table_of_a_row_is_not_that_of_its_publication() -> None:
    rows = "".join(
        f'<tr><td><a href="file/{place}.html">{name}</a><table style="display:none"><tr><td>生成日期</td>'
        f"<td>2022-12-0{place + 1}</td></tr></table></td><td>2023-06-0{place + 1}</td></tr>"
        for place, name in enumerate(NAMES)
    )
    assert [day for _, day in found(f"<tr><th>名称</th><th>公开日期</th></tr>{rows}")] == [
        f"2023-06-0{place + 1}" for place, _ in enumerate(NAMES)
    ]


def test_row_without_a_day_in_the_column_of_publication_has_the_one_that_it_tells() -> None:
    rows = "".join(
        f'<tr><td><a href="file/{place}.html">{name}</a></td><td>2023-05-0{place + 1}</td><td></td></tr>'
        for place, name in enumerate(NAMES)
    )
    assert found(f"<tr><th>Title</th><th>Decided</th><th>Published</th></tr>{rows}")[0][1] == "2023-05-01"


def test_link_with_the_index_number_is_not_the_headline() -> None:
    rows = "".join(
        f'<tr><td><a href="{place}.html">000014349/2023-00{place}</a></td><td>'
        f'<a href="{place}.html">任免通知{name}</a></td><td>2023-10-{20 + place}</td></tr>'
        for place, name in enumerate("甲乙丙丁")
    )
    assert [title for title, _ in found(rows)] == [f"任免通知{name}" for name in "甲乙丙丁"]


@pytest.mark.parametrize(
    "files",
    [
        '<a href="{0}.pdf">PDF</a>',
        ' | <a href="{0}.pdf">[PDF:1{0}0KB]</a> | <a href="{0}.docx">Word</a>',
        '<a href="show?id={0}&amp;format=pdf"><img src="pdf.gif" alt="PDF"></a>',
        '<a href="{0}v.html">[视频]</a> <a href="{0}t.html">文字实录</a>',
    ],
)
def test_files_beside_a_headline_are_no_articles(files: str) -> None:
    rows = "".join(
        f'<tr><td>2{place}.10.2023</td><td><a href="show?id={place}">{name}</a> {files.format(place)}</td></tr>'
        for place, name in enumerate(NAMES)
    )
    assert found(rows) == [(name, f"2023-10-2{place}") for place, name in enumerate(NAMES)]


def test_name_of_a_file_of_100_000_characters_is_read_in_linear_time() -> None:
    started = time.perf_counter()
    rows = "".join(
        f'<li><a href="{place}.pdf">{"PDF 1.1" * 100_000}</a> <a href="{place}">x</a></li>' for place in range(4)
    )
    found(rows)
    assert time.perf_counter() - started < 5


def test_docket_before_the_headline_is_none() -> None:
    rows = "".join(
        f'<tr><td><a href="{place}.html">1 BvR {place}5/23</a></td><td><a href="{place}.html">Beschluss zu {name}</a>'
        f"</td><td>2{place}. Oktober 2023</td></tr>"
        for place, name in enumerate(NAMES)
    )
    expected = [(f"Beschluss zu {name}", f"2023-10-2{place}") for place, name in enumerate(NAMES)]
    assert found(rows, "Europe/Berlin") == expected


@pytest.mark.parametrize(("row", "cell"), [("li", "span"), ("div", "div")])
def test_first_row_of_a_list_can_be_the_head_of_columns(row: str, cell: str) -> None:
    def written(*texts: str) -> str:
        cells = "".join(f"<{cell} class=c{place}>{text}</{cell}>" for place, text in enumerate(texts))
        return f"<{row} class=r>{cells}</{row}>"

    rows = [
        written(f"<a href=/{place}.html>{name}</a>", f"2023-05-0{place + 1}", f"2023-06-0{place + 1}")
        for place, name in enumerate(NAMES)
    ]
    html = f"<html><body><div>{written('名称', '成文日期', '发布日期')}{''.join(rows)}</div></body></html>"
    assert [shown(item.date) for item in find_items(html, URL)] == [f"2023-06-0{place + 1}" for place in range(4)]


def test_office_before_each_headline_is_no_article_be_it_in_two_rows_only() -> None:
    rows = "".join(
        f'<tr><td>[<a href="/dept/{place % 2}">Office {place % 2}</a>] <a href="{place}.html">{name}</a></td>'
        f"<td>2023-10-2{place}</td></tr>"
        for place, name in enumerate(NAMES)
    )
    assert found(rows) == [(name, f"2023-10-2{place}") for place, name in enumerate(NAMES)]


def test_first_of_several_ways_to_read_it_beside_a_headline_that_is_cut() -> None:
    names = [f"{name} and of the year {year}" for year in (2022, 2023) for name in NAMES]
    rows = "".join(
        f'<tr><td title="{name}">{name[:24]}…</td><td>2023-10-2{place}</td>'
        f'<td><a href="{place}.html">查看</a> <a href="{place}.pdf">下载</a></td></tr>'
        for place, name in enumerate(names)
    )
    items = find_items(f"<html><body><table>{rows}</table></body></html>", URL)
    assert [(item.url, item.title) for item in items] == [
        (f"{URL}{place}.html", name) for place, name in enumerate(names)
    ]


@pytest.mark.parametrize(
    "holder", ["<div id=app data-page='{}'></div>", '<x-list :items="{}"></x-list>', '<div data-props="{}"/>']
)
def test_list_in_an_attribute_is_found(holder: str) -> None:
    rows = [
        {"id": place, "title": name, "url": f"/n/{place}-x", "published_at": f"2023-10-2{place} 08:00:00"}
        for place, name in enumerate(NAMES)
    ]
    data = json.dumps({"props": {"posts": {"data": rows}}} if "page" in holder else rows)
    html = f"<html><body>{holder.format(escape(data))}</body></html>"
    assert [(item.title, shown(item.date)) for item in find_items(html, URL, timezone="UTC")] == [
        (name, f"2023-10-2{place} 08:00:00") for place, name in enumerate(NAMES)
    ]


@pytest.mark.parametrize("piece", [' a="{&quot;', " a='[{\"", ' data-x="', " :a=", '="[ { '])
def test_hostile_attributes_are_read_in_linear_time(piece: str) -> None:
    started = time.perf_counter()
    assert not list(documents(f"<html><body><div {piece * 40_000}</body></html>"))
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("url", "link", "folder"),
    [
        ("https://www.example.org/en/news", "", "https://www.example.org/en/news/"),
        ("https://www.example.org/en/news/page/2", "", "https://www.example.org/en/news/"),
        ("https://www.example.org/en/news/index.html", "", "https://www.example.org/en/news/"),
        ("https://www.example.org/", '<a href="/read/miller-v-state">Read</a>', "https://www.example.org/read/"),
    ],
)
@pytest.mark.parametrize("slug", ["{}", {"_type": "slug", "current": "{}"}])
def test_rows_in_a_script_may_tell_the_last_part_of_their_address_alone(
    url: str, link: str, folder: str, slug: object
) -> None:
    slugs = [name.lower().replace(".", "").replace(" ", "-") for name in NAMES]
    posts = [
        {"title": name, "slug": json.loads(json.dumps(slug).replace("{}", last)), "date": f"2024-05-0{day}"}
        for day, (name, last) in enumerate(zip(NAMES, slugs, strict=True), start=1)
    ]
    data = json.dumps({"props": {"posts": posts, "topics": [{"title": "All the news", "slug": "all-the-news"}] * 9}})
    items = find_items(f'<html><body>{link}<script type="application/json">{data}</script></body></html>', url)
    assert [(item.url, item.title) for item in items] == [
        (f"{folder}{last}", name) for name, last in zip(NAMES, slugs, strict=True)
    ]


def test_categories_in_a_script_are_no_articles() -> None:
    data = json.dumps({"topics": [{"title": f"News of the city {n}", "slug": f"news-{n}"} for n in range(9)]})
    assert not find_items(f'<html><body><script type="application/json">{data}</script></body></html>', URL)
