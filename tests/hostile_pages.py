"""Pages, feeds and sitemaps that mean harm, made when they are asked for; and an arena where they can do none.

Every reader meets them in a process of its own, which may take so much memory and so long, and is ended where it does
not end by itself.
"""

from __future__ import annotations

import gzip
import math
import multiprocessing
import resource
import signal
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from feedservice.errors import SourceError
from tests.fuzz_targets import READERS
from tests.pace import pace

MEMORY = 1_000_000_000
"""Bytes of address space that a reader may take beyond what the program takes by itself."""
SECONDS = 15
"""Seconds of processor time after which a reader is ended, on a machine that adds up ten million numbers in one."""
_PATIENCE = 600.0
_PRELOADED = [
    "feedservice.extract.article",
    "feedservice.extract.cleaning",
    "feedservice.extract.encoding.guessing",
    "feedservice.sources.feed.entries",
    "feedservice.sources.feed.jsonfeed",
    "feedservice.sources.listing.reading",
    "tests.hostile_pages",
]


def _html(inside: str) -> bytes:
    return f"<html><head><title>标题</title></head><body>{inside}</body></html>".encode()


def _rss(inside: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>t</title>{inside}</channel></rss>'.encode()


def _sitemap(inside: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?>{head}<urlset>{inside}</urlset>'.encode()


def _item(inside: str) -> str:
    return f"<item><link>http://example.org/1</link>{inside}</item>"


def _crowd() -> str:
    return "".join(f'a{n}=">" ' for n in range(400_000))


def _laughs() -> str:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY l0 "ha">{lines}]>'


def _quadratic() -> str:
    return f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>'


_EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY % b SYSTEM "http://127.0.0.1:9/b">%b;]>'
_UNENDED = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"'
_URL = "<url><loc>http://example.org/{}</loc></url>"
_ROW = '<li><a href="/a/{0}.html">第{0}条新闻的标题</a> 2026-01-05</li>'

