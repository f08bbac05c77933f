"""JSON APIs: rows and fields by path or found by themselves, templates, mixed times, pages by number and by cursor."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC

import pytest
from pydantic import ValidationError

from feedservice.errors import FetchError, Unreadable
from feedservice.model import Reading
from feedservice.protocols import Store
from tests.fakes import FakeClock, FakeWeb
from tests.house import House
from tests.source_support import CORPORA, Visit, needs_corpora, open_source, read, shown, truth

SITE = "https://www.example.org"
URL = f"{SITE}/api/list?page=1"
ROWS = [
    {
        "docid": 12,
        "title": "重点项目集中开工",
        "docurl": "/n/12.html",
        "publishTime": 1727269260000,
        "source": "示例日报",
    },
    {
        "docid": 11,
        "title": "招商<em>引资</em>大会召开 A&amp;B",
        "docurl": "/n/11.html",
        "publishTime": "2024-09-24 09:30:00",
        "source": "示例网",
    },
]
OPTIONS = {
    "url": URL,
    "items": "data.rows",
    "headline": "title",
    "link": "docurl",
    "published": "publishTime",
    "origin": "source",
}


def web(document: object, url: str = URL) -> FakeWeb:
    return FakeWeb({url: json.dumps(document, ensure_ascii=False)})


def seen(reading: Reading) -> list[tuple[str | None, str, str | None, tuple[str, ...]]]:
    return [
        (offer.url, offer.fields.title, shown(offer.fields.published), offer.fields.origins) for offer in reading.offers
    ]


EXPECTED = [
    (f"{SITE}/n/12.html", "重点项目集中开工", "2024-09-25 13:01:00", ("示例日报",)),
    (f"{SITE}/n/11.html", "招商 引资 大会召开 A&B", "2024-09-24 09:30:00", ("示例网",)),
]


def test_paths_say_where_fields_are() -> None:
    """Unix milliseconds are in UTC, local strings in the source's zone."""
    reading = read(open_source("json", OPTIONS), web({"data": {"total": 2, "rows": ROWS}}))
    assert seen(reading) == EXPECTED
    assert not any(offer.complete for offer in reading.offers)


def test_fields_are_found_by_themselves() -> None:
    reading = read(open_source("json", {"url": URL}), web({"code": 200, "data": {"total": 2, "rows": ROWS}}))
    assert seen(reading) == EXPECTED


@needs_corpora
def test_api_of_the_corpus_by_its_hint_and_without() -> None:
    row = next(row for row in truth("feeds") if row["id"] == "own_json_api")
    hint, entries = row["expected"]["hint"], row["expected"]["entries"]
    told = {
        "items": hint["items"],
        "headline": hint["title"],
        "link": hint["url"],
        "published": hint["date"],
        "key": hint["id"],
    }
    network = FakeWeb({row["url"]: (CORPORA / row["file"]).read_bytes()})
    for options in ({"url": row["url"], **told}, {"url": row["url"]}):
        reading = read(open_source("json", options), network)
        assert [(offer.url, offer.fields.title) for offer in reading.offers] == [
            (e["link"], e["title"]) for e in entries
        ]
    assert [offer.key for offer in read(open_source("json", {"url": row["url"], **told}), network).offers] == [
        "90124",
        "90123",
    ]


@needs_corpora
def test_column_of_the_test_site_as_an_api() -> None:
    expected = json.loads((CORPORA / "seed-site/expected.json").read_text())
    rows = next(part for part in expected["lists"] if part["path"].endswith("/tdyw/index.html"))["items"]
    network = FakeWeb()
    network.serve_folder(SITE, CORPORA / "seed-site/site")
    reading = read(open_source("json", {"url": f"{SITE}/api/list.json"}), network)
    assert [offer.url for offer in reading.offers][: len(rows)] == [SITE + row["path"] for row in rows]
    assert all(offer.fields.published and offer.fields.origins and offer.fields.summary for offer in reading.offers)


def test_template_makes_addresses() -> None:
    options = {**OPTIONS, "link": "https://m.example.org/show/{docid}?s={source}", "key": "docid"}
    offers = read(open_source("json", options), web({"data": {"rows": ROWS}})).offers
    assert offers[0].url == "https://m.example.org/show/12?s=%E7%A4%BA%E4%BE%8B%E6%97%A5%E6%8A%A5"
    assert [offer.key for offer in offers] == ["12", "11"]


