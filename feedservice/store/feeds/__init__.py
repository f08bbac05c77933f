"""Which feeds there are, and which articles are in them.

`registry.py` knows the feeds, `members.py` reads their articles in the order in which they joined, and `archives.py`
has their closed pages. Who joins later or elsewhere: `admission.py` (feeds that take stored articles), `doubles.py`
(articles that another source brought first). Feeds that ended: `retired.py` and `redirection.py`.
"""
