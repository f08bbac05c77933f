"""Which encoding undeclared bytes are written in: common characters first for the East Asian ones, else a detector."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from feedservice.extract.encoding.webnames import python_name

# What is never closed goes up to the end: looking for the end again and again would take quadratic time.
_MARKUP = re.compile(
    rb"<(?:script|style)\b.*?(?:</(?:script|style)\s*>|\Z)|<[^<>]*>|&#?\w{1,8};", re.IGNORECASE | re.DOTALL
)
_ESCAPES = ((b"\x1b$", "iso2022_jp"), (b"\x1b(J", "iso2022_jp"), (b"\x1b$)C", "iso2022_kr"), (b"~{", "hz"))
_EAST_ASIAN = ("gb18030", "big5hkscs", "cp932", "euc-jp", "cp949")
_SIMPLIFIED = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多"
    "定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因"
    "由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解"
    "问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少"
    "图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七"
    "海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目"
    "至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算"
    "低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精"
    "值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该"
    "铁价严"
)
_TRADITIONAL = frozenset(
    "的一是不在有人這我了中大來上個國到他說們為子和你地出道也時年得就那要下以生會自著去之過家學對可她里後小麼心多天"
    "而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些"
    "與高意進把法此實回二理美點月明其種聲全工己話兒者向情部正名定女問力機給等幾很業最間新什打便位因重被走電四第門相"
    "次東政海口使教西再平真聽世氣信北少關並內加化由卻代軍產入先山五太水萬市眼體別處總才場師書比住員九笑性通目華報立"
    "馬命張活難神數件安表原車白應路期叫死常提感金何更反合放做系計或司利受光王果親界及今京務制解各任至清物台象記邊共"
    "風戰幹接它許八特覺望直服毛林題建南度統色字請交愛讓認算論百吃義科怎元社術結六功指思非流每青管夫連遠資隊"
)
_AS_READ = {
    "shift_jis_2004": "cp932", "shift_jisx0213": "cp932", "euc_jis_2004": "euc_jp", "euc_jisx0213": "euc_jp",
}  # fmt: skip
"""What browsers read where the detector names an encoding that no page does: pages are written for them."""
_HANGUL_COMMON = frozenset("이다는을가의에한고를은지하기로도사니자리나어인시과해대아서들일그수정있것으만")
_LATIN = ("cp1252", "cp1250", "iso8859-2", "cp1254", "cp1257")
_ALPHABETS = tuple(
    frozenset(letters + letters.upper())
    for letters in (
        "äöüß", "àâæçéèêëîïôœùûüÿ", "áéíñóúüªº", "áàâãçéêíóôõúüªº", "àèéìíòóù", "åäöæøé", "áæéíðóöúýþ", "áàèéëïóöü",
        "ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž",
        "âçğıîöşü", "ąčęėįšųūž", "āčēģīķļņšūž", "äõöšüž",
    )
)  # fmt: skip
"""What languages add to the Latin alphabet, those of western Europe first."""
_CYRILLIC = ("cp1251", "koi8-r", "iso8859-5", "cp866", "mac-cyrillic", "cp855")
_CYRILLIC_ALPHABET = "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўјљњћџђѓќѕ"
_ANYWHERE = frozenset("\u00a0\u00ad“”„‘’‚–—…«»‹›•·©®™°§€£¥×¿¡´ªº²³½¼")
_BEYOND_LATIN = "\u0250"
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc]")
_SAMPLE = 200_000
_ASCII = bytes(range(0x80))
_STRANGE = re.compile(rb"[\x80-\xff]+")


def guess(body: bytes) -> str:
    """The Python name of the encoding that `body` is most likely written in; "utf-8" if nothing speaks for another."""
    for escape, name in _ESCAPES:
        if escape in body and _decodes(body, name):
            return name
    text = _MARKUP.sub(b" ", body[: 4 * _SAMPLE])[:_SAMPLE]
    if len(text.translate(None, _ASCII)) < 2:
        text = body[:_SAMPLE]
    if len(text.translate(None, _ASCII)) >= 2:
        east = max((_likeness(text, name), -rank, name) for rank, name in enumerate(_EAST_ASIAN))
        if east[0] > 0.35:
            return east[2]
    return _detector(body)


def _likeness(sample: bytes, name: str) -> float:
    """How much of the text is made of characters that are common in the languages of this encoding: 0 to 1."""
    text = sample.decode(name, "replace")
    strange = [char for char in text if char > "\x7f"]
    if not strange:
        return 0.0
    bad = _unreadable(strange)
    if bad > 0.02 * len(strange) + 1:
        return 0.0
    if name == "gb18030":
        good = sum(char in _SIMPLIFIED for char in strange)
    elif name == "big5hkscs":
        good = sum(char in _TRADITIONAL for char in strange)
    elif name == "cp949":
        good = 2 * sum(char in _HANGUL_COMMON for char in strange)
    else:
        halfwidth = sum("\uff61" <= char <= "\uff9f" for char in strange)
        good = sum(1 for _ in _KANA.finditer(text)) * 3 // 2 - halfwidth
    marks = sum("\u3000" <= char <= "\u3002" or char in "，：；？！（）“”《》、「」『』【】" for char in strange)
    return (good - 4 * bad) / max(1, len(strange) - marks)


def _unreadable(text: Iterable[str]) -> int:
    """How many characters are none: they could not be read, or stand where an encoding has room for private ones."""
    return sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" for char in text)


def _decodes(body: bytes, name: str) -> bool:
    try:
        body.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _detector(body: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(body).best()
    if best is None:
        whole = [name for name in _EAST_ASIAN if not _unreadable(body.decode(name, "replace"))]
        return whole[0] if len(whole) == 1 else "utf-8"
    if best.encoding.startswith("utf"):
        return best.encoding
    name = _AS_READ.get(best.encoding) or python_name(best.encoding)
    if name is None or name.startswith("mac-") or name in _CYRILLIC or name in _EAST_ASIAN:
        name = _cyrillic(body) or name
    return _latin(body, name)


def _cyrillic(body: bytes) -> str | None:
    """The encoding in which text is in Cyrillic letters, small ones for the most part; None where it is in none.

    To the detector, letters that no language of them uses, and those of old Macintoshes, are as good as any.
    """
    words = _STRANGE.findall(body[:_SAMPLE])
    strange = b"".join(words)
    if len(strange) < 2 * len(words):
        return None
    likeness = {name: _is_cyrillic(strange.decode(name, "replace")) for name in _CYRILLIC}
    best = max(likeness, key=likeness.__getitem__)
    return best if likeness[best] > 0.6 else None


def _is_cyrillic(strange: str) -> float:
    """How much of what a text has beyond ASCII are letters of that alphabet, small ones for the most part: 0 to 1."""
    counts = Counter(strange)
    small = sum(counts[letter] for letter in _CYRILLIC_ALPHABET)
    capital = sum(counts[letter] for letter in _CYRILLIC_ALPHABET.upper())
    vowels = sum(counts[letter] for letter in "аеиоАЕИО")
    return (small + 0.9 * capital) / len(strange) if 5 * vowels > len(strange) else 0.0


def _latin(body: bytes, detected: str | None) -> str:
    """The encoding in which text in Latin letters is that of one language; another one as it is.

    detected: None where the detector named one that no page is written in. To it, Windows-1250 and Windows-1252 are
    often as good as each other.
    """
    strange = body[:_SAMPLE].translate(None, _ASCII)
    detected = detected or _LATIN[0]
    letters = [char for char in strange.decode(detected, "replace") if char.isalpha()]
    if detected.startswith("utf") or 2 * sum(char < _BEYOND_LATIN for char in letters) < len(letters):
        return detected
    names = dict.fromkeys((_LATIN[0], detected, *_LATIN))
    likeness = {name: _is_one_language(strange.decode(name, "replace")) for name in names}
    best = max(names, key=likeness.__getitem__)
    return best if likeness[best] > 0.9 else detected


def _is_one_language(strange: str) -> float:
    """How much of what a text has beyond ASCII belongs to the one language that has most of it: 0 to 1."""
    counts = Counter(char for char in strange if char not in _ANYWHERE)
    best = max(sum(counts[letter] for letter in alphabet) for alphabet in _ALPHABETS)
    return best / counts.total() if counts else 1.0
