"""What is remembered of sources: `states.py` how they are, `inbox.py` what was pushed to them and waits, `renaming.py`
that one goes by another name now.
"""
