"""Pictures and files of an article: what a page shows late, what is furniture, what is an attachment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from urllib.parse import unquote, urlsplit

from feedservice.extract.markup.viewers import viewers_in
from feedservice.extract.page.elements import Element, inner_text, names_of
from feedservice.extract.page.lines import Line
from feedservice.extract.page.links import absolute
from feedservice.extract.text.folding import folded
from feedservice.extract.text.vocabulary import vocabulary
from feedservice.extract.text.wording import bare, squeeze
from feedservice.model import Attachment

_LATE = (
    "data-src", "data-original", "data-original-src", "data-lazy-src", "data-lazy", "data-url", "data-actualsrc",
    "data-echo", "data-image", "data-img", "data-src-large", "data-hi-res-src", "data-full-src", "data-large-file",
    "data-lazyload", "data-ks-lazyload", "data-srv", "lazysrc", "lazy-src", "original", "_src", "zoomfile", "file",
    "orgsrc",
)  # fmt: skip
_PLACEHOLDER = re.compile(
    r"(?:^|[/_.-])(?:(?:spacer|transparent|placeholder|lazyload|loading|1x1|1px|default_?img|nopic)[\w-]{0,20}"
    r"|(?:blank|space|pixel|lazy|waiting|wait|loader|preload(?:er)?|grey|gray|white|empty)(?:[_-]?(?:\d{1,4}(?:x\d{1,4})?|img|image|pic|bg|gif|px|pixel"
    r"|square|default|trans)){0,4})\.(?:gif|png|jpe?g|svg|webp)|^data:",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"(?:^|[/_.-])(?:logo|icons?|ico|qr_?code|ewm|erweima|avatar|btn|button|sprite|emoji|smil(?:ey|ies)|spinner|favicon"
    r"|gravatar|banner_ad)(?:[/_.\d-]|$)",
    re.IGNORECASE,
)
_SIGNS = vocabulary(
    "weixin wechat wx share print arrow arrows bullet badge advert ad ads sina weibo qq qzone facebook twitter rss sns "
    "close play"
)
_LOOKS = vocabulary(
    "small large big xs sm md lg white black gray grey blue red green color round circle square bg img image pic on "
    "off hover active top bottom left right up down new footer header code gif"
)
"""What a sign's file may be named besides: a file named for anything else shows something."""
_FURNITURE_ALT = re.compile(
    r"^\s*(?:二维码|logo|图标|icon|qr ?code|scan me!?|分享|打印|扫一扫.{0,20}|扫码.{0,20}"
    r"|.{0,6}关注.{0,6}公众号.{0,20}|avatar)\s*$",
    re.IGNORECASE,
)
_FURNITURE_NAME = re.compile(
    r"\b(?:ewm|qrcode|erweima|logo|icon|avatar|emoji|wp-smiley|gravatar|share|sns)\b", re.IGNORECASE
)
_LENGTH = re.compile(r"^\s*(\d{1,5})(?:px)?\s*$")
_TOO_SMALL = 40
_CANDIDATE = re.compile(r"(\S+?)(?:\s+(\d{1,6}(?:\.\d+)?)([wx]))?\s*(?:,\s|,$|$)")

_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "wps": "application/vnd.ms-works",
    "et": "application/vnd.ms-excel",
    "ofd": "application/ofd",
    "ceb": "application/x-ceb",
    "hwp": "application/vnd.hancom.hwp",
    "hwpx": "application/vnd.hancom.hwpx",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "rtf": "application/rtf",
    "csv": "text/csv",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
    "gz": "application/gzip",
    "tar": "application/x-tar",
    "epub": "application/epub+zip",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "avi": "video/x-msvideo",
    "wmv": "video/x-ms-wmv",
}
_SIZE = re.compile(r"[(（\[]\s*(\d{1,6}(?:\.\d{1,3})?)\s*([KMG]?)i?B?\s*(?:bytes|字节)?\s*[)）\]]", re.IGNORECASE)
_MULTIPLES = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}


def image_url(image: Element, base_url: str) -> str | None:
    """The address of the picture that an img element means, lazy loading and srcset resolved; None for furniture."""
    if _is_small(image) or _FURNITURE_ALT.match(image.get("alt") or "") or _FURNITURE_NAME.search(names_of(image)):
        return None
    late = [image.get(name) for name in _LATE]
    sets = [_largest(image.get(name)) for name in _SETS]
    source = image.get("src")
    if source and _PLACEHOLDER.search(source):
        source = None
    for candidate in (*late, *(sets if not source else ()), source, *sets, *_of_picture(image)):
        if candidate and not _PLACEHOLDER.search(candidate) and (url := absolute(candidate, base_url)):
            return None if is_furniture_name(urlsplit(url).path) else url
    return None


_SETS = ("data-srcset", "data-lazy-srcset", "srcset")


def _of_picture(image: Element) -> Iterator[str | None]:
    """What the picture element around an image offers, for one that names no address of its own."""
    holder = next((above for above in islice(image.iterancestors(), _NEAR) if above.tag == "picture"), None)
    if holder is not None:
        for source in islice(holder.iter("source"), _NEAR):
            yield from (_largest(source.get(name)) for name in _SETS)


_NEAR = 8


