"""The way to a page: what is named as one, and what only bears a class that says where a box stands on the window."""

from __future__ import annotations

import json

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.model import Fields, Page

TEXT = (
    "<p>示例市圖書館近日調整開放時間，各閱覽室週末延長兩小時，方便讀者在工作之餘借閱圖書，受到市民歡迎。</p>"
    "<p>據介紹，調整之後，少兒閱覽室每天開放十小時，自習室開放十四小時，週一照常閉館，節假日另行通知。</p>"
)
LINKS = "<a href=/t/1>颱風</a> <a href=/t/2>停班停課</a>"
STATED = json.dumps(
    {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "首頁"},
            {"@type": "ListItem", "position": 2, "name": "社會"},
        ],
    }
)
JSON_LD = f'<script type="application/ld+json">{STATED}</script>'


def read(trail: str, head: str = "") -> Fields:
    html = (
        f'<html><head><meta charset="utf-8"><title>圖書館延長開放</title>{head}</head><body>{trail}'
        f"<h1>圖書館延長開放</h1><div>2024-05-06 10:20</div><div class=nr>{TEXT}</div></body></html>"
    )
    page = Page(
        url="https://www.example.org/a", status=200, content_type="text/html; charset=utf-8", body=html.encode()
    )
    return extract(page, ArticleRules(), "Asia/Taipei").fields


@pytest.mark.parametrize(
    "classes",
    [
        "tags mb-3",
        "mb-15 articletag",
        "share position-relative",
        "place-items-center flex",
        "mb-auto",
        "show-where",
        "mb",
    ],
)
def test_classes_of_layout_name_no_trail(classes: str) -> None:
    assert read(f'<div class="{classes}">{LINKS}</div>').breadcrumb == ()
    assert read(f'<div class="{classes}">{LINKS}</div>', JSON_LD).breadcrumb == ("首頁", "社會")


@pytest.mark.parametrize(
    "trail",
    [
        "<div class='position mb-3'><a href=/>首頁</a> <a href=/s>社會</a></div>",
        "<div id=mb><a href=/>首頁</a> &gt; <a href=/s>社會</a></div>",
        "<p class=location>首頁&nbsp;&gt;&nbsp;<b>社會</b></p>",
        "<div class=path>目前位置：<a href=/>首頁</a> <a href=/s>社會</a></div>",
        "<div class='breadcrumb mb-3'><a href=/>首頁</a><a href=/s>社會</a></div>",
        "<p>您現在的位置：<a href=/>首頁</a> &gt; <a href=/s>社會</a> &gt; 內容</p>",
    ],
)
def test_trail_of_a_doubtful_name_counts_where_it_looks_like_one(trail: str) -> None:
    assert read(trail).breadcrumb == ("首頁", "社會")


def test_stated_trail_goes_before_one_of_a_doubtful_name_only() -> None:
    weak = "<div class=local><a href=/a>示例</a> / <a href=/b>專欄</a></div>"
    assert read(weak).breadcrumb == ("示例", "專欄")
    assert read(weak, JSON_LD).breadcrumb == ("首頁", "社會")
    assert read(weak.replace("local", "breadcrumb"), JSON_LD).breadcrumb == ("示例", "專欄")


def test_first_cell_with_the_home_is_followed_by_the_rest_of_the_way() -> None:
    rest = "<table><tr><td> > <a href=/1>政務公開</a></td><td> > <a href=/2>工作動態</a></td></tr></table>"
    trail = f"<table><tr><td>當前位置：<a href=/>首頁</a></td><td>{rest}</td></tr></table>"
    assert read(trail).breadcrumb == ("首頁", "政務公開", "工作動態")


@pytest.mark.parametrize(
    ("last", "steps"),
    [
        ("<h2>工作動態</h2>", ("首頁", "政務公開", "工作動態")),
        ("&gt; <a href=/2/2>工作動態</a>", ("首頁", "政務公開", "工作動態", "工作動態")),
    ],
)
def test_name_of_the_column_over_its_articles_is_no_step(last: str, steps: tuple[str, ...]) -> None:
    way = "<a href=/>首頁</a> &gt; <a href=/1>政務公開</a> &gt; <a href=/2>工作動態</a>"
    assert read(f"<div class=path>{way} {last}</div>").breadcrumb == steps


