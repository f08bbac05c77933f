"""Pages that are no article although they came with 200: challenges, logins, errors, empty shells."""

from __future__ import annotations

import re

from feedservice.extract.dom import Tree
from feedservice.extract.wording import squeeze

_CHALLENGES = (
    (
        re.compile(r"cf-browser-verification|cf_chl_|challenge-platform|__cf_chl|/cdn-cgi/challenge", re.IGNORECASE),
        "a Cloudflare challenge",
    ),
    (
        re.compile(r"_Incapsula_Resource|distil_r_captcha|px-captcha|datadome|geo\.captcha-delivery", re.IGNORECASE),
        "a bot challenge",
    ),
    (
        re.compile(
            r"\$_ts\s*=\s*window|\$_ts\.nsd|createElement\(.section.\)|acw_sc__v2|__jsl_clearance|_0x[0-9a-f]{4,6}\s*=",
            re.IGNORECASE,
        ),
        "a script challenge",
    ),
    (
        re.compile(
            r"<title>\s*(?:Just a moment|Attention Required|Access Denied|Security Check|安全验证|人机验证|滑动验证"
            r"|访问验证)",
            re.IGNORECASE,
        ),
        "a challenge",
    ),
    (
        re.compile(
            r"请(?:完成|进行)(?:安全)?验证|拖动滑块|verify you are (?:a )?human|checking your browser", re.IGNORECASE
        ),
        "a challenge",
    ),
)
_ERROR_TITLE = re.compile(
    r"^\W*(?:(?:error\W*)?(?:404|403|500|502|503)\b.{0,40}|.{0,20}(?:页面|网页|文章|内容|信息)(?:不存在|未找到"
    r"|找不到|已删除|已被删除|走丢了).{0,20}|(?:page )?not found.{0,20}|seite nicht gefunden.{0,20}"
    r"|page introuvable.{0,20}|"
    r"出错了.{0,10}|系统(?:提示|错误|繁忙).{0,10}|forbidden|bad gateway|service unavailable|该页无法显示"
    r"|提示信息)\W*(?:[-_|–].{0,40})?$",
    re.IGNORECASE,
)
_ERROR_TEXT = re.compile(
    r"(?:您?(?:访问|查看|请求|浏览|查找)的(?:页面|网页|文章|内容|信息|资源|文件)?(?:不存在|已(?:被)?删除|未找到"
    r"|找不到|不见了))|(?:页面|文章|内容|信息)(?:不存在|已(?:被)?删除|走丢了|没找到)|(?:抱歉"
    r"|对不起)[，,].{0,16}(?:不存在|删除|无法(?:访问|找到)|找不到)|"
    r"the page you (?:are|were) looking for|page (?:could )?not (?:be )?found|(?:file|object|page) not found"
    r"|this page (?:doesn.t|does not) exist|seite wurde nicht gefunden|page (?:est )?introuvable"
    r"|página no encontrada",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"请(?:先)?登录后?(?:再|查看|访问|继续)?|登录后(?:可)?(?:查看|阅读|访问)|(?:please|you (?:must"
    r"|need to)) (?:log|sign) ?in|login required",
    re.IGNORECASE,
)
_SCRIPTED = re.compile(
    r"(?:enable|activate|turn on) javascript|javascript (?:is )?(?:required|disabled)|请(?:启用|开启"
    r"|打开)\s*javascript|<div id=[\"']?(?:app|root|__next|__nuxt)[\"']?>\s*</div>",
    re.IGNORECASE,
)
_FEW = 40
_SHORT = 160


def reason_for_none(tree: Tree, source: str, body_words: int, title: str, has_pictures: bool) -> str:
    """Why a page has no article on it; "" when it may well have one.

    body_words: how many words of text were found. Careful on purpose: an article about error 404 is an article.
    """
    words = sum(line.size for line in tree.lines if not line.hidden)
    if body_words < _FEW and words < 2 * _SHORT:
        for pattern, reason in _CHALLENGES:
            if pattern.search(source[:200_000]):
                return f"{reason}, not an article"
    if body_words < _SHORT and (reason := _instead(tree, body_words, words, title)):
        return reason
    if body_words == 0 and not has_pictures:
        if words < _FEW and (_SCRIPTED.search(source[:400_000]) or "<script" in source):
            return "a page that is only made by JavaScript"
        return "no article text was found on the page"
    return ""


def _instead(tree: Tree, body_words: int, words: int, title: str) -> str:
    """What a page of few words is instead of an article: an error or a login; "" when it says neither."""
    window = squeeze(tree.root.findtext(".//title") or "")
    text = " ".join(line.text for line in tree.lines[:200] if line.size < 40)[:6_000]
    if _ERROR_TITLE.match(window) or _ERROR_TITLE.match(title):
        return "an error page, not an article"
    if body_words >= _FEW:
        return ""
    if words < 600 and _ERROR_TEXT.search(text):
        return "an error page, not an article"
    if words < 2 * _SHORT and _has_password(tree) and not title:
        return "a login page, not an article"
    if body_words < _FEW // 2 and words < _SHORT and _LOGIN.search(text):
        return "a login page, not an article"
    return ""


def _has_password(tree: Tree) -> bool:
    return any((item.get("type") or "").lower() == "password" for item in tree.root.iter("input"))
