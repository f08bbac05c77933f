"""A page as readers and parsers see it, whatever it is about.

From text to tree: `limits.py`, `crowding.py` and `parsing.py` keep pages within bounds; `dom.py` numbers the
elements, `elements.py` knows one of them, `lines.py` the lines that a reader sees, `links.py` where they lead. What
these are by their words: `labels.py` (facts behind a label), `noise.py`, `controls.py` and `imprint.py` (what belongs
to no article), and `density.py` (where the prose gathers).
"""
