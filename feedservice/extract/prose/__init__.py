"""Where on a page the article's text is, and what in it is not the article's.

`body.py` chooses among candidates; `statetext.py` finds a text that only scripts draw, `showing.py` a file or film in
its place. `standfirst.py` and `leadin.py` know where it begins, `trim.py` and `teasers.py` what is taken out of it,
`zone.py` the lines around it.
"""
