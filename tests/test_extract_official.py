"""Pages of authorities, universities, papers and accounts in Chinese: short notices, lists, messages in scripts."""

from __future__ import annotations

import time

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.model import Fields, Page


def fields_of(html: str, url: str = "https://www.example.org/art/1.html") -> Fields:
    page = Page(url=url, status=200, content_type="text/html; charset=utf-8", body=html.encode())
    return extract(page, ArticleRules(), "Asia/Shanghai").fields


@pytest.mark.parametrize("last", ["2026年6月12日", "二〇二六年六月十二日", "2026-06-12", "编辑：吴明"])
def test_short_notice_keeps_its_text_before_the_line_that_it_is_signed_with(last: str) -> None:
    notice = f"<p>各学院：</p><p>请于本周五前报送假期值班表，逾期不再受理。</p><p>校办公室</p><p>{last}</p>"
    html = (
        "<html><head><title>关于报送值班表的通知</title></head><body><div class=top><h1>关于报送值班表的通知</h1>"
        f"<p>来源：校办公室</p></div><div class=content>{notice}</div></body></html>"
    )
    body = fields_of(html).body
    assert "逾期不再受理" in body
    assert "校办公室" in body


def test_list_of_names_under_a_line_of_date_and_source_is_the_text() -> None:
    names = ("丁　宁　　马志强　　王　芳（女）　　王建军", "叶　青　　冯小刚　　刘　洋　　刘德华")
    rows = "".join(f"<p>{row}</p>" for row in names * 2)
    html = (
        "<html><head><title>委员名单</title></head><body><div class=z><h1>委员名单</h1>"
        f"<h4>2026-01-15 15:00:12 来源：县办公室</h4><div>{rows}<p>编辑：吴明</p></div></div></body></html>"
    )
    body = fields_of(html).body
    assert "马志强" in body
    assert "来源" not in body


LINES = (
    "示例市图书馆近日调整开放时间，各阅览室周末延长两小时，方便读者在工作之余借阅图书。",
    "据介绍，少儿阅览室每天开放十小时，自习室开放十四小时，周一照常闭馆。",
)
PROGRAM = "var padding = 'nothing';\n" * 70_000
"""A program as large as all that is read of the scripts together."""


def message(data: str, shown: str = "") -> str:
    return (
        "<html><head><title></title><meta property='og:title' content='图书馆延长开放时间'></head><body>"
        f"<div class=hint>向上滑动看下一个</div><div id=js_article>{shown}</div>"
        "<div>微信扫一扫可打开此内容，使用完整服务： ， ， ， ， ， 。 轻点两下取消赞，轻点两下取消在看</div>"
        f"<script>{PROGRAM}</script><script>{data}</script></body></html>"
    )


def test_message_that_is_only_a_text_in_a_script_is_read() -> None:
    text = "\\x0a\\x0a".join(LINES)
    data = (
        "window.cgiData = { nick_name: JsDecode('示例发布'), title: JsDecode('图书馆延长开放时间'), content_noencode: "
        f"JsDecode('{text}'), create_time: JsDecode('2026-03-11 16:20'), ori_create_time: '1773217200' * 1 }};"
    )
    fields = fields_of(message(data))
    assert fields.title == "图书馆延长开放时间"
    assert fields.body == "\n".join(f"<p>{line}</p>" for line in LINES)
    assert fields.origins == ("示例发布",)
    assert fields.published is not None
    assert fields.published.at.strftime("%Y-%m-%d %H:%M") == "2026-03-11 16:20"


def test_message_of_pictures_in_a_script_has_them_all_and_no_mark_or_cover_of_theirs() -> None:
    rows = "".join(
        f"{{ width: '1080' * 1, cdn_url: 'https://img.example.org/p{number}.jpg?f=1\\x26amp;from=a',"
        f" share_cover: {{ cdn_url: 'https://img.example.org/cover{number}.jpg' }} }},"
        for number in (1, 2)
    )
    data = (
        f"window.picture_page_info_list = [{rows}]; window.data = {{ title: '图书馆延长开放时间', content_noencode: "
        f"'{LINES[0]}\\x0a\\x3ca href=\\x22https://example.org/t\\x22\\x3e#图书馆\\x3c/a\\x3e' }};"
    )
    body = fields_of(message(data)).body
    assert [part.split("?")[0] for part in body.split('<img src="')[1:]] == [
        "https://img.example.org/p1.jpg",
        "https://img.example.org/p2.jpg",
    ]
    assert "?f=1&amp;from=a" in body
    assert LINES[0] in body


