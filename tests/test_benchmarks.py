"""The benchmarks go with the program: each can be loaded, and the one of accuracy tells right from wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
URL = "https://www.example.org/news/"
TITLE = "示例新区图书馆春季开馆时间调整"
TEXT = "记者从示例新区图书馆获悉，自本周六起，馆内各阅览室的开放时间将有所延长，方便读者在工作之余借阅图书。"
PAGE = f"""<html><head><title>{TITLE}</title></head><body>
<div>当前位置：<a href="/">首页</a> &gt; <a href="./">新闻</a></div>
<h1>{TITLE}</h1><p>2024-01-15 10:30 来源：示例日报 作者：张三</p>
<div class="content">{f"<p>{TEXT}</p>" * 3}</div></body></html>"""
ITEMS = [
    {"url": f"{URL}20240{n}.html", "title": f"示例新区第{n}次会议召开", "date": f"2024-01-0{n}"} for n in range(1, 9)
]
ROWS = "".join(f'<li><a href="{each["url"]}">{each["title"]}</a><span>{each["date"]}</span></li>' for each in ITEMS)
FEED = f"""<rss version="2.0"><channel><title>t</title><link>{URL}</link><description>d</description>
<item><title>{TITLE}</title>
<link>{URL}1.html</link><pubDate>Mon, 15 Jan 2024 10:30:00 +0800</pubDate></item></channel></rss>"""
ENTRY = {"title": TITLE, "link": f"{URL}1.html", "published": "2024-01-15T10:30:00+08:00"}
ARTICLE = {
    "title": TITLE,
    "published": "2024-01-15T10:30:00",
    "source": "示例日报",
    "author": "张三",
    "breadcrumb": ["首页", "新闻"],
    "body_text": TEXT * 3,
    "body_must": [TEXT],
    "body_absent": ["来源"],
    "tz": "Asia/Shanghai",
}


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "benchmarks").glob("[a-z]*.py")))
def test_benchmark_can_be_loaded(name: str) -> None:
    assert import_module(f"benchmarks.{name}").__doc__


@pytest.mark.parametrize(("wished", "share"), [(TITLE, 1), ("示例新区图书馆闭馆", 0)], ids=["right", "wrong"])
def test_accuracy_is_told_of_articles_lists_and_feeds(tmp_path: Path, wished: str, share: int) -> None:
    for name, text in {"a.html": PAGE, "l.html": f"<html><body><ul>{ROWS}</ul></body></html>", "f.xml": FEED}.items():
        (tmp_path / name).write_text(text, "utf-8")
    listed = [*ITEMS[:-1], ITEMS[-1] if share else {**ITEMS[-1], "url": f"{URL}9.html"}]
    truth = {
        "articles": [
            {"id": "z", "file": "a.html", "url": URL + "1.html", "lang": "zh", "expected": {**ARTICLE, "title": wished}}
        ],
        "lists": [{"id": "l", "file": "l.html", "url": URL, "expected": {"items": listed}}],
        "feeds": [
            {
                "id": "f",
                "file": "f.xml",
                "url": URL,
                "http_content_type": "",
                "expected": {"n_entries": 1, "entries": [{**ENTRY, "title": wished}]},
            }
        ],
    }
    (tmp_path / "ground-truth.json").write_text(json.dumps(truth), "utf-8")
    command = [sys.executable, "benchmarks/extraction.py", str(tmp_path), "--predictions", str(tmp_path / "found.json")]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120).stdout
    first = told.partition("\n")[0]
    assert f"title {share}.000(1)" in first
    for name in ("day", "minute", "source", "author", "breadcrumb", "must", "absent"):
        assert f" {name} 1.000(1)" in first
    assert f"perfect {share}/1 " in told
    assert f"feeds: n 1 fully right {share} " in told
    found = json.loads((tmp_path / "found.json").read_text("utf-8"))
    assert found["lists"]["l"] == ITEMS
    assert found["articles"]["z"]["breadcrumb"] == ["首页", "新闻"]
    assert [entry["title"] for entry in found["feeds"]["f"]["entries"]] == [TITLE]
