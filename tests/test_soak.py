"""The whole service under a steady load while its feeds change: a minute of it; an hour is `benchmarks/soak.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.soak import soak


@pytest.mark.slow
def test_a_minute_of_load_with_rebuilds_brings_no_error_no_growth_and_no_leak(tmp_path: Path) -> None:
    told = soak(tmp_path, seconds=60, rate=300, articles=1_000)
    assert "; 0 errors" in told