def test_message_without_a_title_is_called_by_its_first_line() -> None:
    text = "\\x0a\\x0a".join(LINES)
    html = message(f"var data = {{ title: '{text}', content_noencode: '{text}' }};")
    fields = fields_of(html.replace("content='图书馆延长开放时间'", "content='" + "\\n\\n".join(LINES) + "'"))
    assert fields.title == LINES[0]
    assert LINES[1] in fields.body


def test_article_in_the_data_of_a_script_is_read_and_what_stands_in_other_rows_is_not() -> None:
    content = "".join(f"<p>{line}</p>" for line in LINES).replace("/", "\\/")
    other = "<p>另一条新闻，说的是别的事情，与图书馆没有关系，读者不必在这里看到它，一个字也不必。</p>"
    data = (
        '{"props":{"detail":{"title":"图书馆延长开放时间","publishTime":"2026-03-11 16:20:05","source":"示例新闻",'
        f'"author":"秦明","content":"{content}"}},'
        f'"more":[{{"title":"另一条新闻","publishTime":"2026-03-01 08:00:00","content":"{other}"}}]}}}}'
    )
    html = (
        "<html><head><title>图书馆延长开放时间 - 示例新闻</title></head><body><div id=__next><p>加载中...</p></div>"
        f"<script id=__NEXT_DATA__ type=application/json>{data}</script></body></html>"
    )
    fields = fields_of(html)
    assert fields.body == "\n".join(f"<p>{line}</p>" for line in LINES)
    assert (fields.title, fields.origins, fields.authors) == ("图书馆延长开放时间", ("示例新闻",), ("秦明",))
    assert fields.published is not None
    assert fields.published.at.strftime("%Y-%m-%d %H:%M:%S") == "2026-03-11 16:20:05"


def test_text_that_the_page_shows_is_not_taken_from_its_scripts_again() -> None:
    content = "".join(f"<p>{line}</p>" for line in LINES)
    data = f"var data = {{ title: '图书馆延长开放时间', content_noencode: '{content}<p>&nbsp;</p>' }};"
    fields = fields_of(message(data, f"<h1>图书馆延长开放时间</h1><div id=js_content>{content}</div>"))
    assert fields.body.count(LINES[0]) == 1


def test_words_of_a_script_that_are_not_the_article_are_no_article() -> None:
    notice = "本网站使用统计工具，记录访问次数和来源，您可以在浏览器中关闭，关闭后不影响浏览，详情请见说明。"
    html = message(
        f'var popup = {{ "title": "隐私说明", "content": "<p>{notice * 3}</p>" }};',
        "<h1>图书馆</h1><p>本页只有图片。</p>",
    )
    assert "隐私" not in html or notice not in fields_of(html).body


def test_markup_of_a_script_is_sanitised_like_any_other() -> None:
    content = f"<p onclick=evil()>{LINES[0]}</p><script>evil()<\\/script><p>{LINES[1]}<img src=x onerror=evil()></p>"
    html = (
        "<html><head><title>图书馆延长开放时间</title></head><body><div id=app></div><script>window.state={"
        f'"title":"图书馆延长开放时间","content":"{content}"}}</script></body></html>'
    )
    body = fields_of(html).body
    assert LINES[1] in body
    assert "evil" not in body


def article(
    line: str = "2026-03-11 16:20", *, text: str = "", above: str = "", head: str = "", end: str = ""
) -> Fields:
    paragraphs = "".join(f"<p>{part}</p>" for part in LINES)
    return fields_of(
        f"<html><head><title>图书馆延长开放时间</title>{head}</head><body>{above}<h1>图书馆延长开放时间</h1>"
        f"<div class=info>{line}</div><div class=nr>{paragraphs}{text}{end}</div></body></html>"
    )


@pytest.mark.parametrize(
    "rule",
    [
        "第十二条　未经许可，任何单位或者个人不得从事出租汽车经营活动。",
        "未经许可从事出租汽车经营活动的，责令改正。",
        "（三）未经著作权人许可，复制、发行其作品的；",
        "调查人员应当依法文明规范，未经允许不得向外泄露调查情况。",
    ],
)
def test_sentence_of_a_law_about_leave_is_text(rule: str) -> None:
    assert rule in article(text=f"<p>{rule}</p><p>{LINES[1]}再次说明。</p>").body


