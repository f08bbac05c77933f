"""Articles that are a picture, a film or a file."""

from __future__ import annotations

import re

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.errors import Unreadable
from feedservice.extract import extract
from feedservice.model import Fields, Page

IMPRINT = (
    "<div>示例市财政局版权所有，本网站所有内容未经授权，任何单位及个人不得擅自使用，欢迎各界人士访问本网站，提出批评和建议。</div>"
    "<div>技术支持：示例信息技术有限公司，最佳浏览效果：1366×768分辨率，建议使用谷歌浏览器，或者其他浏览器的极速模式。</div>"
    "<div>联系地址：示例市财政路3号，邮政编码：100000，办公时间：上午9:00至12:00，下午13:30至17:00，节假日除外。</div>"
)
TITLE = "一图读懂：示例市图书馆管理办法"
FACTS = "<div class=info><span>2024-05-06 10:22</span><span>来源：示例市司法局</span></div>"
PICTURE = '<p align=center><img src="/upload/{}.jpg"></p>'


def read(content: str, *, before: str = "", title: str = TITLE) -> Fields:
    html = (
        f'<html><head><meta charset="utf-8"><title>{title}</title></head><body><div class=nav><a href="/">首页</a>'
        f'<a href="/zw/">政务公开</a></div>{before}<div class=wrap><h1>{title}</h1>{FACTS}{content}</div>'
        f"<div id=bot>{IMPRINT}</div></body></html>"
    )
    page = Page(
        url="https://www.example.org/a.html", status=200, content_type="text/html; charset=utf-8", body=html.encode()
    )
    return extract(page, ArticleRules(), "Asia/Shanghai").fields


def pictures(body: str) -> list[str]:
    return re.findall(r'<img src="https://www.example.org/upload/([^".]+)', body)


@pytest.mark.parametrize("named", ["zw", "content", "TRS_Editor", ""])
@pytest.mark.parametrize("count", [1, 3])
def test_pictures_alone_are_the_article_and_the_imprint_is_no_part_of_it(named: str, count: int) -> None:
    shown = "".join(PICTURE.format(number) for number in range(count))
    fields = read(f'<div class="{named}">{shown}</div>')
    assert pictures(fields.body) == [str(number) for number in range(count)]
    assert not re.sub(r"<[^>]+>", "", fields.body).strip()
    assert fields.origins == ("示例市司法局",)


def test_pictures_beside_their_headline_are_the_article() -> None:
    assert pictures(read(PICTURE.format(1) + PICTURE.format(2)).body) == ["1", "2"]


@pytest.mark.parametrize("named", ["zw", "content"])
def test_words_under_pictures_stay_with_them(named: str) -> None:
    shown = f"{PICTURE.format(1)}<p>湿地公园里，白鹭在浅水中觅食。</p>{PICTURE.format(2)}<p>游客沿栈道赏景。</p>"
    body = read(f"<div class={named}>{shown}</div>").body
    assert pictures(body) == ["1", "2"]
    assert "白鹭在浅水中觅食" in body
    assert "游客沿栈道赏景" in body
    assert "版权" not in body


def test_ways_to_other_articles_below_a_picture_are_no_part_of_it() -> None:
    others = (
        '<div><p>上一篇：<a href="1.html">示例市出台新规，加强公共图书馆管理，提升服务水平</a></p>'
        '<p><a href="/zt/"><img src="/upload/banner.jpg"></a></p></div>'
    )
    body = read(f"<div class=zw>{PICTURE.format(1)}</div>{others}").body
    assert pictures(body) == ["1"]
    assert "上一篇" not in body


def test_notice_in_another_column_is_no_text_of_a_picture() -> None:
    notice = "<div><p>为方便广大市民办理业务，本中心自即日起实行预约服务，请您提前预约，谢谢您的理解和支持。</p></div>"
    body = read(f"<div class=zw>{PICTURE.format(1)}</div>", before=notice).body
    assert pictures(body) == ["1"]
    assert "预约" not in body


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ('<p><video src="/v/1.mp4" controls></video></p>', "/v/1.mp4"),
        ('<iframe src="/pdfjs/web/viewer.html?file=/f/2024.pdf"></iframe>', "/f/2024.pdf"),
        ('<p><a href="/f/2024.pdf">2024年部门预算.pdf</a></p>', "/f/2024.pdf"),
    ],
)
def test_film_or_file_alone_is_the_article(content: str, shown: str) -> None:
    body = read(f"<div class=zw>{content}</div>").body
    assert shown in body
    assert "版权" not in body


def test_page_that_shows_nothing_but_its_imprint_has_no_article() -> None:
    with pytest.raises(Unreadable):
        read("<div class=zw></div>")


@pytest.mark.parametrize("named", ["zw", "content"])
def test_notice_of_one_sentence_is_the_article_and_the_imprint_is_no_part_of_it(named: str) -> None:
    body = read(f"<div class={named}><p>因线路检修，本馆5月6日闭馆一天，敬请谅解。</p></div>").body
    assert body == "<p>因线路检修，本馆5月6日闭馆一天，敬请谅解。</p>"


@pytest.mark.parametrize(
    "sentence",
    [
        "本次大会由示例市人民政府主办，示例大学承办，来自各地的三百名代表参加，会期两天，欢迎市民旁听。",
        "基本参数：电源电压：175V，频率：50Hz，使用环境温度：-15℃～50℃，时间分辨率：1秒，防护等级：IP54，重量：20千克。",
    ],
)
def test_article_about_an_event_or_an_instrument_is_no_imprint(sentence: str) -> None:
    assert sentence in read(f"<div class=zw>{PICTURE.format(1)}<p>{sentence}</p></div>").body


@pytest.mark.parametrize(
    "before",
    [
        '<p>当前位置：<img src="/images/place.jpg"><a href="/">首页</a> -&gt; <a href="/zw/">政务公开</a></p>',
        '<ul><li>2024-05-06 <a href="/zw/1.html">关于公布项目名单的公告</a></li></ul><p><img src="/i/page.jpg"></p>',
    ],
)
def test_sign_of_a_way_or_a_list_is_no_picture_that_is_the_article(before: str) -> None:
    with pytest.raises(Unreadable):
        read(before)
