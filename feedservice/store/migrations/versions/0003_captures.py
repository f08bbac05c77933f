"""The pages that articles were read from are kept, within a budget."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Nothing is kept of what was read before."""
    op.create_table(
        "capture_bases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index("ix_capture_bases_number", "capture_bases", ["number"], unique=True)
    op.create_index("ix_capture_bases_source", "capture_bases", ["source", "number"], unique=False)
    op.create_table(
        "captures",
        sa.Column("seq", SEQ, autoincrement=False, nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["articles.seq"]),
        sa.ForeignKeyConstraint(["base"], ["capture_bases.name"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("ix_captures_taken", "captures", ["taken", "seq"], unique=False)
    op.create_index("ix_captures_base", "captures", ["base"], unique=False)
    counters = sa.table("counters", sa.column("name", sa.Text), sa.column("value", sa.BigInteger))
    op.bulk_insert(counters, [{"name": "captures", "value": 0}])