@pytest.mark.parametrize(
    "notice",
    [
        "未经本网授权，不得转载、摘编。",
        "示例新闻，未经授权不得转载",
        "未经正式授权严禁转载本文，侵权必究。",
        "本網站之文字、圖片及影音，非經授權，不得轉載、公開播送或公開傳輸及利用。",
        "請同意我們的隱私權規範，才能啟用聽新聞的功能。",
        "本文地址：https://www.example.org/art/1.html",
    ],
)
def test_notice_of_the_site_is_no_text(notice: str) -> None:
    assert notice[:6] not in article(end=f"<p>{notice}</p>").body


def test_headline_of_a_page_titled_as_its_site_stands_over_a_date_in_two_lines() -> None:
    paragraphs = "".join(f"<p>{part}</p>" for part in LINES)
    fields = fields_of(
        "<html><head><title>示例研究所</title></head><body><div><h5>研究所召开年度工作会议</h5><div class=data>"
        f"<div class=day>21</div><div class=year>2024年02月</div></div><div class=doc>{paragraphs}</div></div>"
        "<h4>相关推荐</h4><div><a href=2>调研基地</a></div><div>2026年01月18日</div></body></html>"
    )
    assert fields.title == "研究所召开年度工作会议"
    assert fields.published is not None
    assert fields.published.at.strftime("%Y-%m-%d") == "2024-02-21"


@pytest.mark.parametrize(
    ("line", "told"),
    [("十一月 6th, 2009", "2009-11-06 00:00"), ("三月 5, 2020", "2020-03-05 00:00")],
)
def test_month_by_its_chinese_name_before_the_day(line: str, told: str) -> None:
    published = article(line).published
    assert published is not None
    assert published.at.strftime("%Y-%m-%d %H:%M") == told


@pytest.mark.parametrize("clock", ["香港時間16時30分", "香港时间16:30", "澳門時間16時30分"])
def test_release_signed_with_the_day_and_the_time_of_its_place(clock: str) -> None:
    fields = fields_of(
        "<html><head><title>公布最新數字</title></head><body><h1>公布最新數字</h1><div>"
        + "<br>".join(LINES)
        + f"<br>完</div><div>2024年5月21日（星期二）<br>{clock}</div></body></html>"
    )
    assert fields.published is not None
    assert fields.published.at.strftime("%Y-%m-%d %H:%M") == "2024-05-21 16:30"


@pytest.mark.parametrize(
    ("line", "end", "names"),
    [
        ("<em class=author>江苏</em> 2026-03-11 16:20", "", ()),
        ("2026-03-11 16:20", "<p>（作者：方敏北京大学经济学院教授）</p>", ("方敏",)),
        ("2026-03-11 16:20", "<p>（作者：欧阳敏中国社会科学院研究员）</p>", ("欧阳敏",)),
        ("2026-03-11 16:20", "<p>（作者：方敏）</p>", ("方敏",)),
        ("2026-03-11 16:20 作者：示例日报 方敏", "", ("方敏",)),
        ("2026-03-11 16:20 作者：示例网 方敏 欧阳敏", "", ("方敏", "欧阳敏")),
        ("2026-03-11 16:20 作者：团委 方敏", "", ("方敏",)),
    ],
)
def test_author_is_a_person_and_no_place_no_employer_and_no_account(
    line: str, end: str, names: tuple[str, ...]
) -> None:
    account = '<meta name="author" content="examplenews">' if names else ""
    assert article(line, end=end, head=account).authors == names


def test_number_of_a_desk_is_no_part_of_the_editors_name() -> None:
    assert article(end="<p>[责任编辑：朱明 PN054]</p>").editor == "朱明"


def test_arrows_inside_the_links_of_a_trail_part_its_steps() -> None:
    above = '<div class=c><a href="/a">评论</a> <a href="/a/b"> &gt; 海外观察</a></div>'
    assert article(above=above).breadcrumb == ("评论", "海外观察")


def test_headline_among_the_keywords_is_no_tag() -> None:
    head = '<meta name="keywords" content="图书馆,图书馆延长开放时间--生活--示例网,借阅">'
    assert article(head=head).tags == ("图书馆", "借阅")


