"""From a written file to an article: front matter to fields, Markdown or HTML to a body, addresses made whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import cast
from urllib.parse import quote, urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement, document_fromstring, fragment_fromstring, tostring

from feedservice.model import Attachment, Fields, Moment, Offer
from feedservice.sources.folder.frontmatter import FrontMatter, FrontMatterError, Value, split
from feedservice.sources.titles import title_from_text

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_DOCUMENT = re.compile(r"<(?:html|body|head)\b", re.IGNORECASE)
_MARKDOWN = frozenset({".md", ".markdown"})
_YES = frozenset({"true", "yes", "on", "1"})


@dataclass(slots=True)
class Place:
    """Where a file stands, and what its relative addresses come to; remembers those that come to nothing.

    base: the absolute address that relative ones start from; None where there is none.
    """

    folder: Path
    root: Path
    base: str | None
    dangling: list[str] = field(default_factory=list)

    def resolve(self, reference: str) -> str | None:
        """The absolute address of a reference; None when it has no public address."""
        reference = reference.strip()
        if reference.startswith("//"):
            return f"https:{reference}"
        if _SCHEME.match(reference) or reference.startswith("#"):
            return reference
        if self.base is None or not reference:
            self.dangling.append(reference)
            return None
        return urljoin(self.base, quote(reference, safe="/%?#&=+,;:@!$'()*[]~"))

    def length(self, reference: str) -> int | None:
        """How many bytes the file has that a reference points at; None when it is none of this folder."""
        if _SCHEME.match(reference) or reference.startswith(("/", "#")):
            return None
        try:
            target = (self.folder / reference).resolve()
            return target.stat().st_size if target.is_relative_to(self.root.resolve()) and target.is_file() else None
        except (OSError, RuntimeError):  # a name that is too long, links in a circle
            return None


def read_article(
    text: str, file: Path, root: Path, *, media_url: str | None, parse_moment: Callable[[str], Moment | None]
) -> tuple[Offer | None, list[tuple[int, str]]]:
    """The article in a file, None for a draft; and what is odd about it, with line numbers.

    Its key is its path below `root`. Raises FrontMatterError for an empty file, and for front matter without sense.
    """
    text = text.replace("\x00", "")
    if not text.strip("\ufeff \t\r\n"):
        # It is about to be written: whoever writes a file anew makes it empty first.
        raise FrontMatterError(1, "nothing is written in it")
    front = split(text)
    remarks = list(front.remarks)
    if front.text("draft").lower() in _YES:
        return None, remarks
    key = file.relative_to(root).as_posix()
    url = _address(front)
    place = Place(file.parent, root, _base(media_url, key, url))
    title, body = _body(front, file.suffix.lower(), place)
    fields = Fields(
        title=title_from_text(front.text("title")) or title or file.stem,
        published=front.moment("date", parse_moment),
        updated=front.moment("updated", parse_moment),
        summary=front.text("summary"),
        body=body,
        language=front.text("language") or None,
        authors=front.several("author"),
        editor=front.text("editor"),
        origins=front.several("source"),
        breadcrumb=_breadcrumb(front),
        tags=front.several("tags"),
        lead_image=place.resolve(front.text("image")) if front.text("image") else None,
        attachments=_attachments(front.values.get("attachments"), place),
        extras=tuple(pair for pairs in _mappings(front.values.get("extras")) for pair in pairs),
    )
    remarks += [(_line_of(text, reference), _dangling(reference)) for reference in place.dangling]
    return Offer(key=key, url=url, permanent_id=_permanent_id(front), fields=fields, complete=True), remarks


def _address(front: FrontMatter) -> str | None:
    value = front.values.get("url")
    if value is None:
        return None
    try:
        parts = urlsplit(value.text)
    except ValueError as error:
        raise FrontMatterError(value.line, f"url: {value.text!r} is no address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise FrontMatterError(value.line, f"url: {value.text!r} is not an absolute http or https address")
    return value.text


def _permanent_id(front: FrontMatter) -> str | None:
    value = front.values.get("id")
    if value is None:
        return None
    if not _IRI.fullmatch(value.text):
        raise FrontMatterError(value.line, f"id: {value.text!r} is not an absolute IRI such as tag:example.org,2024:1")
    return value.text


def _base(media_url: str | None, key: str, url: str | None) -> str | None:
    if media_url is None:
        return url
    folder = PurePosixPath(key).parent.as_posix()
    start = media_url.rstrip("/") + "/"
    return start if folder == "." else urljoin(start, quote(folder) + "/")


def _breadcrumb(front: FrontMatter) -> tuple[str, ...]:
    value = front.values.get("category")
    if value is None:
        return ()
    levels = value.texts if value.listed else value.text.split(">")
    return tuple(level.strip() for level in levels if level.strip())


def _attachments(value: Value | None, place: Place) -> tuple[Attachment, ...]:
    made: list[Attachment] = []
    for pairs in _mappings(value):
        facts = dict(pairs)
        unknown = facts.keys() - {"url", "name", "type", "length"}
        if value is None or unknown or not facts.get("url"):
            line = value.line if value else 0
            raise FrontMatterError(line, "attachments: each is an address, or url with name, type and length")
        if not facts.get("length", "0").isdecimal():
            raise FrontMatterError(value.line, f"attachments: length {facts['length']!r} is not a number of bytes")
        url = place.resolve(facts["url"])
        if url is not None:
            made.append(
                Attachment(
                    url=url,
                    name=facts.get("name") or PurePosixPath(re.split("[?#]", facts["url"])[0]).name,
                    media_type=facts.get("type") or None,
                    length=int(facts["length"]) if facts.get("length") else place.length(facts["url"]),
                )
            )
    return tuple(made)


def _mappings(value: Value | None) -> tuple[tuple[tuple[str, str], ...], ...]:
    if value is None:
        return ()
    return value.pairs or tuple(((("url", text),)) for text in value.texts)


def _body(front: FrontMatter, suffix: str, place: Place) -> tuple[str, str]:
    """The title that the body itself gives, and the body as HTML with absolute addresses."""
    html = _render(front.body) if suffix in _MARKDOWN else front.body
    if not html.strip():
        return "", ""
    if suffix not in _MARKDOWN and _DOCUMENT.search(html):
        try:
            root = document_fromstring(html)
        except etree.LxmlError as error:
            raise FrontMatterError(front.body_line, f"no HTML: {error}") from error
        title = (root.findtext(".//title") or "").strip()
        body = root.find("body")
        element = root if body is None else cast(HtmlElement, body)
    else:
        title, element = "", cast(HtmlElement, fragment_fromstring(html, create_parent="div"))
    heading = _take_heading(element, front.text("title"))
    for node in list(element.iter(etree.Element)):
        _make_absolute(node, place)
    for node in list(element.iter("a")):
        if "href" in node.attrib and not node.get("href"):
            node.drop_tag()
    element.tag = "div"
    element.attrib.clear()
    return heading or title, tostring(element, encoding="unicode", with_tail=False)[
        len("<div>") : -len("</div>")
    ].strip()


def _render(text: str) -> str:
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text))


def _take_heading(element: HtmlElement, title: str) -> str:
    """Take the first-level heading that a body begins with out of it, where it is, or says, the title."""
    first = next((child for child in element if isinstance(child.tag, str)), None)
    if first is None or first.tag != "h1" or (element.text or "").strip():
        return ""
    heading = " ".join(first.text_content().split())
    if title and heading != " ".join(title.split()):
        return ""
    first.drop_tree()
    return heading


def _make_absolute(node: HtmlElement, place: Place) -> None:
    for name in ("src", "href", "poster", "data-src"):
        reference = node.get(name)
        if reference is None:
            continue
        whole = place.resolve(reference)
        if whole is not None:
            node.set(name, whole)
        elif name == "href":
            node.set(name, "")
        else:
            del node.attrib[name]
    if node.get("srcset"):
        del node.attrib["srcset"]
    if node.tag in ("img", "source", "video", "audio") and not (node.get("src") or len(node)):
        node.drop_tree()


def _dangling(reference: str) -> str:
    return f"{reference!r} has no public address: give the article a url, or the source a media_url"


def _line_of(text: str, reference: str) -> int:
    place = text.find(reference)
    return text.count("\n", 0, place) + 1 if place >= 0 else 1