PAGES: Mapping[str, Callable[[], bytes]] = {
    "100 MB of text": lambda: _html("<p>" + "文字 " * 14_000_000 + "</p>"),
    "10 MB of text": lambda: _html("<p>" + "文字 " * 1_400_000 + "</p>"),
    "10 MB of paragraphs": lambda: _html("<p>一段文字。</p>" * 450_000),
    "a million links": lambda: _html("".join(map(_ROW.format, range(1_000_000)))),
    "as many links as come through": lambda: _html("".join(map(_ROW.format, range(140_000)))),
    "nested divs": lambda: _html("<div>" * 200_000 + "text"),
    "nested divs that end": lambda: _html("<div>" * 200_000 + "text" + "</div>" * 200_000),
    "nested tables": lambda: _html("<table><tr><td>" * 60_000),
    "nested inline": lambda: _html("<b><i><font>" * 60_000 + "text"),
    "nested lists": lambda: _html("<ul><li><a href=/1.html>标题标题</a>" * 50_000),
    "unclosed formatting": lambda: _html("<p><b><i><u><a href=x>标题" * 40_000),
    "one attribute of 9 MB": lambda: _html(f'<a href="/{"a" * 9_000_000}" title="{"b" * 900_000}">x</a>'),
    "a million attributes": lambda: _html("<p " + "".join(f"a{n}=1 " for n in range(800_000)) + ">x"),
    "attributes that hold >": lambda: _html(f"<p {_crowd()}>x"),
    "a feed of attributes that hold >": lambda: _rss(_item(f"<title {_crowd()}>x</title>")),
    "9 MB class": lambda: _html(f'<li class="{"first-a " * 1_100_000}"><a href="/1.html">标题</a></li>'),
    "data: image": lambda: _html(f'<img src="data:image/png;base64,{"QUJD" * 2_000_000}"><p>正文。</p>'),
    "javascript: links": lambda: _html(
        "".join(
            f'<li><a href="{scheme}">一条新闻的标题 {n}</a> 2026-01-05</li>'
            for n in range(5_000)
            for scheme in ("javascript:alert(1)", "JaVa\tScript:x", "data:text/html,x", "vbscript:x", "//[", "http://[::")
        )
    ),
    "来源：": lambda: _html("<h1>标题标题</h1><p>" + "来源：" * 100_000 + "</p>"),
    "labels": lambda: _html("<p>" + "来源： 作者：责任编辑： 发布时间：2026-01-05 " * 60_000 + "</p>"),
    "crumbs": lambda: _html("<div>" + "当前位置：首页 > " * 100_000 + "</div><h1>标题标题</h1>"),
    "digits": lambda: _html("<h1>标题标题</h1><p>" + "1" * 3_000_000 + "</p>"),
    "dates": lambda: _html("<h1>标题标题</h1><p>" + "2026年1月5日 " * 200_000 + "</p>"),
    "half dates": lambda: _html("<h1>标题标题</h1><p>" + "2026-" * 400_000 + "</p>"),
    "Chinese digits": lambda: _html("<h1>标题标题</h1><p>" + "二〇二六年" * 200_000 + "</p>"),
    "spaces": lambda: _html("<h1>标题标题</h1><p>作者：" + " " * 5_000_000 + "x</p>"),
    "ideographic spaces": lambda: _html("<h1>标题标题</h1><p>作者：" + "\u3000" * 2_000_000 + "x</p>"),
    "line ends": lambda: _html("<p>来源：" + "\n" * 5_000_000 + "</p>"),
    "< without end": lambda: _html("<" * 3_000_000),
    "<a without end": lambda: _html("<a " * 1_000_000),
    "& without end": lambda: _html("&" * 3_000_000),
    "brackets": lambda: _html("[" * 1_000_000 + "(" * 1_000_000 + "【" * 300_000),
    "references": lambda: _html("<p>" + "&#x4e2d;&amp;&nbsp;" * 400_000 + "</p>"),
    "a reference of many digits": lambda: _html(f"<title>a&#{'9' * 100_000};</title><a href='&#{'9' * 5_000};'>x</a>"),
    "lone surrogates": lambda: _html("<h1>标&#xD800;题</h1><p>" + "正文&#xDFFF;&#55296; " * 50_000 + "</p>"),
    "surrogates as bytes": lambda: _html("<p>正文") + b"\xed\xa0\x80\xed\xbf\xbf" * 200_000,
    "NUL": lambda: _html("<h1>标\x00题</h1><p>" + "正\x00文" * 300_000 + "</p>"),
    "nothing but NUL": lambda: b"\x00" * 5_000_000,
    "controls": lambda: _html("<p>" + "".join(map(chr, range(1, 32))) * 50_000 + "</p>"),
    "random bytes": lambda: bytes((n * n * 31 + n) % 256 for n in range(1_000_000)),
    "wrong charset": lambda: b'<meta charset="gb2312"><p>' + "正文。".encode() * 500_000,
    "unknown charset": lambda: b'<meta charset="unicode_escape"><p>' + b"\\x" * 500_000,
    "a BOM that lies": lambda: b"\xff\xfe" + _html("<p>正文</p>" * 100_000),
    "comments": lambda: _html("<!--" * 500_000),
    "scripts": lambda: _html("<script>" * 300_000),
    "script of braces": lambda: _html("<script>var a=" + '{"a":[' * 500_000),
    "script of strings": lambda: _html("<script>var a={title:'" + "\\'" * 1_000_000),
    "JSON-LD that nests": lambda: _html('<script type="application/ld+json">' + '{"@graph":[' * 100_000 + "</script>"),
    "JSON-LD of many": lambda: _html('<script type="application/ld+json">{"@type":"NewsArticle"}</script>' * 60_000),
    "metas": lambda: _html("<meta name=PubDate content='2026-01-05'>" * 150_000),
    "headings": lambda: _html("<h1>标题标题标题</h1>" * 100_000),
    "pages to join": lambda: _html("".join(f"<a href='index_{n}.html'>{n}</a>" for n in range(100_000))),
    "billion laughs in a feed": lambda: _rss(_item("<title>&l9;</title>"), _laughs()),
    "quadratic entity in a feed": lambda: _rss(_item("<title>" + "&a;" * 100_000 + "</title>"), _quadratic()),
    "external entity in a feed": lambda: _rss(_item("<title>&a;</title>"), _EXTERNAL),
    "unended entity in a feed": lambda: _rss(_item("<title>&a;</title>"), _UNENDED),
    "a feed of many items": lambda: _rss(_item("<title>标题</title><pubDate>x</pubDate>") * 100_000),
    "a feed that nests": lambda: _rss("<item>" * 200_000),
    "a feed of prefixes": lambda: _rss("".join(f"<a{n}:b>x</a{n}:b>" for n in range(100_000))),
    "a feed of one long item": lambda: _rss(_item("<description>" + "&lt;p&gt;文字" * 500_000 + "</description>")),
    "a feed of long numbers": lambda: _rss(
        _item(f'<title>&amp;#{"9" * 6_000};</title><enclosure url="/a" length="{"9" * 6_000}"/>')
        + f"<ttl>{'9' * 9_000}</ttl>"
    ),
    "an ill-formed feed": lambda: _rss(_item("<title>a</b></title><c>") * 50_000),
    "billion laughs in a sitemap": lambda: _sitemap("<url><loc>&l9;</loc></url>", _laughs()),
    "external entity in a sitemap": lambda: _sitemap("<url><loc>http://example.org/&a;</loc></url>", _EXTERNAL),
    "a sitemap of many": lambda: _sitemap("".join(map(_URL.format, range(200_000)))),
    "a sitemap that nests": lambda: _sitemap("<url>" * 200_000),
    "an index that leads to itself": lambda: (
        b"<sitemapindex>" + b"<sitemap><loc>https://www.example.org/news/index.html</loc></sitemap>" * 1_000
    ),
    "gzip bomb": lambda: gzip.compress(_sitemap("<url>" + " " * 200_000_000), 9),
    "gzip that is allowed": lambda: gzip.compress(_sitemap("<url>" + " " * 50_000_000 + "</url>"), 9),
    "gzip cut off": lambda: gzip.compress(_sitemap("<url/>" * 1_000))[:-12],
    "JSON that nests": lambda: b"[" * 5_000_000,
    "JSON objects that nest": lambda: b'{"a":' * 1_000_000,
    "JSON of many rows": lambda: b'{"rows":[' + b'{"title":"a title of news","url":"/1"},' * 200_000 + b'{"a":1}]}',
    "JSON of long numbers": lambda: b'[{"title":"a title of news","url":"/1","date":' + b"9" * 4_000 + b"}]",
    "JSON of impossible numbers": lambda: b'[{"title":"a title of news","url":"/1","id":' + b"9" * 9_000 + b"}]",
    "JSON of lone surrogates": lambda: b'{"items":[' + b'{"id":"1","title":"\\ud800 title","content_html":"\\udfff"}]}',
    "JSON that is no JSON": lambda: b'{"a":NaN,"b":Infinity,"items":[{"id":1e999,"title":"x","content_html":"x"}]}',
    "nothing": lambda: b"",
    "white space": lambda: b" \n" * 4_000_000,
}  # fmt: skip
TYPES = {"JSON": "application/json", "feed": "application/rss+xml", "sitemap": "application/xml"}


