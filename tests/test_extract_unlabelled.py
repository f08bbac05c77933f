"""Publications beside the date without a label, and what stands there besides: buttons, days, sections, notices."""

from __future__ import annotations

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.model import Fields, Page

TEXT = (
    "<p>示例市圖書館近日調整開放時間，各閱覽室週末延長兩小時，方便讀者在工作之餘借閱圖書，受到市民歡迎。</p>"
    "<p>據介紹，調整之後，少兒閱覽室每天開放十小時，自習室開放十四小時，週一照常閉館，節假日另行通知。</p>"
)
SECTION = '<meta property="article:section" content="社會">'


def read(line: str, *, head: str = "", before: str = "") -> Fields:
    html = (
        f'<html><head><meta charset="utf-8">{head}<title>圖書館延長開放_示例星空</title></head><body>{before}'
        f"<h1>圖書館延長開放</h1><div class=row><span>2024-05-06 10:20</span>{line}</div><div class=nr>{TEXT}</div>"
        "</body></html>"
    )
    page = Page(
        url="https://www.example.org/a", status=200, content_type="text/html; charset=utf-8", body=html.encode()
    )
    return extract(page, ArticleRules(), "Asia/Taipei").fields


@pytest.mark.parametrize(
    "line",
    [
        "<button>收進書架</button><a href='javascript:void(0)'>推薦給好友看</a>",
        "<a href='javascript:window.print()'>列印</a>",
        "<a href='https://twitter.com/share' class=twitter-share-button>Tweet</a>",
        "<a href='https://www.facebook.com/sharer/sharer.php?u=x'>面書新聞</a>",
        "<a href='mailto:?body=x'>寄給新聞台</a>",
        "<div class=member-box>馬上成為示例報社</div>",
        "<div class=fontsize>縮放新聞</div>",
        "<span>星期五</span>",
        "<span>(週一)</span>",
        "<span>August</span>",
        "<span>月曜日</span>",
        "<span>尚餘0篇</span>",
        "<span>馬上成為會員人</span>",
        "<a href=/s>港聞</a>",
        "<i>／桃園機場報導</i>",
        "<i>綜合報導</i>",
    ],
)
def test_what_is_pressed_and_what_is_no_name_is_no_publication(line: str) -> None:
    assert read(line).origins == ()


def test_section_that_the_title_of_the_window_ends_in_is_no_publication() -> None:
    assert read("<a href=/s>港聞</a>", head="<title>圖書館延長開放 - 示例報 - 港聞</title>").origins == ()


def test_section_and_entries_of_the_menu_are_no_publications() -> None:
    assert read("<div><a href=/s>社會</a></div>", head=SECTION).origins == ()
    menu = "<div class=menu><a href=/f>生活觀察</a><a href=/p>示例日報</a></div>"
    assert read("<span>生活觀察</span>", before=menu).origins == ()
    assert read("<span>示例日報</span>", before=menu).origins == ("示例日報",)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("<b>聯合報 記者</b><a href=/r>陳嘉寧</a>／桃園機場報導", "聯合報"),
        ("<span>示例新聞雲</span><a href='javascript:;'>分享給報社</a>", "示例新聞雲"),
        ("<span>示例世紀經濟報道</span>", "示例世紀經濟報道"),
        ("<span>示例星空</span>", "示例星空"),
        ("<span>星期五</span><span>示例縣政府</span>", "示例縣政府"),
        ("<span class=source>示例人文</span>", "示例人文"),
    ],
)
def test_publication_beside_the_date_is_the_source(line: str, name: str) -> None:
    assert read(line).origins == (name,)
