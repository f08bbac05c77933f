"""What is taken out of an article's body: furniture inside it, what stands before it begins and after it has ended."""

from __future__ import annotations

import re

from feedservice.extract.markup.captions import captioned
from feedservice.extract.markup.compose import is_caption
from feedservice.extract.markup.writer import Block
from feedservice.extract.page.density import Ground
from feedservice.extract.page.elements import Element, is_hidden, is_put_away
from feedservice.extract.page.lines import Line
from feedservice.extract.page.noise import is_closing_heading, is_doubtful
from feedservice.extract.prose.leadin import without_lead_in
from feedservice.extract.prose.teasers import teasers_in
from feedservice.extract.text.folding import folded
from feedservice.extract.text.vocabulary import vocabulary

_FILE_LINK = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|ofd|zip|rar|7z|et|csv|rtf|ceb)\b", re.IGNORECASE)


def dropped_in(root: Element, ground: Ground) -> set[Element]:
    """The outermost elements inside a body that are no part of it."""
    tree = ground.tree
    first, last = tree.span(root)
    dropped: set[Element] = {*_closing_sections(root, ground), *teasers_in(root, ground)}
    furniture = {start for start, _ in ground.furniture}
    whole = ground.size_in(root) or 1
    number = first + 1
    while number <= last:
        element = tree.elements[number]
        if element in dropped or number in furniture or _goes(element, ground, whole):
            dropped.add(element)
            number = tree.span(element)[1] + 1
        else:
            number += 1
    return dropped


def _closing_sections(root: Element, ground: Ground) -> list[Element]:
    """The elements that begin with a heading such as "related articles" and hold nothing before it."""
    tree = ground.tree
    lines = tree.lines_of(root)
    found: list[Element] = []
    for index, line in enumerate(lines):
        if line.size > 14 or not is_closing_heading(line.text) or line.block is root:
            continue
        group = line.block
        start = tree.number[group]
        above = group.getparent()
        while (
            above is not None
            and above is not root
            and (index == 0 or not _between(lines[index - 1], above, ground))
            and not _has_text_beside(group, above, ground)
        ):
            group, above = above, above.getparent()
        _first, last = tree.span(group)
        holds_more = any(
            start < tree.number[other.block] <= last or other.block is group for other in lines[index + 1 : index + 3]
        )
        before = sum(other.size for other in lines[:index])
        small = ground.prose_in(group) < 0.35 * ground.prose_in(root)
        if holds_more and (small or (before > 60 and _TALK.search(line.text))):
            found.append(group)
    return found


def _has_text_beside(group: Element, above: Element, ground: Ground) -> bool:
    """Whether what holds a section holds paragraphs besides, as a column beside the text does where it comes first."""
    prose = ground.prose_in(above) - ground.prose_in(group)
    links = ground.anchors_in(above) - ground.anchors_in(group)
    return ground.prose_in(group) < 0.5 * prose and prose / (1 + links) > 35


_TALK = re.compile(r"comment|kommentar|coment|reactie|评论|評論|留言|跟帖|回帖|комментар", re.IGNORECASE)


def _between(line: Line, element: Element, ground: Ground) -> bool:
    """Whether a line stands inside an element."""
    return ground.tree.holds(element, line.block)


_KEPT_TAGS = vocabulary(
    "br img p a span strong em b i u font figure figcaption video audio source picture li td th tr tbody thead "
    "tfoot dt dd sub sup code pre blockquote h2 h3 h4 h5 h6 noscript"
)


def _goes(element: Element, ground: Ground, whole: float) -> bool:
    size = ground.size_in(element)
    if is_hidden(element) or is_put_away(element):
        return size < 0.4 * whole
    if element.tag in _KEPT_TAGS:
        return False
    prose = ground.prose_in(element)
    links = ground.links_in(element)
    most = 0.75 if element.tag in {"ul", "ol", "dl", "table"} else 0.5
    listed = size > 0 and prose == 0 and links > most * size and ground.anchors_in(element) > 1
    if listed and not _is_inner_list(element) and not _has_files(element):
        return True
    return (
        is_doubtful(element)
        and not is_caption(element)
        and size < 60
        and prose < 0.5 * size
        and element.find(".//img") is None
    )


def _is_inner_list(element: Element) -> bool:
    above = element.getparent()
    return element.tag in {"ul", "ol"} and above is not None and above.tag == "li"


def _has_files(element: Element) -> bool:
    return any(_FILE_LINK.search(anchor.get("href") or "") for anchor in element.iter("a"))


