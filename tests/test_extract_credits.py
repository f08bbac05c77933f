"""Chinese credits: roles and the names after them, in every place where an article may tell who wrote it."""

from __future__ import annotations

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.extract import extract
from feedservice.model import Fields, Page

TEXT = (
    "<p>示例市图书馆近日调整开放时间，各阅览室周末延长两小时，方便读者在工作之余借阅图书，受到市民欢迎。</p>"
    "<p>记者从馆方获悉，少儿阅览室每天开放十小时，自习室开放十四小时。“以后晚上也有地方看书了。”读者刘小军告诉记者。</p>"
)
DATE = "2026-03-11 16:20"


def read(line: str = DATE, *, first: str = "", lead: str = "", end: str = "", after: str = "") -> Fields:
    html = (
        '<html><head><meta charset="utf-8"><title>图书馆延长开放时间</title></head><body><h1>图书馆延长开放时间</h1>'
        f"<div class=info>{line}</div><div class=nr>{lead}{TEXT.replace('<p>', f'<p>{first}', 1)}{end}</div>{after}"
        "</body></html>"
    )
    page = Page(
        url="https://www.example.org/a", status=200, content_type="text/html; charset=utf-8", body=html.encode()
    )
    return extract(page, ArticleRules(), "Asia/Shanghai").fields


@pytest.mark.parametrize(
    ("credit", "names"),
    [
        ("本报记者　曾　强", ("曾强",)),
        ("记者 张 胜 男", ("张胜男",)),
        ("本报记者顾仲明、张帆、徐元锋、庞革新", ("顾仲明", "张帆", "徐元锋", "庞革新")),
        ("通讯员 建萱 融媒体记者 卫凌云", ("建萱", "卫凌云")),
        ("罗勇 记者 江潇", ("罗勇", "江潇")),
        ("示例晚报首席记者 赵天乙", ("赵天乙",)),
        ("示例日报社·最示例全媒体记者：王玉", ("王玉",)),
        ("示例日报特派示例市记者陈地长", ("陈地长",)),
        ("总台央视记者 王可为 李想", ("王可为", "李想")),
        ("澎湃新闻记者 林晓 实习生 王若楠 见习记者 郑可为", ("林晓", "王若楠", "郑可为")),
        ("记者 阿依古丽·买买提 热依汗古丽 · 吐尔逊", ("阿依古丽·买买提", "热依汗古丽·吐尔逊")),
        ("新华社记者欧阳明远、司马晴", ("欧阳明远", "司马晴")),
        ("见习记者 梁昱坤 摄影 陈恒", ("梁昱坤",)),
        ("◎文/示例报融媒记者 王正熙 图/示例报融媒记者 陈艳", ("王正熙",)),
        ("文/视频 全媒体记者 王智芳 实习生 罗斯妮", ("王智芳", "罗斯妮")),
        ("本报记者 郑静/文 马启兵/图", ("郑静",)),
        ("本报驻示例国特派记者 萧达 本报记者 范凌 ●李浩", ("萧达", "范凌", "李浩")),
        ("口述：王秀兰　整理：本报记者 李可为", ("李可为",)),
        ("记者：王可为 编辑：李想 校对：周舟", ("王可为",)),
        ("示例日报全媒记者 张鸿 通讯员 谢丹 摄", ()),
        ("责任编辑：王可为 审核：李想 监制：周舟", ()),
    ],
)
def test_writers_are_told_from_all_others_that_a_credit_names(credit: str, names: tuple[str, ...]) -> None:
    assert read(lead=f"<p>{credit}</p>").authors == names
    assert read(end=f"<p>（{credit}）</p>").authors == names


@pytest.mark.parametrize(
    "first",
    [
        "本报讯（记者 贺佳 通讯员 顾盼）",
        "本报讯（贺佳 记者 顾盼）",
        "中新网示例3月11日电(见习记者 贺佳 顾盼)",
        "本报讯 通讯员贺佳 记者顾盼报道：",
        "示例大学新闻网讯（学生记者 贺佳 顾盼 摄影 陈恒）",
        "新华社示例市3月11日电（记者贺佳 特约记者顾盼）",
    ],
)
def test_first_words_of_a_report_name_its_reporters(first: str) -> None:
    assert read(first=first).authors == ("贺佳", "顾盼")


def test_credit_may_follow_the_last_sentence() -> None:
    end = TEXT.replace("告诉记者。</p>", "告诉记者。示例日报全媒体记者：王玉</p>")
    assert read(end=end).authors == ("王玉",)
    assert read(end="<p>服务时间另行通知。（<strong>记者</strong> 马尚龙）</p>").authors == ("马尚龙",)


@pytest.mark.parametrize("name", ["王可为", "以利沙", "小贝"])
def test_stroke_behind_the_word_for_text_divides_no_line(name: str) -> None:
    assert read(
        f"{DATE[:10]}&nbsp;&nbsp;|&nbsp;&nbsp;阅读：<span></span>&nbsp;&nbsp;|&nbsp;&nbsp;文 / {name}"
    ).authors == (name,)
    assert read(f"文 / {name} | 阅读：12 | {DATE}").authors == (name,)


