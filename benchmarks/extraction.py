"""How well, and how fast, articles, lists and feeds are read, against pages whose contents are known.

    python benchmarks/extraction.py FOLDER [--predictions FILE]

FOLDER holds ground-truth.json beside the pages that it speaks of (`articles`, `lists`, `feeds`), and may hold a folder
article-extraction-benchmark (ground-truth.json and html/*.html.gz); it may also be that folder itself. Where it holds
pages of a whole site with an expected.json (seed-site), these are scored field by field too. Prints a line for each set
with the measures of the corpus' own scorer, and milliseconds a page; --predictions also writes what was found, in the
scorer's format.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urljoin
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))

from feedservice.config.settings import ArticleRules
from feedservice.errors import FeedserviceError
from feedservice.extract import decode, extract
from feedservice.model import Moment, Page, Precision
from feedservice.sources.feed import parse
from feedservice.sources.listing import find_items

RULES = ArticleRules()
Record = dict[str, Any]
Result = TypeVar("Result")
_GAPS = re.compile(r"[\s\u3000\xa0\u200b]+")
_TOKENS = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")
_DECLARED = re.compile(r"charset\s*=\s*[\"']?[\w-]+|encoding\s*=\s*[\"'][\w-]+[\"']", re.IGNORECASE)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_WORDS = re.compile(r"\w+")
_CAPTIONS = re.compile(r"<figcaption>.*?</figcaption>", re.DOTALL)
_BREAKS = re.compile(r"</(?:p|h\d|li|td|th|tr|blockquote|pre|dt|dd|figure)>|<br>")
_PREFIXES = re.compile(r"^(?:本报记者|新华社记者|记者|作者|文/|By )")


def main() -> int:
    parser = argparse.ArgumentParser(description="Scores the reading of articles, lists and feeds.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--predictions", type=Path, help="where to write what was found")
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    listed: Record = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    truth = listed if {"articles", "lists", "feeds"} & listed.keys() else {}
    bodies = folder / "article-extraction-benchmark" if truth else folder
    timer = Timer()
    found: Record = {
        "articles": {row["id"]: read_article(folder, row, timer) for row in truth.get("articles", [])},
        "lists": {row["id"]: read_list(folder, row, timer) for row in truth.get("lists", [])},
        "feeds": {row["id"]: read_feed(folder, row, timer) for row in truth.get("feeds", [])},
        "aeb": read_bodies(bodies, timer),
    }
    if arguments.predictions:
        arguments.predictions.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    lines = [
        *article_lines(truth.get("articles", []), found["articles"]),
        *list_lines(truth.get("lists", []), found["lists"]),
        *feed_lines(truth.get("feeds", []), found["feeds"]),
        *body_lines(bodies, found["aeb"]),
        *site_lines(folder / "seed-site", timer),
        *charset_lines(folder, [*truth.get("articles", []), *truth.get("lists", [])]),
        *timer.lines(),
    ]
    print("\n".join(lines))
    return 0


# What is found


class Timer:
    """Milliseconds by kind of page: of the clock on the wall, and of the processor, which other work stretches less."""

    def __init__(self) -> None:
        self.spent: dict[str, list[tuple[float, float]]] = defaultdict(list)

    def run(self, kind: str, work: Callable[[], Result]) -> Result:
        wall, processor = time.perf_counter(), time.process_time()
        try:
            return work()
        finally:
            took = (time.perf_counter() - wall) * 1000, (time.process_time() - processor) * 1000
            self.spent[kind].append(took)

    def lines(self) -> list[str]:
        return [
            f"ms per page, {kind}: median {statistics.median(wall for wall, _ in spent):.1f}"
            f" worst {max(spent)[0]:.1f}, of the processor {statistics.median(cpu for _, cpu in spent):.1f}"
            f" worst {max(cpu for _, cpu in spent):.1f} (n {len(spent)})"
            for kind, spent in self.spent.items()
        ]


def load(folder: Path, name: str) -> bytes:
    data = (folder / name).read_bytes()
    return gzip.decompress(data) if name.endswith(".gz") else data


def read_article(folder: Path, row: Record, timer: Timer) -> Record:
    body = load(folder, row["file"])
    zone = row["expected"].get("tz")
    page = Page(url=address(row), status=200, content_type="text/html", body=body)
    try:
        fields = timer.run("articles", lambda: extract(page, RULES, zone or "UTC").fields)
    except FeedserviceError as refusal:
        return {"refused": str(refusal)}
    return {
        "title": fields.title,
        "published": wall_time(fields.published, zone),
        "source": "、".join(fields.origins),
        "author": "、".join(fields.authors),
        "breadcrumb": list(fields.breadcrumb),
        "body_text": text_of(fields.body),
    }


def address(row: Record) -> str:
    url = str(row.get("url") or "")
    return url if url.startswith("http") else "http://www.example.org/"


def wall_time(moment: Moment | None, zone: str | None) -> str | None:
    """The local time as the page tells it, without a zone; only the day when it tells no more."""
    if moment is None:
        return None
    at = moment.at.astimezone(ZoneInfo(zone)) if zone else moment.at
    return at.strftime("%Y-%m-%d" if moment.precision is Precision.DAY else "%Y-%m-%dT%H:%M:%S")


def text_of(body: str) -> str:
    """The words of a body, the captions of its pictures left out."""
    return unescape(re.sub(r"<[^<>]+>", "", _BREAKS.sub("\n", _CAPTIONS.sub("", body))))


def read_bodies(folder: Path, timer: Timer) -> Record:
    if not (folder / "html").is_dir():
        return {}
    truth: Record = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    found: Record = {}
    for key, row in truth.items():
        body = load(folder, f"html/{key}.html.gz")
        read = partial(extract, Page(url=address(row), status=200, content_type="text/html", body=body), RULES, "UTC")
        try:
            found[key] = {"articleBody": text_of(timer.run("article-extraction-benchmark", read).fields.body)}
        except FeedserviceError as refusal:
            found[key] = {"articleBody": "", "refused": str(refusal)}
    return found


def read_list(folder: Path, row: Record, timer: Timer) -> list[Record]:
    html = decode(load(folder, row["file"]), "")
    items = timer.run("lists", lambda: find_items(html, row["url"]))
    return [{"url": item.url, "title": item.title, "date": wall_time(item.date, None)} for item in items]


def read_feed(folder: Path, row: Record, timer: Timer) -> Record:
    data = load(folder, row["file"])
    url = row["url"] or "http://www.example.org/feed"
    try:
        reading = timer.run("feeds", lambda: parse(data, row["http_content_type"] or "", url, "Asia/Shanghai"))
    except FeedserviceError as refusal:
        return {"entries": [], "refused": str(refusal)}
    entries = [
        {
            "title": offer.fields.title,
            "link": offer.url,
            "id": offer.key,
            "published": offer.fields.published.at.isoformat() if offer.fields.published else None,
        }
        for offer in reading.offers
    ]
    return {"entries": entries}


# How good it is


def bare(text: str | None) -> str:
    return _GAPS.sub("", unescape(text or ""))


def shingles(tokens: list[str]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(tokens[i : i + 4]) for i in range(max(1, len(tokens) - 3))) if tokens else Counter()


def overlap(wanted: Counter[tuple[str, ...]], found: Counter[tuple[str, ...]]) -> tuple[float, float]:
    """Precision and recall of shingles."""
    common = sum((wanted & found).values())
    total, expected = sum(found.values()), sum(wanted.values())
    return (common / total if total else 0.0, common / expected if expected else 0.0)


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


class Tally:
    """Hits by measure, in the order in which the measures came up."""

    def __init__(self) -> None:
        self.rows: dict[str, list[int]] = {}

    def hit(self, name: str, good: object) -> None:
        row = self.rows.setdefault(name, [0, 0])
        row[0] += bool(good)
        row[1] += 1

    def share(self, name: str) -> tuple[int, int]:
        good, total = self.rows.get(name, [0, 0])
        return good, total

    def __str__(self) -> str:
        return " ".join(f"{name} {good / total:.3f}({total})" for name, (good, total) in self.rows.items())


def article_lines(truth: Iterable[Record], found: Mapping[str, Record]) -> list[str]:
    groups: dict[str, list[Record]] = defaultdict(list)
    for row in truth:
        name = "zh" if row.get("lang") == "zh" else "multi-meta+segments" if row["id"][0] == "t" else "multi-date"
        groups[name].append(row)
    return [_group_line(name, rows, found) for name, rows in groups.items()]


def _group_line(name: str, rows: list[Record], found: Mapping[str, Record]) -> str:
    tally = Tally()
    bodies: list[tuple[float, float]] = []
    for row in rows:
        _score_article(tally, bodies, row, found.get(row["id"]) or {})
    line = f"articles/{name}: n {len(rows)} | {tally}"
    if bodies:
        precision, recall = (statistics.mean(part) for part in zip(*bodies, strict=True))
        line += f" | body P {precision:.3f} R {recall:.3f} F1 {f1(precision, recall):.3f}"
    must, absent = tally.share("must"), tally.share("absent")
    if name.startswith("multi-meta") and must[1]:
        wrong = absent[1] - absent[0]
        precision, recall = must[0] / (must[0] + wrong or 1), must[0] / must[1]
        line += f" | segments P {precision:.3f} R {recall:.3f} F {f1(precision, recall):.3f}"
    return line


def _score_article(tally: Tally, bodies: list[tuple[float, float]], row: Record, got: Record) -> None:
    wanted, accept = row["expected"], row.get("accept") or {}
    if wanted["title"]:
        tally.hit("title", bare(got.get("title")) in {bare(text) for text in accept.get("title", [wanted["title"]])})
    if wanted["published"]:
        _score_date(tally, accept.get("published", [wanted["published"]]), got.get("published"))
    if wanted["source"]:
        names = {bare(text) for text in accept.get("source", [wanted["source"]]) if text}
        tally.hit("source", bare(got.get("source")) in names)
    if wanted["author"] or "author" in accept:
        _score_author(
            tally, accept.get("author", [wanted["author"]]), people(got.get("author")), bool(wanted["author"])
        )
    if wanted["breadcrumb"] and not accept.get("breadcrumb_optional"):
        title = bare(wanted["title"])
        steps = [bare(step) for step in got.get("breadcrumb") or [] if bare(step) not in {"正文", "", title}]
        true = [bare(step) for step in wanted["breadcrumb"]]
        tally.hit(
            "breadcrumb", bool(steps) and (steps == true or (len(true) > 1 and steps == true[1:]) or steps[1:] == true)
        )
    text = got.get("body_text") or ""
    if wanted["body_text"]:
        bodies.append(overlap(shingles(_TOKENS.findall(wanted["body_text"])), shingles(_TOKENS.findall(text))))
    plain = bare(text)
    for part in wanted["body_must"]:
        tally.hit("must", bare(part) in plain)
    for part in wanted["body_absent"]:
        tally.hit("absent", bare(part) not in plain)


def _score_date(tally: Tally, allowed: list[str], got: str | None) -> None:
    tally.hit("day", got and any(got[:10] == day[:10] for day in allowed))
    if any("T" in day for day in allowed):
        tally.hit("minute", got and any(got[:16] == day[:16] if "T" in day else got[:10] == day for day in allowed))
    tally.hit("no wrong day", not got or any(got[:10] == day[:10] for day in allowed))


def _score_author(tally: Tally, allowed: list[str | None], got: str, named: bool) -> None:
    right = any(name and people(name) == got for name in allowed)
    tally.hit("author", right or (not got and None in allowed))
    if named and None not in allowed:
        tally.hit("author (named)", right)


def people(text: str | None) -> str:
    return re.sub(r"[;；、,，/&\s]", "", _PREFIXES.sub("", text or ""))


def list_lines(truth: list[Record], found: Mapping[str, list[Record]]) -> list[str]:
    if not truth:
        return []
    scores: list[tuple[float, float, float]] = []
    tally = Tally()
    for row in truth:
        wanted = {trimmed(item["url"]): item for item in row["expected"]["items"]}
        got = {trimmed(item.get("url")): item for item in found.get(row["id"], [])}
        common = len(wanted.keys() & got.keys())
        precision, recall = common / len(got) if got else 0.0, common / len(wanted)
        scores.append((precision, recall, f1(precision, recall)))
        for url, item in wanted.items():
            other = got.get(url, {})
            if item.get("title"):
                tally.hit("titles", url in got and bare(other.get("title")) == bare(item["title"]))
            if item.get("date"):
                tally.hit("dates", url in got and (other.get("date") or "")[:10] == item["date"][:10])
    means = [statistics.mean(part) for part in zip(*scores, strict=True)]
    perfect = [score[2] > 0.999 for score in scores]
    missed = [row["id"] for row, good in zip(truth, perfect, strict=True) if not good]
    return [
        (
            f"lists: n {len(truth)} P {means[0]:.3f} R {means[1]:.3f} F1 {means[2]:.3f}"
            f" perfect {sum(perfect)}/{len(truth)} {tally}"
        ),
        f"   not perfect: {missed}",
    ]


def trimmed(url: str | None) -> str:
    return (url or "").split("#")[0].rstrip("/")


def feed_lines(truth: list[Record], found: Mapping[str, Record]) -> list[str]:
    if not truth:
        return []
    tally = Tally()
    missed = [
        row["id"]
        for row in truth
        if not _score_feed(tally, row["expected"], (found.get(row["id"]) or {}).get("entries") or [])
    ]
    return [f"feeds: n {len(truth)} fully right {len(truth) - len(missed)} | {tally}", f"   not fully right: {missed}"]


def _score_feed(tally: Tally, wanted: Record, entries: list[Record]) -> bool:
    count = wanted.get("n_entries")
    whole = count is None or len(entries) == count
    tally.hit("count", whole)
    for index, entry in enumerate(wanted["entries"]):
        got = entries[index] if index < len(entries) else {}
        results = {
            "title": plain(got.get("title")) in [plain(text) for text in entry.get("title_accept", [entry["title"]])]
        }
        if entry["link"]:
            results["link"] = trimmed(got.get("link")) == trimmed(entry["link"])
        allowed = (
            [entry["published_local"]]
            if "published_local" in entry
            else entry.get("published_accept", [entry["published"]])
        )
        dates = {instant(text if not text or "T" in text else f"{text}T00:00:00") for text in allowed}
        results["published"] = instant(got.get("published")) in dates
        for name, good in results.items():
            tally.hit(name, good)
            whole &= good
    return whole


def plain(text: str | None) -> str | None:
    return bare(re.sub(r"<[^>]+>", "", text or "")) or None


def instant(text: str | None) -> str | None:
    """A time in UTC; one without a zone is read as China's."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    at = at.astimezone(UTC) if at.tzinfo else at - timedelta(hours=8)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def body_lines(folder: Path, found: Mapping[str, Record]) -> list[str]:
    if not found:
        return []
    truth: Record = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    rows: list[tuple[float, float]] = []
    for key, row in truth.items():
        wanted = shingles(_WORDS.findall(row["articleBody"] or ""))
        rows.append(overlap(wanted, shingles(_WORDS.findall(found[key]["articleBody"]))))
    precision = statistics.mean(row[0] for row, key in zip(rows, truth, strict=True) if found[key]["articleBody"])
    recall = statistics.mean(row[1] for row in rows)
    return [
        f"article-extraction-benchmark: n {len(truth)} P {precision:.3f} R {recall:.3f} F1 {f1(precision, recall):.3f}"
    ]


