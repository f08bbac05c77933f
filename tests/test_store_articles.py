"""Articles: stored once under one id, revised without losing anything, read a page at a time."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import StatementError

from feedservice.errors import StoreError
from feedservice.model import Article, Attachment, CategoryStep, Fields, Moment, Precision
from feedservice.protocols import Store
from tests.store_examples import NEWS, OTHER, START, arrival, edit, intake, save

SHANGHAI = timezone(timedelta(hours=8))
EVERYTHING = Fields(
    title="滨海新区高质量发展大会 & <其他>",
    published=Moment(datetime(2025, 8, 2, tzinfo=SHANGHAI), Precision.DAY),
    updated=Moment(datetime(2025, 8, 2, 10, 5, 7, 250000, tzinfo=SHANGHAI), Precision.SECOND),
    summary="摘要\n第二行\t😀",
    body="<p>正文 ]]> &amp; <b>x</b></p>" * 50,
    language="zh-CN",
    authors=("张三", "李四"),
    editor="王五",
    origins=("新华社", "滨海发布"),
    breadcrumb=("资讯动态", "其他信息"),
    tags=("经济",),
    lead_image="https://news.example.org/a.jpg",
    attachments=(
        Attachment(url="https://news.example.org/a.pdf", name="附件1", media_type="application/pdf", length=0),
        Attachment(url="https://news.example.org/b.pdf"),
    ),
    extras=(("索引号", "000014349/2025-00001"), ("文号", ""), ("文号", "津政发〔2025〕1号")),
)


def test_article_comes_back_as_it_was_saved(store: Store) -> None:
    (new,) = save(store, intake(arrival(1, fields=EVERYTHING, categories=(OTHER,))))
    assert new == Article(
        seq=1,
        id="https://news.example.org/1.html",
        source="site",
        key="key-1",
        url="https://news.example.org/1.html",
        published=START + timedelta(minutes=1),
        updated=START + timedelta(minutes=1),
        first_seen=START,
        arrival=START + timedelta(minutes=1),
        fields=EVERYTHING,
        categories=("qita",),
    )
    assert store.article(new.id) == new
    assert store.articles("site", 10) == (new,)
    assert list(store.every("site")) == [new]


def test_moment_keeps_the_offset_that_the_source_told_it_in(store: Store) -> None:
    (new,) = save(store, intake(arrival(1, fields=EVERYTHING)))
    assert new.fields.published is not None
    assert new.fields.published.at.isoformat() == "2025-08-02T00:00:00+08:00"


def test_datetimes_come_back_in_utc_and_whole_seconds(store: Store) -> None:
    told = datetime(2025, 8, 2, 0, 0, 59, 999999, tzinfo=SHANGHAI)
    (new,) = save(store, intake(arrival(1, published=told)))
    assert new.published.isoformat() == "2025-08-01T16:00:59+00:00"
    assert new.published.tzinfo is UTC


@pytest.mark.parametrize("year", [1, 1901, 2038, 9999])
def test_dates_far_from_today_are_kept(store: Store, year: int) -> None:
    far = datetime(year, 6, 1, tzinfo=UTC)
    (new,) = save(store, intake(arrival(1, published=far)))
    assert new.published == far


def test_empty_article_is_stored(store: Store) -> None:
    (new,) = save(store, intake(arrival(1, fields=Fields())))
    assert new.fields == Fields()


def test_characters_that_xml_cannot_hold_never_enter(store: Store) -> None:
    bad = "\x00\x0b\x1f\ufffe\uffff\ud800"
    fields = Fields(
        title=f"题{bad}目",
        body=f"<p>{bad}</p>",
        summary=bad,
        authors=(f"张{bad}三",),
        tags=(bad,),
        lead_image=f"https://news.example.org/{bad}a.jpg",
        attachments=(Attachment(url=f"https://news.example.org/{bad}", name=bad, media_type=bad),),
        extras=((f"文{bad}号", bad),),
    )
    path = (CategoryStep(title=f"资讯{bad}", slug="zixun"),)
    what = arrival(1, id=f"urn:{bad}1", key=f"key{bad}", fields=fields, categories=(path,))
    (new,) = save(store, intake(what))
    assert new.fields == Fields(
        title="题目",
        body="<p></p>",
        authors=("张三",),
        tags=("",),
        lead_image="https://news.example.org/a.jpg",
        attachments=(Attachment(url="https://news.example.org/", media_type=""),),
        extras=(("文号", ""),),
    )
    assert new.id == "urn:1"
    assert new.key == "key"
    assert store.category_titles() == {"zixun": "资讯"}
    assert store.article(f"urn:1{bad}") == new
    assert set(store.known("site", [f"key{bad}"])) == {f"key{bad}"}


_texts = st.text(st.characters(exclude_categories=()), max_size=30)
_fields = st.builds(
    Fields,
    title=_texts,
    summary=_texts,
    body=_texts,
    language=st.none() | _texts,
    authors=st.tuples(_texts),
    lead_image=st.none() | _texts,
    extras=st.lists(st.tuples(_texts, _texts), max_size=3).map(tuple),
    attachments=st.lists(
        st.builds(Attachment, url=_texts, name=_texts, length=st.none() | st.integers(0, 2**70)), max_size=2
    ).map(tuple),
)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_fields)
def test_any_text_is_stored_without_what_xml_forbids(store: Store, fields: Fields) -> None:
    """Whatever comes, it is stored; what is legal comes back as it was; nothing illegal comes back."""
    number = len(store.articles("all", 1_000)) + 1
    (new,) = save(store, intake(arrival(number, fields=fields)))
    assert store.article(new.id) == new
    for given_text, kept in ((fields.title, new.fields.title), (fields.body, new.fields.body)):
        legal = [c for c in given_text if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff")]
        assert kept == "".join(c for c in legal if c not in "\ufffe\uffff")


def test_seq_is_the_order_of_arrival(store: Store) -> None:
    first = save(store, intake(arrival(5), arrival(3)))
    second = save(store, intake(arrival(4), source="other"))
    assert [(new.seq, new.key) for new in (*first, *second)] == [(1, "key-5"), (2, "key-3"), (3, "key-4")]


def test_what_is_rolled_back_was_never_there(store: Store) -> None:
    """An exception in the block leaves no trace: no article, no state, no mark; and the next one can write."""
    with contextlib.suppress(KeyError), store.writing() as writer:
        writer.save(intake(arrival(1, categories=(OTHER,))))
        raise KeyError("stop")
    assert store.articles("all", 10) == ()
    assert store.states() == ()
    assert store.stale() == {}
    assert [new.seq for new in save(store, intake(arrival(2)))] == [1]


def test_article_saved_again_under_its_key_is_not_new(store: Store) -> None:
    (new,) = save(store, intake(arrival(1)))
    again = arrival(1, id="https://news.example.org/moved.html", fields=Fields(title="其他"))
    assert save(store, intake(again)) == ()
    assert store.articles("all", 10) == (new,)
    assert store.counts() == {"all": 1, "site": 1}


@pytest.mark.parametrize("how", ["same id", "stored under an alias", "offered with the id as alias", "common alias"])
def test_article_that_two_sources_offer_is_stored_once(store: Store, how: str) -> None:
    """The second source's feed and categories get it too; id, date, url and text stay, and nothing is new."""
    old, new_id = "https://news.example.org/1.html", "http://mirror.example.org/1"
    first = arrival(1, aliases=(new_id, "urn:common"), categories=(NEWS,))
    second = {
        "same id": arrival(9, id=old, key="theirs", categories=(OTHER,)),
        "stored under an alias": arrival(9, id=new_id, key="theirs", categories=(OTHER,)),
        "offered with the id as alias": arrival(9, key="theirs", aliases=(old,), categories=(OTHER,)),
        "common alias": arrival(9, key="theirs", aliases=("urn:common",), categories=(OTHER,)),
    }[how]
    (article,) = save(store, intake(first))
    assert save(store, intake(second, source="mirror", at=START + timedelta(days=1))) == ()
    stored = store.article(old)
    assert stored is not None
    assert (stored.source, stored.url, stored.published) == ("site", article.url, article.published)
    assert (stored.fields, stored.revision) == (article.fields, 1)
    assert stored.categories == ("zixun", "qita")
    assert store.articles("mirror", 10) == store.articles("qita", 10) == store.articles("site", 10) == (stored,)
    assert store.counts() == {"all": 1, "site": 1, "mirror": 1, "zixun": 1, "qita": 1}
    known = store.known("mirror", ["theirs"])["theirs"]
    assert (known.seq, known.source, known.key) == (article.seq, "site", "key-1")
    assert list(store.every("mirror")) == []


