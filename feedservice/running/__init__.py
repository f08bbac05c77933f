"""What goes on until it is stopped.

worker.py is the acting worker, companion.py a process that is kept running beside this one; allocation.py knows how
both give memory back, complaints.py how what goes wrong again and again is told once.
"""
