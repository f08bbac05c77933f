"""The last step of every body, whatever came before: only what is named here leaves this room."""

from __future__ import annotations

import re

from feedservice.extract.markup.compose import compose
from feedservice.extract.page.parsing import parse_root
from feedservice.extract.text.vocabulary import vocabulary
from feedservice.extract.text.wording import legal

_TAGS = vocabulary(
    "p br hr h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre code kbd samp var table caption thead tbody tfoot tr "
    "th td figure figcaption img video audio a strong em b i u s sub sup small mark del ins abbr cite q dfn ruby rt "
    "rp span"
)
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "video": {"src", "poster", "controls"},
    "audio": {"src", "controls"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_LONG_TEXT = re.compile(r"(?<=>)[^<>]{2500,}")
_REFERENCES = re.compile(r"(?:&#?\w{1,8};[^&]*){500}")
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})


def sanitise(html: str, base_url: str) -> str:
    """Rewrite a piece of HTML as clean, safe, absolute HTML.

    Only text-level and structural elements are kept; no script, style, form, frame, event or inline style. Addresses
    are absolute http or https (links: mailto and tel too), late-loaded pictures are resolved. Characters that XML 1.0
    does not allow are gone. Raises Unreadable when the text is larger than the limits of `parsing`.
    """
    root = parse_root(f"<div>{html}</div>")
    if root is None:
        return ""
    return scrub("\n".join(block.html for block in compose(root, base_url)))


def scrub(markup: str) -> str:
    """Let through only what is on the allow-list. Addresses have to be absolute already."""
    import nh3

    # In one long text each reference costs a copy of all before it; a comment, which goes, begins another text.
    parted = _LONG_TEXT.sub(lambda text: _REFERENCES.sub(r"\g<0><!---->", text[0]), legal(markup))
    clean = nh3.clean(
        parted,
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes=set(_SCHEMES),
        link_rel=None,
        strip_comments=True,
    )
    return legal(clean).replace("<span>", "").replace("</span>", "").strip()
