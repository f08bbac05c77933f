"""Which line of a page is the article's headline.

`headline.py` chooses: the visible line on which the titles of `titles.py` agree. `sections.py` and `sites.py` know the
headings that are none and what the site is called, `kickers.py` what stands before a headline in the same heading,
`overfacts.py` the headlines that are no heading.
"""