def test_names_of_a_second_offer_lead_to_the_same_article(store: Store) -> None:
    """A third source that knows only the second one's id brings nothing new either."""
    save(store, intake(arrival(1)))
    save(store, intake(arrival(2, aliases=("https://news.example.org/1.html",)), source="second"))
    assert save(store, intake(arrival(3, id="https://news.example.org/2.html"), source="third")) == ()
    assert store.counts()["all"] == 1


def test_one_intake_with_an_article_twice_stores_it_once(store: Store) -> None:
    new = save(store, intake(arrival(1, categories=(NEWS,)), arrival(2, key="key-1"), arrival(3), arrival(3)))
    assert [article.key for article in new] == ["key-1", "key-3"]
    assert [article.seq for article in new] == [1, 2]
    assert store.counts() == {"all": 2, "site": 2, "zixun": 1}


def test_same_key_of_two_sources_is_two_articles(store: Store) -> None:
    save(store, intake(arrival(1, key="1"), source="one"))
    assert len(save(store, intake(arrival(2, key="1"), source="two"))) == 1


def test_very_long_ids_keys_and_addresses_are_kept_and_found(store: Store) -> None:
    """Addresses of thousands of characters tell articles apart to the last one."""
    long = "https://news.example.org/" + "长" * 5_000
    save(store, intake(arrival(1, id=f"{long}1", key=f"{long}a"), arrival(2, id=f"{long}2", key=f"{long}b")))
    found = store.article(f"{long}2")
    assert found is not None
    assert (found.seq, found.id, found.key) == (2, f"{long}2", f"{long}b")
    known = store.known("site", [f"{long}b", f"{long}1", f"{long}c"])
    assert {key: value.seq for key, value in known.items()} == {f"{long}b": 2, f"{long}1": 1}


