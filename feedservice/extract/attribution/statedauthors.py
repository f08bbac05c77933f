"""Who wrote an article by what its page states: JSON-LD, meta names, the cards for social networks, a blog's name."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from feedservice.extract.attribution.names import persons
from feedservice.extract.attribution.people import is_chinese_name, is_person, people_in
from feedservice.extract.statements.stated import Stated
from feedservice.extract.text.wording import bare, squeeze, unescape

Found = tuple[tuple[str, ...], str]

_NONE: Found = ((), "")
_HAN = re.compile(r"[\u3400-\u9fff]")
_ROLE = re.compile(
    r"^(?:admin\w*|administrator|root|user|webmaster|publisher|author|autor|auteur|editor|unknown|anonymous|default"
    r"|null|none|undefined|test|wp|wordpress)$",
    re.IGNORECASE,
)
_OWN_NAME = re.compile(r"(?<=[:._-])authors?$")
"""How sites call their own meta elements for authors."""
_WRITTEN_BY = re.compile(
    r"^(?:written by|by|author|verfasst von|geschrieben von|autor(?:in)?|von|écrit par|rédigé par|par|escrito por|por"
    r"|scritto da|geschreven door|auteur|napisane przez|skrevet af|skriven av|作者)$",
    re.IGNORECASE,
)
_BY = re.compile(r"^by:?\s+(?=[^\W\d_])", re.IGNORECASE)
_BRAND = re.compile(
    r"\b(?:[A-Z]{3,}|(?i:official|clinic|marketing|media|group|team|news|today|times|blog|staff|magazine|journal|press"
    r"|university|institute|foundation|agency|company|studios?|labs?|inc|ltd|gmbh|online|health|travel|guide|network"
    r"|society|editorial|editors?|cent(?:er|re)|post|daily|weekly|reports?|reviews?|insights?|solutions|services"
    r"|software|tech|technolog(?:y|ies)|digital|world|redaktion|rédaction|redacción|redazione))\b"
)
"""Words of names that are no person's, though a site calls it one."""
_PARTS = re.compile(r"\s[-–—|»:]\s")
_BLOG_OF = re.compile(
    r"^(?P<name>[^\W\d_][\w.-]+(?:\s[^\W\d_][\w.-]*){1,2})['’]s\s(?:personal\s)?(?:we)?b?log$|"
    r"^(?:the\s)?(?:personal\s)?blog of (?P<other>[^\W\d_][\w.-]+(?:\s[^\W\d_][\w.-]*){1,2})$",
    re.IGNORECASE,
)


def in_json(stated: Stated, origins: tuple[str, ...]) -> Found:
    """The authors that JSON-LD names, without the site itself, unless that is named after the person who writes it."""
    sites = _sites(stated, origins)
    people = [name for name in map(_plain, stated.people("author")) if is_person(name) and not _BRAND.search(name)]
    own = {bare(name).lower() for name in people}
    told = [name for text in map(_plain, stated.names("author")) for name in people_in(text) or (text,)]
    names = tuple(
        name
        for name in dict.fromkeys(told)
        if (bare(name).lower() not in sites or bare(name).lower() in own)
        and 1 < len(name) < 60
        and not re.search(r"\.\w{2,3}$|^admin", name)
        and not _ROLE.match(name)
    )
    return (names, "json-ld author") if names else _NONE


def _plain(name: str) -> str:
    """A stated name without references to characters, a leading "By" and what is left around a name that is missing."""
    return _BY.sub("", squeeze(unescape(name)).strip(" ,;|"))


def in_meta(stated: Stated, editor: str, origins: tuple[str, ...]) -> Found:
    """Meta names; for Chinese pages only what is a person's name, since many put the editor or the site there."""
    sites = _sites(stated, origins)
    rows = [("json-ld author", "、".join(stated.names("author")))]
    rows += [
        (f"meta {name}", stated.meta.get(name, ""))
        for name in ("author", "article:author", "byl", "dc.creator", "parsely-author", "sailthru.author")
    ]
    rows += [
        (f"meta twitter:data{number}", stated.meta.get(f"twitter:data{number}", ""))
        for number in (1, 2)
        if _WRITTEN_BY.match(stated.meta.get(f"twitter:label{number}", ""))
    ]
    rows += [(f"meta {name}", text) for name, text in stated.meta.items() if _OWN_NAME.search(name)]
    for how, text in rows:
        if (people := people_in(text)) and not {bare(name).lower() for name in people} & sites:
            return people, how
        if not text or text.startswith(("http", "@")) or re.search(r"www\.|\.(?:de|com|net|org|cn|at|ch)$|GmbH", text):
            continue
        names = tuple(
            name
            for name in persons(text)
            if bare(name) not in bare(editor) and bare(name).lower() not in sites and not _ROLE.match(name)
        )
        if names and not _is_staff(names, text, stated):
            return names, how
    return _NONE


def in_blog_name(stated: Stated) -> Found:
    """The person whose blog a page says that it is: Jane Doe's blog."""
    window = _PARTS.split(stated.title)
    for text in (stated.meta.get("og:site_name", ""), window[-1], window[0]):
        found = _BLOG_OF.match(text.strip())
        if found and (name := found["name"] or found["other"]) and name[0].isupper():
            return (name,), "name of the blog"
    return _NONE


def _sites(stated: Stated, origins: tuple[str, ...]) -> set[str]:
    """What the site calls itself, so that it is not taken for a person."""
    host = urlsplit(stated.meta.get("og:url", "")).hostname or ""
    names = {
        *origins,
        *stated.names("publisher"),
        host,
        host.removeprefix("www."),
        host.removeprefix("www.").partition(".")[0],
    }
    names |= {stated.meta.get(name, "") for name in ("og:site_name", "sitename", "application-name", "copyright")}
    return {bare(name).lower() for name in names if name}


def _is_staff(names: tuple[str, ...], text: str, stated: Stated) -> bool:
    if bare(text).isdigit() or bare(stated.meta.get("editor", "")) == bare(text):
        return True
    headline = _PARTS.split(stated.title)[0]
    return any(_HAN.search(name) and not is_chinese_name(name) for name in names) or all(
        name in headline for name in names
    )
