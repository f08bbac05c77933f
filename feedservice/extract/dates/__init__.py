"""How pages write dates and times; whose dates they are is for `dating` to tell.

`forms.py` is the table of forms; `datewords.py` has the words in them, `clock.py` the time of day beside them, and
`splitdates.py` joins what stands in lines of its own.
"""