def content_type(name: str) -> str:
    """What a server would say that a page of this name is."""
    return next((value for word, value in TYPES.items() if word in name), "text/html; charset=utf-8")


@dataclass(frozen=True, slots=True)
class Meeting:
    """How a reader took a page. outcome: "read", "refused", or what went wrong. seconds: of processor time.

    grown: bytes by which the process was larger than ever before.
    """

    outcome: str
    seconds: float = 0.0
    grown: int = 0


def meet(page: str, readers: Sequence[str]) -> dict[str, Meeting]:
    """Have readers meet a page in the arena, one after the other; where one dies, so do those after it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_inside, args=(page, readers, theirs), daemon=True)
    process.start()
    theirs.close()
    met: dict[str, Meeting] = {}
    try:
        for reader in readers:
            met[reader] = ours.recv() if ours.poll(_PATIENCE) else Meeting("never ended")
    except EOFError:
        process.join()
        ended = process.exitcode == -signal.SIGXCPU
        told = Meeting(f"did not end within {SECONDS} s" if ended else f"died with exit code {process.exitcode}")
        met.update({reader: told for reader in readers if reader not in met})
    finally:
        process.kill()
        process.join()
        ours.close()
    return met


def _inside(page: str, readers: Sequence[str], answer: Connection) -> None:
    body = PAGES[page]()
    _bound_memory()
    for reader in readers:
        _bound_time()
        answer.send(_met(reader, body, content_type(page)))


def _met(reader: str, body: bytes, kind: str) -> Meeting:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    try:
        READERS[reader](body, kind)
        outcome = "read"
    except SourceError:
        outcome = "refused"
    except Exception as error:  # noqa: BLE001 it is what is looked for
        place = traceback.extract_tb(error.__traceback__)[-1]
        outcome = f"{type(error).__name__}: {error!s:.200} at {Path(place.filename).name}:{place.lineno}"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return Meeting(outcome, time.process_time() - began, grown * 1024)


def _bound_time() -> None:
    allowed = math.ceil(time.process_time() + SECONDS * pace())
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.RLIM_INFINITY))


def _bound_memory() -> None:
    size = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
