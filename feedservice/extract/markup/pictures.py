"""Which pictures are the article's, and which one leads it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from feedservice.extract.markup.formulas import is_formula
from feedservice.extract.markup.media import image_url, is_furniture_name, is_placeholder
from feedservice.extract.markup.writer import Block
from feedservice.extract.page.density import Ground
from feedservice.extract.page.elements import Element
from feedservice.extract.page.links import absolute
from feedservice.extract.page.noise import name_words
from feedservice.extract.statements.stated import Stated
from feedservice.extract.text.vocabulary import vocabulary
from feedservice.extract.text.wording import unescape

_FRAME = vocabulary("header head hd top footer foot ft copyright logo")
_SOURCES = re.compile(r"<img src=\"([^\"]+)\"")
_DEFAULT = re.compile(
    r"(?:default|share|logo|placeholder|no-?image|og-?image|fallback|site)[\w-]{0,16}\.(?:png|jpe?g|gif|webp"
    r"|svg)$|/(?:logo|share)s?/|/_*(?:tpl|template|theme|skin)s?[_/]",
    re.IGNORECASE,
)


def sources_in(blocks: list[Block]) -> list[str]:
    """The addresses of the pictures in these blocks, in order, each once."""
    return list(dict.fromkeys(unescape(url) for block in blocks for url in _SOURCES.findall(block.html)))


def without_furniture(blocks: list[Block], ground: Ground, root: Element | None, base_url: str) -> list[Block]:
    """Leave out pictures that the page shows in its furniture too: logos, codes to scan."""
    if root is None or not any(block.kind == "figure" for block in blocks):
        return blocks
    elsewhere: set[str] = set()
    for image in ground.tree.root.iter("img"):
        if not ground.tree.holds(root, image) and (image_url(image, base_url) is None or _in_frame(image)):
            url = absolute(image.get("src"), base_url)
            if url:
                elsewhere.add(url)
    return [block for block in blocks if block.kind != "figure" or not set(sources_in([block])) & elsewhere]


def _in_frame(image: Element) -> bool:
    """Whether a picture stands in the head or the foot of the page."""
    return any(
        above.tag in {"nav", "header", "footer"} or name_words(above) & _FRAME for above in image.iterancestors()
    )


def lead_image(blocks: list[Block], stated: Stated, base_url: str) -> tuple[str | None, str]:
    """The first picture of the body; else the one that the page states, unless that is a logo or only stands in."""
    if shown := [url for url in sources_in(blocks) if not is_formula(url)]:
        return shown[0], "first picture"
    for name in ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src", "image"):
        url = absolute(stated.meta.get(name), base_url)
        if url and not _is_logo(url):
            return url, name
    image = stated.article.get("image")
    if isinstance(image, list) and image:
        image = image[0]
    if isinstance(image, dict):
        image = image.get("url")
    url = absolute(image, base_url) if isinstance(image, str) else None
    return (url, "json-ld image") if url and not _is_logo(url) else (None, "")


def _is_logo(url: str) -> bool:
    path = urlsplit(url).path
    return bool(_DEFAULT.search(path)) or is_furniture_name(path) or is_placeholder(path)
