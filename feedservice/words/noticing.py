"""What a reader would notice of an HTML text: its words, without the page furniture that changes by itself.

Counters (浏览次数：123, 1,024 views), clocks (当前时间：…) and share widgets are furniture. All linear in time.
"""

from __future__ import annotations

import re

_BLOCK = re.compile(
    r"</?(?:address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|li|main|nav|ol|p"
    r"|pre|section|table|tbody|td|tfoot|th|thead|tr|ul)\b[^>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"(?:\s|&nbsp;|&#160;|&#xa0;)+", re.IGNORECASE)

_COUNT = r"[（(\[]? ?\d[\d,，.]*(?: ?[万千kKwW])?\+? ?[)）\]]?"
_UNIT = r"(?: ?(?:人次|次|人)|(?!\w))"
_COUNTER = re.compile(
    # 浏览次数：123, 阅读 1,024 and the like; 阅读2025年报告 counts nothing.
    r"(?:浏览|阅读|点击|访问|查看|点赞|转发|评论|收藏|下载)"
    rf"(?:(?:次数|人数|人次|量|数) ?[：:] ?{_COUNT}(?: ?(?:人次|次|人))?"
    rf"|(?:次数|人数|人次|量|数)? ?[：:]? ?{_COUNT}{_UNIT})"
    rf"|\b(?:(?:page ?)?views?|visits?|hits?|reads?|likes?|shares?|comments?) ?[:：] ?{_COUNT}(?!\w)",
    re.IGNORECASE,
)
_DATE = r"(?:\d{4} ?[-/.年] ?)?\d{1,2} ?[-/.月] ?\d{1,2} ?日?"
_TIME = r"\d{1,2} ?[:：时点] ?\d{1,2}(?: ?[:：分] ?\d{1,2} ?秒?| ?分)?"
_DAY = r"(?:星期|周)[一二三四五六日天]"
_CLOCK = re.compile(
    rf"(?:(?:当前|现在|系统|打印|访问)(?:的)?时间(?:是|为)?|现在是|今天是)[：:]? ?(?:北京时间)?[：:]? ?"
    rf"(?:{_DATE}|{_TIME})(?:[ ,，]?(?:{_DAY}|{_DATE}|{_TIME}|[上下]午)){{0,4}}"
)
_NUMBERED = rf"{_COUNT} ?(?:page ?views?|views?|visits?|hits?|reads?|likes?|shares?|comments?|(?:次|人)?(?:浏览|阅读))"
_FURNITURE = re.compile(
    rf"{_NUMBERED}|(?:current time|local time|today is|(?:printed|generated|accessed) ?(?:on|at|:))"
    r"(?!\w).{0,60}(?:\d{1,2}:\d{2}|\b\d{4}\b).{0,20}",
    re.IGNORECASE,
)
_WIDGET = re.compile(
    r"(?:(?P<sure>分享(?:到|至|给好友)?|转发(?:到|至)?|收藏(?:本页|本文)?|打印(?:本页|本文)?|关闭(?:窗口|本页)?|返回顶部|复制链接|扫一扫"
    r"|字号|字体|share(?: this)?(?: on)?|tweet|print|copy link)"
    r"|[大中小]|点赞|微信(?:好友)?|朋友圈|(?:新浪|腾讯)?微博|QQ空间|QQ好友|QQ|人人网|豆瓣"
    r"|e-?mail|facebook|twitter|linkedin|whatsapp|telegram|weibo|wechat|x)(?![a-z])"
    r"[ :：|｜/·,，、【】\[\]()（）>»]*",
    re.IGNORECASE,
)
_OPENING = " :：|｜/·,，、【】[]()（）>»"

_ADDRESS = re.compile(r"""\b(?:src|href|poster)="([^"]*)\"""")
_BUSTER = re.compile(r"(?:[?]|&(?:amp;)?)(?:t|v|ts|time|timestamp|r|rand|random|rnd|_)=[\d.]+(?=&|$)", re.IGNORECASE)
_SHARER = re.compile(
    r"^(?:https?:)?//(?:service\.weibo\.com/share|v\.t\.sina\.com\.cn/share|connect\.qq\.com/|sns\.qzone\.qq\.com/"
    r"|(?:www\.)?facebook\.com/share|(?:www\.)?twitter\.com/(?:share|intent)|x\.com/(?:share|intent)"
    r"|(?:www\.)?linkedin\.com/share|(?:api\.)?whatsapp\.com/send|wa\.me/|t\.me/share)",
    re.IGNORECASE,
)


def lines_of(html: str) -> list[str]:
    """The text of an HTML text, a line for each block that has any; character references stay as they are."""
    html = _SPACE.sub(" ", html)
    # After the last ">" no tag ends: looking for one from every "<" there would take quadratic time.
    end = html.rfind(">") + 1
    text = _TAG.sub("", _BLOCK.sub("\n", html[:end])) + html[end:]
    return [line for line in map(str.strip, text.split("\n")) if line]


def noticed_words(html: str) -> str:
    """The words of an HTML text without white space, counters, clocks and share widgets."""
    return "".join(map(_kept, lines_of(html))).replace(" ", "")


def noticed_addresses(html: str) -> list[str]:
    """Where pictures and links of an HTML text lead, sorted, without those to share it and what only defeats caches."""
    found = (_BUSTER.sub("", address) for address in _ADDRESS.findall(html))
    return sorted(address for address in found if not _SHARER.match(address))


def _kept(line: str) -> str:
    if len(line) <= 200 and (_FURNITURE.fullmatch(line) or _is_widget(line)):
        return ""
    return _CLOCK.sub("", _COUNTER.sub("", line))


def _is_widget(line: str) -> bool:
    rest, sure = line.lstrip(_OPENING), False
    while match := _WIDGET.match(rest):
        rest, sure = rest[match.end() :], sure or match["sure"] is not None
    return sure and not rest
