"""From bytes to text: in which character encoding a page is really written.

`charset.py` asks in order: mark, HTTP, declaration, UTF-8, a guess; `webnames.py` knows what pages call encodings,
`guessing.py` what undeclared bytes look like.
"""
