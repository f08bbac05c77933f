"""Every reader of foreign bytes behind one signature, bytes to try them on, and ways to damage those bytes."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from feedservice import extract
from feedservice.config.settings import ArticleRules
from feedservice.errors import FetchError, SourceError
from feedservice.model import Fields, NotModified, Page, Reading
from feedservice.protocols import Opening
from feedservice.sources import KINDS

URL = "https://www.example.org/news/index.html"
TYPES = (
    "text/html", "text/html; charset=gb2312", "text/html; charset=utf-16", "application/xml", "text/xml; charset=big5",
    "application/json", "", "text/plain; charset=\x00", "application/octet-stream", "text/html; charset=idna",
)  # fmt: skip
TIMEZONE = "Asia/Shanghai"
_OPENING = Opening(base_folder="", timezone=TIMEZONE, decode=extract.decode, parse_moment=extract.parse_moment)

Reader = Callable[[bytes, str], object]
"""(body, Content-Type) -> what was found. Raises SourceError, and never anything else."""


class WrongResult(AssertionError):
    """A reader gave something that nobody downstream could take."""


def _source(kind: str) -> Reader:
    row = KINDS[kind]
    source = row.open(row.options.model_validate({"url": URL}), _OPENING)

    def read(body: bytes, content_type: str) -> Reading:
        def get(url: str, *, conditional: bool = False, accept: str = "*/*") -> Page | NotModified:
            if url != URL:
                raise FetchError(f"{url}: 404", status=404)
            return Page(url=url, status=200, content_type=content_type, body=body)

        reading = source.read(get, lambda keys: frozenset())
        for offer in reading.offers:
            offer.key.encode()
            if not offer.key or (offer.url is not None and not offer.url.startswith(("http://", "https://"))):
                raise WrongResult(f"an offer of {kind} without key, or at {offer.url!r}")
        return reading

    return read


def _article(body: bytes, content_type: str) -> object:
    page = Page(url=URL, status=200, content_type=content_type, body=body)
    found = extract.extract(page, ArticleRules(), TIMEZONE)
    extract.next_pages(page)
    found.fields.title.encode(), found.fields.body.encode()
    if "<script" in found.fields.body.lower() or "javascript:" in found.fields.body.lower().replace("&#", ""):
        _refuse_script(found.fields.body)
    return found


def _refuse_script(body: str) -> None:
    from lxml.html import fragment_fromstring

    for node in fragment_fromstring(body, create_parent="div").iter():
        values = [value.strip().lower() for value in node.attrib.values()]
        if node.tag == "script" or any(value.startswith("javascript:") for value in values):
            raise WrongResult("a script in a sanitised body")


def _clean(body: bytes, content_type: str) -> Fields:
    text = extract.decode(body, content_type)
    return extract.clean(Fields(title=text[:500], body=text, lead_image=text[:200], tags=(text[:50],)), URL)


def _decode(body: bytes, content_type: str) -> str:
    text = extract.decode(body, content_type)
    text.encode()
    return text


def _moment(body: bytes, content_type: str) -> object:
    return extract.parse_moment(body.decode("utf-8", "replace")[:2_000], TIMEZONE, None)


READERS: Mapping[str, Reader] = {
    "decode": _decode,
    "feed": _source("feed"),
    "listing": _source("listing"),
    "sitemap": _source("sitemap"),
    "json": _source("json"),
    "auto": _source("auto"),
    "article": _article,
    "clean": _clean,
    "moment": _moment,
}


def outcome(reader: str, body: bytes, content_type: str) -> str:
    """What came of it in a word: "read", or "refused" for a SourceError. Everything else passes through."""
    try:
        READERS[reader](body, content_type)
    except SourceError:
        return "refused"
    return "read"


# ------------------------------------------------------------------------------------------------ bytes to start with

_ROWS = "".join(
    f'<li><a href="/news/2026/0{n}/t2026010{n}_{n}.html">关于第{n}次会议的通知</a><span>2026-01-0{n}</span></li>'
    for n in range(1, 9)
)
_PARAGRAPHS = "".join(f"<p>这是第{n}段正文，讲述会议的内容和要求，各单位要认真贯彻落实。</p>" for n in range(9))
SEEDS: Mapping[str, bytes] = {
    "page.html": (
        '<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>关于会议的通知-示例网</title>'
        '<meta name="ArticleTitle" content="关于会议的通知"><meta name="PubDate" content="2026-01-05 09:30">'
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"关于会议的通知",'
        '"datePublished":"2026-01-05T09:30:00+08:00","author":[{"@type":"Person","name":"张三"}]}</script></head><body>'
        '<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/news/">新闻</a></div><h1>关于会议的通知</h1>'
        "<p>来源：示例日报 作者：张三 发布时间：2026年1月5日 09:30 责任编辑：李四</p>"
        f'<div class="content">{_PARAGRAPHS}<img src="a.jpg"><table><tr><td>1</td></tr></table>'
        '<a href="a.pdf">附件1.pdf</a></div><a href="index_2.html">下一页</a></body></html>'
    ).encode(),
    "list.html": (
        f'<html><head><base href="/"></head><body><ul>{_ROWS}</ul>'
        '<script>createPageHTML(9, 0, "index", "html")</script>'
    ).encode(),
    "gbk.html": f'<html><head><meta charset="gb2312"></head><body><ul>{_ROWS}</ul></body></html>'.encode("gb18030"),
    "store.html": (
        "<script type='text/xml'><datastore><nextgroup><![CDATA[<a href='p?page=2'></a>]]></nextgroup><recordset>"
        "<record><![CDATA[<li><a href='/art/2026/1/5/art_1_1.html' title='第一条通知'>第一条通知</a><span>2026-01-05</"
        "span></li>]]>"
        "</record></recordset></datastore></script>"
    ).encode(),
    "state.html": (
        b'<script>window.__STATE__={"list":[{"id":1,"title":"First of the headlines","url":"/a/1.html","time"'
        b':1767571200},'
        b'{"id":2,"title":"Second of the headlines","url":"/a/2.html","time":1767571300}]}</script>'
    ),
    "rss.xml": (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/'
        '"><channel>'
        "<title>示例</title><link>https://www.example.org/</link><ttl>60</ttl><item><title>第一条 &amp; more</title>"
        '<link>/a/1.html</link><guid isPermaLink="false">1</guid><pubDate>Mon, 05 Jan 2026 09:30:00 +0800</pubDate>'
        '<dc:creator>张三</dc:creator><description><![CDATA[<p>text</p>]]></description><enclosure url="/a.mp3'
        '" length="1"'
        ' type="audio/mpeg"/></item></channel></rss>'
    ).encode(),
    "atom.xml": (
        b'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://www.example.org/"><title>t</title><entr'
        b'y><id>tag:example.org,2026:1'
        b'</id><title type="html">a &lt;b&gt;</title><link href="/1"/><updated>2026-01-05T09:30:00Z</updated>'
        b'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>x</p></div></content></entry></feed>'
    ),
    "sitemap.xml": (
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schem'
        b'as/sitemap-news/0.9">'
        b"<url><loc>https://www.example.org/a/1.html</loc><lastmod>2026-01-05</lastmod><news:news><news:title"
        b">t</news:title>"
        b"<news:publication_date>2026-01-05T09:30:00Z</news:publication_date></news:news></url></urlset>"
    ),
    "feed.json": (
        b'{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[{"id":"1","url":"/1","title":"x",'
        b'"content_html":"<p>x</p>","date_published":"2026-01-05T09:30:00Z","authors":[{"name":"a"}]}]}'
    ),
    "api.json": (
        '{"code":0,"data":{"total":2,"rows":[{"docid":1,"title":"第一条新闻的标题","url":"/a/1.html",'
        '"pubtime":1767571200000,"content":"<p>正文</p>"},{"docid":2,"title":"第二条新闻的标题","url":"/a/2.html",'
        '"pubtime":"2026-01-05 09:30"}]}}'
    ).encode(),
    "date.txt": "二〇二六年一月五日 上午9时30分 民國115年1月5日 5 janvier 2026 Mon, 05 Jan 2026 09:30 GMT".encode(),
    "utf16.html": f"<html><body><ul>{_ROWS}</ul></body></html>".encode("utf-16"),
    "sitemap.xml.gz": zlib.compress(b"<urlset><url><loc>https://www.example.org/1</loc></url></urlset>", 9, 31),
}  # fmt: skip


def corpus(folder: Path | None) -> list[bytes]:
    """The seeds above, and every small file below a folder of real pages, those in .gz unpacked."""
    found = list(SEEDS.values())
    for path in sorted(folder.rglob("*")) if folder else ():
        if path.suffix in {".html", ".xml", ".json", ".gz"} and path.name != "ground-truth.json":
            body = path.read_bytes()
            if path.suffix == ".gz":
                body = zlib.decompress(body, 31)
            if len(body) <= 300_000:
                found.append(body)
    return found


# ------------------------------------------------------------------------------------------------ damage

TOKENS: tuple[bytes, ...] = tuple(
    token.encode("utf-8", "surrogatepass") if isinstance(token, str) else token
    for token in (
        "<", ">", "&", '"', "'", "]]>", "<![CDATA[", "<!--", "-->", "<?xml version='1.0' encoding='utf-7'?>", "</",
        "/>", "<!DOCTYPE x [<!ENTITY a 'b'>]>", "<!ENTITY a SYSTEM 'file:///etc/passwd'>", "&a;", "&#0;", "&#xD800;",
        "&#x110000;", "&#99999999999;", "&nbsp;", "\x00", "\ufeff", "\u2028", "\ud800", b"\xff\xfe", b"\xff", b"\x81",
        b"\x1f\x8b", "<base href='http://[::1'>", "<base href='javascript:1'>", "<a href='http://[x'>",
        "<a href='//'>", "<a href='http://example.org:99999/'>", "http://exa mple.org/\\@", "javascript:alert(1)",
        "data:text/html,x", "<script>", "</script>", "<style>", "<noscript>", "<template>", "<svg>", "<math>",
        "<table><tr><td>", "<li>", "<div>", "</div>", "<p>", "<br>", "<h1>", "<title>", "<meta charset=",
        "<meta name=PubDate content='", "<time datetime='", "<iframe src=x>", "<img src=x onerror=alert(1)>",
        "<form><input type=password>", "<select><option>", "<a>", "来源：", "作者：", "责任编辑：", "发布时间：",
        "当前位置：", "首页 > ", "附件：", "下一页", "2026年1月5日", "二〇二六年", "民国115年",
        "99999999999999999999", "0000-00-00", "-1", "1e999", "NaN", "Infinity", "2026-13-45T99:99:99+99:99",
        "9999-12-31T23:59:59-23:59", "0001-01-01", "今天", "3天前", "99999999天前", "Mon, 31 Feb 2026 25:61:61 XYZ",
        "{", "}", "[", "]", ",", ":", "null", "true", "\\ud800", "\\u0000", '{"@graph":[', '"@type":"NewsArticle"',
        '"items":[', '"@id":"#"', "<datastore>", "<record>", "createPageHTML(", "<rss>", "<channel>", "<item>",
        "<guid>", "<link>", "<feed>", "<entry>", "<urlset>", "<sitemapindex>", "<url><loc>", "xml:base='http://[' ",
        "xmlns:a='' ", " type='xhtml' ", "<itunes:duration>", "<media:content>", "<georss:point>", "<gml:pos>",
        "<cite>", "<source>", "<pubDate>", "<updated>", "<psc:chapter start='9'>", "<dc:date>", "<atom:link href=",
        "<textInput>", "<cloud>",
    )
)  # fmt: skip
_LARGEST = 200_000


def damaged(body: bytes, other: bytes, chance: random.Random) -> bytes:
    """A body with one to eight faults; `other` is where pieces come from."""
    data = bytearray(body[:_LARGEST])
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8))):
        _damage(data, other, chance)
    return bytes(data[:_LARGEST])


def _damage(data: bytearray, other: bytes, chance: random.Random) -> None:
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + chance.choice((1, 2, 5, 20, 100, 1_000, 20_000)))
    match chance.randrange(8):
        case 0:
            del data[start:end]
        case 1:
            data[start:start] = data[start:end] * chance.choice((1, 2, 20, 500))
        case 2:
            data[start:start] = chance.choice(TOKENS)
        case 3:
            data[start:start] = chance.choice(TOKENS) * chance.choice((2, 10, 300, 5_000))
        case 4:
            data[start:end] = chance.choice(TOKENS)
        case 5 if other:
            place = chance.randrange(len(other))
            data[start:end] = other[place : place + chance.choice((1, 10, 100, 5_000))]
        case 6 if start < len(data):
            data[start] = chance.randrange(256)
        case _:
            del data[start:]


def faults(bodies: list[bytes], chance: random.Random) -> Iterator[tuple[str, bytes, str]]:
    """(reader, body, Content-Type) without end, each reader as often as every other, mostly with bytes of its kind."""
    fitting = {
        reader: [body for body in bodies if fits(body)] if (fits := _FITTING.get(reader)) else bodies
        for reader in READERS
    }
    while True:
        for reader in READERS:
            chosen = fitting[reader] if chance.random() < 0.85 else bodies
            yield reader, damaged(chance.choice(chosen), chance.choice(bodies), chance), chance.choice(TYPES)


def _is_json(body: bytes) -> bool:
    return body[:1] in (b"{", b"[")


_FITTING: Mapping[str, Callable[[bytes], bool]] = {
    "feed": lambda body: (
        _is_json(body) or any(mark in body[:2_000] for mark in (b"<rss", b"<feed", b"<rdf", b"<channel"))
    ),
    "json": _is_json,
    "sitemap": lambda body: body[:2] == b"\x1f\x8b" or b"<urlset" in body[:2_000] or b"<sitemapindex" in body[:2_000],
    "moment": lambda body: len(body) < 500,
}
