"""From a page to the article on it: every field by its own finder, the configuration's selectors first."""

from __future__ import annotations

from dataclasses import replace

from pydantic import BaseModel

from feedservice.config.settings import ArticleRules
from feedservice.errors import Unreadable
from feedservice.extract.attribution.byline import read_byline
from feedservice.extract.attribution.names import split_origins
from feedservice.extract.dating.when import read_times
from feedservice.extract.encoding.charset import decode
from feedservice.extract.extras import office_in, read_extras
from feedservice.extract.headlines.headline import Headline, find_headline
from feedservice.extract.lawful import lawful
from feedservice.extract.markup.compose import compose
from feedservice.extract.markup.media import attachments_after, attachments_of
from feedservice.extract.markup.pictures import lead_image, without_furniture
from feedservice.extract.overrides import overridden
from feedservice.extract.page.density import Ground, densest
from feedservice.extract.page.dom import Tree, parse
from feedservice.extract.page.labels import read_labels
from feedservice.extract.page.links import absolute
from feedservice.extract.prose.body import Body, find_body
from feedservice.extract.prose.statetext import with_state
from feedservice.extract.prose.trim import dropped_in
from feedservice.extract.prose.zone import zone_of
from feedservice.extract.refusal import reason_for_none
from feedservice.extract.rules import select_elements, select_text
from feedservice.extract.sanitising import scrub
from feedservice.extract.statements.scripted import scripts_of
from feedservice.extract.statements.stated import Stated, stated
from feedservice.extract.statements.tags import tags_of
from feedservice.extract.summary import summary_of
from feedservice.extract.text.language import language_of
from feedservice.extract.text.wording import encoded_once, legal
from feedservice.extract.trail import find_trail
from feedservice.model import Extraction, Fields, Page


def extract(page: Page, rules: BaseModel, timezone: str) -> Extraction:
    """Find the article on a page.

    rules: an ArticleRules; its selectors come before what is found automatically. timezone: IANA name of the zone for
    times that come without one. Raises Unreadable when there is no article on the page, with the reason.
    """
    chosen = rules if isinstance(rules, ArticleRules) else ArticleRules()
    source = decode(page.body, page.content_type)
    tree = parse(source)
    base = base_of(tree, page.url)
    said = stated(tree)
    ground = Ground(tree)
    if not chosen.body and (drawn := with_state(ground, said, timezone)) is not None:
        tree, ground = drawn, Ground(drawn)
    headline = _headline(ground, said, chosen, source, page.url)
    body = _body(ground, headline, chosen, base, said)
    size = sum(block.size for block in body.blocks)
    pictures = any(block.kind in {"figure", "media"} for block in body.blocks)
    if reason := reason_for_none(tree, source, size, headline.text, pictures):
        raise Unreadable(reason)
    extraction = _gathered(ground, headline, body, said, page.url, base, timezone)
    read = overridden(extraction, chosen, tree, source, base, timezone)
    return replace(read, fields=lawful(read.fields))


def base_of(tree: Tree, url: str) -> str:
    """The address that relative links of a page are relative to (HTML, the base element)."""
    element = tree.root.find(".//base[@href]")
    return (absolute(element.get("href"), url) if element is not None else None) or url


def _headline(ground: Ground, said: Stated, rules: ArticleRules, source: str, url: str) -> Headline:
    found = find_headline(ground, said, densest(ground), url)
    text, selector = select_text(rules.title, ground.tree, source)
    if not text:
        return found
    elements, _ = (
        select_elements((selector,), ground.tree) if not selector.startswith(("regex:", "text:")) else ([], "")
    )
    return Headline(text, selector, elements[0] if elements else found.element)


def _body(ground: Ground, headline: Headline, rules: ArticleRules, base: str, said: Stated) -> Body:
    unwanted, _ = select_elements(rules.drop[:1], ground.tree)
    for selector in rules.drop[1:]:
        unwanted += select_elements((selector,), ground.tree)[0]
    roots, selector = select_elements(rules.body, ground.tree)
    if not roots:
        found = find_body(ground, headline, base, unwanted, said.descriptions)
        return replace(found, blocks=without_furniture(found.blocks, ground, found.root, base))
    blocks = [
        block
        for root in roots
        for block in compose(root, base, {*unwanted, *(dropped_in(root, ground) if not rules.drop else ())})
    ]
    return Body(blocks, roots[0], selector)


def _gathered(
    ground: Ground, headline: Headline, body: Body, said: Stated, url: str, base: str, timezone: str
) -> Extraction:
    zone = zone_of(ground, headline, body)
    closing = {id(line) for line in zone.closing}
    below = [*zone.closing, *(line for line in zone.tail if id(line) not in closing)]
    head, tail = read_labels([*zone.above, *zone.head]), read_labels(below)
    scripts = scripts_of(ground.tree)
    times = read_times(ground, zone, head, tail, said, body, url, timezone, scripts)
    lead = [label for label in read_labels(zone.lead) if label.kind in {"origin", "author", "editor"}]
    steps, steps_how = find_trail(ground, headline, said)
    byline = read_byline(zone, [*head, *lead], tail, said, body.text, ground.tree, headline.text, scripts, steps)
    if set(steps) <= set(byline.authors):
        steps = ()  # a row of links to its authors looks like one to its place
    picture, picture_how = lead_image(body.blocks, said, base)
    summary, summary_how = summary_of(said, body.text)
    tags, tags_how = tags_of(ground.tree, said, headline.text)
    extras = read_extras(ground, zone, headline)
    office, office_how = office_in(extras)
    files = attachments_of([body.root] if body.root is not None else [], base)
    listed = {file.url for file in files}
    files += tuple(file for file in attachments_after(zone.tail, base) if file.url not in listed)
    fields = Fields(
        title=legal(encoded_once(headline.text)), published=times.published, updated=times.updated,
        summary=legal(encoded_once(summary)), body=scrub(body.html),
        language=language_of(f"{headline.text} {body.text}", said.language),
        authors=byline.authors, editor=byline.editor, origins=byline.origins or split_origins(office),
        breadcrumb=steps, tags=tags, lead_image=picture, attachments=files, extras=extras,
    )  # fmt: skip
    hows = {
        "title": headline.how, "published": times.published_how, "updated": times.updated_how, "summary": summary_how,
        "body": body.how, "language": "script of the text" if fields.language != said.language else "declared",
        "authors": byline.authors_how, "editor": byline.editor_how, "origins": byline.origins_how or office_how,
        "breadcrumb": steps_how, "tags": tags_how, "lead_image": picture_how, "attachments": "links to files",
        "extras": "labels",
    }  # fmt: skip
    return Extraction(fields, {name: how for name, how in hows.items() if how and getattr(fields, name)})