@pytest.mark.parametrize(
    "line",
    [
        "特别提示：考生须携带身份证和准考证，提前一小时到达考场。",
        "特别提醒：报名期间请保持电话畅通，因无法联系造成的后果由考生本人承担。",
        "郑重声明：我公司从未派人收取报名费用。",
        "请关注我局网站后续公告。",
        "打印准考证时间：6月1日至5日",
        "打印、复印费用自理。",
        "返回原岗位工作的，不再补贴。",
        "关闭景区，停止售票。",
        "更多岗位请点击附件查看。",
        "来源：本次普查数据由各县上报。",
        "记者：请问下一步有何考虑？",
    ],
)
def test_line_of_a_notice_that_begins_like_a_button_or_a_label_is_text(line: str) -> None:
    for text in (f"<p>{line}</p><p>{LINES[1]}</p>", f"<p>{LINES[0]}</p><p>{line}</p><p>{LINES[1]}</p>"):
        fields = fields_of(
            "<html><head><title>关于考试安排的通知</title></head><body><h1>关于考试安排的通知</h1>"
            f"<div class=info>2026-03-11 16:20</div><div class=nr>{text}<p>{LINES[1]}再说一次。</p></div></body></html>"
        )
        assert f"<p>{line}</p>" in fields.body
        assert fields.authors == ()


def test_when_and_where_of_a_lecture_are_text() -> None:
    body = fields_of(
        "<html><head><title>学术讲座</title></head><body><h1>学术讲座</h1><div class=info>发布时间：2026-03-11</div>"
        "<div class=nr><p>时间：2026年5月20日 14:30</p><p>地点：二楼会议室</p>"
        f"<p>{LINES[0]}</p><p>{LINES[1]}</p></div></body></html>"
    ).body
    assert "5月20日 14:30" in body


@pytest.mark.parametrize(
    "line",
    [
        "特别声明：以上内容为自媒体平台用户上传并发布，本平台仅提供信息存储服务。",
        "特别提醒：如果我们使用了您的图片，请作者与本站联系索取稿酬。",
        "声明：转载此文是出于传递更多信息之目的，若有来源标注错误，请与本网联系。",
        "欢迎关注公众号“示例发布”",
        "【打印】【关闭】",
        "打印本页",
        "返回列表",
        "关闭窗口",
        "更多精彩内容请关注示例新闻客户端",
    ],
)
def test_button_and_notice_of_the_platform_are_no_text(line: str) -> None:
    assert line.strip("【】")[:4] not in article(end=f"<p>{line}</p>").body


@pytest.mark.parametrize(
    ("line", "origins"),
    [
        ("<time>2026-04-02 14:10</time><span>示例報／ 記者<a href=/a/1>林佳儀</a>／台北即時報導</span>", ("示例報",)),
        ("2026-04-02 14:10 示例社／特派員林佳儀", ("示例社",)),
        ("2026-04-02 14:10 生活／記者林佳儀", ()),
        ("2026-04-02 14:10 示例日报 记者 张三", ("示例日报",)),
        ("2026-04-02 14:10 示例日报全媒体记者 张三", ("示例日报",)),
        ("2026-04-02 14:10 本报记者 张三", ()),
        ("来源：示例发布 时间：2026-04-02 14:10", ("示例发布",)),
        ("来源：微信公众号“示例发布” 时间：2026-04-02 14:10", ("微信公众号“示例发布”",)),
        ("来源：“示例发布”微信公众号 时间：2026-04-02 14:10", ("“示例发布”微信公众号",)),
    ],
)
def test_paper_before_its_reporter_is_the_source(line: str, origins: tuple[str, ...]) -> None:
    assert article(line).origins == origins


