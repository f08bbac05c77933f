"""Articles, from their coming to their withdrawal.

`intake.py` remembers what a refresh found: `recognise.py` tells which of it is stored already, `revising.py` writes new
revisions. `reading.py` reads articles, `history.py` what they were, `captures.py` the pages that they were read from.
`withdrawing.py` takes them back, and `succession.py` tells who takes the place of one that others carry too.
"""
