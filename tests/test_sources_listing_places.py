"""Which of a page's lists is taken: what rows say of themselves is no place beside the page's matter."""

from __future__ import annotations

import pytest

from feedservice.extract import parse_moment
from feedservice.sources.listing import find_items
from tests.source_support import shown

URL = "https://www.example.org/"
POSTS = ["Spring repairs", "New opening hours", "A walk to the mill", "Thanks to everybody", "On old maps"]
ASIDE = "".join(
    f'<li><a href="/{number}/a-post-of-long-ago">All that you wanted to know about this place, number {number}</a></li>'
    for number in range(1, 13)
)


def found(body: str, url: str = URL) -> list[tuple[str, str | None]]:
    items = find_items(f"<html><body>{body}</body></html>", url, parse_moment=parse_moment)
    return [(item.title, shown(item.date)) for item in items]


def blog(classes: str, title: str) -> str:
    posts = "".join(
        f'<article class="{classes}">{title.format(link=f"<a href=/2024/05/post-{number}>{text}</a>")}'
        f"<p>2024-05-{20 - number}</p></article>"
        for number, text in enumerate(POSTS)
    )
    return f'<div id="main">{posts}</div><aside class="sidebar"><ul>{ASIDE}</ul></aside>'


@pytest.mark.parametrize(
    ("classes", "title"),
    [
        ("post", '<header class="entry-header"><h2>{link}</h2></header>'),
        ("post-12 post type-post status-publish hentry category-news tag-nav tag-login", "<h2>{link}</h2>"),
        ("post-12 topic type-topic hentry", "<h2>{link}</h2>"),
        ("threadbit hot", "<h3>{link}</h3>"),
        ("odd", '<ul class="odd topic"><li class="bbp-topic-title">{link}</li></ul>'),
    ],
)
def test_what_rows_say_of_themselves_is_no_place(classes: str, title: str) -> None:
    assert [text for text, _ in found(blog(classes, title))] == POSTS


@pytest.mark.parametrize("name", ["sp-list-bottom", "card_bottom", "bottom"])
def test_bottom_of_a_card_is_no_foot_of_the_page(name: str) -> None:
    titles = [
        "示例协会召开座谈会",
        "示例协会举办培训班",
        "秘书长到各地调研行业工作",
        "示例协会征求规划编制意见",
        "示例报告会举行",
    ]
    cards = "".join(
        f"<li><a href=202103/t2021031{n}_5606{n}.html title={title}><img src=/i/{n}.jpg></a>"
        f"<div class={name}><a href=202103/t2021031{n}_5606{n}.html title={title}>{title[:7]}...</a></div></li>"
        for n, title in enumerate(titles)
    )
    assert [text for text, _ in found(f"<ul class=sp-list>{cards}</ul>")] == titles
    assert (
        found(
            f"<div class={name}><p>版权所有 <a href=/about/2019>关于我们的网站</a> <a href=/law/2019>声明</a></p></div>"
        )
        == []
    )


def test_mark_for_page_turners_is_no_pager() -> None:
    body = blog("post", "<h2>{link}</h2>").replace('id="main"', 'class="autopagerize_page_element"')
    assert [text for text, _ in found(body)] == POSTS


def test_widget_that_holds_the_posts_is_their_place() -> None:
    body = blog("post", "<h2>{link}</h2>").replace('<div id="main">', '<div class="widget Blog" id="Blog1">')
    assert [text for text, _ in found(body)] == POSTS


@pytest.mark.parametrize("label", ["View all", "See all »", "Подробнее", "もっと見る", "查看全部"])
def test_way_to_all_is_no_article(label: str) -> None:
    rows = f'<li><h3><a href="/news">{label}</a></h3></li>' + "".join(
        f'<li><h3><a href="/news/post-{number}">{text}</a></h3>2024-05-{20 - number}</li>'
        for number, text in enumerate(POSTS)
    )
    assert [text for text, _ in found(f"<ul>{rows}</ul>")] == POSTS


def test_numbers_that_look_like_days_are_titles_still() -> None:
    rows = "".join(f'<tr><td><a href="/opinions/14-{number}.pdf">14-{number}</a></td></tr>' for number in range(20, 30))
    other = "".join(f'<li><a href="/help/{text}">Having trouble viewing {text}?</a></li>' for text in ("PDF", "text"))
    assert len(found(f"<table>{rows}</table><ul>{other}</ul>")) >= 10


