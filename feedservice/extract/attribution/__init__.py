"""Whom an article comes from: its publication (来源), its authors, and its editor, who is neither.

`byline.py` tells all three. Publications: `origins.py`, `unlabelled.py`. Authors: `authors.py` asks in order;
`beside.py`, `linkedauthors.py`, `signatures.py`, `statedauthors.py` and `authorbox.py` are where they stand. Names:
`credits.py` is the grammar of roles, `names.py` splits, `people.py` knows what a name looks like.
"""
