"""What stands over, after or in place of an article and is no part of it."""

from __future__ import annotations

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.model import Fields, Page

TEXT = (
    "<p>示例市圖書館近日調整開放時間，各閱覽室週末延長兩小時，方便讀者在工作之餘借閱圖書，受到市民歡迎。</p>"
    "<p>據介紹，調整之後，少兒閱覽室每天開放十小時，自習室開放十四小時，週一照常閉館，節假日另行通知。</p>"
)


def read(*, head: str = "", before: str = "", end: str = "") -> Fields:
    html = (
        f'<html><head><meta charset="utf-8"><title>圖書館延長開放</title>{head}</head><body><div class=page>{before}'
        f"<h1>圖書館延長開放</h1><div>2024-05-06 10:20</div><div>{TEXT}{end}</div></div></body></html>"
    )
    page = Page(
        url="https://www.example.org/a", status=200, content_type="text/html; charset=utf-8", body=html.encode()
    )
    return extract(page, ArticleRules(), "Asia/Taipei").fields


@pytest.mark.parametrize("name", ["privacy-bar", "language-bar", "overlayidle"])
def test_note_over_the_page_is_no_part_of_the_text(name: str) -> None:
    note = "本網站使用相關技術，同時尊重使用者隱私，點這裡瞭解本站的聲明。當您關閉視窗，代表您同意上述規範。"
    overlay = f"<div class={name}><p>{note}</p></div>"
    assert "尊重使用者隱私" not in read(end=overlay).body
    assert "尊重使用者隱私" not in read(before=overlay).body


@pytest.mark.parametrize(
    "line",
    [
        "カテゴリーをフォローする",
        "関連キーワード",
        "おすすめ情報",
        "글자크기 설정",
        "좋아요 0",
        "【纠错】 【责任编辑:王小明】",
        "【糾錯】【責任編輯：王小明】",
    ],
)
def test_leftover_at_the_end_is_no_part_of_the_text(line: str) -> None:
    body = read(end=f"<p>{line}</p>").body
    assert line.strip("【】")[:3] not in body
    assert "節假日另行通知" in body


@pytest.mark.parametrize("name", ["waiting.gif", "loading.gif", "blank.gif", "spacer.gif", "loader.svg"])
def test_picture_that_stands_in_for_another_leads_no_article(name: str) -> None:
    url = f"https://www.example.org/images/{name}"
    assert read(head=f'<meta property="og:image" content="{url}">').lead_image is None
    assert read(end=f"<p><img src='{url}'></p>").lead_image is None


def test_picture_of_people_who_wait_is_one() -> None:
    url = "https://www.example.org/images/waiting-room.jpg"
    assert read(head=f'<meta property="og:image" content="{url}">').lead_image == url
