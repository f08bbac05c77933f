"""Memberships say what date an article has in a feed that it joins late, and when it did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What has joined keeps its article's own date: it was served with that."""
    columns = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("memberships")}
    for name in ("arrival", "came"):
        if name not in columns:
            op.add_column("memberships", sa.Column(name, sa.BigInteger()))
    op.create_index(
        "ix_memberships_arrival",
        "memberships",
        ["arrival"],
        if_not_exists=True,
        sqlite_where=sa.text("arrival IS NOT NULL"),
        postgresql_where=sa.text("arrival IS NOT NULL"),
    )