def test_rows_without_what_is_needed_are_left_out() -> None:
    rows = [*ROWS, {"docid": 10, "title": "", "docurl": "/x"}, {"title": "没有地址"}, "text", None]
    assert len(read(open_source("json", OPTIONS), web({"data": {"rows": rows}})).offers) == 2


def test_text_in_the_answer_is_the_article() -> None:
    body = "<p>" + "正文" * 60 + "</p>"
    row = {"title": "一则", "link": "/1", "content": body, "author": "张三", "cover": "/i.png", "tags": ["甲", "乙"]}
    offer = read(open_source("json", {"url": URL}), web([row])).offers[0]
    assert offer.complete
    assert offer.fields.body == body
    assert (offer.fields.authors, offer.fields.tags) == (("张三",), ("甲", "乙"))
    assert offer.fields.lead_image == f"{SITE}/i.png"
    assert not read(open_source("json", {"url": URL, "full_text": "page"}), web([row])).offers[0].complete


def test_numbers_are_no_authors_and_no_tags() -> None:
    """WordPress gives those of its own tables."""
    rows = [
        {"link": f"{SITE}/{n}/", "title": f"{word}项目集中开工", "date": f"2024-09-0{n}", "author": n, "tags": [n, 7]}
        for n, word in enumerate(("重点", "惠民", "绿色"), 1)
    ]
    offers = read(open_source("json", {"url": URL}), web(rows)).offers
    assert [(offer.fields.authors, offer.fields.tags) for offer in offers] == [((), ())] * 3


@pytest.mark.parametrize("published", ["published_at", "publishTime", "releaseDate", "pub_date"])
def test_publication_goes_before_the_beginning_of_the_draft(published: str) -> None:
    """Ghost, GitHub and many others tell both, the draft first."""
    rows = [
        {
            "link": f"{SITE}/{n}/",
            "title": f"{word}项目集中开工",
            "created_at": f"2024-09-0{n}",
            published: f"2024-09-1{n}",
        }
        for n, word in enumerate(("重点", "惠民", "绿色"), 1)
    ]
    offers = read(open_source("json", {"url": URL}), web(rows)).offers
    assert [shown(offer.fields.published) for offer in offers] == ["2024-09-11", "2024-09-12", "2024-09-13"]
    drafts = [{name: told for name, told in row.items() if name != published} for row in rows]
    offers = read(open_source("json", {"url": URL}), web(drafts)).offers
    assert [shown(offer.fields.published) for offer in offers] == ["2024-09-01", "2024-09-02", "2024-09-03"]


def test_wordpress_posts() -> None:
    """Titles and texts are in {"rendered": ...}; of the two dates the one in UTC needs no zone."""
    posts = [
        {
            "id": 5,
            "date": "2024-09-25T10:00:00",
            "date_gmt": "2024-09-25T01:00:00",
            "link": f"{SITE}/2024/09/25/five/",
            "title": {"rendered": "Five &#8211; and more"},
            "content": {"rendered": "<p>" + "word " * 100 + "</p>", "protected": False},
            "excerpt": {"rendered": "<p>word</p>"},
        }
    ]
    offer = read(open_source("json", {"url": URL}), web(posts)).offers[0]
    assert (offer.fields.title, offer.complete) == ("Five – and more", True)
    assert offer.fields.published is not None
    assert offer.fields.published.at.isoformat() == "2024-09-25T01:00:00+00:00"
    assert offer.fields.summary == "word"


@pytest.mark.parametrize(
    ("around", "within"),
    [
        (
            {"type": "node--article", "id": "{}"},
            ("attributes", {"created": "{time}", "path": {"alias": "{url}", "pid": 1}}),
        ),
        ({"_id": "{}", "_score": 1.0}, ("_source", {"publish_time": "{time}", "url": "{url}"})),
        ({"sys": {"id": "{}", "type": "Entry"}}, ("fields", {"publishDate": "{time}", "url": "{url}"})),
        ({"score": 1, "type": "doc"}, ("data", {"docDate": "{time}", "url": "{url}"})),
        ({"url": "{url}"}, ("data", {"pubDate": "{time}"})),
        ({}, ("data", {"c_deploytime": "{time}", "vc_infourl": "{url}"})),
    ],
    ids=["JSON:API", "Elasticsearch", "Contentful", "search", "address beside", "prefixes"],
)
def test_article_may_lie_in_an_object_of_its_own(
    around: dict[str, object], within: tuple[str, dict[str, object]]
) -> None:
    def row(number: int) -> object:
        told = json.dumps({**around, within[0]: {**within[1], "title": f"A headline of the day, number {number}"}})
        return json.loads(
            told.replace("{}", f"a{number}")
            .replace("{time}", f"2024-09-2{number}")
            .replace("{url}", f"/n/{number}.html")
        )

    reading = read(open_source("json", {"url": URL}), web({"result": {"rows": [row(1), row(2)]}}))
    assert [(offer.url, shown(offer.fields.published)) for offer in reading.offers] == [
        (f"{SITE}/n/1.html", "2024-09-21"),
        (f"{SITE}/n/2.html", "2024-09-22"),
    ]


