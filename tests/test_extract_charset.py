"""From bytes to text: what is declared, what is believed, and what is found out."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedservice.config.settings import ArticleRules
from feedservice.extract import decode, extract
from feedservice.model import Page

SIMPLIFIED = (
    "记者从示例新区获悉，当地今年将新建三座公园，方便附近居民休闲健身，预计全部工程在年内完成。"
    "公园里设有步道、球场和儿童游乐区，免费对公众开放，由社区负责日常管理和维护。"
)
TRADITIONAL = "記者從示例新區獲悉，當地今年將新建三座公園，方便附近居民休閒健身，預計全部工程在年內完成。"
JAPANESE = "市は今年、三つの公園を新しくつくると発表した。市民がだれでも無料で利用できるようになる。"
KOREAN = "시는 올해 세 개의 공원을 새로 만든다고 발표했다. 시민 누구나 무료로 이용할 수 있게 된다."


def html(text: str, declared: str = "") -> str:
    head = f'<meta charset="{declared}">' if declared else ""
    return f"<!DOCTYPE html><html><head>{head}<title>示例</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "gb18030", "GB_2312-80", "x-gbk"])
def test_every_name_of_the_chinese_encoding_reads_all_of_its_characters(declared: str) -> None:
    text = SIMPLIFIED + "喆镕堃"
    assert text in decode(html(text, declared).encode("gb18030"), "text/html")


def test_gbk_page_that_says_utf8_is_read_as_gbk() -> None:
    assert SIMPLIFIED in decode(html(SIMPLIFIED, "utf-8").encode("gbk"), "text/html; charset=utf-8")


def test_utf8_page_that_says_gbk_is_read_as_utf8() -> None:
    assert SIMPLIFIED in decode(html(SIMPLIFIED, "gb2312").encode(), "text/html; charset=gbk")


def test_gbk_page_that_lies_about_its_charset_gives_a_right_article() -> None:
    source = html(f"{SIMPLIFIED}</p><p>{SIMPLIFIED}", "utf-8").replace("<p>", "<h1>示例新区新建公园</h1><p>", 1)
    page = Page(url="https://www.example.org/a", status=200, content_type="text/html", body=source.encode("gbk"))
    fields = extract(page, ArticleRules(), "Asia/Shanghai").fields
    assert fields.title == "示例新区新建公园"
    assert SIMPLIFIED in fields.body


@pytest.mark.parametrize(
    "content_type", ["text/html; charset=ISO-8859-1", "text/html; charset=iso-8859-1;", "text/html"]
)
def test_western_default_of_a_server_gives_way_to_the_word_of_the_page(content_type: str) -> None:
    assert SIMPLIFIED in decode(html(SIMPLIFIED, "gb2312").encode("gbk"), content_type)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SIMPLIFIED, "gb18030"),
        (SIMPLIFIED, "utf-8"),
        (TRADITIONAL, "big5"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc-jp"),
        (JAPANESE, "iso2022_jp"),
        (KOREAN, "cp949"),
    ],
)
def test_undeclared_encoding_is_found_out(text: str, encoding: str) -> None:
    assert text in decode(html(text).replace("<title>示例</title>", "").encode(encoding), "")


def rare(*leads: int) -> bytes:
    return bytes(byte for lead in leads for trail in range(0x80, 0xFD) for byte in (lead, trail))


@pytest.mark.parametrize(
    "body", [rare(0xFA, 0xFB), rare(0xFA) + "ｱ<br>ｲ<br>この字\n≒≡∫∮∑√⊥∠∟⊿∵∩∪\n髜魵魲鮏".encode("cp932")]
)
def test_undeclared_characters_that_nobody_uses_are_read_as_browsers_have_them(body: bytes) -> None:
    """No word tells the language of a table of rare characters."""
    assert decode(b"<p>" + body, "") == "<p>" + body.decode("cp932")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("La criminalité liée surtout à l’ennui ? Travail, modèles européens, très complexe", "cp1252"),
        ("Simulações de 2º turno: à tarde, não há eleição em São Paulo", "cp1252"),
        ("Größe und Übermut: fünf schöne Straßen öffnen", "cp1252"),
        ("Here’s what the “pros” use – it’s not what you’d think…", "cp1252"),
        ("Gdzie jest żółta łódź? Ćma siądzie wśród gałęzi", "iso8859-2"),
        ("Příliš žluťoučký kůň úpěl ďábelské ódy", "cp1250"),
        ("Şiddetli yağış uyarısı: İstanbul’da çığ düştü", "cp1254"),
        ("Сегодня в городе открыли новый парк, вход свободный", "cp1251"),
    ],
)
def test_undeclared_text_of_one_byte_a_letter_is_one_language(text: str, encoding: str) -> None:
    assert text in decode(f"<rss><title>{text}</title></rss>".encode(encoding), "")


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "iso8859-5", "cp866", "cp855", "mac-cyrillic"])
@pytest.mark.parametrize(
    "text",
    [
        "Това е страницата на общината. Тук ще бъдат публикувани интересни материали... от днес",
        "Нео, време е да се събудиш. Време е да осъзнаеш, че Гео не е тук",
        "РАСПИСАНИЕ НА ЗАВТРА: поезд в Санкт-Петербург отправляется с первого пути",
    ],
)
def test_undeclared_text_in_cyrillic_letters_is_in_small_ones(text: str, encoding: str) -> None:
    assert text in decode(f"<rss><title>{text}</title></rss>".encode(encoding), "")


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_byte_order_mark_goes_before_everything_and_disappears(mark: bytes, encoding: str) -> None:
    text = decode(mark + html(SIMPLIFIED, "gb2312").encode(encoding), "text/html; charset=gbk")
    assert text == html(SIMPLIFIED, "gb2312")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [SIMPLIFIED, "A short notice of the town hall."])
def test_two_and_four_bytes_a_character_are_known_without_a_mark(text: str, encoding: str) -> None:
    assert text in decode(html(text).encode(encoding), "text/html; charset=utf-8")


def test_declaration_late_in_the_head_is_seen() -> None:
    padded = html(TRADITIONAL, "big5").replace("<meta", f"<!--{'x' * 2_000}--><meta")
    assert TRADITIONAL in decode(padded.encode("big5"), "")


def test_declaration_of_an_xml_document_is_seen() -> None:
    xml = f'<?xml version="1.0" encoding="GBK"?><rss><title>{SIMPLIFIED}</title></rss>'
    assert SIMPLIFIED in decode(xml.encode("gbk"), "text/xml")


def test_unknown_name_of_an_encoding_is_passed_over() -> None:
    assert SIMPLIFIED in decode(html(SIMPLIFIED, "x-no-such").encode(), "text/html; charset=none")


def test_one_damaged_character_does_not_change_the_encoding() -> None:
    body = html(SIMPLIFIED * 20, "utf-8").encode()
    damaged = body.replace("免".encode(), b"\xe5\x85", 1)
    assert decode(damaged, "").count("公园") == html(SIMPLIFIED * 20).count("公园")


@pytest.mark.parametrize("content_type", ["", "text/html", "text/html; charset=gbk", "text/html; charset=utf-7"])
@given(body=st.binary(max_size=300))
def test_no_bytes_break_the_reading(content_type: str, body: bytes) -> None:
    assert isinstance(decode(body, content_type), str)


@given(text=st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\ufeff"), max_size=200))
def test_declared_utf8_is_read_as_it_was_written(text: str) -> None:
    assert decode(text.encode(), "text/html; charset=utf-8") == text
