"""What a page states of itself where no reader sees it.

`stated.py` reads meta names, Open Graph and JSON-LD, `tags.py` the keywords among them; `scripted.py` reads the state
that scripts draw from, `scriptstrings.py` the strings of scripts as such.
"""
