"""Representations say how long they are, so that bytes that can be had of others need not be stored."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is stored stays as it is, its lengths untold: bodies may be gigabytes, and the next schema asks for none."""
    length = sa.Column("length", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
    op.add_column("representations", length)
