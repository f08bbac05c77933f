"""How feeds are written. To add a format: one new file with its Format, one line in this table."""

from __future__ import annotations

from feedservice.formats.atom import ATOM
from feedservice.formats.baidu import BAIDU
from feedservice.formats.jsonfeed import JSON
from feedservice.formats.kuaichuan import KUAICHUAN
from feedservice.formats.partner import PARTNER
from feedservice.formats.rss import RSS
from feedservice.protocols import Format

FORMATS: tuple[Format, ...] = (RSS, ATOM, JSON, BAIDU, PARTNER, KUAICHUAN)
