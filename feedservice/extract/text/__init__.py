"""Text by itself, before anyone knows where on a page it stood.

`wording.py` is text without its white space and references, `folding.py` reads traditional characters as simplified
ones, `vocabulary.py` writes sets of words as one text, and `language.py` tells which language an article is in.
"""
