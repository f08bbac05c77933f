"""Pages in traditional characters: labels, refusals and what is left out of a body are known as in simplified ones."""

from __future__ import annotations

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.extract.text.folding import folded
from feedservice.model import Fields, Page

TEXT = (
    "<p>示例市圖書館近日調整開放時間，各閱覽室週末延長兩小時，方便讀者在工作之餘借閱圖書，受到市民歡迎。</p>"
    "<p>據介紹，調整之後，少兒閱覽室每天開放十小時，自習室開放十四小時，週一照常閉館，節假日另行通知。</p>"
)
DATE = "2024-05-06 10:20"


def read(line: str = DATE, *, head: str = "", before: str = "", end: str = "", title: str = "圖書館延長開放") -> Fields:
    html = (
        f'<html lang="zh-Hant"><head><meta charset="utf-8"><title>{title} - 示例新聞網</title>{head}</head><body>'
        f"{before}<h1>{title}</h1><div class=info>{line}</div><div class=nr>{TEXT}{end}</div></body></html>"
    )
    page = Page(
        url="https://www.example.org/a", status=200, content_type="text/html; charset=utf-8", body=html.encode()
    )
    return extract(page, ArticleRules(), "Asia/Taipei").fields


def days(fields: Fields) -> tuple[str, str]:
    published, updated = fields.published, fields.updated
    return published.at.strftime("%m-%d") if published else "", updated.at.strftime("%m-%d") if updated else ""


@pytest.mark.parametrize(
    "line",
    [
        "更新時間：2024-05-07 08:00　建立時間：2024-05-06 10:20",
        "來源：中央社　發布：2024-05-06 10:20　更新：2024-05-07 08:00",
        "出版：2024-05-06 10:20 最後更新：2024-05-07 08:00",
        "建檔日期：2024-05-06 更新日期：2024-05-07",
        "更新於：2024-05-07 08:00 上架時間：2024-05-06 10:20",
        "上版日期：2024-05-06 點閱：233 最後更新日期：2024-05-07",
        "张贴时间：2024-05-06 10:20 更新：2024-05-07 08:00",
    ],
)
def test_publication_is_told_from_change_and_no_label_is_a_source(line: str) -> None:
    fields = read(line)
    assert days(fields) == ("05-06", "05-07")
    assert fields.origins == (("中央社",) if "中央社" in line else ())


@pytest.mark.parametrize("line", ["責任編輯：王小明", "編輯：王小明", "責任編輯／王小明", "责任编辑：王小明"])
def test_editor_is_named_and_leaves_the_text(line: str) -> None:
    fields = read(end=f"<p>{line}</p>")
    assert fields.editor == "王小明"
    assert "王小明" not in fields.body


def test_values_keep_the_characters_that_they_are_written_with() -> None:
    fields = read("發布單位：新聞處　發布日期：2024-05-06　作者：張三豐　來源：聯合報　列印　瀏覽人次：12")
    assert (fields.origins, fields.authors) == (("聯合報",), ("張三豐",))
    assert fields.extras == (("發布單位", "新聞處"),)


def test_heading_of_other_articles_ends_the_text() -> None:
    assert "其他" not in read(end="<h3>相關新聞</h3><p><a href=/b>其他市圖書館</a></p><p>其他</p>").body


@pytest.mark.parametrize("text", ["更新時間：2024-05-07", "說說說 é\u0301 𠮷 ０", "來源", "plain"])
def test_folded_text_is_as_long_and_folding_again_changes_nothing(text: str) -> None:
    assert len(folded(text)) == len(text)
    assert folded(folded(text)) == folded(text)
