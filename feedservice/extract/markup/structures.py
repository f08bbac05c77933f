"""Lists, tables, quotations and preformatted text, each rewritten as one block."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from lxml.etree import iterwalk

from feedservice.extract.markup.writer import Block, Writer
from feedservice.extract.page.elements import UNSEEN, Element, inner_text
from feedservice.extract.text.wording import legal, squeeze, words

MAX_DEPTH = 90


def _cell(blocks: list[Block]) -> str:
    """The blocks inside a list item, a cell or a caption: bare when it is one paragraph."""
    if len(blocks) == 1 and blocks[0].kind == "p":
        return blocks[0].html[3:-4]
    if blocks and blocks[0].kind == "p" and all(block.kind == "list" for block in blocks[1:]):
        return blocks[0].html[3:-4] + "".join(block.html for block in blocks[1:])
    return "".join(block.html for block in blocks)


def _share(blocks: list[Block]) -> float:
    total = sum(block.size for block in blocks)
    return sum(block.links * block.size for block in blocks) / total if total else 0.0


def write_list(writer: Writer, element: Element, depth: int) -> None:
    writer.flush(element)
    items: list[str] = []
    inside: list[Block] = []
    for child in element:
        if not isinstance(child.tag, str) or child in writer.dropped or child.tag in UNSEEN:
            continue
        if child.tag in {"ul", "ol"} and items and depth < MAX_DEPTH:
            holder = Writer(writer.base_url, writer.dropped, writer.walk)
            write_list(holder, child, depth + 1)
            items[-1] = items[-1].removesuffix("</li>") + "".join(block.html for block in holder.blocks) + "</li>"
            inside += holder.blocks
        elif blocks := writer.inside(child, depth + 1):
            items.append(f"<li>{_cell(blocks)}</li>")
            inside += blocks
    if _is_gallery(inside):
        writer.blocks += inside
    elif items:
        tag = "ol" if element.tag == "ol" else "ul"
        text = "\n".join(block.text for block in inside)
        markup = f"<{tag}{_start(element)}>{''.join(items)}</{tag}>"
        writer.blocks.append(Block("list", markup, text, element, _share(inside), words(text)))


def _start(element: Element) -> str:
    """The number that a list goes on from, as where a picture parts it from its beginning."""
    value = element.get("start") or "" if element.tag == "ol" else ""
    counts = len(value) < 7 and value.isascii() and value.isdigit()
    return f' start="{int(value)}"' if counts and int(value) > 1 else ""


def _is_gallery(blocks: list[Block]) -> bool:
    """Whether a list holds nothing but pictures and the words under them."""
    kinds = {block.kind for block in blocks}
    return "figure" in kinds and kinds <= {"figure", "caption"}


def write_definitions(writer: Writer, element: Element, depth: int) -> None:
    writer.flush(element)
    rows: list[str] = []
    inside: list[Block] = []
    for child in _terms(element, writer):
        blocks = writer.inside(child, depth + 1)
        if blocks:
            rows.append(f"<{child.tag}>{_cell(blocks)}</{child.tag}>")
            inside += blocks
    if rows:
        text = "\n".join(block.text for block in inside)
        writer.blocks.append(Block("list", f"<dl>{''.join(rows)}</dl>", text, element, _share(inside), words(text)))


def _terms(element: Element, writer: Writer) -> list[Element]:
    """The terms and definitions of one list, in order.

    One that stands in another, as where the page does not end it, is written after it and not in it once more.
    """
    found: list[Element] = []
    waiting = [part for part in own_parts(element, "dt", "dd", around="dl") if part not in writer.dropped][::-1]
    while waiting:
        found.append(waiting.pop())
        within = [part for part in own_parts(found[-1], "dt", "dd", around="dl") if part not in writer.dropped]
        writer.dropped.update(within)
        waiting += reversed(within)
    return found


def own_parts(element: Element, *tags: str, around: str) -> Iterator[Element]:
    """The elements of these tags inside an element, in order, but not in one another nor in another `around`."""
    waiting = list(element)[::-1]
    while waiting:
        part = waiting.pop()
        if part.tag in tags:
            yield part
        elif part.tag != around:
            waiting += list(part)[::-1]


def _rows(table: Element) -> list[list[Element]]:
    rows: list[list[Element]] = []
    for group in table:
        if group.tag == "tr":
            rows.append([cell for cell in group if cell.tag in {"td", "th"}])
        elif group.tag in {"thead", "tbody", "tfoot"}:
            rows += [[cell for cell in row if cell.tag in {"td", "th"}] for row in group if row.tag == "tr"]
    return [row for row in rows if row]


def write_table(writer: Writer, element: Element, depth: int) -> None:
    rows = _rows(element)
    nested = next(iter(element.iterdescendants("table")), None) is not None
    if nested or len(rows) < 2 or max(len(row) for row in rows) < 2:
        writer.flush(element)
        writer.walk(writer, element, depth)
        writer.flush(element)
        return
    writer.flush(element)
    markup: list[str] = []
    inside: list[Block] = []
    for row in rows:
        cells: list[str] = []
        for cell in row:
            blocks = [] if cell in writer.dropped else writer.inside(cell, depth + 2)
            inside += blocks
            cells.append(f"<{cell.tag}{_spans(cell)}>{_cell(blocks)}</{cell.tag}>")
        markup.append(f"<tr>{''.join(cells)}</tr>")
    text = "\n".join(block.text for block in inside)
    pictures = any(block.kind in {"figure", "media"} for block in inside)
    if text or pictures:
        body = f"<table>{_caption(writer, element)}{''.join(markup)}</table>"
        writer.blocks.append(Block("table", body, text, element, _share(inside), words(text)))


def _caption(writer: Writer, table: Element) -> str:
    caption = next((part for part in table if part.tag == "caption" and part not in writer.dropped), None)
    text = squeeze(inner_text(caption, " ")) if caption is not None else ""
    return f"<caption>{escape(legal(text), quote=False)}</caption>" if text else ""


def _spans(cell: Element) -> str:
    kept = ""
    for name in ("colspan", "rowspan"):
        value = cell.get(name) or ""
        if value.isascii() and value.isdigit() and 1 < int(value[:6]) <= 1000:
            kept += f' {name}="{int(value[:6])}"'
    return kept


def write_quote(writer: Writer, element: Element, depth: int) -> None:
    writer.flush(element)
    blocks = writer.inside(element, depth)
    if blocks:
        text = "\n".join(block.text for block in blocks)
        markup = f"<blockquote>{''.join(block.html for block in blocks)}</blockquote>"
        writer.blocks.append(Block("quote", markup, text, element, _share(blocks), words(text)))


def write_pre(writer: Writer, element: Element, depth: int) -> None:
    writer.flush(element)
    text = _code_text(element)
    if text.strip():
        inner = escape(text.strip("\n"), quote=False)
        code = element.find(".//code") is not None
        writer.add_block("pre", f"<pre><code>{inner}</code></pre>" if code else f"<pre>{inner}</pre>", text, element)


def _code_text(element: Element) -> str:
    parts: list[str] = []
    walk = iterwalk(element, events=("start", "end", "comment"))
    for event, item in walk:
        if event == "start" and item.tag in UNSEEN:
            walk.skip_subtree()
        elif event == "start":
            parts.append("\n" if item.tag == "br" else item.text or "")
        elif item is not element:
            parts.append(item.tail or "")
    return "".join(parts)
