"""Documents remember of what parts they are made up, and whether codings are still to be made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Documents that are there have all their codings, and no layout: the next rebuild writes them whole."""
    op.add_column("documents", sa.Column("layout", sa.LargeBinary(), nullable=False, server_default=sa.text("''")))
    op.add_column("documents", sa.Column("partial", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_documents_partial",
        "documents",
        ["version"],
        unique=False,
        sqlite_where=sa.text("partial"),
        postgresql_where=sa.text("partial"),
    )