def test_known_tells_what_a_refresh_must_know(store: Store) -> None:
    save(store, intake(arrival(1, aliases=("http://old.example.org/1",)), arrival(2)))
    known = store.known("site", ["key-2", "nothing", "http://old.example.org/1", "https://news.example.org/2.html"])
    assert list(known) == ["key-2", "http://old.example.org/1", "https://news.example.org/2.html"]
    one = known["http://old.example.org/1"]
    assert (one.seq, one.id, one.source, one.key) == (1, "https://news.example.org/1.html", "site", "key-1")
    assert (one.url, one.title) == ("https://news.example.org/1.html", "第1条")
    assert (one.offer_digest, one.content_digest) == ("offer-1", "content-1")
    assert (one.published, one.checked) == (START + timedelta(minutes=1), START)
    assert (one.revision, one.withdrawn, one.absences) == (1, None, 0)


def test_known_takes_any_number_of_keys(store: Store) -> None:
    save(store, intake(*(arrival(number) for number in range(1_200))))
    known = store.known("site", (f"key-{number}" for number in range(40_000)))
    assert len(known) == 1_200


def test_checked_articles_remember_when(store: Store) -> None:
    save(store, intake(*(arrival(number) for number in range(1_200))))
    later = START + timedelta(hours=1)
    save(store, intake(at=later, checked=range(1, 1_200)))
    known = store.known("site", ["key-0", "key-1199"])
    assert [known["key-0"].checked, known["key-1199"].checked] == [later, START]


def test_edit_is_a_new_revision_and_changes_nothing_else(store: Store) -> None:
    (old,) = save(store, intake(arrival(1, categories=(OTHER,))))
    later = START + timedelta(days=1)
    assert save(store, intake(at=later, edits=[edit(old.seq, fields=EVERYTHING, updated=later)])) == ()
    (new,) = store.articles("qita", 10)
    assert (new.fields, new.updated, new.revision) == (EVERYTHING, later, 2)
    same = ("seq", "id", "source", "key", "url", "published", "first_seen", "arrival", "categories", "withdrawn")
    assert [getattr(new, name) for name in same] == [getattr(old, name) for name in same]
    known = store.known("site", ["key-1"])["key-1"]
    assert (known.offer_digest, known.content_digest, known.title) == ("offer-edited", "edited", EVERYTHING.title)
    assert (known.checked, known.revision) == (later, 2)


def test_every_former_revision_is_kept(store: Store, store_url: str) -> None:
    """Nothing reads them yet; that they are there is promised all the same."""
    (old,) = save(store, intake(arrival(1)))
    later = START + timedelta(days=1)
    save(store, intake(at=later, edits=[edit(old.seq, fields=Fields(title="甲"), updated=later)]))
    save(store, intake(at=later, edits=[edit(old.seq, fields=Fields(title="乙"))]))
    engine = create_engine(make_url(store_url.replace("postgresql:", "postgresql+pg8000:")))
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT number, title, taken_at FROM revisions ORDER BY number").all()
    engine.dispose()
    at = [int(moment.timestamp()) for moment in (START, later)]
    assert [tuple(row) for row in rows] == [(1, "第1条", at[0]), (2, "甲", at[1])]


def test_insignificant_edit_does_not_move_updated(store: Store) -> None:
    (old,) = save(store, intake(arrival(1)))
    save(store, intake(edits=[edit(old.seq, fields=Fields(title="改"))]))
    (new,) = store.articles("site", 1)
    assert (new.fields.title, new.updated, new.revision) == ("改", old.updated, 2)


