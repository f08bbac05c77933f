"""The names that pages call their character encodings by, and what Python calls the encoding that is meant.

An allow-list: Python knows more codecs than there are encodings of pages (unicode-escape, idna, punycode, EBCDIC).
"""

from __future__ import annotations

import codecs

from feedservice.extract.text.vocabulary import vocabulary

_LABELS = {
    "gb_2312-80": "gb18030", "x-gbk": "gb18030", "csgb2312": "gb18030", "csiso58gb231280": "gb18030",
    "big-5": "big5hkscs", "x-x-big5": "big5hkscs", "cn-big5": "big5hkscs", "latin-1": "cp1252", "iso88591": "cp1252",
    "x-cp1252": "cp1252", "shift-jis": "cp932", "x-sjis": "cp932", "csshiftjis": "cp932", "windows-31j": "cp932",
    "x-euc-jp": "euc_jp", "cseucpkdfmtjapanese": "euc_jp", "cseuckr": "cp949", "ks_c_5601-1989": "cp949",
    "ksc_5601": "cp949", "windows-949": "cp949", "x-cp1250": "cp1250", "x-cp1251": "cp1251", "x-cp1254": "cp1254",
    "dos-874": "cp874", "windows-874": "cp874", "iso-8859-8-i": "iso8859-8", "logical": "iso8859-8", "koi": "koi8-r",
    "koi8": "koi8-r", "koi8-ru": "koi8-u", "x-mac-roman": "mac-roman", "x-mac-cyrillic": "mac-cyrillic",
    "x-mac-ukrainian": "mac-cyrillic", "unicode": "utf-8", "unicode-1-1-utf-8": "utf-8", "unicode11utf8": "utf-8",
    "x-unicode20utf8": "utf-8",
}  # fmt: skip
"""Names of the WHATWG Encoding Standard, and some that are met besides, that Python does not know."""
_WIDER = {
    "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs", "shift_jis": "cp932",
    "euc_kr": "cp949", "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",  # noqa: E501
    "utf-8-sig": "utf-8", "utf-16": "utf-8",
}  # fmt: skip
"""The encoding that is read for one that is declared, because it holds it: as browsers do."""
_READ = vocabulary(
    "utf-8 utf-16-le utf-16-be utf-32 gb18030 big5hkscs cp932 euc_jp iso2022_jp cp949 iso2022_kr hz johab "
    "cp866 cp874 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 koi8-r koi8-u mac-roman mac-cyrillic "
    "iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 "
    "iso8859-15 iso8859-16"
)


def python_name(label: str) -> str | None:
    """Python's name of the encoding that a page means by `label`; None when it is none that pages are written in."""
    label = label.strip().lower()
    try:
        name = codecs.lookup(_LABELS.get(label, label)).name
    except (LookupError, ValueError):
        return None
    name = _WIDER.get(name, name)
    return name if name in _READ else None
