"""Offers made whole: what an article's address leads to."""

from __future__ import annotations

import json

import pytest

from feedservice.protocols import Store
from tests.fakes import FakeClock, FakeWeb
from tests.house import House

SITE = "https://www.example.org"
PAGE = f"<h1>阅览室延长开放</h1><div class=text><p>{'自本周六起，馆内各阅览室的开放时间将有所延长。' * 9}</p></div>"


@pytest.mark.parametrize("media_type", ["text/html", "Text/HTML; Charset=UTF-8", "APPLICATION/XHTML+XML", ""])
def test_page_is_read_however_its_type_is_written(store: Store, clock: FakeClock, media_type: str) -> None:
    """And taken for no file: media types have no case (RFC 9110 §8.3.1)."""
    house = House(store, FakeWeb(), clock)
    rows = [{"title": "阅览室延长开放", "url": f"{SITE}/1.html"}]
    house.web.put(f"{SITE}/api", json.dumps({"rows": rows}), "application/json")
    house.web.put(f"{SITE}/1.html", PAGE, media_type)
    house.add("api", "json", {"url": f"{SITE}/api", "items": "rows", "headline": "title", "link": "url"})
    assert house.refresh("api").new == 1
    (article,) = house.articles("api")
    assert "各阅览室的开放时间" in article.fields.body
    assert article.fields.attachments == ()
