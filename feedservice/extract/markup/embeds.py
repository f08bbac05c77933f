"""Videos that a page shows in a frame of another site: where each has a page of its own."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from feedservice.extract.page.elements import Element
from feedservice.extract.page.links import absolute

_ID = re.compile(r"[\w-]{3,40}")
_LATE = ("src", "data-src", "data-lazy-src", "data-original", "data-url")


def watch_address(frame: Element, base_url: str) -> str | None:
    """The page on which the video in a frame can be seen; None when the frame shows anything else.

    Readers of feeds show no frames, so that a link has to stand in for one.
    """
    if frame.tag == "amp-youtube":
        return _named("https://www.youtube.com/watch?v={}", frame.get("data-videoid") or "")
    for name in _LATE:
        if url := absolute(frame.get(name), base_url):
            return _watched(url)
    return None


def _watched(url: str) -> str | None:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("geo.")
    steps = [step for step in parts.path.split("/") if step] or [""]
    asked = {name: values[0] for name, values in parse_qs(parts.query, max_num_fields=50).items()}
    if host in {"youtube.com", "youtube-nocookie.com"} and len(steps) == 2 and steps[0] == "embed":
        if steps[-1] == "videoseries":
            return _named("https://www.youtube.com/playlist?list={}", asked.get("list", ""))
        return _named("https://www.youtube.com/watch?v={}", steps[-1])
    if host == "player.bilibili.com":
        return _named("https://www.bilibili.com/video/{}", asked.get("bvid") or f"av{asked.get('aid', '')}")
    if host == "v.qq.com" and steps[-1] in {"player.html", "preview.html"}:
        return _named("https://v.qq.com/x/page/{}.html", asked.get("vid", ""))
    for name, before, shown in _BY_PATH:
        if host == name and steps[:-1] == before:
            return _named(shown, steps[-1])
    return None


_BY_PATH = (
    ("player.vimeo.com", ["video"], "https://vimeo.com/{}"),
    ("player.youku.com", ["embed"], "https://v.youku.com/v_show/id_{}.html"),
    ("dailymotion.com", ["embed", "video"], "https://www.dailymotion.com/video/{}"),
    ("rutube.ru", ["play", "embed"], "https://rutube.ru/video/{}/"),
    ("embed.ted.com", ["talks"], "https://www.ted.com/talks/{}"),
)


def _named(address: str, name: str) -> str | None:
    return address.format(name) if _ID.fullmatch(name.removesuffix("==")) else None
