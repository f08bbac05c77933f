"""Pages that are refused because there is no article on them, although they came with 200; and hostile ones."""

from __future__ import annotations

import re

import pytest

from feedservice.config.settings import ArticleRules
from feedservice.errors import Unreadable
from feedservice.extract import extract
from feedservice.model import Fields, Page

TITLE = "为什么网页会显示404"
TEXT = (
    "<p>记者从示例新区图书馆获悉，自本周六起，馆内各阅览室的开放时间将有所延长，方便读者在工作之余借阅图书。</p>"
    "<p>据介绍，调整之后，少儿阅览室每天开放十小时，自习室开放十四小时，周一照常闭馆，节假日另行通知。</p>"
)
LONG = TEXT + "".join(f"<p>第{n}间阅览室的工作人员说，开放时间延长以后，来馆读者比以前多了不少。</p>" for n in range(9))


def read(html: str) -> Fields:
    page = Page(
        url="https://www.example.org/a.html", status=200, content_type="text/html; charset=utf-8", body=html.encode()
    )
    return extract(page, ArticleRules(), "Asia/Shanghai").fields


def words_of(body: str) -> str:
    return re.sub(r"\s+|<[^>]+>", "", body)


@pytest.mark.parametrize(
    "html", ["", "   ", "<html></html>", "<html><head><title>示例</title></head><body></body></html>"]
)
def test_page_without_a_body_is_refused(html: str) -> None:
    with pytest.raises(Unreadable):
        read(html)


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<title>404 Not Found</title><h1>404 Not Found</h1><p>nginx</p>", "error page"),
        (
            "<title>提示信息</title><div><p>您访问的页面不存在或已被删除！</p><a href='/'>返回首页</a></div>",
            "error page",
        ),
        ("<title>示例网</title><h1>抱歉，您查看的文章已被删除</h1><p>5秒后返回首页</p>", "error page"),
        ("<title>Just a moment...</title><p>Checking your browser before accessing example.org</p>", "challenge"),
        ("<title>登录</title><form><input name=u><input type=password name=p></form><p>请先登录后查看</p>", "login"),
        ("<html><body><div id=app></div><script src=/app.js></script></body></html>", "JavaScript"),
    ],
)
def test_page_that_is_no_article_is_refused_although_it_came_with_200(html: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(html)


def bare(text: str, title: str = "示例网") -> str:
    """A page with nothing but a few words on it, as such pages are."""
    return f"<title>{title}</title><body><div class='box'><h2>{text}</h2><p><a href='/'>返回首页</a></p></div></body>"


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (bare("系统维护中，请稍后再访问"), "a maintenance page"),
        (bare("网站正在升级维护，给您带来不便敬请谅解"), "a maintenance page"),
        (bare("请稍候", "系统维护"), "a maintenance page"),
        (bare("We are down for scheduled maintenance. Please check back later."), "a maintenance page"),
        (bare("The service is temporarily unavailable."), "a maintenance page"),
        (bare("您的访问过于频繁，请稍后再试"), "turns visitors away"),
        (bare("您的访问被拦截，请联系管理员"), "turns visitors away"),
        (bare("很抱歉，由于您的请求可能对网站造成威胁，您的请求已被管理员拦截"), "turns visitors away"),
        (bare("您的IP 203.0.113.9 访问异常，已被封禁"), "turns visitors away"),
        (bare("429 Too Many Requests"), "turns visitors away"),
        (bare("Sorry, you have been blocked"), "turns visitors away"),
        (bare("", "Access Denied"), "turns visitors away"),
        (bare("请输入验证码以继续访问"), "a challenge"),
        (bare("为了您的账号安全，请拖动滑块完成验证"), "a challenge"),
        (bare("", "安全验证"), "a challenge"),
        (bare("Verifying you are human. This may take a few seconds."), "a challenge"),
        (
            bare(
                "正在验证您是否是真人。这可能需要几秒钟时间。继续之前，www.example.org 需要先检查您的连接的安全性。",
                "请稍候…",
            ),
            "a challenge",
        ),
        (bare("环境异常</h2><p>当前环境异常，完成验证后即可继续访问。</p><h2>去验证", ""), "a challenge"),
        (bare("正在检测客户端环境，请稍候", "雷池 WAF"), "a challenge"),
        (bare("We're verifying your browser", "Vercel Security Checkpoint"), "a challenge"),
        (bare("Let's confirm you are human", "Human Verification"), "a challenge"),
        (
            bare("Loading...", "Wait") + f"<p>{'This protects the site against crawlers. ' * 30}</p>"
            "<script src=/.within.website/x/cmd/anubis/static/js/main.mjs></script>",
            "a challenge",
        ),
        (bare("当前访问疑似黑客攻击，已被网站管理员设置为拦截并记录", "360网站卫士"), "turns visitors away"),
        (bare("页面不存在"), "an error page"),
        (bare("服务器内部错误"), "an error page"),
        (bare("", "502 Bad Gateway"), "an error page"),
        (bare("请登录后查看全文"), "a login page"),
        (bare("Please log in to continue"), "a login page"),
        (
            "<title>示例网</title><body><div id='app'><p>加载中...</p></div><script src=/a.js></script></body>",
            "JavaScript",
        ),
        (
            "<title>News</title><noscript>Enable JavaScript.</noscript><div id=root></div><script src=/a.js></script>",
            "JavaScript",
        ),
        ("<script>window.$_ts=window.$_ts||{};$_ts.nsd=1</script><body></body>", "a script challenge"),
    ],
)
def test_page_that_stands_in_the_place_of_an_article_is_told_by_its_name(html: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(html)


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        (
            "关于系统维护的通知",
            "因机房检修，示例新区政务服务系统维护期间暂停受理业务，时间为1月5日22时至次日6时，请提前安排。",
        ),
        ("平台升级公告", "示例平台正在升级，升级期间预约服务不可用，预计1月6日恢复。给您带来不便，敬请谅解。"),
        ("网站显示“页面不存在”怎么办", LONG),
        ("为什么总要输入验证码", "请输入验证码，这句话人人见过。" + LONG),
        ("访问过于频繁会怎样", "不少网站会提示“您的访问过于频繁”，这是为了防止程序大量抓取。" + LONG),
        ("What 429 Too Many Requests means", "<p>A server answers so when it is asked too often.</p>" * 30),
        (
            "Site maintenance on Friday: what to expect",
            "<p>The library's catalogue will be under maintenance.</p>" * 20,
        ),
        ("人机验证技术的二十年", LONG),
    ],
)
def test_article_that_talks_about_such_pages_is_an_article(headline: str, text: str) -> None:
    html = (
        f"<title>{headline} - 示例网</title><body><div class='article'><h1>{headline}</h1>"
        f"<p class='info'>发布时间：2026-01-05 来源：示例网</p><div class='content'><p>{text}</p></div></div></body>"
    )
    assert read(html).title == headline


