"""Numbers of documents that stand over a text."""

from __future__ import annotations

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.model import Fields, Page

TITLE = "示例市人民政府办公室关于印发公共图书馆管理办法的通知"
FACTS = "<div class=info><span>2024-05-06 10:22</span><span>来源：示例市司法局</span></div>"


def read_order(content: str, head: str = FACTS) -> Fields:
    html = f'<meta charset="utf-8"><title>{TITLE}</title><body><div class=wrap><h1>{TITLE}</h1>{head}{content}</div>'
    page = Page(
        url="https://www.example.org/a.html", status=200, content_type="text/html; charset=utf-8", body=html.encode()
    )
    return extract(page, ArticleRules(), "Asia/Shanghai").fields


ORDER = (
    "<p>各区人民政府，市政府各部门：</p><p>《示例市公共图书馆管理办法》已经市政府同意，现印发给你们，请认真贯彻执行。</p>"
    "<p>公共图书馆应当坚持公益性原则，免费向社会公众开放，不断提高服务水平。</p>"
)


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("（示政办发〔2024〕5号）", "示政办发〔2024〕5号"),
        ("示政办发[2024]5号", "示政办发[2024]5号"),
        ("示府办〔2024〕第12号", "示府办〔2024〕第12号"),
        ("（示例市人民政府令第128号）", None),
        ("示例市人民政府令<br>第128号", None),
        ("（2024年4月20日示例市第十六届人民代表大会常务委员会第五次会议通过）", None),
    ],
)
def test_number_of_a_document_over_its_text_is_part_of_it(number: str, told: str | None, *, inside: bool) -> None:
    line = f"<p align=center>{number}</p>"
    fields = read_order(
        f"<div class=zw>{line}{ORDER}</div>" if inside else f"<div>{line}</div><div class=zw>{ORDER}</div>"
    )
    assert fields.body.startswith(f"<p>{number}</p>")
    assert fields.body.count(number) == 1
    assert dict(fields.extras).get("文号") == told


def test_number_of_a_document_in_a_table_of_facts_is_no_part_of_its_text() -> None:
    facts = (
        "<table><tr><td>文号：</td><td>示政办发〔2024〕5号</td></tr><tr><td>索引号：</td><td>001-2024</td></tr></table>"
    )
    fields = read_order(f"<div class=zw>{ORDER}</div>", head=FACTS + facts)
    assert "示政办发" not in fields.body
    assert dict(fields.extras)["文号"] == "示政办发〔2024〕5号"
