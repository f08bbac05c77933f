"""Kinds of values that several settings share: durations, time zones, paths, selectors. Text in, checked values out.

A message of a ValueError says what is allowed, since it is shown as that.
"""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_network
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, SecretStr

from feedservice.config.cron import CRON_PATTERN, check_cron
from feedservice.config.urls import check_some_address

_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(s|m|h|d|w)")
_DURATION_TEXT = r"^\s*([0-9]+(\.[0-9]+)?\s*[smhdwSMHDW]\s*)+$"
_SIZE_TEXT = r"^\s*[0-9]+(\.[0-9]+)?\s*([kKmMgG]?[bB])?\s*$"
_SIZE_UNITS = {"": 1, "b": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000}
_HEADER_NAME = r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"
_HEADER_VALUE = r"^[\t\x20-\x7e\xa0-\xff]*$"
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_OWN = "breadcrumb"
_LONGEST = 366 * 86400
_LARGEST = 10**18
NAME_PATTERN = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
LONGEST_NAME = 80
NAME_WORDS = f"small letters and digits with single hyphens between, at most {LONGEST_NAME}"
_LEVEL = r"[^>＞›\s]([^>＞›]*[^>＞›\s])?"
_LEVEL_TEXT = r"^[^>＞›]*[^>＞›\s][^>＞›]*$"
_PATH_TEXT = rf"^\s*{_LEVEL}\s*(>\s*{_LEVEL}\s*)*$"


def parse_duration(value: object) -> object:
    """Turn "90s", "30m", "1h 30m", "7d" or plain seconds into a timedelta.

    Raises ValueError with what is allowed when the text is none of these, or longer than a leap year.
    """
    if isinstance(value, timedelta):
        return value
    seconds = -1.0
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        seconds = value
    if isinstance(value, str) and re.search(_DURATION_TEXT, value):
        seconds = sum(float(number) * _UNITS[unit] for number, unit in _DURATION.findall(value.lower()))
    if 0 <= seconds <= _LONGEST:
        return timedelta(seconds=seconds)
    raise ValueError("a duration of at most 366 days, such as 90s, 30m, 1h 30m or 7d; a plain number is in seconds")


def say_duration(value: timedelta) -> str:
    """A duration as an operator writes it: "1h 30m", "0s"."""
    seconds = value.total_seconds()
    if seconds % 1:
        return f"{seconds}s"
    parts = []
    for unit in ("d", "h", "m", "s"):
        number, seconds = divmod(seconds, _UNITS[unit])
        parts += [f"{int(number)}{unit}"] if number else []
    return " ".join(parts) or "0s"


def parse_size(value: object) -> object:
    """Turn "512 MB", "2 GB" or a plain number of bytes into bytes. Raises ValueError with what is allowed otherwise."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= _LARGEST and not value % 1:
        return int(value)
    if isinstance(value, str) and re.search(_SIZE_TEXT, value):
        number = value.strip().rstrip("kKmMgGbB").strip()
        size = float(number) * _SIZE_UNITS[value.strip()[len(number) :].strip().lower()]
        if size <= _LARGEST:
            return int(size)
    raise ValueError("a size such as 800 kB, 512 MB or 2 GB; a plain number is in bytes")


def say_size(value: int) -> str:
    """A size as an operator writes it: "512 MB", "0 B"."""
    for unit in ("GB", "MB", "kB"):
        whole = _SIZE_UNITS[unit.lower()]
        if value and value % whole == 0:
            return f"{value // whole} {unit}"
    return f"{value} B"


def check_some_time(value: timedelta) -> timedelta:
    """Let a duration of at least a second through. Raises ValueError for a shorter one."""
    if value < timedelta(seconds=1):
        raise ValueError("a duration of at least 1s")
    return value


def parse_rate(value: object) -> object:
    """Turn a duration of at least a second, or the word "adaptive", into itself. Raises ValueError for all else."""
    if value == "adaptive":
        return value
    try:
        duration = parse_duration(value)
    except ValueError as error:
        raise ValueError(f"adaptive, or {error}") from None
    return check_some_time(duration) if isinstance(duration, timedelta) else duration


def say_rate(value: timedelta | str) -> str:
    """A rate as an operator writes it."""
    return say_duration(value) if isinstance(value, timedelta) else value


def check_timezone(value: str) -> str:
    """Let an IANA time zone name through. Raises ValueError for any other text."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("an IANA time zone such as Asia/Shanghai") from None
    return value


def parse_path(value: object) -> object:
    """Turn "资讯动态 > 其他信息", or a list of levels, into the levels. Raises ValueError when a level is empty."""
    whole = value.strip() if isinstance(value, str) else ""
    if isinstance(value, str):
        value = value.split(">")
    if not isinstance(value, (list, tuple)):
        return value
    levels = tuple(level.strip() if isinstance(level, str) else level for level in value)
    if not all(levels):
        raise ValueError("a path without empty levels, such as 资讯动态 > 其他信息")
    # Read otherwise than before, these would move feeds; left as they are, they are no shelf that anybody meant.
    if any(isinstance(level, str) and set(level) & set(">＞›") for level in levels):
        raise ValueError("levels with > between, such as 资讯动态 > 其他信息, or a list of them without such signs")
    if whole.lower() == _OWN:  # in small letters it is a choice of its own beside paths
        raise ValueError(
            "breadcrumb in small letters, to take each article's own; or a path such as 资讯动态 > 其他信息"
        )
    return levels


