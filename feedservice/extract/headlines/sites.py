"""What a site is called, as far as its address and its links tell: so that it is not taken for a headline."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from feedservice.extract.page.elements import Element, inner_text, names_of
from feedservice.extract.text.wording import bare

_NO_WORD = re.compile(r"[\W_]+")
_SITE = re.compile(r"(?:^|[\s_-])(?:site-?(?:title|name|logo|branding)|logo|brand)(?=[\s_-]|$)")
_LONG = 8
_GENERIC = frozenset(["com", "co", "org", "net", "gov", "edu", "ac", "www", "blogspot", "wordpress", "github"])


def site_of(url: str) -> str:
    """The word that an address has for its site: example for https://www.example.org/; "" where it has none."""
    labels = (urlsplit(url).hostname or "").split(".")[:-1]
    words = [label for label in labels if label not in _GENERIC]
    return _NO_WORD.sub("", words[-1]).lower() if words else ""


def is_site_name(text: str, site: str) -> bool:
    """Whether a text is the name of the site, by the word in its address: Example News for example."""
    name = _NO_WORD.sub("", text).lower()
    named = name.startswith(site) or (len(site) >= _LONG and site in name)
    return len(site) > 3 and named and len(name) <= 2.5 * len(site)


def is_site_link(element: Element, url: str) -> bool:
    """Whether a heading is the site's own: named so, or nothing but a link to the site's front page."""
    if _SITE.search(names_of(element)):
        return True
    links = [link for link in element.iter("a") if bare(inner_text(link))]
    if len(links) != 1 or bare(inner_text(links[0])) != bare(inner_text(element)):
        return False
    where, here = urlsplit(links[0].get("href") or "#"), urlsplit(url)
    front = where.path in {"", "/"} and not where.query and (where.netloc or where.path == "/")
    return bool(front) and where.hostname in {None, here.hostname} and here.path not in {"", "/"}