@pytest.mark.parametrize(
    ("first", "told"),
    [
        ("新华社酒泉11月2日电（记者李国利）2日6时，我国在酒泉卫星发射中心成功发射一颗卫星。", ("新华社",)),
        ("　　据中新社北京 11月2日电 (记者 王某)国家统计局2日公布的数据显示，制造业景气水平回升。", ("中新社",)),
        ("示例社联合国、纽约11月2日专电 一次会议当天在此间举行，与会者讨论了气候变化。", ("示例社",)),
        ("昨天11月2日，示例社区的电影节在此间举行，来宾讨论了气候变化与城市生活的关系。", ()),
        ("旅行社11月2日来电说，线路已经恢复，报名的游客可以在门店领取行程单和保险单。", ()),
    ],
)
def test_agency_of_the_dateline_is_the_source_where_no_other_is_told(first: str, told: tuple[str, ...]) -> None:
    text = f"<p>{first}</p><p>任务获得圆满成功，这次任务是该系列运载火箭的第600次飞行，各系统工作正常。</p>"
    body = f"<html><head><title>今日要闻</title></head><body><h1>今日要闻</h1>%s<div class=c>{text}</div></body></html>"
    assert fields_of(body % "<p>2026-11-02 07:20</p>").origins == told
    assert fields_of(body % "<p>2026-11-02 07:20 来源：示例日报</p>").origins == ("示例日报",)


def test_heading_that_only_tells_the_kind_of_page_is_no_headline() -> None:
    rows = (
        ("信件编号：", "202603120012", "信件类型：", "投诉"),
        ("来信人：", "张**", "来信时间：", "2026-03-12 09:15"),
        ("信件标题：", "路灯损坏的问题", "公开：", "是"),
        ("信件内容：", LINES[0], "回复内容：", LINES[1]),
    )
    table = "".join(f"<tr><th>{a}</th><td>{b}</td><th>{c}</th><td>{d}</td></tr>" for a, b, c, d in rows)
    fields = fields_of(
        "<html><head><title>路灯损坏的问题_市长信箱_示例市人民政府</title></head><body>"
        f"<div class=mail><h2>信件详情</h2><table>{table}</table></div></body></html>"
    )
    assert fields.title == "路灯损坏的问题"


def test_headline_of_a_digital_paper_whose_window_begins_with_its_name() -> None:
    paragraphs = "".join(f"<p>{part}</p>" for part in LINES)
    fields = fields_of(
        "<html><head><title>示例日报数字报-一座古村的新生</title></head><body><table><tr><td>村落调查</td></tr><tr><td><strong>"
        f"一座古村的新生</strong></td></tr><tr><td>——来自青石村</td></tr><tr><td>{paragraphs}</td></tr></table></body></html>"
    )
    assert fields.title == "一座古村的新生"


def test_way_back_to_the_portal_is_no_text() -> None:
    assert "返回" not in article(end="<p>返回示例，查看更多</p>").body


VIEWERS = [
    ('<iframe src="/files/1.pdf" width="100%"></iframe>', "1.pdf"),
    ('<p><iframe src="/pdfjs/web/viewer.html?file=/files/1.pdf#page=1"></iframe></p>', "1.pdf"),
    ("<div class=player pdfsrc='/files/1.pdf' data-attr=\"{'title':'拟录取名单.pdf'}\"></div>", "拟录取名单.pdf"),
    ('<p><embed src="/files/1.pdf" type="application/pdf"></p>', "1.pdf"),
    ('<p><iframe {a="x" {}="y" src="/files/1.pdf"></iframe></p>', "1.pdf"),
    ('<object data="/files/1.pdf" type="application/pdf" title="名单"></object>', "名单"),
]


def notice(content: str) -> Fields:
    return fields_of(
        "<html><head><title>拟录取名单公示</title></head><body><div><h1>拟录取名单公示</h1><div>发布时间：2026-03-11</div>"
        f"<div class=content>{content}</div></div><div class=foot>版权所有：示例大学</div></body></html>"
    )


@pytest.mark.parametrize(("viewer", "name"), VIEWERS)
@pytest.mark.parametrize("text", ["", "<p>现将名单予以公示，公示期为五个工作日，如有异议请以书面形式反映。</p>"])
def test_file_in_a_viewer_is_linked_and_attached(viewer: str, name: str, text: str) -> None:
    fields = notice(text + viewer)
    link = f'<p><a href="https://www.example.org/files/1.pdf">{name}</a></p>'
    assert fields.body == (f"{text}\n{link}" if text else link)
    assert [(file.url, file.name) for file in fields.attachments] == [("https://www.example.org/files/1.pdf", name)]


def test_file_in_a_viewer_with_a_link_beside_it_is_linked_once() -> None:
    fields = notice('<div pdfsrc="/files/1.pdf"></div><p>附件：<a href="/files/1.pdf">拟录取名单.pdf</a></p>')
    assert fields.body.count("/files/1.pdf") == 1
    assert [file.name for file in fields.attachments] == ["拟录取名单.pdf"]


