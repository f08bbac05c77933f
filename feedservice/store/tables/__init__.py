"""The tables, and what a value is on its way into them.

`schema.py` has the tables, `columns.py` their types, `flags.py` what their indexes are declared with. `text.py` says
what text may enter and `content.py` how values become text; `batches.py` divides many of them, `notes.py` keeps
single facts.
"""
