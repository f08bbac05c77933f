"""Values that the options of several kinds have in common."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

Address = Annotated[str, Field(pattern=r"^https?://[^\s/?#]+\S*$")]
"""An absolute http or https address."""
Addresses = Annotated[
    tuple[Address, ...],
    BeforeValidator(
        lambda value: (value,) if isinstance(value, str) else value, json_schema_input_type=str | list[str]
    ),
]
"""One address or several."""
FullText = Literal["auto", "feed", "page"]
"""Where an article's text comes from."""
