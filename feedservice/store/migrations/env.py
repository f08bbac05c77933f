"""Run by Alembic: migrates over the connection, and in the transaction, that `upgrade` hands in.

A new migration is a file in versions/, named by the next number and shaped like the one before it; schema.py changes
with it, and `python -m tests.store_dump` keeps a store of the new schema for the tests of all later ones. A migration
never imports from feedservice: it has to mean the same when the program has moved on.
"""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table=context.config.attributes["version_table"])
context.run_migrations()
