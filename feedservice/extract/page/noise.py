"""The names and the phrases by which pages tell what does not belong to the article."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from feedservice.extract.page.elements import Element, names_of
from feedservice.extract.text.folding import folded
from feedservice.extract.text.vocabulary import vocabulary
from feedservice.extract.text.wording import squeeze

_SPLIT = re.compile(r"[^a-z0-9\u4e00-\u9fff]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

_NEVER = vocabulary(
    # sharing, following, printing
    "share sharing shares sharebar sharebox sharedaddy sharethis addthis addtoany bshare bdshare bdsharebuttonbox "
    "jiathis socialshare socials social sns fenxiang fx hxshare shareto follow followus print printer printfriendly "
    # other articles
    "related relateds relatedposts relatedarticles relatedcontent relatednews relatedlinks yarpp jp-relatedposts "
    "recommend recommended recommends recommendation recommendations recirc recirculation outbrain taboola popular "
    "trending mostread mostpopular mostviewed morenews morestories morefrom readmore readnext upnext seealso "
    "alsolike teaser teasers xgwz xgyd xgxw xglj xiangguan tuijian tjyd rmtj prevnext prevnextnav postnav post-nav "
    "pager pagers pagination paginate paging sxp shangxiapian nextprev previousnext hotnews hotnew newslist "
    # talking back
    "comment comments commentlist commentform comment-form comments-area disqus respond reply pinglun guestbook "
    "fb-comments facebook-comments livefyre rating ratings voting feedback jubao complaint "
    # asking and selling
    "newsletter newsletters subscribe subscription subscriptions signup sign-up signin login loginbox register "
    "paywall promo promos promotion promotions promobox sponsor sponsored sponsors advert adverts advertisement "
    "advertisements advertising ads adsbygoogle adbox adsense adslot adwrap adwrapper dfp banner banners donate "
    "donation cta optin mailchimp "
    # getting around
    "breadcrumb breadcrumbs crumb crumbs bread nav navi navbar navigation subnav mainnav topnav menu menus submenu "
    "sidebar sidebars sitenav skiplink skip-link toc tableofcontents ez-toc toolbar toolbars "
    # furniture
    "footer foot copyright cookie cookies cookiebar consent gdpr popup popups modal modals overlay lightbox tooltip "
    "ewm qrcode qr erweima weixinqr screen-reader-text visually-hidden visuallyhidden sr-only "
    # about the article
    "tags taglist tag-list post-tags keywords guanjianci authorbox author-box authorbio author-bio about-author "
    "aboutauthor authorinfo author-info biography disclaimer mianze mzsm "
    # over the page, before it is read
    "privacy-bar privacybar privacy-banner language-bar languagebar lang-bar overlayidle idlebox idle-box"
)
_SELDOM = vocabulary(
    "ad aside side extra extras tool tools meta metadata postmeta entry-meta entry-footer info infos byline "
    "dateline author authors date time source hot rank ranking top10 more widget widgets rail right-rail "
    "gallery-nav caption-credit tag category categories topics topic tj zt head header hd ft fy page pages"
)
_PREFIXES = (
    "share", "social", "related", "recommend", "comment", "newsletter", "subscri", "advert", "sponsor", "breadcrumb",
    "pagination", "sidebar", "footer", "cookie", "qrcode", "outbrain", "taboola", "disqus", "bdshare", "bshare",
    "promo",
)  # fmt: skip
_QR = re.compile(r"ewm$|^ewm|qrcode|erweima|2dcode")
_EMBEDS = vocabulary("social embed embeds")
_ROLES = vocabulary("navigation complementary contentinfo search banner dialog alertdialog menu menubar toolbar")
_TAGS = vocabulary("nav footer aside form button dialog menu")
_BODY_NAMES = re.compile(
    r"article-?(?:body|content|text|main|detail)|(?:post|entry|story|news|main|page|text|body|single|detail|rich"
    r"|blog)[-_]?"
    r"(?:body|content|text|article|detail|story|copy)|^\s*(?:article|content|zoom|endtext|artibody|story|post"
    r"|entry)\s*$|"
    r"trs_|ueditor|vsb_content|v_news_content|ucap|ivs_content|js_content",
    re.IGNORECASE,
)


def name_words(element: Element, without: Collection[str] = ()) -> frozenset[str]:
    """The words of an element's id and classes: whole names, and their parts.

    without: classes that are left out, in lower case.

    An id of many words is made from a heading, and says nothing: id="sharing-with-a-single-developer".
    """
    classes = element.get("class") or ""
    if without:
        classes = " ".join(name for name in classes.split() if name.lower() not in without)
    return _words(element.get("id") or "", classes)


_STATES = ("has-", "with-", "without-")
"""What begins the names that tell what an element holds or lacks: class="story-meta has-social-tools"."""


@lru_cache(maxsize=8192)
def _words(own: str, classes: str) -> frozenset[str]:
    if not own and not classes:
        return frozenset()
    own_parts = " ".join(name for name in classes[:500].split() if not name.startswith(_STATES))
    parts = [part for part in _SPLIT.split(_CAMEL.sub("-", own_parts).lower()) if part]
    id_parts = [part for part in _SPLIT.split(_CAMEL.sub("-", own[:200]).lower()) if part]
    return frozenset([own.lower(), *classes[:500].lower().split(), *parts, *(id_parts if len(id_parts) < 4 else ())])


def is_furniture(element: Element) -> bool:
    """Whether an element says of itself, by tag, role or name, that it is no part of an article."""
    if element.tag in _TAGS or (element.get("role") or "").lower() in _ROLES:
        return True
    words = name_words(element)
    if element.tag in {"html", "body", "article", "main"} or (
        words & _EMBEDS and element.find(".//blockquote") is not None
    ):
        return False
    return bool(_telling(words))


@lru_cache(maxsize=8192)
def _telling(words: frozenset[str]) -> tuple[str, ...]:
    """The words of a name that say that what has it is no part of an article."""
    return tuple(word for word in words if word in _NEVER or word.startswith(_PREFIXES) or _QR.search(word))


_LAYOUT = vocabulary("paywall subscribe subscription subscriptions lightbox modal overlay popup")


def is_layout(element: Element) -> bool:
    """Whether an element is only named for its place on the window or for who may read it, as text may be too."""
    if element.tag in _TAGS or (element.get("role") or "").lower() in _ROLES:
        return False
    return all(word in _LAYOUT or word.startswith(("sidebar", "subscri")) for word in _telling(name_words(element)))


_COLLAPSED = vocabulary("toc readmore read-more js-readmore")
_NEVER_TEXT = _NEVER - _COLLAPSED


def is_collapsed(element: Element) -> bool:
    """Whether an element is only named for what opens it or leads to it, so that text in it may be the article's."""
    words = name_words(element)
    return bool(words & _COLLAPSED) and element.tag not in _TAGS and not words & _NEVER_TEXT


