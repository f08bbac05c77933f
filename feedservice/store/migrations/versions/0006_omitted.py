"""Of representations, how many bytes are not stored, in place of how long they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rows that told their length tell the rest of it; no other row is written anew."""
    columns = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("representations")}
    # Between two releases there were stores of schema 0005 that had this column already.
    if "omitted" not in columns:
        op.execute("ALTER TABLE representations RENAME COLUMN length TO omitted")
        op.execute("UPDATE representations SET omitted = omitted - length(body) WHERE omitted <> 0")
