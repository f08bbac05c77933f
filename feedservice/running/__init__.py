"""What goes on until it is stopped.

worker.py is the acting worker, companion.py a process that is kept running beside this one, and allocation.py knows how
both give memory back.
"""
