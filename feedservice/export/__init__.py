"""Feeds as files: every published document below a folder or in a bucket, the same bytes that are served.

Floor 4. `export` brings a target up to date once; `Exporting` keeps one up to date beside the worker.
"""

from __future__ import annotations

from feedservice.export.always import Exporting
from feedservice.export.carrying import Exported, Outlet
from feedservice.export.exporting import export
from feedservice.export.targets import Target, open_target

__all__ = ["Exported", "Exporting", "Outlet", "Target", "export", "open_target"]
