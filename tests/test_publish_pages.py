"""Archive pages while they are written: what happens meanwhile, and articles that cannot be shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedservice.formats import FORMATS
from feedservice.formats.rss import RSS
from feedservice.model import Edition, Fields, Showing
from feedservice.protocols import Format, Frame, Store
from tests.fakes import FakeClock
from tests.publish_examples import Press, add
from tests.store_examples import arrival, edit, intake, save


@pytest.mark.parametrize("spoiled", [False, True], ids=["a page that is closed just now", "a page that is renewed"])
def test_article_withdrawn_while_its_page_is_written_leaves_the_page_with_the_next_rebuild(
    store: Store, clock: FakeClock, spoiled: bool
) -> None:
    """Whoever withdraws an article waits for no rebuild."""
    press = Press(store, clock)
    add(store, *(arrival(number) for number in range(60 + spoiled)))
    press()
    if spoiled:
        save(store, intake(edits=[edit(4, fields=Fields(title="改"))]))
    else:
        add(store, arrival(60))
    gone = arrival(2).id

    def frame(edition: Edition) -> Frame:
        if edition.archive == 1:
            with store.writing() as writer:
                writer.withdraw(gone, clock())
        return RSS.frame(edition)

    formats = tuple(replace(row, frame=frame) if row is RSS else row for row in FORMATS)
    assert press(formats=formats).pages == (1,)
    assert "all" in store.stale()
    assert press().pages == (1,)
    for row in FORMATS:
        page = store.document(f"/feeds/all/archive/1.{row.suffix}")
        assert row.dialect or (page is not None and gone.encode() not in page.identity()), row.name
    assert not store.stale_archives("all", 1)


def test_page_without_one_good_article_is_empty_rather_than_a_hole_in_the_walk(store: Store, clock: FakeClock) -> None:
    bad = {arrival(number).id for number in range(11)}

    def strict(row: Format) -> Format:
        def item(showing: Showing) -> bytes:
            if showing.article.id in bad:
                raise ValueError("no")
            return row.item(showing)

        return replace(row, item=item)

    clock.pass_(hours=1)
    add(store, *(arrival(number) for number in range(75)))
    told = Press(store, clock)(formats=tuple(map(strict, FORMATS)))
    assert not told.failures
    assert dict(told.isolated).keys() == bad
    for row in FORMATS:
        page = store.document(f"/feeds/all/archive/1.{row.suffix}")
        assert row.dialect or page is not None, row.name
        read = [] if page is None else list(row.read(page.identity()).ids or ())
        assert not bad.intersection(read)
