"""Chinese pages as the usual systems write them: where title, time, source and author stand in each."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.model import Fields, Page

TITLE = "临江区召开优化营商环境专题会议"
FIRST = "为进一步优化营商环境，近日，临江区召开专题会议，研究部署下一阶段重点工作，区直有关部门负责同志参加会议。"
MORE = (
    "<p>会议强调，各部门要提高站位，压实责任，主动服务，及时回应企业关切，切实解决企业反映的突出问题，推动政策落地。</p>"
    "<p>会议要求，要加强统筹协调，形成工作合力，确保全年目标任务圆满完成。</p>"
)
AT = "2024-05-13 08:49"


def read(
    line: str = "",
    *,
    before: str = "",
    after: str = "",
    head: str = "",
    heading: str = f"<h1>{TITLE}</h1>",
    title: str = f"{TITLE}_临江区人民政府",
    tail: str = "",
    first: str = FIRST,
) -> Fields:
    html = (
        f"<html><head><meta charset=utf-8><title>{title}</title>{head}</head><body><div class=nav>首页 新闻 政务</div>"
        f"{heading}{line}<div class=content>{before}<p>{first}</p>{MORE}{after}</div>{tail}"
        "<div class=footer>版权所有 临江区人民政府</div></body></html>"
    )
    page = Page(url="http://www.example.org/art/1.html", status=200, content_type="text/html", body=html.encode())
    return extract(page, ArticleRules(), "Asia/Shanghai").fields


def told(fields: Fields) -> str:
    assert fields.published is not None
    return fields.published.at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    "line",
    [
        f"<div>发布时间：{AT} 信息来源：临江日报 浏览次数：<script>document.write(1)</script>次</div>",
        f"<div><span>来源：<!--begin-->临江日报<!--end--></span><span>发布日期：<!--begin-->{AT}<!--end--></span></div>",
        f"<div align=center>{AT}&nbsp;&nbsp;临江日报&nbsp;&nbsp;点击：[<span>123</span>]</div>",
        f"<div>临江日报 | {AT} | 编辑：李大山</div>",
        f"<div>{AT} 来源：<a href='#'>临江日报</a><a>举报</a></div>",
        f"<div><span class=date>{AT}</span><span class='source ent-source'>临江日报</span></div>",
        f"<div><span>原创</span> <span>临江日报</span> <span>{AT}</span></div>",
        f"<h4><span>原创：</span><span>临江日报</span><span>{AT}</span></h4>",
        f"<div class=author><div class=media-name>临江日报</div></div><p><span>{AT}</span><span>发布于江苏</span></p>",
        f"<div><span>本文来源于<span><a href='#'>临江日报</a></span> <span>{AT}</span></span></div>",
        f"<div>发表于<span>{AT}</span>| <span>9次阅读</span>| 来源<span>临江日报</span>| <span>0</span> 条评论</div>",
        f"<div class=bjh><p class=author-name>临江日报</p><span>发布时间：{AT}</span></div>",
        f"<div>{AT} 转自：临江日报</div>",
        f"<dl><dt>来源</dt><dd>临江日报</dd><dt>时间</dt><dd>{AT}</dd></dl>",
        f"<div>来源：<script>document.write('临江日报')</script> 时间：<script>document.write(\"{AT}\")</script></div>",
        "<div>来源：临江日报</div><p>2024年05月13日</p><p>08:49</p>",
    ],
)
def test_time_and_source_are_found_however_the_line_is_set(line: str) -> None:
    fields = read(line)
    assert (told(fields)[:10], fields.origins, fields.title) == ("2024-05-13", ("临江日报",), TITLE)
    assert "p>08:49" in line or told(fields) == AT


@pytest.mark.parametrize(
    ("line", "more"),
    [
        (f"<p>作者：王小明 来源：临江日报 时间：{AT} 点击数：1</p>", {}),
        (f"<div>[ {AT} ] 【来源：临江日报】【作者：王小明】【字体：大 中 小】</div>", {}),
        (f"<div>{AT}来源：临江日报作者：王小明责任编辑：李大山</div>", {}),
        (f"<div>来源：临江日报 | 作者：王小明（临江大学教授） | {AT}</div>", {}),
        (f"<div>临江日报记者 王小明</div><div>{AT} 来源：临江日报</div>", {}),
        (f"<div>王小明/临江日报</div><div>{AT}</div>", {}),
        (f"<div><span>王小明</span><span>{AT}</span><span>来源：临江日报</span></div>", {}),
        (f"<div>来源：临江日报 撰稿人：王小明 审核人：李红 发布时间：{AT}</div>", {}),
        (f"<div>发布时间：{AT} 供稿单位：临江日报 图文：王小明 编辑：李红</div>", {}),
        (f"<div>文/王小明 {AT} 临江日报</div>", {}),
        (f"<p>{AT}<i>|</i>发布者: 李大山<i>|</i>原作者: 王小明<i>|</i>来自: 临江日报</p>", {}),
        (f"<em class=rich_media_meta>{AT}</em><em>王小明</em><a class=rich_media_meta_nickname>临江日报</a>", {}),
        (f"<div>{AT} 来源：临江日报</div>", {"after": "<p>供稿：王小明</p>"}),
        (f"<div>{AT} 来源：临江日报</div>", {"after": "<p>采写：临江见习记者 王小明</p>"}),
        (f"<div>{AT} 来源：临江日报</div>", {"after": "<p>临报·临江网记者 王小明 来源：临江日报</p>"}),
        (f"<div>{AT} 来源：临江日报</div>", {"after": "<p>（文/王小明 图/李红）</p>"}),
        (f"<div>{AT} 来源：临江日报</div>", {"before": "<p>【文/临江网专栏作者 王小明】</p>"}),
        (f"<div>{AT} 来源：临江日报</div>", {"first": f"中新网临江5月13日电 (王小明){FIRST}"}),
    ],
)
def test_author_is_found_however_the_page_names_him(line: str, more: dict[str, str]) -> None:
    fields = read(line, **more)
    assert (fields.authors, fields.origins, told(fields)) == (("王小明",), ("临江日报",), AT)


@pytest.mark.parametrize(
    ("line", "more"),
    [
        (f"<div>{AT} 来源：临江日报 本报记者 王小明 李红</div>", {}),
        (f"<p>王小明 李红</p><p>{AT} 来源：<a>临江日报</a></p>", {}),
        (f"<div>{AT} 来源：临江日报</div>", {"first": f"本报讯（通讯员 王小明 记者 李红）{FIRST}"}),
        (f"<div>{AT} 来源：临江日报</div>", {"after": "<p>（总台临江记者 王小明 李红）</p>"}),
    ],
)
def test_reporters_are_named_without_their_roles(line: str, more: dict[str, str]) -> None:
    fields = read(line, **more)
    assert (fields.authors, fields.origins) == (("王小明", "李红"), ("临江日报",))


@pytest.mark.parametrize("words", ["关注", "转载请注明", "网络整理", "佚名"])
def test_words_that_are_no_name_are_no_author(words: str) -> None:
    assert read(f"<div>{AT} 来源：临江日报 作者：{words}</div>").authors == ()


def test_photographer_of_the_last_picture_is_no_author() -> None:
    assert read(f"<div>{AT} 来源：临江日报</div>", after="<p>（王小明摄）</p>").authors == ()


@pytest.mark.parametrize("place", ["北京日报", "中国网", "大众日报", "TNW中文站"])
def test_publication_may_be_named_after_a_place(place: str) -> None:
    assert read(f"<div>{place} <span>{AT}</span></div>").origins == (place,)


@pytest.mark.parametrize("place", ["江苏", "北京市", "1164次阅读", "手机版"])
def test_where_it_was_sent_from_is_no_publication(place: str) -> None:
    assert read(f"<div><span>{AT}</span> <span>{place}</span></div>").origins == ()


def test_message_of_an_account_keeps_time_and_name_in_its_scripts() -> None:
    head = (
        f'<meta property="og:title" content="{TITLE}">'
        '<script>var ct = "1715561340"; var nickname = htmlDecode("临江发布");'
        f'var msg_title = "{TITLE}"; var user_name = "gh_1";</script>'
    )
    line = "<div class=rich_media_meta_list><em id=publish_time class=rich_media_meta></em></div>"
    fields = read(line, head=head, heading=f"<h1 class=rich_media_title>{TITLE}</h1>", title="")
    assert (told(fields), fields.origins, fields.title) == (AT, ("临江发布",), TITLE)


def test_script_that_lists_other_articles_tells_no_time() -> None:
    head = '<script>var list = [{"publishTime": "2024-05-01 08:00"}, {"publishTime": "2024-05-02 08:00"}];</script>'
    assert told(read("<div>2024-05-02</div>", head=head)) == "2024-05-02 00:00"


def test_time_that_is_shown_goes_before_one_in_a_script() -> None:
    assert told(read(f"<div>{AT}</div>", head='<script>var x = {"publishTime": "2024-05-14 09:00"};</script>')) == AT


@pytest.mark.parametrize(
    "line",
    [
        "<div><span>13</span><span>2024-05</span></div>",
        "<div><p>13</p><p>2024/05</p></div>",
        "<div><em>2024</em> <em>05</em>/<em>13</em></div>",
        "<div><p>2024</p><p>05/13</p></div>",
        "<div><p>05-13</p><p>2024</p></div>",
    ],
)
def test_date_is_put_together_from_its_parts(line: str) -> None:
    assert told(read(line)) == "2024-05-13 00:00"


def test_last_change_is_not_the_publication_even_if_stated_as_such() -> None:
    head = (
        '<script type="application/ld+json">{"@type": "Article", "datePublished": "2024-05-13T10:00:00+08:00"}</script>'
    )
    fields = read(f"<div>{AT}</div><div>最后更新: 2024-05-13 10:00:00</div>", head=head)
    assert told(fields) == AT
    assert fields.updated is not None


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        (f"<div class=rumor-title>{TITLE}</div>", "临江科普-文章"),
        (f"<h5>{TITLE}</h5>", "新闻动态--临江学会官网"),
        (f"<p align=center><strong><font size=5>{TITLE}</font></strong></p>", "临江区人民政府门户网站"),
        (f"<div align=center><span class=Title><b>{TITLE}</b></span><br></div>", f"{TITLE} 东区办事处_临江网"),
        (f"<h2 class=title><span>原创</span>{TITLE} </h2>", TITLE),
        (f"<h1>{TITLE}<br><span>{AT} 来源：临江日报 点击：</span></h1>", f"{TITLE}_临江网"),
        (f"<h1><span>{TITLE}</span><div class=audio-btn>播报文章</div></h1>", f"{TITLE}_【快资讯】"),
    ],
)
def test_headline_stands_over_the_line_of_facts(heading: str, title: str) -> None:
    assert read(f"<div>{AT} 来源：临江日报</div>", heading=heading, title=title).title == TITLE


def test_header_that_is_a_page_of_its_own_does_not_end_the_page() -> None:
    heading = f"<html><body><ul><li>首页</li></ul></body></html><h1>{TITLE}</h1>"
    fields = read(f"<div>{AT} 来源：临江日报</div>", heading=heading, tail="</body></html>")
    assert (fields.title, fields.origins) == (TITLE, ("临江日报",))
    assert FIRST in fields.body


def at_example(html: str) -> Fields:
    page = Page(url="http://www.example.org/art/1.html", status=200, content_type="text/html", body=html.encode())
    return extract(page, ArticleRules(), "Asia/Shanghai").fields


def test_editor_is_told_without_how_to_reach_him() -> None:
    reached = "<p>【编辑：王示 QQ：10000；TEL：13800000000/010-12345678】<br>【审核：李例】</p>"
    assert read(after=reached).editor == "王示"
    assert read(after="<p>责任编辑：王示（电话：010-12345678）</p>").editor == "王示"


@pytest.mark.parametrize("account", ["xcb", "zsb01", "dgb-sh"])
def test_account_that_put_an_article_online_is_no_publication(account: str) -> None:
    assert read(f"<div>日期：{AT}&nbsp; 发布人：{account}&nbsp; 浏览量：<span>168</span></div>").origins == ()
    assert read(f"<div>日期：{AT}&nbsp; 发布人：临江区教育局</div>").origins == ("临江区教育局",)


def test_label_of_the_publication_that_is_left_empty_is_filled_by_no_other_line() -> None:
    facts = f"<div><span>发布时间：{AT[:10]}</span><span>来源：</span><span>浏览次数：</span></div>"
    assert read(f"{facts}<p>临江区纪委</p>").origins == ()
    assert read(f"<p>二维码网址</p>{facts}").origins == ()
    beside = f"<div><a href=/>[临江在线网]</a>&nbsp; 发布时间：{AT[:10]}<br><div>来源：</div></div>"
    assert read(beside, title=f"{TITLE}_临江在线网").origins == ()
    assert read(f"<div>{AT}</div><p>临江区纪委</p>").origins == ("临江区纪委",)


def test_headline_over_facts_that_are_set_as_a_heading() -> None:
    heading = (
        f"<div class=listTit><a href=/>首页</a> &gt;&gt; <a href=/d>工作动态</a></div><div>"
        f"<h3><span>{TITLE}</span></h3><center><h3><span></span></h3></center><h4>来源：<span></span> "
        f"发布时间：<span>{AT[:10]}</span> 作者：</h4></div>"
    )
    fields = read(heading=heading, title="临江在线网")
    assert fields.title == TITLE
    assert fields.breadcrumb == ("首页", "工作动态")


def test_headline_in_two_paragraphs_is_told_whole() -> None:
    heading = (
        "<table><tr><td width=20>&nbsp;</td><td><p>回望临江历史&nbsp; 激发奋进情怀</p>"
        "<p>我校组织教师观看纪录片《临江》</p></td></tr>"
        f"</table><table><tr><td>文章来源：宣传部 发布时间：{AT}</td></tr></table>"
    )
    whole = "回望临江历史 激发奋进情怀 我校组织教师观看纪录片《临江》"
    assert read(heading=heading, title=f"{whole}-临江市广播电视大学-示例广播电视大学").title == whole
    assert read(heading=heading, title="临江大学").title == "回望临江历史 激发奋进情怀"


def test_text_goes_on_behind_the_table_that_holds_its_prose() -> None:
    names = "".join(f"<p>优良学风班：1607{n} 王示{n}</p>" for n in range(6))
    html = (
        f"<html><head><meta charset=utf-8><title>{TITLE}</title></head><body><form>"
        f"<h3>{TITLE}</h3><div>发布时间：{AT}</div><div class=text id=vsb_content><div><table>"
        f"<tr><td><p>&nbsp;</p></td></tr><tr><td><p>{FIRST}</p>{MORE}</td></tr></table></div><p>名单公布如下：</p>{names}<p>学生科</p></div></form></body></html>"
    )
    body = at_example(html).body
    assert "王示5" in body
    assert body.count("1607") == 6


def test_article_of_a_picture_tells_the_time_that_it_shows() -> None:
    menu = "".join(f"<td><a href=/m{n}>栏目{n}</a></td>" for n in range(14))
    html = (
        f"<html><head><meta charset=utf-8><title>会员风采——临江协会</title></head><body><table class=nav>"
        f"<tr>{menu}</tr></table><table><tr><td><img src=/i/b.jpg></td><td><table>"
        f"<tr><td class=x_content_title>{TITLE}</td></tr><tr><td><span class=x_time>{AT}:31</span></td></tr>"
        "<tr><td><div id=main><span><p><img src=/pic/20240513/1.jpg></p><p>&nbsp;</p></span></div></td></tr>"
        "<tr><td>上一篇：<a href=3.html>临江出版传媒有限公司</a></td></tr></table></td></tr></table>"
        "<table class=footer><tr><td>友情链接： <a href=/1>临江区物价局</a> | <a href=/2>临江价格协会</a></td></tr>"
        "<tr><td>临江区物价局版权所有</td></tr></table></body></html>"
    )
    assert told(at_example(html)) == AT


def test_day_in_an_element_of_its_own_is_no_part_of_the_headline() -> None:
    heading = f"<h2>{TITLE}<br><span>{AT[:10]}</span></h2><h4>来源：历史学院&nbsp; 供稿：</h4>"
    fields = read(heading=heading, title=f"{TITLE}  临江大学历史学院 Linjiang University")
    assert fields.title == TITLE
    assert fields.published is not None
    assert fields.published.at.date().isoformat() == AT[:10]


def test_day_of_two_digits_each_between_bars_goes_before_the_signature() -> None:
    line = "<p> | 13-05-08 |  【<a href=#>大</a> <a href=#>中</a> <a href=#>小</a>】<a href=#>【打印】</a></p>"
    assert told(read(line, after="<p>临江观测站</p><p>二〇一三年五月七日</p>"))[:10] == "2013-05-08"
    assert told(read("<p>| 13-15-08 |</p>", after="<p>临江观测站</p><p>二〇一三年五月七日</p>"))[:10] == "2013-05-07"


def test_whom_a_notice_is_sent_to_stands_right_in_what_is_named_as_its_text() -> None:
    html = (
        f"<html><head><meta charset=utf-8><title>{TITLE}</title></head><body><div class=top>"
        f"<h1>{TITLE}</h1><p>{AT}</p></div><div class=TRS_Editor><div id=a1>"
        "<b>各县（市、区）教育局，</b><b>局机关各科室：</b>"
        f"<div id=a2><p>{FIRST}</p>{MORE}</div></div></div></body></html>"
    )
    assert "局机关各科室" in at_example(html).body
    assert "局机关各科室" not in at_example(html.replace("：</b>", "</b>")).body
