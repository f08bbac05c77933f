"""Sitemaps: url sets, indexes, gzip, news; the newest first, and no flood of the past."""

from __future__ import annotations

import gzip
from contextlib import suppress

import pytest
from pydantic import ValidationError

from feedservice.errors import FetchError, Unreadable
from feedservice.model import Page, Reading
from tests.fakes import FakeWeb
from tests.source_support import Visit, open_source, read, shown

SITE = "https://www.example.org"
URL = f"{SITE}/sitemap.xml"
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(*entries: str, more: str = "") -> str:
    inside = "".join(f"<url>{entry}</url>" for entry in entries)
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {NAMESPACE}{more}>{inside}</urlset>'


def entry(number: int, day: str = "") -> str:
    return f"<loc>{SITE}/n/{number}.html</loc>" + (f"<lastmod>{day}</lastmod>" if day else "")


def index(*entries: str) -> str:
    inside = "".join(f"<sitemap>{entry}</sitemap>" for entry in entries)
    return f"<sitemapindex {NAMESPACE}>{inside}</sitemapindex>"


def numbers(reading: Reading) -> list[int]:
    return [int(str(offer.url).rpartition("/")[2].partition(".")[0]) for offer in reading.offers]


def test_newest_first() -> None:
    """By what it says, else by the numbers in the addresses."""
    web = FakeWeb(
        {
            URL: urlset(
                entry(1, "2024-01-01"),
                entry(3, "2024-01-03T08:00:00+08:00"),
                entry(2, "2024-01-02"),
                entry(4),
                entry(5),
            )
        }
    )
    reading = read(open_source("sitemap", {"url": URL}), web)
    assert numbers(reading) == [3, 2, 1, 5, 4]
    assert shown(reading.offers[0].fields.updated) == "2024-01-03 08:00:00"
    assert reading.offers[0].fields.published is None
    assert not reading.offers[0].complete


def test_addresses_may_stand_without_loc() -> None:
    web = FakeWeb(
        {URL: index(f"\n{SITE}/a.xml?lang=en&amp;part=1\n"), f"{SITE}/a.xml?lang=en&part=1": urlset(entry(1))}
    )
    assert numbers(read(open_source("sitemap", {"url": URL}), web)) == [1]


def test_news_sitemap_tells_titles_and_dates() -> None:
    news = (
        f"<loc>{SITE}/n/1.html</loc><news:news><news:publication><news:name>Example</news:name><news:language>zh-cn</news:language>"
        "</news:publication><news:publication_date>2024-09-25T21:01:00+08:00</news:publication_date>"
        "<news:title>项目签约 A&amp;B</news:title><news:keywords>甲, 乙</news:keywords></news:news>"
        "<image:image><image:loc>/i/1.jpg</image:loc><image:title>picture</image:title></image:image>"
    )
    more = ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    fields = read(open_source("sitemap", {"url": URL}), FakeWeb({URL: urlset(news, more=more)})).offers[0].fields
    assert (fields.title, fields.tags, fields.language) == ("项目签约 A&B", ("甲", "乙"), "zh-cn")
    assert shown(fields.published) == "2024-09-25 21:01:00"
    assert fields.lead_image == f"{SITE}/i/1.jpg"


def test_index_and_gzip() -> None:
    web = FakeWeb(
        {
            URL: index(
                f"<loc>{SITE}/a.xml</loc><lastmod>2023-01-01</lastmod>",
                f"<loc>{SITE}/b.xml.gz</loc><lastmod>2024-01-01</lastmod>",
            ),
            f"{SITE}/a.xml": urlset(entry(1, "2023-01-01")),
            f"{SITE}/b.xml.gz": gzip.compress(urlset(entry(2, "2024-01-01")).encode()),
        }
    )
    reading = read(open_source("sitemap", {"url": URL}), web)
    assert numbers(reading) == [2, 1]
    assert web.asked == [URL, f"{SITE}/b.xml.gz", f"{SITE}/a.xml"]
    assert reading.volatile == (URL,)
    assert numbers(read(open_source("sitemap", {"url": URL, "max_files": 1}), web)) == [2]