def parse_list(value: object) -> object:
    """Turn one text into a list of one; a list stays what it is."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def check_folder(value: str | None) -> str | None:
    """Let a folder's path, or none, through. Raises ValueError for one in a home folder, which only shells know."""
    if value is not None and value.split("/")[0] == "~":
        raise ValueError("the whole path, for only a shell knows what ~ is; a folder of that name is written ./~")
    return value


def check_network(value: str) -> str:
    """Let a host name, an IP address or a network through. Raises ValueError for any other text."""
    host = r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)"
    if re.fullmatch(rf"{host}(\.{host})*\.?", value) and not re.fullmatch(r"[0-9.]+", value):
        return value
    try:
        ip_network(value, strict=False)
    except ValueError:
        raise ValueError("a host, an address or a network: intranet.example.org, 127.0.0.1, 10.1.0.0/16") from None
    return value


def check_addresses(value: str) -> str:
    """Let an IP address or a network through. Raises ValueError for any other text."""
    try:
        ip_network(value, strict=False)
    except ValueError:
        raise ValueError("an IP address or a network: 127.0.0.1, 10.1.0.0/16, ::1") from None
    return value


def check_header_name(value: str) -> str:
    """Let the name of a header field through (RFC 9110 §5.1). Raises ValueError for any other text."""
    if not re.search(_HEADER_NAME, value):
        raise ValueError("letters, digits and hyphens, such as Cookie")
    return value


def check_header_value(value: SecretStr) -> SecretStr:
    """Let what can be sent as a header field through (RFC 9110 §5.5). Raises ValueError for any other text."""
    if not re.search(_HEADER_VALUE, value.get_secret_value()):
        raise ValueError("a single line of Latin characters")
    return value


def check_feed_name(value: str) -> str:
    """Let a name through that can be part of a feed's address. Raises ValueError for any other text."""
    if len(value) > LONGEST_NAME or not re.fullmatch(NAME_PATTERN, value):
        raise ValueError(NAME_WORDS)
    return value


Duration = Annotated[
    timedelta,
    BeforeValidator(
        parse_duration,
        json_schema_input_type=Annotated[str, Field(pattern=_DURATION_TEXT, examples=["90s", "1h 30m"])]
        | Annotated[float, Field(ge=0, le=_LONGEST)],
    ),
    PlainSerializer(say_duration, str, when_used="json"),
]
SomeTime = Annotated[
    timedelta,
    BeforeValidator(
        parse_duration,
        json_schema_input_type=Annotated[str, Field(pattern=_DURATION_TEXT, examples=["90s", "1h 30m"])]
        | Annotated[float, Field(ge=1, le=_LONGEST)],
    ),
    AfterValidator(check_some_time),
    PlainSerializer(say_duration, str, when_used="json"),
]
Size = Annotated[
    int,
    BeforeValidator(
        parse_size,
        json_schema_input_type=Annotated[str, Field(pattern=_SIZE_TEXT, examples=["512 MB", "2 GB"])]
        | Annotated[int, Field(ge=0)],
    ),
    PlainSerializer(say_size, str, when_used="json"),
]
Rate = Annotated[
    timedelta | Literal["adaptive"],
    BeforeValidator(
        parse_rate,
        json_schema_input_type=Literal["adaptive"]
        | Annotated[str, Field(pattern=_DURATION_TEXT, examples=["90s", "1h 30m"])]
        | Annotated[float, Field(ge=1, le=_LONGEST)],
    ),
    PlainSerializer(say_rate, str, when_used="json"),
]
"""How often something is done: a duration, or as its times have been so far."""
TimeZone = Annotated[str, AfterValidator(check_timezone), Field(examples=["Asia/Shanghai"])]
CronLine = Annotated[
    str, AfterValidator(check_cron), Field(examples=["17 3 * * *"], json_schema_extra={"pattern": CRON_PATTERN})
]
CategoryPath = Annotated[
    tuple[str, ...],
    BeforeValidator(
        parse_path,
        json_schema_input_type=Annotated[str, Field(pattern=_PATH_TEXT, examples=["资讯动态 > 其他信息"])]
        | Annotated[list[Annotated[str, Field(pattern=_LEVEL_TEXT, examples=["资讯动态"])]], Field(min_length=1)],
    ),
    Field(min_length=1),
]
Selectors = Annotated[tuple[str, ...], BeforeValidator(parse_list, json_schema_input_type=str | list[str])]
Headers = Annotated[
    dict[Annotated[str, AfterValidator(check_header_name)], Annotated[SecretStr, AfterValidator(check_header_value)]],
    Field(json_schema_extra={"propertyNames": {"pattern": _HEADER_NAME}}),
]
Name = Annotated[str, Field(pattern=NAME_PATTERN, max_length=LONGEST_NAME)]
FeedName = Annotated[str, AfterValidator(check_feed_name)]
"""A feed's name where it stands before the colon; with NAMES on the mapping, for its schema."""
NAMES = Field(json_schema_extra={"propertyNames": {"pattern": NAME_PATTERN, "maxLength": LONGEST_NAME}})
WebAddress = Annotated[
    str, Field(pattern=r"^(?:https?://[^\s/?#]+(?:[/?#]\S*)?)?$"), AfterValidator(check_some_address)
]
Network = Annotated[str, AfterValidator(check_network), Field(examples=["10.1.0.0/16"])]
Addresses = Annotated[str, AfterValidator(check_addresses), Field(examples=["127.0.0.1"])]