@pytest.mark.parametrize(
    "player",
    [
        '<p><script name="_videourl" vurl="/v/1.mp4" vwidth="500">show("/v/1.mp4","undefined");</script></p>',
        '<div class="wp_video_player" data-src="/v/1.mp4"></div>',
    ],
)
def test_film_that_a_script_puts_in_its_place_is_shown(player: str) -> None:
    assert notice(player).body == '<video src="https://www.example.org/v/1.mp4" controls=""></video>'


def test_files_that_only_their_names_tell_are_attached_where_they_stand_in_the_text() -> None:
    fields = notice(f'<p>{LINES[0]}</p><p>附件：<a href="/f/down.jsp?id=5">岗位一览表.xlsx</a></p><p>{LINES[1]}</p>')
    assert [file.name for file in fields.attachments] == ["岗位一览表.xlsx"]


@pytest.mark.parametrize(
    "picture",
    [
        '<img class="kfformula" src="/eq/1.gif" data-latex="x^2">',
        '<img src="/eq/1.gif" data-latex="x^2" height="18">',
        '<img class="mathjax-img" src="/eq/1.gif" alt="x^2" width="20" height="18">',
    ],
)
def test_formula_stays_in_its_sentence_and_leads_no_article(picture: str) -> None:
    fields = article(text=f"<p>公式为{picture}，其中各项都是正数。</p>")
    assert '<p>公式为<img src="https://www.example.org/eq/1.gif" alt="x^2">，其中各项都是正数。</p>' in fields.body


def test_picture_of_a_formula_is_no_picture_of_the_article() -> None:
    assert article(text='<p>公式为<img src="/latex/1.gif">，其中各项都是正数。</p>').lead_image is None


def test_lines_set_in_by_two_characters_are_paragraphs() -> None:
    fields = notice(f"　　{LINES[0]}<br>　　{LINES[1]}<br>\n　　<b>三、其他<br>　　另行通知。</b><br>第二行")
    assert fields.body == (
        f"<p>{LINES[0]}</p>\n<p>{LINES[1]}</p>\n<p><strong>三、其他</strong></p>\n"
        "<p><strong>另行通知。</strong><br>第二行</p>"
    )


def test_mark_of_the_end_is_no_text() -> None:
    assert "END" not in article(end="<section><span>- END -</span></section>").body


def test_given_name_that_ends_in_the_word_for_text_is_a_name() -> None:
    line = f"〔記者陳大文／高雄報導〕{LINES[0]}"
    assert article(text=f"<p>{LINES[1]}</p>", line=f"2026-03-11 16:20<p>{line}</p>").authors == ("陳大文",)


def test_editor_of_the_pictures_is_no_part_of_the_editors_name() -> None:
    assert article(end="<p>责任编辑：马丽　图片编辑：朱伟　校对：丁晓</p>").editor == "马丽"


def test_day_of_the_change_behind_a_stroke() -> None:
    fields = article("发布/2026年5月23日 08:05<br>更新/2026年5月23日 15:30")
    assert fields.published is not None
    assert fields.updated is not None
    assert [at.at.strftime("%H:%M") for at in (fields.published, fields.updated)] == ["08:05", "15:30"]


@pytest.mark.parametrize(
    "line", ["點在看", "点分享", "請繼續往下閱讀...", "不用抽 不用搶 現在用APP看新聞　點我下載APP"]
)
def test_call_to_press_something_is_no_text(line: str) -> None:
    assert line[:3] not in article(end=f"<p>{line}</p>").body


@pytest.mark.parametrize("word", ["相關檔案", "附加檔案："])
def test_files_below_another_word_for_attachments_are_attached(word: str) -> None:
    paragraphs = "".join(f"<p>{part}</p>" for part in LINES)
    fields = fields_of(
        f"<html><head><title>說明會</title></head><body><div><h2>說明會</h2><div class=essay>{paragraphs}</div>"
        f'<div class=file><h3>{word}</h3><ul><li><a href="/dl-123.html">場次一覽表.pdf</a></li></ul></div></div>'
    )
    assert [file.name for file in fields.attachments] == ["場次一覽表.pdf"]