def test_file_of_an_index_that_fails_is_a_problem() -> None:
    web = FakeWeb(
        {
            URL: index(f"<loc>{SITE}/a.xml</loc>", f"<loc>{SITE}/b.xml</loc>"),
            f"{SITE}/a.xml": FetchError("404"),
            f"{SITE}/b.xml": urlset(entry(1)),
        }
    )
    reading = read(open_source("sitemap", {"url": URL}), web)
    assert numbers(reading) == [1]
    assert reading.problems == (f"{SITE}/a.xml: 404",)


def test_index_that_names_itself_ends() -> None:
    web = FakeWeb({URL: index(f"<loc>{URL}</loc>", f"<loc>{URL}</loc>")})
    reading = read(open_source("sitemap", {"url": URL}), web)
    assert reading.offers == ()
    assert reading.problems
    assert len(web.asked) < 5


def test_index_that_names_itself_among_others_is_read_once_and_whole() -> None:
    """Its files do too. It was told of at each read, as something that is missing."""
    more = f"{SITE}/more.xml"
    files = [f"<loc>{address}</loc>" for address in (URL, f"{SITE}/a.xml", more)]
    web = FakeWeb({URL: index(*files), more: index(*files), f"{SITE}/a.xml": urlset(entry(1))})
    reading = read(open_source("sitemap", {"url": URL}), web)
    assert (numbers(reading), reading.problems, reading.partial) == ([1], (), False)
    assert sorted(web.asked) == sorted([URL, f"{SITE}/a.xml", more])


def test_addresses_are_chosen_by_patterns() -> None:
    web = FakeWeb({URL: urlset(entry(1), entry(2), entry(13), "<loc>https://www.example.org/about.html</loc>")})
    options = {"url": URL, "include": r"/n/\d+", "exclude": r"/13\."}
    assert numbers(read(open_source("sitemap", options), web)) == [2, 1]
    with pytest.raises(ValidationError, match="regular expression"):
        open_source("sitemap", {"url": URL, "include": "("})


def test_no_more_than_the_limit_is_offered() -> None:
    """What a first read leaves out is old; it must not come as news with the next one."""
    web = FakeWeb({URL: urlset(*(entry(n) for n in range(1000)))})
    assert numbers(read(open_source("sitemap", {"url": URL}, limit=3), web)) == [999, 998, 997]


def test_plain_list_and_careless_xml() -> None:
    plain = FakeWeb({URL: f"{SITE}/n/1.html\n{SITE}/n/2.html\n"})
    assert numbers(read(open_source("sitemap", {"url": URL}), plain)) == [2, 1]
    careless = "\n<br>" + urlset(
        f"<loc>\n {SITE}/n/1.html?a=1&b=2 </loc>", "<loc>javascript:alert(1)</loc>", "<loc></loc>"
    )
    reading = read(open_source("sitemap", {"url": URL}), FakeWeb({URL: careless.replace("</urlset>", "")}))
    assert [offer.url for offer in reading.offers] == [f"{SITE}/n/1.html?a=1&b=2"]


def test_unchanged_sitemap_is_not_read_again() -> None:
    source, visit = open_source("sitemap", {"url": URL}), Visit(FakeWeb({URL: urlset(entry(1))}))
    assert len(source.read(visit, lambda keys: frozenset()).offers) == 1
    assert source.read(visit, lambda keys: frozenset()).unchanged


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html><body>404</body></html>", "not a sitemap"),
        (gzip.compress(b" " * 60_000_000), "unpacks to more"),
        (gzip.compress(urlset(entry(1)).encode())[:-20] + b"\x00" * 30, "gzip|not a sitemap|XML"),
        (
            b'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>',
            "entity",
        ),
    ],
    ids=["page", "bomb", "damaged", "entity"],
)
def test_what_is_no_sitemap_is_an_error(body: bytes, reason: str) -> None:
    page = Page(url=URL, status=200, content_type="application/xml", body=body)
    with pytest.raises(Unreadable, match=reason):
        read(open_source("sitemap", {"url": URL}), FakeWeb({URL: page}))


@pytest.mark.parametrize(
    "body",
    [
        "<urlset>" + "<url>" * 200_000,
        "<urlset>" + "<url><loc>x</loc></url>" * 40_000,
        "<urlset " + "a='1' " * 100_000 + "/>",
        pytest.param("<urlset>" + "<url><loc>x</loc></url>" * 100_000, marks=pytest.mark.slow),
    ],
)
def test_hostile_sitemap_is_read_in_bounded_time(body: str) -> None:
    with suppress(Unreadable):
        assert len(read(open_source("sitemap", {"url": URL}), FakeWeb({URL: body})).offers) <= 200


