"""An article's markup rewritten from scratch: a flat run of paragraphs, headings, lists, tables, pictures and the like.

Nothing of the page's own markup is carried over but what is named here; sanitising comes after all the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from html import escape

from feedservice.extract.markup.embeds import watch_address
from feedservice.extract.markup.formulas import formula_in, written
from feedservice.extract.markup.media import image_url
from feedservice.extract.markup.structures import (
    MAX_DEPTH,
    own_parts,
    write_definitions,
    write_list,
    write_pre,
    write_quote,
    write_table,
)
from feedservice.extract.markup.viewers import is_linked, may_show, shown_in
from feedservice.extract.markup.writer import Block, Writer
from feedservice.extract.page.elements import BLOCKS, UNSEEN, Element, inner_text, names_of
from feedservice.extract.page.links import absolute, link
from feedservice.extract.text.wording import bare, squeeze, words

_INLINE = {
    "b": "strong", "strong": "strong", "i": "em", "em": "em", "code": "code", "tt": "code", "kbd": "kbd",
    "samp": "samp", "var": "var", "sub": "sub", "sup": "sup", "s": "s", "strike": "s", "del": "del", "ins": "ins",
    "mark": "mark", "u": "u", "abbr": "abbr", "q": "q", "cite": "cite", "small": "small", "ruby": "ruby", "rt": "rt",
    "rp": "rp", "dfn": "dfn",
}  # fmt: skip
_SAME = 40
"""How many characters a caption and its shortened copy begin with in common."""
_LONGEST_ALT = 5_000
_LEFT_OUT = (UNSEEN - {"noscript", "iframe", "math"}) | {"button", "input", "label"}
_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h5", "h6": "h6"}
_CAPTION_NAMES = re.compile(
    r"caption|(?:img|image|pic|photo|picture)[-_]?(?:desc|text|title|credit|info|note)|zhushi", re.IGNORECASE
)


def compose(root: Element, base_url: str, dropped: Collection[Element] = ()) -> list[Block]:
    """Rewrite what is inside an element as blocks, leaving out the dropped elements and whatever is not shown."""
    writer = Writer(base_url, set(dropped), _children)
    _children(writer, root, 0)
    writer.flush(root)
    return writer.blocks


def _children(writer: Writer, element: Element, depth: int) -> None:
    writer.add_text(element.text, element)
    for child in element:
        if isinstance(child.tag, str):
            _element(writer, child, depth + 1)
        writer.add_text(child.tail, element)


def _element(writer: Writer, element: Element, depth: int) -> None:
    tag = element.tag
    if element in writer.dropped or (may_show(element) and _viewer(writer, element)) or tag in _LEFT_OUT:
        return
    if depth > MAX_DEPTH:
        writer.add_text(inner_text(element, " "), element)
    elif tag == "br":
        writer.markup.append("<br>")
        writer.text.append("\n")
    elif tag in _SMALL:
        _SMALL[tag](writer, element)
    elif tag in _SPECIAL:
        _SPECIAL[tag](writer, element, depth)
    elif tag in _HEADINGS:
        writer.flush(element)
        _children(writer, element, depth)
        writer.flush(element, _HEADINGS[tag])
    elif tag in BLOCKS and is_caption(element):
        _caption(writer, element, depth)
    elif tag in BLOCKS:
        writer.flush(element)
        _children(writer, element, depth)
        writer.flush(element)
    else:
        _inline(writer, element, depth)


def _inline(writer: Writer, element: Element, depth: int) -> None:
    name = _INLINE.get(element.tag)
    attributes = ""
    if element.tag == "a":
        href = link(element.get("href"), writer.base_url)
        name, attributes = ("a", f' href="{escape(href)}"') if href else (None, "")
    holds_blocks = any(isinstance(child.tag, str) and child.tag in BLOCKS for child in element)
    writer.in_link += element.tag == "a"
    before = len(writer.blocks)
    if name and not holds_blocks:
        writer.open_tag(f"<{name}{attributes}>")
        _children(writer, element, depth)
        if len(writer.blocks) == before:
            writer.close_tag(f"<{name}{attributes}>", name)
    else:
        _children(writer, element, depth)
    writer.in_link -= element.tag == "a"


def _image(writer: Writer, element: Element) -> None:
    if formula := formula_in(element, writer.base_url):
        address, said = formula
        writer.markup.append(f'<img src="{escape(address)}" alt="{escape(said)}">')
        return
    url = image_url(element, writer.base_url)
    if url is None:
        return
    alt = squeeze((element.get("alt") or "")[:_LONGEST_ALT])
    markup = f'<img src="{escape(url)}" alt="{escape(alt)}">'
    if writer.said and writer.opened > 0:
        writer.markup.append(markup)
        return
    if writer.said:
        writer.flush(element)
    elif writer.markup:
        writer.forget()
    writer.add_block("figure", f"<figure>{markup}</figure>", "", element)


def _caption(writer: Writer, element: Element, depth: int) -> None:
    """Words under a picture: a block of their own kind when they are few, so that a picture can take them in."""
    writer.flush(element)
    blocks = writer.inside(element, depth)
    starts = {bare(block.text)[:_SAME]: block.text for block in reversed(blocks) if block.text}
    text = " ".join(reversed(starts.values()))
    if any(block.kind not in {"p", "h", "caption"} for block in blocks) or words(text) > 90 or len(blocks) > 3:
        writer.blocks += blocks
    elif text:
        writer.blocks.append(Block("caption", f"<p>{escape(text, quote=False)}</p>", text, element))


def _noscript(writer: Writer, element: Element) -> None:
    """Pictures that a page shows to those without scripts stand in for the lazy ones."""
    last = writer.blocks[-1] if writer.blocks and writer.blocks[-1].kind == "figure" else None
    for image in element.iter("img"):
        url = image_url(image, writer.base_url)
        if url and not (last and escape(url) in last.html):
            _image(writer, image)


def _figure(writer: Writer, element: Element, depth: int) -> None:
    writer.flush(element)
    captions = [item for item in own_parts(element, "figcaption", around="figure") if item not in writer.dropped][:1]
    blocks = writer.inside(element, depth, captions)
    caption = [block for item in captions for block in writer.inside(item, depth + 1)]
    shown = [block for block in blocks if block.kind in {"figure", "media"}]
    rest = [block for block in blocks if block.kind not in {"figure", "media"}]
    if any(block.kind in {"table", "pre", "quote", *({"list"} if shown else ())} for block in rest):
        writer.blocks += [*blocks, *caption]
        return
    if not shown:
        captioned = next(element.iter("figcaption"), None) is not None
        writer.blocks += [block for block in caption if block.kind in {"figure", "media"}] if captioned else blocks
        return
    text = _caption_of(caption or rest)
    pictures = "".join(dict.fromkeys(re.sub(r"</?figure>", "", block.html) for block in shown))
    words_of = f"<figcaption>{text}</figcaption>" if text else ""
    if text and pictures.endswith("</figcaption>"):
        pictures, words_of = pictures.removesuffix("</figcaption>"), f"<br>{text}</figcaption>"
    writer.blocks.append(Block("figure", f"<figure>{pictures}{words_of}</figure>", "", element))


def _caption_of(blocks: list[Block]) -> str:
    """The words under a picture, as markup."""
    if len(blocks) == 1 and blocks[0].kind == "p" and "<img" not in blocks[0].html:
        return blocks[0].html.removeprefix("<p>").removesuffix("</p>")
    return escape(" ".join(block.text for block in blocks), quote=False)


def _media(writer: Writer, element: Element, depth: int) -> None:
    sources = [element, *element.iter("source")]
    urls = [url for item in sources if (url := absolute(item.get("src") or item.get("data-src"), writer.base_url))]
    if not urls:
        return
    writer.flush(element)
    poster = absolute(element.get("poster"), writer.base_url) if element.tag == "video" else None
    shown = f' poster="{escape(poster)}"' if poster else ""
    markup = f'<{element.tag} src="{escape(urls[0])}" controls{shown}></{element.tag}>'
    writer.add_block("media", markup, "", element)


def _frame(writer: Writer, element: Element, depth: int) -> None:
    url = watch_address(element, writer.base_url)
    if url is None:
        return
    writer.flush(element)
    title = squeeze((element.get("title") or "")[:_LONGEST_ALT])
    text = escape(title or url.removeprefix("https://").removeprefix("www."), quote=False)
    markup = f'<figure><figcaption><a href="{escape(url)}">{text}</a></figcaption></figure>'
    writer.add_block("media", markup, "", element)


def _viewer(writer: Writer, element: Element) -> bool:
    """A link to the file in a viewer, unless one is there already, or the film in a player; whether it is either."""
    shown = shown_in(element, writer.base_url)
    if shown is None:
        return False
    writer.flush(element)
    url, name = escape(shown.url), escape(shown.name, quote=False)
    if shown.plays:
        tag = "audio" if shown.url.endswith((".mp3", ".m4a")) else "video"
        writer.add_block("media", f'<{tag} src="{url}" controls></{tag}>', "", element)
    elif not is_linked(element, shown.url, writer.base_url):
        writer.add_block("p", f'<p><a href="{url}">{name}</a></p>', shown.name, element, 1.0)
    return True


def _formula(writer: Writer, element: Element) -> None:
    writer.add_text(written(element), element)


def _rule(writer: Writer, element: Element, depth: int) -> None:
    writer.flush(element)
    writer.add_block("rule", "<hr>", "", element)


def is_caption(element: Element) -> bool:
    """Whether an element says that it is the words under a picture."""
    return element.tag == "figcaption" or bool(_CAPTION_NAMES.search(names_of(element)))


_SMALL = {"noscript": _noscript, "img": _image, "amp-img": _image, "math": _formula}
_SPECIAL = {
    "ul": write_list,
    "ol": write_list,
    "dl": write_definitions,
    "table": write_table,
    "blockquote": write_quote,
    "pre": write_pre,
    "figure": _figure,
    "video": _media,
    "audio": _media,
    "iframe": _frame,
    "amp-youtube": _frame,
    "hr": _rule,
}