def test_plain_names_go_before_rare_ones() -> None:
    """What identifies an article stays whatever else its row has."""
    rows = [
        {
            "title": f"A headline of the day, number {number}",
            "s_url": f"/s/{number}.html",
            "link": {"href": f"/x/{number}.html"},
            "url": f"/n/{number}.html",
            "docDate": "2024-01-01",
            "pubDate": "2024-09-21",
        }
        for number in (1, 2)
    ]
    reading = read(open_source("json", {"url": URL}), web(rows))
    assert [(offer.url, shown(offer.fields.published)) for offer in reading.offers] == [
        (f"{SITE}/n/{number}.html", "2024-09-21") for number in (1, 2)
    ]


def test_jsonp_is_read() -> None:
    network = FakeWeb({URL: f"callback_1({json.dumps({'data': {'rows': ROWS}})});"})
    assert len(read(open_source("json", OPTIONS), network).offers) == 2


# --------------------------------------------------------------------------------------------------- pages


def part(*numbers: int, **more: object) -> str:
    rows = [{"title": f"第{n}号工程项目建设进展", "url": f"/n/{n}.html", "date": f"2024-01-{n:02}"} for n in numbers]
    return json.dumps({"rows": rows, **more}, ensure_ascii=False)


def numbers(reading: Reading) -> list[int]:
    return [int(str(offer.url).rpartition("/")[2].partition(".")[0]) for offer in reading.offers]


def test_pages_by_number() -> None:
    base = f"{SITE}/api?p="
    network = FakeWeb({f"{base}0": part(9, 8), f"{base}1": part(7, 6), f"{base}2": part()})
    options = {"url": f"{base}0", "items": "rows", "pages": base + "{page}", "second_page": 1}
    assert numbers(read(open_source("json", options), network)) == [9, 8, 7, 6]


def test_pages_by_offset() -> None:
    base = f"{SITE}/api?start="
    network = FakeWeb({f"{base}0": part(9, 8, 7), f"{base}3": part(6, 5), f"{base}5": part()})
    options = {"url": f"{base}0", "items": "rows", "pages": base + "{offset}"}
    assert numbers(read(open_source("json", options), network)) == [9, 8, 7, 6, 5]


def test_pages_by_cursor() -> None:
    network = FakeWeb({URL: part(9, 8, after="a b&c"), f"{SITE}/api?c=a%20b%26c": part(7, 6, after=None)})
    options = {"url": URL, "items": "rows", "next": "after", "pages": SITE + "/api?c={cursor}"}
    assert numbers(read(open_source("json", options), network)) == [9, 8, 7, 6]


def test_pages_by_address() -> None:
    network = FakeWeb({URL: part(9, 8, links={"next": "/api/2"}), f"{SITE}/api/2": part(7, 6)})
    assert numbers(read(open_source("json", {"url": URL, "next": "links.next"}), network)) == [9, 8, 7, 6]


def test_reading_stops_at_the_page_that_is_known() -> None:
    base = f"{SITE}/api?p="
    network = FakeWeb({f"{base}{n}": part(20 - 2 * n, 19 - 2 * n) for n in range(5)})
    options = {"url": f"{base}0", "items": "rows", "pages": base + "{page}", "second_page": 1}
    known = {f"{SITE}/n/{n}.html" for n in range(1, 19)}
    assert numbers(read(open_source("json", options), network, known=known.__contains__)) == [20, 19, 18, 17]


def test_dead_second_page_is_a_problem() -> None:
    network = FakeWeb({URL: part(9, 8), f"{SITE}/api?p=2": FetchError("503", status=503)})
    reading = read(open_source("json", {"url": URL, "items": "rows", "pages": SITE + "/api?p={page}"}), network)
    assert numbers(reading) == [9, 8]
    assert reading.problems == ("page 2 of the list: 503",)