def test_author_of_whom_the_text_tells_may_stand_alone_above_it() -> None:
    assert read(lead="<p align=center>张维</p>", end="<p>（作者系示例大学经济学院教授）</p>").authors == ("张维",)
    assert read(lead="<p align=center>张维</p>").authors == ()
    assert read(lead="<p>□ 王可</p>").authors == ("王可",)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("作者：[英]罗伯特·斯基德", ("罗伯特·斯基德",)),
        ("作者：党委宣传部 李欣然", ("李欣然",)),
        ("作者：蒋云 《示例日报》（2026年03月11日 01 版）", ("蒋云",)),
        ("<em class=rich_media_meta_text>林一</em><a class=rich_media_meta_nickname>示例观察</a>", ("林一",)),
    ],
)
def test_author_is_named_without_what_stands_around(line: str, names: tuple[str, ...]) -> None:
    assert read(f"{line}　{DATE}").authors == names


@pytest.mark.parametrize(
    "after",
    [
        "<h4>相关阅读</h4><ul><li><a href=/1>本报记者 韩小梅：走进春天</a></li><li><a href=/2>作者：李冰</a></li></ul>",
        "<div class=comment-list><span>作者：小明</span><p>支持一下！</p></div>",
        "<p>图为阅览室。（示例日报全媒记者 张鸿 摄）</p>",
        "<p>市民王先生告诉记者李强说的情况属实。</p>",
    ],
)
def test_others_who_are_named_below_the_text_wrote_nothing(after: str) -> None:
    assert read(after=after).authors == ()


@pytest.mark.parametrize(
    ("line", "origins"),
    [
        (f"<p>本报记者 张磊<br><span>《 示例日报 》（ 2026年03月11日 第 04 版）</span></p>{DATE}", ("示例日报",)),
        (f"来源：示例日报 | 王可为 李想 | {DATE}", ("示例日报",)),
        (f"{DATE}　来源：示例评论　评论(3)", ("示例评论",)),
        (f"{DATE}<p>凡注明“来源：示例在线”的作品，未经授权不得转载</p>", ()),
    ],
)
def test_publication_is_named_without_what_stands_around(line: str, origins: tuple[str, ...]) -> None:
    assert read(line).origins == origins


@pytest.mark.parametrize(
    ("credit", "names"),
    [
        ("記者林悅／南市報導", ("林悅",)),
        ("記者王小明／高市報導", ("王小明",)),
        ("記者王小明／連線報導", ("王小明",)),
        ("記者王小明、李大同／綜合報導", ("王小明", "李大同")),
        ("特派記者王小明／北京專電", ("王小明",)),
        ("記者王小明／陳大文報導", ("王小明", "陳大文")),
        ("記者 王小明 報導", ("王小明",)),
        ("生活中心／林小美報導", ("林小美",)),
        ("社會中心／綜合報導", ()),
        ("文字 王可为 李想", ("王可为", "李想")),
    ],
)
def test_places_and_desks_of_a_report_are_nobody(credit: str, names: tuple[str, ...]) -> None:
    assert read(lead=f"<p>{credit}</p>").authors == names
    assert read(f"<span class=author>{credit}</span> {DATE}").authors == names


@pytest.mark.parametrize(
    ("opening", "names"),
    [
        ("（中央社記者王小明台北5日電）", ("王小明",)),
        ("（中央社記者王明台北5日電）", ("王明",)),
        ("（中央社記者王明華盛頓5日專電）", ("王明",)),
        ("（中央社記者王小明、李大同新竹縣15日電）", ("王小明", "李大同")),
        ("(示例社記者林美玉高雄5日電)", ("林美玉",)),
        ("（示例社記者陳大文東京5日綜合外電報導）", ("陳大文",)),
        ("（中央社台北5日電）", ()),
        ("（中央社記者台北5日電）", ()),
        ("〔記者王小明／台北報導〕", ("王小明",)),
        ("〔記者王小明、李大同／綜合報導〕", ("王小明", "李大同")),
        ("〔社會新聞組／綜合報導〕", ()),
    ],
)
def test_reporters_are_named_in_front_of_the_first_sentence(opening: str, names: tuple[str, ...]) -> None:
    assert read(first=opening).authors == names


def test_place_behind_the_reporter_of_a_first_sentence_is_nobody() -> None:
    assert read(first="記者林悅／台南報導 ").authors == ("林悅",)


@pytest.mark.parametrize(
    "words",
    [
        "作者搜尋",
        "作者专栏",
        "作者索引",
        "作者登录",
        "记者专栏",
        "通讯员登录",
        "实习生招聘",
        "文字 收聽 列印",
        "文字 分享 打印",
    ],
)
def test_words_behind_a_role_are_no_names(words: str) -> None:
    assert read(f"{DATE}<div>{words}</div>").authors == ()
    assert read(lead=f"<p>{words}</p>").authors == ()


def test_row_of_buttons_names_nobody() -> None:
    assert read(f"{DATE}<div><button>文字 向日葵</button><button>王可为</button></div>").authors == ()
