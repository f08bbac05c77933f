"""What is wrong with an article that was pushed, in words for whoever wrote the program that pushes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import ValidationError

NO_TIME = "no time such as 2026-01-05T11:00:00+08:00, 2026-01-05 11:00 or 2026-01-05"
_NO_ADDRESS = "no address such as https://www.example.org/news/1.html"
_UNFIT: Mapping[str, str] = {
    "id": "has to be without spaces, such as notice-7",
    "url": _NO_ADDRESS,
    "image": _NO_ADDRESS,
    "language": "no language such as zh-CN",
    "published": NO_TIME,
    "updated": NO_TIME,
}
"""By name, what a text is told that has another form than is asked for."""
_WORDS: Mapping[str, str] = {
    "missing": "has to be there",
    "extra_forbidden": "there is no such name",
    "model_type": "is no object",
    "string_type": "is no text",
    "string_too_long": "has more than {max_length} characters",
    "tuple_type": "is no list",
    "too_long": "holds more than {max_length}",
    "int_type": "is no whole number",
    "int_from_float": "is no whole number",
    "int_parsing": "is no whole number",
    "greater_than_equal": "is less than {ge}",
    "less_than": "is not less than {lt}",
}
"""By pydantic's name of a fault, what is said of it."""


def faults(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Everything that is wrong: a JSON Pointer (RFC 6901) to each place, and what it is."""
    for one in error.errors(include_url=False, include_input=False):
        place = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in one["loc"])
        name = str(one["loc"][-1]) if one["loc"] else ""
        if one["type"] in ("string_pattern_mismatch", "string_too_short"):
            yield place, _UNFIT.get(name, "nothing of it can be seen")
        elif one["type"] in _WORDS:
            yield place, _WORDS[one["type"]].format(**one.get("ctx", {}))
        else:
            yield place, one["msg"].removeprefix("Value error, ")
