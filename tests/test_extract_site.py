"""Every article of a whole small site is read as its ground truth says."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.model import Page
from tests.house import corpora

SITE = "http://site.example.org"
ZONE = "Asia/Shanghai"


def words_of(body: str) -> str:
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", body)))


def seed_articles() -> list[dict[str, Any]]:
    articles: list[dict[str, Any]] = json.loads((corpora() / "seed-site" / "expected.json").read_text())["articles"]
    return articles


def seed_page(path: str) -> Page:
    body = Path(corpora() / "seed-site" / "site" / path.removeprefix("/")).read_bytes()
    return Page(url=SITE + path, status=200, content_type="text/html", body=body)


@pytest.mark.corpus
def test_every_field_of_every_article_of_a_whole_site_is_right() -> None:
    for expected in seed_articles():
        fields = extract(seed_page(expected["path"]), ArticleRules(), ZONE).fields
        assert fields.published is not None, expected["path"]
        assert (
            fields.title,
            fields.published.at.isoformat()[: len(expected["published"])],
            "、".join(fields.origins),
            "、".join(fields.authors),
            fields.editor,
            list(fields.breadcrumb),
            fields.lead_image,
            [item.url for item in fields.attachments],
        ) == (
            expected["title"],
            expected["published"],
            expected["source"] or "",
            expected["author"] or "",
            expected["editor"] or "",
            expected["breadcrumb"],
            SITE + quote(expected["lead_image"]) if expected["lead_image"] else None,
            [SITE + (item["url"]) for item in expected["attachments"]],
        ), expected["path"]


@pytest.mark.corpus
def test_every_paragraph_of_a_whole_site_is_kept_and_no_furniture() -> None:
    for expected in seed_articles():
        body = extract(seed_page(expected["path"]), ArticleRules(), ZONE).fields.body
        text = words_of(body)
        assert [part for part in expected["paragraphs"] if re.sub(r"\s+", "", part) not in text] == [], expected["path"]
        assert [part for part in expected["body_absent"] if re.sub(r"\s+", "", part) in text] == [], expected["path"]
        assert [part for part in expected["must_not_contain_html"] if part in body] == [], expected["path"]
        assert [image for image in expected["images"] if SITE + quote(image) not in body] == [], expected["path"]
