"""The databases that the store stands on, and everything that differs between them.

`backend.py` says what one has to offer; `sqlite.py` and `postgres.py` do, and `url.py` opens whichever an address
means. `upgrade.py` brings a schema up to date, `copying.py` carries everything from one database to another.
"""
