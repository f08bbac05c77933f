"""Editions for the tests of formats and publish: one that has everything, and parts to build others from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from lxml import etree

from feedservice.formats import FORMATS
from feedservice.model import Article, Attachment, Edition, Feed, FeedKind, Fields, Site
from feedservice.protocols import Format

READERS_FORMATS = tuple(row for row in FORMATS if not row.dialect)
"""Those that feed readers subscribe to."""
START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
SITE = Site(
    title="滨海信息",
    base_url="https://feeds.example.org",
    authority="feeds.example.org,2026",
    description="新区各部门的公告与动态",
    author="滨海信息服务",
    rights="© 2026 滨海信息",
    icon_url="https://feeds.example.org/icon.png",
    hubs=("https://hub.example.org/",),
)
ORIGIN = Feed(name="tdyw", kind=FeedKind.SOURCE, title="泰达要闻", home_url="https://news.example.org/tdyw/")
CATEGORY = Feed(
    name="qita", kind=FeedKind.CATEGORY, title="其他信息", description="资讯动态 > 其他信息", parent="zixun"
)


def article(number: int, *, fields: Fields | None = None, **other: object) -> Article:
    """An article; `number` tells it from the others and is its age in minutes."""
    url = f"https://news.example.org/tdyw/202601/t20260105_{number}.html"
    published = START - timedelta(minutes=number)
    parts: dict[str, object] = {
        "seq": 1000 - number,
        "id": url,
        "source": ORIGIN.name,
        "key": url,
        "url": url,
        "published": published,
        "updated": published,
        "first_seen": START,
        "arrival": published,
        "fields": fields or Fields(title=f"第{number}条", body=f"<p>正文 {number}</p>"),
        "categories": (CATEGORY.name,),
    }
    return Article(**{**parts, **other})  # type: ignore[arg-type]


def edition(articles: Sequence[Article], *, feed: Feed = CATEGORY, site: Site = SITE) -> Edition:
    """A feed of these articles."""
    return Edition(
        feed=feed,
        site=site,
        articles=tuple(articles),
        updated=max((each.updated for each in articles), default=datetime(2000, 1, 1, tzinfo=UTC)),
        origins={ORIGIN.name: ORIGIN},
        category_titles={CATEGORY.name: CATEGORY.title},
    )


def ids_in(document: bytes, row: Format) -> list[str]:
    """The ids of a document's items, as its readers see them; links, where the format knows no ids."""
    seen = row.read(document)
    if seen.ids is not None:
        return list(seen.ids)
    if row.suffix.endswith("json"):
        return [item["url"] for item in json.loads(document)["data"]]
    return [link.text or "" for link in etree.fromstring(document).iter("link")]


FULL = article(
    1,
    updated=START + timedelta(hours=1),
    fields=Fields(
        title="滨海新区高质量发展大会召开：“津开发〔2025〕3号”文件发布 & R&D <支持>",
        summary="大会部署 2026 年重点工作，a < b，并发布配套政策。",
        body=(
            '<p>新华社天津1月5日电 大会<strong>今天</strong>召开。</p><figure><img src="https://news.example.org/a/'
            '%E5%BE%AE%E4%BF%A1.png" alt="会场"></figure><p>全文见<a href="https://news.example.org/3.html?a=1&amp;b=2">'
            '这里</a>，<a href="mailto:info@example.org">来信</a>。</p><table><tbody><tr><td colspan="2">表 ]]&gt;</td>'
            "</tr></tbody></table>"
        ),
        language="zh-CN",
        authors=("张三", "李四"),
        editor="王五",
        origins=("滨海时报",),
        breadcrumb=("首页", "资讯动态", "其他信息"),
        tags=("高质量发展", "其他信息", "政策 & 法规"),
        lead_image="https://news.example.org/a/微信图片.png",
        attachments=(
            Attachment(url="https://news.example.org/a/1.docx", name="附件1.docx"),
            Attachment(
                url="https://news.example.org/a/2.pdf", name="附件2.pdf", media_type="application/pdf", length=48_213
            ),
            Attachment(url="https://news.example.org/a/3.mp3", media_type="audio/mpeg", length=1_024_000),
        ),
    ),
)
FOREIGN = article(
    2,
    id="urn:uuid:5f0c9c5e-8a5e-5f43-9d6d-0b5b0a7f8f11",
    fields=Fields(
        title="Notice to residents",
        body="<p>The hall closes early.</p>\n<p>Opening hours follow.</p>",
        language="en",
        origins=("Binhai Times",),
    ),
)
FILE_ONLY = article(
    3,
    fields=Fields(
        title="关于道路施工的通告",
        attachments=(Attachment(url="https://news.example.org/a/9.pdf", name="通告.pdf"),),
    ),
)
UNTITLED = article(4, fields=Fields(body="<p>没有标题的<b>一段</b>话。</p>"))
NOTHING = article(5, fields=Fields(), categories=())
WHOLE = edition((FULL, FOREIGN, FILE_ONLY, UNTITLED, NOTHING))
