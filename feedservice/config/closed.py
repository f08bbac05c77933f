"""How every group of settings is."""

from pydantic import BaseModel, ConfigDict

CLOSED = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
"""Frozen, without unknown keys, its fields' docstrings the documentation."""


class Model(BaseModel):
    """Frozen, closed: unknown keys are refused."""

    model_config = CLOSED