@pytest.mark.parametrize("office", ["示例市人民政府", "示例市中级人民法院"])
def test_line_over_the_date_is_the_headline_where_the_window_bears_only_the_offices_name(office: str) -> None:
    paragraphs = "".join(f"<p>{part}</p>" for part in LINES)
    fields = fields_of(
        f"<html><head><title>{office}</title></head><body><div>当前位置：首页 &gt; 公报 &gt; 第5期</div>"
        "<div class=t1>关于表彰先进集体的决定</div><div class=t2>示政发〔2026〕6号</div>"
        f"<div class=t3>信息时间：2026-03-15</div><div class=t4>{paragraphs}<p>{office}</p></div></body></html>"
    )
    assert fields.title == "关于表彰先进集体的决定"


def test_office_in_the_table_of_a_document_is_its_source() -> None:
    rows = (
        ("索 引 号：", "0001/2026-1"),
        ("发文机关：", "示例市办公室"),
        ("成文日期：", "2026年2月10日"),
        ("主题分类：", "规划"),
    )
    table = "".join(f"<tr><td><b>{name}</b></td><td>{value}</td></tr>" for name, value in rows * 2)
    filler = "".join(f"<tr><td><b>文　　种：</b></td><td>通知{number}</td></tr>" for number in range(8))
    fields = fields_of(
        f"<html><head><title>行动方案的通知</title></head><body><table>{table}{filler}</table><div><h2>行动方案的通知</h2>"
        f"<div><p>{LINES[0]}</p><p>{LINES[1]}</p></div></div></body></html>"
    )
    assert fields.origins == ("示例市办公室",)


@pytest.mark.parametrize(
    ("line", "editor"),
    [("编辑 陈曦　校对 冯军　审核 卫东", "陈曦"), ("校对 冯军　责编 陈曦", "陈曦"), ("编辑 中心 校对", "")],
)
def test_editor_in_a_line_of_roles_without_colons(line: str, editor: str) -> None:
    assert article(end=f"<p>{line}</p>").editor == editor


TEXT = "".join(f"<p>{line}</p>" for line in LINES)
CROWDS = {
    "lists of pictures": "<script>" + "picture_page_info_list=[" * 30_000 + f'"content":"{LINES[0] * 4}"</script>',
    "frames": '<iframe src="/a.pdf"></iframe>' * 5_000,
    "frames and links": "".join(
        f'<iframe src="/a{number}.pdf"></iframe><a href="/b{number}.pdf">x</a>' for number in range(2_000)
    ),
    "formulas": "<p>公式" + "<img class=formula src=/a.gif>" * 5_000 + "完</p>",
}


@pytest.mark.parametrize("crowd", CROWDS)
def test_crowds_of_viewers_and_formulas_are_read_in_time(crowd: str) -> None:
    content = f"<h1>图书馆延长</h1><div>{TEXT}{CROWDS[crowd]}</div>"
    html = f"<html><head><title>图书馆</title></head><body>{content}</body></html>"
    start = time.process_time()
    fields_of(html)
    assert time.process_time() - start < 4


def told(*, head: str = "", facts: str = "", after: str = "") -> Fields:
    prose = "".join(f"<p>{line}</p>" for line in LINES * 2)
    html = (
        f"<html><head><title>图书馆延长开放时间-示例市人民政府</title><meta name=ColumnName content=要闻>{head}</head>"
        f"<body><h1>图书馆延长开放时间</h1><div>{facts}</div><div class=nr>{prose}</div>{after}</body></html>"
    )
    return fields_of(html)


SOURCE = "<meta name=ContentSource content=示例市网站>"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ("<span>发布时间：2026-06-12 09:51</span> <span>信息来源：示例日报</span>", "示例日报"),
        ("<span>发布时间：2026-06-12 09:51</span> <span>信息来源：</span>", "示例市网站"),
        ("<span>来源：综合学习平台、示例新闻...】</span> <span>发布时间：2026-06-12 09:51</span>", "示例市网站"),
        ("<span>发布时间：2026-06-12 09:51</span>", "示例市网站"),
    ],
)
def test_source_that_is_shown_goes_before_that_of_the_system(facts: str, expected: str) -> None:
    assert told(head=SOURCE, facts=facts).origins == (expected,)


