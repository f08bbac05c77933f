"""What operators ask for beside the schedule, one module for a wish; the commands of `cli` tell what came of it.

preview.py shows what a source would bring, explain.py how each field of an article was found; reextract.py applies
changed rules to the past, taking_back.py withdraws articles on somebody's word.
"""
