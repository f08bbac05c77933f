"""Addresses of the web as text, for rooms that may not meet; nothing here fetches any.

joining.py knows which references need no parser to be made absolute, spellings.py which addresses are one, and
masking.py how an address may stand in logs and on pages.
"""