def test_updated_never_goes_back(store: Store) -> None:
    (old,) = save(store, intake(arrival(1)))
    save(store, intake(edits=[edit(old.seq, fields=Fields(title="改"), updated=old.updated - timedelta(days=1))]))
    (new,) = store.articles("site", 1)
    assert new.updated == old.updated


def test_edit_that_says_what_is_stored_is_no_revision(store: Store) -> None:
    """Only its digests and the time of the look are remembered; no feed is rebuilt for it."""
    (old,) = save(store, intake(arrival(1, fields=EVERYTHING)))
    for feed in store.stale():
        with store.writing() as writer:
            writer.put_documents((), {feed: 1_000})
    later = START + timedelta(days=1)
    save(store, intake(at=later, edits=[edit(old.seq, fields=EVERYTHING, updated=later)]))
    assert store.article(old.id) == old
    assert store.stale() == {}
    known = store.known("site", ["key-1"])["key-1"]
    assert (known.content_digest, known.checked) == ("edited", later)


def test_several_edits_of_one_article_are_several_revisions(store: Store) -> None:
    (old,) = save(store, intake(arrival(1)))
    save(store, intake(edits=[edit(old.seq, fields=Fields(title=title)) for title in "甲乙丙"]))
    (new,) = store.articles("site", 1)
    assert (new.revision, new.fields.title) == (4, "丙")


def test_edit_of_no_article_stores_nothing(store: Store) -> None:
    with pytest.raises(StoreError, match="no article 7"):
        save(store, intake(arrival(1), edits=[edit(7, fields=Fields())]))
    assert store.articles("all", 1) == ()


def test_feed_comes_newest_first_and_goes_on_without_gaps(store: Store) -> None:
    """Pages of every feed, ancestors included, give each article once, also where many share one second."""
    same = START - timedelta(days=1)
    save(store, intake(*(arrival(n, categories=(OTHER,), published=same if n % 3 else None) for n in range(40))))
    expected = sorted(store.articles("all", 100), key=lambda article: (article.published, article.seq), reverse=True)
    for feed in ("all", "site", "zixun", "qita"):
        walked: list[Article] = []
        before = None
        while page := store.articles(feed, 7, before=before):
            walked += page
            before = (page[-1].published, page[-1].seq)
        assert walked == expected


def test_articles_of_an_unknown_feed_are_none(store: Store) -> None:
    assert store.articles("nothing", 10) == ()
    assert store.article("urn:nothing") is None
    assert list(store.every("nothing")) == []


def test_withdrawn_articles_are_left_out_of_feeds(store: Store, store_url: str) -> None:
    """They stay in the store, under their id and in the walk over their source."""
    save(store, intake(arrival(1), arrival(2), arrival(3)))
    engine = create_engine(make_url(store_url.replace("postgresql:", "postgresql+pg8000:")))
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE articles SET withdrawn = 86400 WHERE seq = 3")
        connection.exec_driver_sql("UPDATE memberships SET hidden = true WHERE seq = 3")
    engine.dispose()
    assert [article.seq for article in store.articles("all", 2)] == [2, 1]
    assert [article.withdrawn is not None for article in store.every("site")] == [False, False, True]


def test_every_article_of_a_source_comes_oldest_first(store: Store) -> None:
    """More than one batch, with articles that arrive during the walk."""
    save(store, intake(*(arrival(number) for number in range(1_100, 0, -1))))
    walk = store.every("site")
    walked = [next(walk)]
    save(store, intake(arrival(0), arrival(2_000)))
    walked += walk
    assert [article.key for article in walked] == [f"key-{number}" for number in (*range(1, 1_101), 2_000)]


def test_taken_seconds_are_those_of_all_articles(store: Store) -> None:
    save(store, intake(*(arrival(number) for number in range(5)), arrival(9, published=START), source="one"))
    save(store, intake(arrival(7), source="two"))
    with store.writing() as writer:
        taken = writer.taken(START, START + timedelta(minutes=4))
        assert taken == {START + timedelta(minutes=number) for number in range(4)}
        assert writer.taken(START + timedelta(minutes=7), START + timedelta(minutes=8)) == {
            START + timedelta(minutes=7)
        }


def test_latest_arrival_is_the_newest_of_all(store: Store) -> None:
    with store.writing() as writer:
        assert writer.latest_arrival() is None
        writer.save(intake(arrival(5), arrival(3)))
        assert writer.latest_arrival() == START + timedelta(minutes=5)


def test_naive_datetimes_are_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        save(store, intake(arrival(1, published=datetime(2025, 1, 1))))  # noqa: DTZ001
