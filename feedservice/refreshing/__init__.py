"""What a refresh is made of; `refresh.py` tells the way once, from top to bottom.

Before the read, opened.py has what is handed to it, backlog.py what a source is told of the reads before, and
overlooking.py what is on offer and not read now. completing.py makes offers whole from their pages, believing.py puts
together what health judges, resuming.py decides when a source is read next. Of what is believed, intaking.py knows
what is stored, with links.py for the links that name an article, looks.py for what comes of looking again, merging.py
for what another source has brought already, moving.py for a site that gave its articles other addresses, admitting.py
for selections, and refusing.py for what was pushed in vain.
"""