_NOISE = re.compile(
    r"^[\W_]{0,4}(?:(?:提示[:：]\s?)?(?:微信)?扫一扫.{0,30}|广告声明[:：].{0,300}|.{0,20}欢迎您?发表.{0,12}评论.{0,80}|(?:扫码|扫描|长按|微信扫).{0,40}二维码.{0,30}|(?:微信|朋友圈|微博|QQ空间"
    r"|复制链接|链接已复制)|分享(?:到|至|让更多人看到).{0,30}|(?:打印|关闭|收藏|返回)"
    r"(?:$|[\s|｜/】\])）]|[本此][页文]|窗口|页面|文章|顶部|首页|上一?[级页]|列表|打印|关闭).{0,16}|返回.{1,8}[，,]\s?查看更多.{0,8}|"
    r"字\s*(?:号|体)\s*[:：].{0,20}|上一(?:篇|条|页).{0,120}|下一(?:篇|条|页).{0,120}"
    r"|[（(【\[]?\s*(?:责任?编(?:辑)?|本文编辑|编辑|值班编辑|网络编辑|栏目编辑)\s*[:：／].{0,40}|(?:我要)?(?:纠错"
    r"|举报|报错|投稿|反馈)[\W_]{0,3}|"
    r"(?:免责|版权)(?:声明|提示)\s*[:：】\]].{0,400}|"
    r"本文.{0,12}原创.{0,30}转载.{0,20}注明.{0,200}|看全文|写评论|关注[^，。]{2,20}[（(][\w\s-]{1,20}[)）][，,].{0,20}|听新闻|不感兴趣|举报[/／]反馈|点击进入专题.{0,60}|T\s?\+\s?-|"
    r"(?:特别|郑重)?(?:声明|提示|提醒)(?=.{0,400}(?:本[网站报平]|转载|原作者|版权|侵权|代表.{0,6}(?:观点|立场)|用户上传"
    r"|客户端|APP)).{0,400}|(?:以上|[本此该]文|文中|文章)?(?:内容|观点"
    r"|图片).{0,12}(?:不代表|仅代表|版权归|如有侵权).{0,200}|"
    r"(?![\W_]{0,4}(?:第.{1,6}条|[一二三四五六七八九十]{1,3}[)）、])).{0,30}[未非]经.{0,12}(?:授权|许可|允许|同意).{0,30}"
    r"(?:转载|转发|摘编|复制|镜像|刊用|盗用|抄袭|播送|商业|必究).{0,40}|"
    r"本文(?:标题|地址|链接|网址)\s*[:：].{0,300}|.{0,4}同意.{0,12}隐私.{0,12}(?:才能|方可|即可).{0,30}|"
    r"(?:更多|精彩)(?!.{0,60}附件).{0,30}(?:请?关注|下载|点击).{0,60}|"
    r"(?:欢迎|敬请|请|点击)关注.{0,40}(?:公众号|微信|微博|视频号|抖音|快手|头条|我们|客户端|APP|小程序|二维码|订阅).{0,30}|关注(?:公众号|我们"
    r"|微信).{0,30}|(?:点击|下载).{0,10}(?:客户端|APP).{0,40}|返回(?:首页|顶部|列表|上一页).{0,10}|查看(?:原图"
    r"|更多|全文|原文).{0,12}|"
    r"文章关键词.{0,100}|关键[词字]\s*[:：].{0,100}|本文标签.{0,100}|标\s*签\s*[:：].{0,80}|\+1|\d{1,6}"
    r"|阅读\s*\d.{0,12}|浏览(?:次数|量)?\s*[:：]?\s*\d.{0,12}|点击(?:次数|量)?\s*[:：]?\s*\d.{0,10}|图集|"
    r"阅读(?:剩余|全文|更多).{0,12}|展开(?:全文|更多).{0,12}|正在(?:阅读|浏览).{0,80}"
    r"|END|点(?:分享|收藏|点?赞|在看)|请?继续往下(?:阅读|看|滑).{0,6}|.{0,40}(?:点我|点此|立即)下载.{0,6}APP.{0,10}|（?本文来自.{0,30}|纠错[\W_]{1,6}(?:责任?编(?:辑)?|编辑)\s*[:：].{0,40})[\W_]{0,4}$",
    re.IGNORECASE,
)
_NOISE_WEST = re.compile(
    r"^[\W_]{0,4}(?:click here.{0,60}|read (?:more|next|also|the full).{0,80}|see also.{0,80}|also read.{0,80}"
    r"|related\s?:.{0,100}|more\s?:.{0,80}|watch(?: now)?\s?:.{0,80}|(?:copyright|©).{0,200}|"
    r"all rights reserved.{0,200}|(?:follow|find|like|join|contact|email|write to|reach) .{0,60}(?:twitter"
    r"|facebook|instagram|telegram|whatsapp|@|newsletter|youtube|linkedin).{0,100}|"
    r"(?:sign up|subscribe|get the latest|get breaking).{0,120}|have a (?:tip|story).{0,120}|advertisement"
    r"|anzeige|publicidad|publicité|werbung|view comments.{0,10}|(?:show|hide|load) (?:more|comments).{0,20}|"
    r"photo(?:graph)?s?(?: credit| by|:|\W).{0,60}|image(?: credit| source|:).{0,80}|(?:getty|ap|reuters|afp"
    r"|shutterstock|istock)(?: images?| photo)?.{0,20}|(?:caption|close|video|image|photo|gallery|print|share"
    r"|tweet|email|whatsapp|teilen|drucken|"
    r"facebook|twitter|pinterest|linkedin|reddit|telegram)|via .{0,30}|posted (?:in|by|on|under).{0,100}"
    r"|filed under.{0,100}|tags?\s?:.{0,200}|tagged(?: with)?\s?:?.{0,200}|categor(?:y|ies)\s?:.{0,100}"
    r"|schlagw(?:ort|orte|örter)\s?:.{0,120}|"
    r"(?:foto|fotos|bild|bilder|quelle|grafik)\s?:.{0,80}|(?:crédits?|photo|crédito|foto)\s?(?:photo)?:.{0,80}"
    r"|leia (?:também|mais).{0,120}|(?:lea|lee|leer) (?:también|más).{0,120}|lire (?:aussi|la suite).{0,120}"
    r"|mehr zum thema.{0,100}|lesen sie (?:auch|mehr).{0,120}|"
    r"(?:this article|this story|this post) (?:was|originally|first|has been).{0,160}|about the author.{0,40}"
    r"|zurück(?: zur (?:übersicht|startseite))?|nach oben|back to top|weiterlesen.{0,30}|continue reading.{0,40}"
    r"|カテゴリーをフォローする|関連キーワード.{0,60}|글자\s?크기\s?(?:설정|조절)?|좋아요\s?\d{0,6}"
    r"|externer inhalt.{0,60}|ve[ar] también\s?:?.{0,120}|dowiedz się więcej.{0,60}|to view the full story.{0,200}"
    r"|if you enjoyed reading.{0,160}|permalink|\.{3}\s?weiter zu.{0,80}|our standards\s?:.{0,80}"
    r"|news date\s?:.{0,60}|(?:never miss"
    r"|stay up to date|get all the latest|get the (?:latest|top)|sign up (?:for|to) (?:our"
    r"|the)).{0,160})[\W_]{0,4}$",
    re.IGNORECASE,
)