def test_unchanged_answer_ends_the_read() -> None:
    source, visit = open_source("json", {"url": URL}), Visit(FakeWeb({URL: part(9, 8)}))
    assert len(source.read(visit, lambda keys: frozenset()).offers) == 2
    assert source.read(visit, lambda keys: frozenset()).unchanged


# --------------------------------------------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"code": 403, "message": "denied"}, "nothing at 'data.rows'"),
        ({"data": {"rows": {}}}, "nothing at 'data.rows'"),
        ({"data": {"rows": [{"name": "x"}]}}, "none of 1 rows"),
    ],
)
def test_answer_without_the_rows_is_an_error(document: object, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(open_source("json", OPTIONS), web(document))


def test_empty_rows_are_an_empty_list() -> None:
    assert read(open_source("json", OPTIONS), web({"data": {"rows": []}})).offers == ()


@pytest.mark.parametrize(
    "option", [{"items": "data["}, {"headline": "a b"}, {"link": "https://a/{b[}"}, {"pages": "https://a/"}]
)
def test_wrong_paths_are_refused_with_the_config(option: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        open_source("json", {"url": URL, **option})


@pytest.mark.parametrize(
    "text",
    [
        "[" * 300_000,
        '{"a":' * 900 + "1" + "}" * 900,
        json.dumps([{"title": "a b c", "url": f"/{n}"} for n in range(50_000)]),
        json.dumps({f"k{n}": [{"title": "a b", "x": n}] for n in range(20_000)}),
        json.dumps([{f"title{n}": "x" for n in range(20_000)}]),
        "x(" * 100_000,
    ],
    ids=["open", "deep", "long", "wide", "keys", "calls"],
)
def test_hostile_answer_is_read_in_bounded_time(text: str) -> None:
    with suppress(Unreadable):
        assert len(read(open_source("json", {"url": URL}), FakeWeb({URL: text})).offers) <= 200


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("headline", "length(docid)"),
        ("key", "length(docid)"),
        ("link", "length(docid)"),
        ("link", f"{SITE}/{{length(docid)}}"),
        ("next", "sum(data)"),
        ("items", "sum(data)"),
    ],
)
def test_path_that_does_not_fit_what_came_is_told_with_its_name(name: str, path: str) -> None:
    with pytest.raises(Unreadable, match=rf"^{name}: "):
        read(open_source("json", {**OPTIONS, name: path}), web({"data": {"rows": ROWS}}))


DETAIL = f"{SITE}/detail.html"


def numbered(*numbers: int) -> dict[str, object]:
    return {"rows": [{"id": n, "title": f"示例新区第{n}号公共工程今日开工", "url": "/detail.html"} for n in numbers]}


def test_rows_that_share_an_address_are_told_apart_by_their_ids() -> None:
    reading = read(open_source("json", {"url": URL}), web(numbered(4, 3, 2, 1, 0)))
    assert [(offer.key, offer.url) for offer in reading.offers] == [(key, DETAIL) for key in "43210"]
    reading = read(open_source("feed", {"url": URL}), web(numbered(4, 3, 2, 1, 0)))
    assert [offer.key for offer in reading.offers] == list("43210")


def test_last_row_of_those_that_share_an_address_keeps_its_id() -> None:
    further = f"{SITE}/api/list?page=2"
    options = {"url": URL, "pages": f"{SITE}/api/list?page={{page}}"}
    pages = FakeWeb({URL: json.dumps(numbered(9, 8)), further: json.dumps(numbered(7))})
    assert [offer.key for offer in read(open_source("json", options), pages).offers] == ["9", "8", "7"]


def test_row_that_comes_twice_is_one_article_under_its_address() -> None:
    """Pinned to the top and in its place, under a title that was shortened; or without an id that could part them."""
    for identity in ("docid", "without"):
        titles = {"重点项目集中开工仪式": 7, "重点项目开工": 7, "招商引资大会召开": 6}
        rows = [{identity: number, "title": title, "docurl": f"/n/{number}.html"} for title, number in titles.items()]
        reading = read(open_source("json", {"url": URL}), web({"rows": rows}))
        assert [offer.key for offer in reading.offers] == [f"{SITE}/n/7.html", f"{SITE}/n/6.html"]


