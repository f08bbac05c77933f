"""Of a document, bytes that can be had of others need not be stored."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """All that is stored is stored whole. No row is written anew: bodies may be gigabytes."""
    op.add_column("representations", sa.Column("omitted", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