def is_furniture_name(path: str) -> bool:
    """Whether a picture's file name says that it is a logo, an icon, a code to scan or the like."""
    name = path.rsplit("/", 1)[-1].lower()
    if _FURNITURE.search(name):
        return True
    stem = name.rpartition(".")[0] or name
    words = {word for word in re.split(r"[^a-z]+", stem[:200]) if word}
    signs = words & _SIGNS
    return bool(signs) and words <= signs | _LOOKS and not re.search(r"\d{4}", stem)


def is_placeholder(address: str) -> bool:
    """Whether a picture's address says that it stands in while another one loads: waiting.gif, spacer.gif."""
    return _PLACEHOLDER.search(address) is not None


def _largest(srcset: str | None) -> str | None:
    """The address of the largest candidate of a srcset."""
    best, best_size = None, -1.0
    for found in _CANDIDATE.finditer((srcset or "")[:8_000]):
        size = float(found[2] or 1) * (1000 if found[3] == "x" else 1)
        if size > best_size:
            best, best_size = found[1].rstrip(","), size
    return best


def _is_small(image: Element) -> bool:
    for name in ("width", "height"):
        length = _LENGTH.match(image.get(name) or "")
        if length and int(length[1]) <= _TOO_SMALL:
            return True
    return False


def extension(url: str) -> str:
    """The file extension that an address ends in, in lower case; "" when it has none."""
    parts = urlsplit(url)
    for place in (parts.path, *(value.partition("=")[2] for value in parts.query.split("&"))):
        name = place.rsplit("/", 1)[-1]
        head, dot, tail = name.rpartition(".")
        if dot and head and tail.lower() in _TYPES:
            return tail.lower()
    return ""


def attachments_of(roots: Iterable[Element], base_url: str) -> tuple[Attachment, ...]:
    """The files that links inside these elements lead to, in page order, then those in viewers, each once."""
    found: dict[str, Attachment] = {}
    for root in roots:
        for anchor in root.iter("a"):
            if (file := _file(anchor, base_url)) and file.url not in found:
                found[file.url] = file
        for _, shown in viewers_in(root, base_url):
            if (kind := extension(shown.url)) and not shown.plays and shown.url not in found:
                found[shown.url] = Attachment(url=shown.url, name=shown.name, media_type=_TYPES[kind])
    return tuple(found.values())


_ANNOUNCED = re.compile(
    r"^[\W_]{0,3}(?:(?:相关|附加)?(?:附件|档案)(?:下载|列表)?\s?[\d一二三四五六七八九十]{0,2}\s?(?:[:：.、【\[（(]|$)"
    r"|(?:첨부\s?(?:파일|자료)?|添付(?:ファイル|資料)?|(?:attachment|attached file|download|adjunto|anexo)s?"
    r"|pièces? jointes?|anlagen?|anh[aä]nge?|allegat[oi]|bijlagen?|załączniki?|příloh[ay])\s?(?:[:：(（]|\d|$))",
    re.IGNORECASE,
)
_DOWNLOAD = re.compile(r"down(?:load)?|attach|upload|fujian|getfile|fileid", re.IGNORECASE)


def attachments_after(lines: Sequence[Line], base_url: str) -> tuple[Attachment, ...]:
    """The files that the lines after a text link to, from the word for attachments on: 附件：..., 附件下载.

    An address that tells no type is taken for a file's by the name that is shown: download.jsp?id=1, 检查表.docx.
    """
    found: dict[str, Attachment] = {}
    announced = False
    for line in lines:
        anchors = dict.fromkeys(anchor for piece in line.pieces for anchor in _anchors(piece.element))
        told = announced or bool(_ANNOUNCED.match(folded(line.text)))
        files = {anchor: file for anchor in anchors if (file := _file(anchor, base_url, told))}
        shown = sum(len(bare(inner_text(anchor))) for anchor in files)
        announced = bool(_ANNOUNCED.match(folded(line.text))) or (announced and shown > 0.7 * len(bare(line.text)))
        found |= {file.url: file for file in files.values() if announced}
    return tuple(found.values())


def _anchors(element: Element) -> list[Element]:
    return [item for item in (element, *element.iterancestors()) if item.tag == "a"][:1]


def _file(anchor: Element, base_url: str, announced: bool = False) -> Attachment | None:
    """The file that a link leads to. announced: whether it stands below the word for attachments."""
    url = absolute(anchor.get("href"), base_url)
    if not url:
        return None
    shown = squeeze(inner_text(anchor)).rpartition(".")[2].lower()
    kind = extension(url) or (shown if shown in _TYPES and (announced or _DOWNLOAD.search(url)) else "")
    return _attachment(anchor, url, kind) if kind else None


def _attachment(anchor: Element, url: str, kind: str) -> Attachment:
    shown = squeeze(inner_text(anchor))
    title = squeeze(anchor.get("title") or "")
    name = title if title.lower().endswith("." + kind) and not shown.lower().endswith("." + kind) else shown or title
    around = f"{shown} {(anchor.tail or '')[:60]}"
    size = _SIZE.search(around)
    length = (
        int(float(size[1]) * _MULTIPLES[size[2].lower()]) if size and (size[2] or size[0].lower().count("b")) else None
    )
    if size and length is not None:
        name = name.replace(size[0], "").strip() or name
    return Attachment(
        url=url, name=name or unquote(urlsplit(url).path.rsplit("/", 1)[-1]), media_type=_TYPES[kind], length=length
    )
