"""Before the WSGI server: what memory knows is answered at the door, everybody else is let through.

Almost every request is a poll for a document that is in memory. To answer one costs less than what a general server
does around a call of its application, so that a loop of a few hundred lines takes those that are simple beyond doubt.
It reads no bodies, knows no coding of messages, and refuses nothing but what takes too long to arrive: whatever it does
not recognise goes to the WSGI server behind it, byte for byte, with all that follows on the same connection.
docs/performance.md tells what it saves.
"""
