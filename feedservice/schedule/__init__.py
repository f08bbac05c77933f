"""When things happen. turns.py knows fixed times, and calls what is due; APScheduler lives there only.

polling.py heeds when a source asks to be read again, adapting.py decides it by when its articles came.
"""

from feedservice.schedule.turns import Schedule, check_cron, next_run, share_of

__all__ = ["Schedule", "check_cron", "next_run", "share_of"]
