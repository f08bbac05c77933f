"""An article's markup, rewritten from scratch.

`compose.py` goes through what is kept, and `writer.py` writes it as blocks; `structures.py` are lists, tables and
quotations, `formulas.py` formulas. Files and pictures: `media.py`, `pictures.py`, `captions.py`, `embeds.py` (films in
frames of other sites) and `viewers.py` (files in viewers).
"""
