"""Published bytes: `reading.py` reads documents, `replacing.py` stores those that changed, and `representations.py` has
their bytes in every coding.
"""