def test_names_above_the_rows_count_still() -> None:
    body = blog("post", "<h2>{link}</h2>").replace('id="main"', 'class="topnav"')
    assert len(found(body)) == 12


def test_lead_story_has_the_date_of_its_own_block() -> None:
    lead = (
        '<div class="slider"><h2><a href="/2024/05/post-9">The great lead of the week</a></h2></div>'
        '<div class="first"><div><h2><a href="/2024/05/post-9">The great lead of the week</a></h2></div>'
        '<p>2024-05-21</p><a href="/2024/05/post-9">Read more</a></div>'
        '<div class="box"><h2><a href="/?cat=3">All news of our town</a></h2></div>'
    )
    rows = "".join(
        f'<li><h3><a href="/2024/05/post-{number}">{text}</a></h3><span>2024-05-{20 - number}</span></li>'
        for number, text in enumerate(POSTS)
    )
    assert found(f"<div><div>{lead}</div><ul>{rows}</ul></div>")[:2] == [
        ("The great lead of the week", "2024-05-21"),
        ("Spring repairs", "2024-05-20"),
    ]


def test_category_of_a_site_without_names_is_no_lead_story() -> None:
    rows = "".join(
        f'<li><h3><a href="/?p={number}">{text}</a></h3><span>2024-05-{20 - number}</span></li>'
        for number, text in enumerate(POSTS, start=1)
    )
    box = '<div class="box"><h2><a href="/?cat=3">All news of our town</a></h2></div>'
    assert [text for text, _ in found(f"<div>{box}<ul>{rows}</ul></div>", f"{URL}news")] == POSTS


@pytest.mark.parametrize("name", ["slides", "flexslider", "main-slider", "ticker"])
def test_slides_above_a_list_are_not_the_list(name: str) -> None:
    slides = "".join(
        f'<li><a href="/2024/04/slide-{number}">Promotion of the week number {number}</a></li>' for number in range(3)
    )
    posts = "".join(
        f'<li><a href="/2024/05/post-{number}">{text}</a><p>2024-05-{20 - number}</p></li>'
        for number, text in enumerate(POSTS)
    )
    body = f'<div class="{name}"><ul>{slides.replace("</a>", "</a> 2024-04-01")}</ul></div><ol>{posts}</ol>'
    assert [text for text, _ in found(body)] == POSTS


def test_links_to_days_are_no_list_of_articles() -> None:
    days = "".join(f'<li><a href="/archive/{day}">Wed, {day} Nov 2021</a> (12 entries)</li>' for day in range(10, 24))
    posts = "".join(f'<div><a href="/item/{number}000">{text}</a></div>' for number, text in enumerate(POSTS))
    assert [text for text, _ in found(f"<ul>{days}</ul>{posts}")] == POSTS


COLUMNS = ["机构职能", "领导信息", "内设机构", "政策法规", "规划计划", "统计数据", "财政资金", "行政许可", "人事任免"]
MENU = "".join(
    f'<li><a href="/col/col{number}/index.html">{name}</a></li>'
    for number, name in enumerate(
        [*COLUMNS, *(f"{name}公开" for name in COLUMNS), *(f"历年{name}" for name in COLUMNS)]
    )
)
ENTRY = "关于公布第{number}批示范项目名单的公告"


@pytest.mark.parametrize("behind", [True, False])
@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize(
    ("row", "day"),
    [
        ("<li><a href=/art/2024/5/art_12_345{number}.html>{title}</a><span>2024-05-1{number}</span></li>", True),
        (
            "<dl><dt><a href=/art/art_12_345{number}.html>{title}</a></dt><dd>发布时间：2024-05-1{number}</dd></dl>",
            True,
        ),
        ("<div><a href=/art/art_12_345{number}.html>{title}</a></div><div>2024-05-1{number}</div>", True),
        ("<li><a href=/art/art_12_345{number}.html>{title}</a></li>", False),
    ],
)
def test_list_that_has_just_begun_is_taken_beside_a_longer_menu(
    row: str, count: int, *, day: bool, behind: bool
) -> None:
    rows = "".join(row.format(number=number, title=ENTRY.format(number=number)) for number in range(1, count + 1))
    main, side = f"<div class=main>{rows}</div>", f"<div class=lm><ul>{MENU}</ul></div>"
    assert found(side + main if behind else main + side) == [
        (ENTRY.format(number=number), f"2024-05-1{number}" if day else None) for number in range(1, count + 1)
    ]