def is_talk(element: Element) -> bool:
    """Whether an element says that readers' comments are in it."""
    return any(word.startswith(("comment", "disqus", "respond", "pinglun")) for word in name_words(element))


def is_of_another(element: Element) -> bool:
    """Whether an element belongs to a comment, or to a row that leads to another article."""
    return any(
        is_talk(above) or (above.tag == "li" and above.find(".//a[@href]") is not None)
        for above in (element, *element.iterancestors())
    )


def is_doubtful(element: Element) -> bool:
    """Whether an element's name hints at something beside the article: worth dropping when it holds no prose."""
    return bool(name_words(element) & _SELDOM)


def is_body_name(element: Element) -> bool:
    """Whether an element's name says that it holds an article's text."""
    return bool(_BODY_NAMES.search(names_of(element)))


_HEADINGS = re.compile(
    r"^[\W_]{0,4}(?:相关(?:阅读|新闻|链接|文章|报道|推荐|资讯|内容|专题|稿件|解读|信息|附件下载)|(?:延伸|扩展"
    r"|推荐|热点|精彩|热门|更多|猜你|您可能|"
    r"你可能)(?:阅读|新闻|推荐|文章|内容|资讯|喜欢|感兴趣|也喜欢|视频|报道|精彩|图集|专题|排行).{0,8}"
    r"|往期(?:回顾|精选|推荐|阅读)|最新(?:文章|新闻|资讯|评论|消息)|"
    r"热门.{0,6}推荐|热(?:门|点)(?:文章|推荐|新闻|排行|专题|标签)|阅读排行.{0,4}|点击排行.{0,4}|网友评论|(?:全部|精彩|热门"
    r"|最新)?(?:评论|跟帖|留言|回帖).{0,10}|发表(?:评论|留言)|"
    r"我要(?:评论|纠错|留言)|友情链接|图片推荐|视频推荐|编辑推荐|今日(?:热点|推荐|头条)|(?:分页|本文)导航|频道(?:推荐|精选)"
    r"|诗人简介|作者简介|おすすめ(?:情[報报]|[記记]事)|関[連连](?:キーワード|[記记]事|ニュース)|あわせて読みたい|관련\s?(?:기사|뉴스)|"
    r"related(?: (?:articles?|posts?|stor(?:y|ies)|news|links?|topics?|content|coverage|reading))?|more (?:from"
    r"|on|in|about|stories|news|like this).{0,60}|"
    r"you (?:may|might) (?:also )?(?:like|enjoy|be interested).{0,30}|recommended(?: (?:for you|stories|articles"
    r"|reading|posts))?|read (?:more|next|also)|"
    r"(?:most|trending|popular)(?: (?:read|popular|viewed|shared|now|posts|stories|articles|news"
    r"|commented)).{0,20}|(?:\d+ )?comments?(?: \(?\d+\)?)?|leave a (?:reply|comment).{0,20}|"
    r"about the author|über (?:den|die) autor(?:in)?|notas relacionadas|see also"
    r"|sign up (?:for|to) .{0,40}newsletter.{0,10}|subscribe to .{0,40}"
    r"|join .{0,20}newsletter.{0,10}|what (?:others are reading|to read next)|"
    r"mehr (?:zum thema|aus|zu|von|lesen|artikel).{0,40}|(?:das (?:thema )?könnte|auch|lesen sie auch"
    r"|weitere (?:artikel|themen|meldungen|nachrichten|beiträge|informationen|links)|verwandte).{0,50}|"
    r"(?:\d+ )?kommentare?(?: \(?\d+\)?)?|kommentar (?:schreiben|hinterlassen|verfassen)"
    r"|schreibe einen kommentar|ähnliche (?:artikel|beiträge).{0,10}|meistgelesen.{0,20}|"
    r"(?:à lire aussi|lire aussi|sur le même (?:sujet|thème)|articles (?:liés|similaires|recommandés)"
    r"|(?:\d+ )?commentaires?|laisser un commentaire).{0,40}|"
    r"(?:noticias relacionadas|relacionad[oa]s|te puede interesar|también te puede|lee también|leia (?:também"
    r"|mais)|veja também|notícias relacionadas|comentarios|comentários|deja un comentario"
    r"|deixe um comentário).{0,40}|"
    r"(?:leggi anche|articoli correlati|potrebbe interessarti|lascia un commento|lees ook|lees meer"
    r"|zobacz (?:także|też|również)|czytaj (?:także|też|również|więcej)|powiązane|komentarze|læs også|les også"
    r"|läs också|читайте также|похожие|комментарии|bài liên quan|tin liên quan|baca juga).{0,40}"
    r")[\W_]{0,4}$",
    re.IGNORECASE,
)


def is_closing_heading(text: str) -> bool:
    """Whether a short line announces what comes after an article: related articles, comments, sharing."""
    return len(text) < 90 and bool(_HEADINGS.match(folded(squeeze(text))))