def site_lines(folder: Path, timer: Timer) -> list[str]:
    """How many articles of a whole site have each field right."""
    if not (folder / "expected.json").is_file():
        return []
    truth: list[Record] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["articles"]
    tally = Tally()
    for row in truth:
        url = f"http://www.example.org{row['path']}"
        body = load(folder / "site", row["path"].removeprefix("/"))
        page = Page(url=url, status=200, content_type="text/html", body=body)
        fields = timer.run("site", partial(extract, page, RULES, "Asia/Shanghai")).fields
        text = bare(text_of(fields.body))
        tally.hit("title", fields.title == row["title"])
        published = fields.published.at.isoformat() if fields.published else ""
        tally.hit("published", published.startswith(row["published"]))
        tally.hit("source", "、".join(fields.origins) == (row["source"] or ""))
        tally.hit("author", "、".join(fields.authors) == (row["author"] or ""))
        tally.hit("editor", fields.editor == (row["editor"] or ""))
        tally.hit("breadcrumb", list(fields.breadcrumb) == row["breadcrumb"])
        files = [urljoin(url, item["url"]) for item in row["attachments"]]
        tally.hit("attachments", [item.url for item in fields.attachments] == files)
        tally.hit("images", all(quote(image) in fields.body for image in row["images"]))
        tally.hit("paragraphs", all(bare(part) in text for part in row["paragraphs"]))
        tally.hit("furniture kept out", not any(bare(part) in text for part in row["body_absent"]))
    return [f"seed-site: n {len(truth)} | {tally}"]


def charset_lines(folder: Path, rows: list[Record]) -> list[str]:
    """How many pages are read right: as they are, without declarations, and Chinese ones turned into GB 18030 too."""
    tally = Tally()
    for row in rows:
        if not row.get("charset"):
            continue
        body = load(folder, row["file"])
        text = body.decode(row["charset"], "replace").removeprefix("\ufeff")
        tally.hit("declared", decode(body, "") == text)
        undeclared = _DECLARED.sub("", text)
        tally.hit("undeclared", decode(undeclared.encode(row["charset"], "replace"), "") == undeclared)
        if len(_CHINESE.findall(text)) > 100:
            tally.hit(
                "Chinese as GB 18030, undeclared", decode(undeclared.encode("gb18030", "replace"), "") == undeclared
            )
    return [f"charset: {tally}"] if tally.rows else []


if __name__ == "__main__":
    sys.exit(main())