def board(base: str, *numbers: int) -> str:
    """Notices that one page shows, told of by a JSON API."""
    rows = [
        {
            "id": number,
            "title": f"第{number}号公告",
            "url": f"{base}/board",
            "content": f"这是第{number}号公告，其正文足够长，读者不必再看别处。" * 9,
            "publishTime": f"2026-01-0{number} 10:00:00",
        }
        for number in numbers
    ]
    return json.dumps({"rows": rows}, ensure_ascii=False)


def test_articles_that_share_an_address_stay_what_they_are_whoever_stands_beside_them(
    store: Store, clock: FakeClock
) -> None:
    house = House(store, FakeWeb(), clock)
    house.add("board", "json", {"url": URL})
    counts = []
    for base, numbers in (
        ("http://example.org", (1,)),
        ("http://example.org", (2, 1)),
        ("http://example.org", (2,)),
        ("http://example.org", (3, 2)),
        ("http://example.org", (3,)),
        ("https://example.org", (4, 3, 2, 1)),
        ("https://example.org", (4,)),
    ):
        house.web.put(URL, board(base, *numbers), "application/json")
        report = house.refresh("board")
        assert report.edited == 0
        counts.append(report.new)
        clock.pass_(days=1)
    assert counts == [1, 1, 0, 1, 0, 1, 0]
    assert [article.fields.title for article in house.articles()] == [f"第{n}号公告" for n in (4, 3, 2, 1)]


def test_row_that_is_alone_at_its_address_may_be_edited(store: Store, clock: FakeClock) -> None:
    house = House(store, FakeWeb(), clock)
    house.add("board", "json", {"url": URL})
    told = board("http://example.org", 1)
    for text in (told, told.replace("第1号公告", "第1号公告（更正）")):
        house.web.put(URL, text, "application/json")
        house.refresh("board")
        clock.pass_(days=1)
    assert [(each.fields.title, each.revision) for each in house.articles()] == [("第1号公告（更正）", 2)]


@pytest.mark.parametrize(
    ("times", "published", "updated"),
    [
        ({"date_gmt": "2026-11-20T02:00:00", "modified_gmt": "2026-11-20T03:00:00"}, 2, 3),
        ({"date_gmt": "2026-11-20T02:00:00", "date": "2026-11-20T10:00:00"}, 2, None),
        ({"date": "2026-11-20T10:00:00", "date_gmt": "2026-11-20T02:00:00"}, 2, None),
        ({"date": "2026-11-20T10:00:00", "date_gmt": "0000-00-00T00:00:00"}, 2, None),
        ({"date": "2026-11-20T10:00:00", "modified_gmt": None, "modified": "2026-11-20T11:00:00"}, 2, 3),
    ],
    ids=["alone", "first", "second", "no time", "nothing"],
)
@pytest.mark.parametrize("options", [{}, {"published": "date_gmt || date"}], ids=["found", "told"])
def test_time_in_gmt_is_in_utc_whichever_field_is_taken(
    times: dict[str, str | None], published: int, updated: int | None, options: dict[str, str]
) -> None:
    rows = [{"title": f"Some headline number {n} of all", "link": f"/p-{n}/", **times} for n in (1, 2, 3)]
    fields = read(open_source("json", {"url": URL, **options}), web(rows)).offers[0].fields
    assert fields.published is not None
    assert fields.published.at.astimezone(UTC).hour == published
    assert (fields.updated.at.astimezone(UTC).hour if fields.updated else None) == updated


@pytest.mark.parametrize("text", ["a()" + " " * 1_000_000 + "x", "a(" + ") ;" * 300_000 + "x", " " * 1_000_000 + "x"])
def test_hostile_call_is_refused_in_bounded_time(text: str) -> None:
    """A megabyte took hours."""
    with pytest.raises(Unreadable):
        read(open_source("json", {"url": URL}), FakeWeb({URL: text}))


@pytest.mark.parametrize("status", [400, 404, 410])
def test_page_beyond_the_last_is_the_end(status: int) -> None:
    """WordPress says that the number is no good."""
    pages = FakeWeb({URL: json.dumps(ROWS), f"{SITE}/api/list?page=2": FetchError("no", status=status)})
    reading = read(open_source("json", {"url": URL, "pages": f"{SITE}/api/list?page={{page}}"}), pages)
    assert (len(reading.offers), reading.problems, reading.volatile) == (2, (), ())
