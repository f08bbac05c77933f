"""How much room kept pages take, and what packing them costs beside reading them.

    python benchmarks/archive.py [--pages FOLDER] [--level 3]

Pages of FOLDER (shared/corpora beside the checkout where there is one) are taken site by site, as sources would bring
them: those whose file names tell of one site, and the test site whole. Told for each, as a part of its bytes: each page
alone in zstd; against a dictionary trained on half of the pages, for the other half; as the service packs them, bases
included; and all in one piece, the least that can be hoped for. Where there are no pages, some are made.
"""

from __future__ import annotations

import argparse
import gzip
import os
import platform
import re
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import zstandard

from feedservice import extract
from feedservice.config.settings import ArticleRules
from feedservice.errors import FeedserviceError
from feedservice.model import Fields, Page
from feedservice.packing import Packer, unpack

CORPORA = Path(os.environ.get("FEEDSERVICE_CORPORA") or Path(__file__).parents[2] / "shared" / "corpora")
NOW = datetime.now(UTC)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures the packing of pages.")
    parser.add_argument("--pages", type=Path, default=CORPORA)
    parser.add_argument("--level", type=int, default=3)
    arguments = parser.parse_args()
    print(f"{platform.platform()}, Python {platform.python_version()}, zstandard {version('zstandard')}")
    sites = sites_of(arguments.pages) or {"made": [made_page(number) for number in range(50)]}
    print(f"{'site':22} pages  kB each   alone  trained  packed  in one  ms a page")
    for site, bodies in sites.items():
        told(site, bodies, arguments.level)
    cost([body for bodies in sites.values() for body in bodies])
    return 0


def sites_of(folder: Path) -> dict[str, list[bytes]]:
    """The pages of each site that has several, and last those of all sites that have but one, as a source of many."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for file in sorted(folder.glob("articles-*/*.html*")):
        body = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        found[re.sub(r"^\w+-|\.html(?:\.gz)?$", "", file.name)].append(body)
    for file in sorted(folder.glob("seed-site/site/**/t2*.html")):
        found["seed-site"].append(file.read_bytes())
    several = {site: bodies for site, bodies in found.items() if len(bodies) > 1}
    single = [body for bodies in found.values() if len(bodies) == 1 for body in bodies]
    return {**several, **({f"{len(single)} sites": single} if single else {})}


def made_page(number: int) -> bytes:
    links = "".join(
        f'<li><a href="/other/{n * 7919 % 99991}.html">另外一条新闻 {n * 31 % 97}</a></li>' for n in range(200)
    )
    text = "".join(f"<p>会议第{number * 37 % 1009}次讨论了第{n * number % 499}项工作安排。</p>" for n in range(40))
    return f"<html><body><ul>{links}</ul><h1>第{number}条新闻</h1>{text}</body></html>".encode()


def told(site: str, bodies: Sequence[bytes], level: int) -> None:
    """A line of one site."""
    size = sum(map(len, bodies))
    plain = zstandard.ZstdCompressor(level=level)
    alone = sum(len(plain.compress(body)) for body in bodies) / size
    in_one = len(plain.compress(b"".join(bodies))) / size
    packer = Packer(None, NOW)
    began = time.perf_counter()
    captures = [packer.pack(pages_of(body), Fields()) for body in bodies]
    spent = 1000 * (time.perf_counter() - began) / len(bodies)
    assert all(unpack(capture) == pages_of(body) for capture, body in zip(captures, bodies, strict=True))
    bases = {capture.base.name: len(capture.base.packed) for capture in captures}
    packed = (sum(bases.values()) + sum(len(capture.packed) for capture in captures)) / size
    trained = dictionary(bodies, level)
    shown = f"{trained:8.3f}" if trained is not None else f"{'-':>8}"
    print(f"{site[:22]:22} {len(bodies):5} {size / len(bodies) / 1000:8.1f} {alone:7.3f} ", end="")
    print(f"{shown} {packed:7.3f} {in_one:7.3f} {spent:9.2f}")


def dictionary(bodies: Sequence[bytes], level: int) -> float | None:
    """What a trained dictionary of 110 kB, the tool's own default, leaves of pages that it has not seen."""
    half = len(bodies) // 2
    try:
        trained = zstandard.train_dictionary(112_640, list(bodies[:half]))
    except zstandard.ZstdError:
        return None
    packer = zstandard.ZstdCompressor(level=level, dict_data=trained)
    rest = bodies[half:]
    return (len(trained) / 2 + sum(len(packer.compress(body)) for body in rest)) / sum(map(len, rest))


def pages_of(body: bytes) -> Mapping[str, Page]:
    return {"http://127.0.0.1/": Page(url="http://127.0.0.1/", status=200, content_type="text/html", body=body)}


def cost(bodies: Sequence[bytes]) -> None:
    """Processor time of packing, as a part of that of reading the same pages; of one source each, the dearest case."""
    packer = Packer(None, NOW)
    began = time.process_time()
    for body in bodies:
        packer.pack(pages_of(body), Fields())
    packing = time.process_time() - began
    began = time.process_time()
    for body in bodies:
        try:
            extract.extract(pages_of(body)["http://127.0.0.1/"], ArticleRules(), "Asia/Shanghai")
        except FeedserviceError:
            continue
    reading = time.process_time() - began
    print(f"packing all {len(bodies)} pages as one source, of reading them: {100 * packing / reading:.1f} %")


if __name__ == "__main__":
    sys.exit(main())
