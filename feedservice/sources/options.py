"""Values that the options of several kinds have in common."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from feedservice.config.urls import check_address

Address = Annotated[str, Field(pattern=r"^https?://[^\s/?#]+\S*$"), AfterValidator(check_address)]
"""An absolute http or https address."""
Addresses = Annotated[
    tuple[Address, ...],
    BeforeValidator(
        lambda value: (value,) if isinstance(value, str) else value, json_schema_input_type=Address | list[Address]
    ),
]
"""One address or several."""
FullText = Literal["auto", "feed", "page"]
"""Where an article's text comes from."""