def at(*places: str) -> FakeWeb:
    return FakeWeb({URL: urlset(*(f"<loc>{SITE}{place}</loc>" for place in places))})


def names(reading: Reading) -> list[str]:
    return [offer.key.removeprefix(SITE) for offer in reading.offers]


@pytest.mark.parametrize(
    ("places", "newest"),
    [
        (["/2024/11/28/old-slug", "/2026/11/03/newest", "/2025/12/31/older", "/about/12345"], "/2026/11/03/newest"),
        (["/c99/2026/11/t20261103_7.html", "/c123/2025/12/t20251203_99.html"], "/c99/2026/11/t20261103_7.html"),
        (["/2026/9/1.html", "/2026/10/2.html", "/2025/12/3.html"], "/2026/10/2.html"),
        (["/2025/99.html", "/2026/1.html", "/2024/100.html"], "/2026/1.html"),
        (["/info/1045/20236.htm", "/info/1099/20235.htm"], "/info/1045/20236.htm"),
        (["/p/2024", "/p/2100", "/p/2500", "/p/2600", "/p/2601"], "/p/2601"),
    ],
    ids=["days", "days behind a column", "months", "years", "numbers", "numbers like years"],
)
def test_addresses_without_times_go_by_the_dates_in_them(places: list[str], newest: str) -> None:
    for told in (places, places[::-1]):
        assert names(read(open_source("sitemap", {"url": URL}, limit=1), at(*told))) == [newest]


def test_latest_files_of_an_index_are_those_of_the_latest_months() -> None:
    months = [(year, month) for year in range(2020, 2027) for month in range(1, 13) if (year, month) <= (2026, 8)]
    web = FakeWeb({URL: index(*(f"<loc>{SITE}/sm-{year}-{month}.xml</loc>" for year, month in months))})
    for year, month in months:
        web.put(f"{SITE}/sm-{year}-{month}.xml", urlset(f"<loc>{SITE}/a/{year}-{month}-x</loc>"))
    reading = read(open_source("sitemap", {"url": URL, "max_files": 3}), web)
    assert names(reading) == ["/a/2026-8-x", "/a/2026-7-x", "/a/2026-6-x"]


def slugs(*letters: str) -> list[str]:
    return [f"/{letter}-slug" for letter in letters]


@pytest.mark.parametrize("place", [0, 26], ids=["first", "last"])
def test_new_address_that_nothing_dates_is_offered_and_nothing_of_the_past(place: int) -> None:
    letters = [chr(ord("a") + number) for number in range(26)]
    source = open_source("sitemap", {"url": URL}, limit=6)
    known = {offer.key for offer in read(source, at(*slugs(*letters))).offers}
    assert len(known) == 6
    letters.insert(place, "new")
    offered = {offer.key for offer in read(source, at(*slugs(*letters)), known=known.__contains__).offers}
    assert offered - known == {f"{SITE}/new-slug"}
    known |= offered
    del letters[0], letters[-1]
    offered = {offer.key for offer in read(source, at(*slugs(*letters)), known=known.__contains__).offers}
    assert offered <= known


@pytest.mark.parametrize("length", range(0, 40, 4))
def test_long_plain_list_is_read_wherever_its_beginning_ends(length: int) -> None:
    lines = [f"{SITE}/{'p' * length}", *(f"{SITE}/n/{n}.html" for n in range(7_000))]
    assert numbers(read(open_source("sitemap", {"url": URL}, limit=1), FakeWeb({URL: "\n".join(lines)}))) == [6_999]


def test_plain_list_tells_addresses_as_any_other_sitemap_does() -> None:
    lines = (f"{SITE}/n/1.html;jsessionid=0A1B", f"{SITE}/新闻/2.html", f"{SITE}/n/3.html", "https://[")
    plain = read(open_source("sitemap", {"url": URL}), FakeWeb({URL: "\n".join(lines)}))
    inside = urlset(*(f"<loc>{line}</loc>" for line in lines))
    told = read(open_source("sitemap", {"url": URL}), FakeWeb({URL: inside}))
    assert names(plain) == names(told) == ["/n/3.html", "/%E6%96%B0%E9%97%BB/2.html", "/n/1.html"]