@pytest.mark.parametrize(
    "script",
    [
        "(()=>{a=document.createElement('script');a.src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'})",
        "var u='/cdn-cgi/challenge-platform/h/b/scripts/jsd/0f3a/main.js'",
        "window.ddoptions={};load('https://js.datadome.co/tags.js')",
    ],
)
def test_short_notice_on_a_site_that_watches_its_visitors_is_an_article(script: str) -> None:
    """With the scripts that Cloudflare and DataDome put on every page of theirs."""
    html = (
        f"<title>放假通知 - 示例网</title><script>{script}</script><body><div class='article'><h1>放假通知</h1>"
        "<p class='info'>发布时间：2026-01-05 来源：示例网</p>"
        "<div class='content'><p>元旦放假一天，一月二日照常上班，请各单位安排好值班。</p></div></div></body>"
    )
    assert "请各单位安排好值班" in read(html).body


def test_article_about_an_error_page_is_an_article() -> None:
    assert read(f"<title>{TITLE}</title><h1>{TITLE}</h1><div>{TEXT}</div>").title == TITLE


# hostile pages


def test_page_with_too_many_tags_is_refused() -> None:
    with pytest.raises(Unreadable):
        read("<p>a</p>" * 100_000)


def test_deeply_nested_page_is_read_as_plain_text() -> None:
    assert words_of(read(f"<h1>{TITLE}</h1>" + "<div>" * 1_000 + TEXT).body).startswith("记者从示例新区图书馆获悉")


def test_page_nested_beyond_what_any_browser_shows_is_refused() -> None:
    with pytest.raises(Unreadable):
        read("<div>" * 200_000)