@pytest.mark.parametrize(
    "way", ["首頁 &gt; 互動交流 &gt; 民意信箱", "首頁>互動交流>民意信箱", "首頁 / 互動交流 / 民意信箱"]
)
def test_way_without_a_link_is_one(way: str) -> None:
    assert read(f"<div class=now>{way}</div>").breadcrumb == ("首頁", "互動交流", "民意信箱")


def test_way_that_ends_in_a_kind_of_page_gives_way_to_the_one_over_the_headline() -> None:
    kind = "<div class=position><a href=/>網站首頁</a> &gt; <span>詳情頁</span></div>"
    way = "<p><a href=/>網站首頁</a> &gt; <a href=/1>要聞</a> &gt; <a href=/1/2>街道動態</a></p>"
    assert read(kind + way).breadcrumb == ("網站首頁", "要聞", "街道動態")


def test_way_in_a_table_after_its_label_is_whole() -> None:
    rest = "<table><tr><td> > <a href=/1>政務公開</a></td><td> > <a href=/2>工作動態</a></td></tr></table>"
    trail = f"<div class=cur>當前位置：<table><tr><td><a href=/>首頁</a></td><td>{rest}</td></tr></table></div>"
    assert read(trail).breadcrumb == ("首頁", "政務公開", "工作動態")


def test_steps_in_brackets_are_read_without_them() -> None:
    assert read("<div class=dqwz><a href=/>[首頁]</a> &gt;&gt; <a href=/s>社會</a> &gt;&gt; 正文</div>").breadcrumb == (
        "首頁",
        "社會",
    )
    assert read("<div class=dqwz>[<a href=/>首頁</a>] &gt;&gt; [<a href=/s>社會</a>]</div>").breadcrumb == (
        "首頁",
        "社會",
    )


@pytest.mark.parametrize("mark", ["·", "|", "｜"])
def test_home_and_columns_with_dots_between_are_a_way_right_over_the_headline(mark: str) -> None:
    way = f"<div class=p2><a href=/>首頁</a> {mark} <a href=/n>新聞中心</a> {mark} <a href=/n/s>社會</a></div>"
    assert read(way).breadcrumb == ("首頁", "新聞中心", "社會")
    assert read(way, JSON_LD).breadcrumb == ("首頁", "社會")
    assert read(f"{way}<p>今天是星期一</p>").breadcrumb == ()
    assert read(way.replace("<div", "<nav").replace("</div", "</nav")).breadcrumb == ()


def test_menus_over_the_headline_are_no_way() -> None:
    entries = f"<a href=/>首頁</a> | {' | '.join(f'<a href=/{n}>欄目{n}</a>' for n in 'abcd')}"
    assert read(f"<div class=p2>{entries}</div>").breadcrumb == ()
    assert read("<div class=p2><a href=/>首頁</a> | 社會 | <a href=/b>聯絡</a></div>").breadcrumb == ()


def test_long_headline_at_the_end_of_a_way_does_not_hide_it() -> None:
    title = "示例市圖書館調整開放時間各閱覽室週末延長兩小時方便讀者在工作之餘借閱圖書受到市民歡迎並將另行公布節假日安排"
    links = f"<a href=/>[示例在線]</a>&nbsp; <a href=/n>&gt;&gt;社會</a>&nbsp; <a href=''>&gt;&gt;{title}</a>"
    html = (
        f"<html><head><meta charset=utf-8><title>{title}</title></head><body><div class=mt_text>{links}</div>"
        f"<h1>{title}</h1><div>2024-05-06 10:20</div><div class=nr>{TEXT}</div></body></html>"
    )
    page = Page(url="https://www.example.org/a", status=200, content_type="text/html", body=html.encode())
    assert extract(page, ArticleRules(), "Asia/Taipei").fields.breadcrumb == ("示例在線", "社會")


def test_pictures_may_stand_between_the_steps_right_over_the_headline() -> None:
    arrow = "<i><img src=/more.png></i>"
    steps = f" {arrow} ".join(("<a href=/>首頁</a>", "<a href=/n>新聞</a>", "<a href=/s>社會</a>"))
    way = f"<a href=/><img src=/home.png></a> {arrow} {steps}"
    assert read(f"<div class=yd><div>{way}</div></div>").breadcrumb == ("首頁", "新聞", "社會")
    assert read(f"<div class=yd><div>{way.replace(arrow, '')}</div></div>").breadcrumb == ()