def test_name_that_only_the_data_of_a_system_have_put_the_article_online() -> None:
    author = SOURCE + "<meta name=Author content=吴明>"
    assert told(head=author).authors == ()
    assert told(head=author, facts="2026-06-12 来源：示例日报 吴明").authors == ("吴明",)


@pytest.mark.parametrize("first", [False, True])
def test_copy_that_is_printed_takes_nothing_along(first: bool) -> None:
    days = ("一", "二", "三", "四", "五", "六")
    prose = "".join(f"<p>周{day}{LINES[0]}</p><p>周{day}，{LINES[1]}</p>" for day in days)
    footer = "<p>网站地图</p><p>运行维护单位：示例公司</p><p>网站标识码5100000000 蜀备13001288号</p><p>×</p>"
    copy = f"<div id=printBody><div>图书馆延长开放时间</div><div>{prose}</div></div>"
    html = (
        f"<html><head><title>图书馆延长开放时间</title></head><body>{copy if first else ''}<h1>图书馆延长开放时间</h1>"
        f"<div id=c>{prose}</div><p>责任编辑：吴明</p>{'' if first else copy}{footer}</body></html>"
    )
    fields = fields_of(html)
    assert (fields.body.count("周三示例市"), fields.editor) == (1, "吴明")
    assert "网站标识码" not in fields.body


def titled(window: str, top: str) -> Fields:
    prose = "".join(f"<p>{line}</p>" for line in LINES * 2)
    return fields_of(f"<html><head><title>{window}</title></head><body>{top}<div class=nr>{prose}</div></body></html>")


@pytest.mark.parametrize(
    ("window", "top", "expected"),
    [
        (
            "通知公告 - 示例职业技术学院",
            "<h1>通知公告</h1><div>关于调整图书馆开放时间的通知</div><div>发布部门：校办 发布日期：2026/03/27</div>",
            "关于调整图书馆开放时间的通知",
        ),
        ("示例大学离退休工作处", "<div>春季健步走活动举行</div><div>2026年04月09日 15:20</div>", "春季健步走活动举行"),
        ("公告-示例县人民法院", "<div class=bt>公 告</div>", "公告"),
        (
            "示例港吞吐量创新高",
            "<h2 class=title>示例港吞吐量创新高 <small>2026-03-21 来源：示例晚报</small><div>字号：大</div>",
            "示例港吞吐量创新高",
        ),
        ("警情通报", "<h1>警情通报</h1><div>示例市公安局</div><div>2026-04-18 22:10</div>", "警情通报"),
    ],
)
def test_headline_is_told_from_columns_offices_and_facts(window: str, top: str, expected: str) -> None:
    assert titled(window, top).title.replace("公 告", "公告") == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ("【录入时间：2026-02-12】【发布时间：2026-02-13 08:40】【更新时间：2026-02-20】", "2026-02-13T08:40:00+08:00"),
        ("录入时间：2026-02-12 08:40", "2026-02-12T08:40:00+08:00"),
        ("发布时间：2026-02-13 08∶40", "2026-02-13T08:40:00+08:00"),
    ],
)
def test_time_is_that_of_publication_and_not_of_entering_the_text(facts: str, expected: str) -> None:
    published = told(facts=facts).published
    assert published is not None
    assert published.at.isoformat() == expected


@pytest.mark.parametrize(
    "facts",
    [
        "<span>发布者：admin</span> <span>2026-02-13</span>",
        "<span>发布者：系统管理员</span> <span>2026-02-13</span>",
        "<span class=path-name>当前位置</span> <a href=/>首页</a><p>2026-02-13</p>",
    ],
)
def test_who_manages_the_site_is_no_source(facts: str) -> None:
    assert told(facts=facts).origins == ()


@pytest.mark.parametrize(
    "line",
    [
        "（责任编辑：吴明 / 编发：陈芳 / 图片：科研处）",
        "编辑：（吴明）",
        "<span>责任编辑：<i id=issueName>吴明亮</i></span>",
    ],
)
def test_editor_is_named_alone_and_is_no_author(line: str) -> None:
    name = "吴明亮" if "吴明亮" in line else "吴明"
    fields = told(facts="时间：2026-02-13 来源：示例日报", after=f"<p>{line}</p>")
    assert (fields.editor, fields.authors) == (name, ())
    above = told(facts=f"<p>时间：2026-02-13 来源：示例日报</p><p>{line}</p>")
    assert (above.editor, above.authors) == (name, ())