def is_noise(text: str) -> bool:
    """Whether a line is one that pages put into their articles without its being of them."""
    return len(text) < 420 and bool(_NOISE.match(folded(text)) or _NOISE_WEST.match(text))


def trimmed(blocks: list[Block], title: str) -> list[Block]:
    """The blocks of the article itself, out of all that stand in its container."""
    blocks = without_lead_in(blocks, title)
    blocks = _without_sections(blocks)
    blocks = [block for block in blocks if not _is_stray(block)]
    blocks = captioned(blocks)
    while blocks and blocks[-1].kind in {"h", "rule"}:
        blocks.pop()
    while blocks and blocks[0].kind == "rule":
        blocks.pop(0)
    return _without_repeats(blocks)


def _without_sections(blocks: list[Block]) -> list[Block]:
    """Leave out what a closing heading announces, up to where prose goes on or another heading comes."""
    kept: list[Block] = []
    skipping = False
    for block in blocks:
        if block.size < 16 and block.kind in {"p", "h"} and is_closing_heading(block.text):
            skipping = True
            continue
        if skipping and block.links < 0.35 and (block.kind in {"table", "pre", "quote", "h"} or block.size > 14):
            skipping = False
        if not skipping:
            kept.append(block)
    return kept


def _is_stray(block: Block) -> bool:
    if block.kind in {"figure", "media", "pre", "rule", "table", "caption"}:
        return False
    if is_noise(block.text):
        return True
    if block.kind == "p" and block.links > 0.9 and block.size > 1:
        return not _FILE_LINK.search(block.html)
    return block.kind == "list" and block.links > 0.7 and not _FILE_LINK.search(block.html)


def _without_repeats(blocks: list[Block]) -> list[Block]:
    """Leave out figures that repeat one that has been, and rules beside rules."""
    kept: list[Block] = []
    seen: set[str] = set()
    for block in blocks:
        if block.kind in {"figure", "media"}:
            if block.html in seen:
                continue
            seen.add(block.html)
        if block.kind == "rule" and kept and kept[-1].kind == "rule":
            continue
        kept.append(block)
    return kept
