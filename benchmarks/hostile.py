"""What each reader takes of the processor for each hostile page of the tests, beside what it may take there.

    python benchmarks/hostile.py [PAGE ...] [--over 1.0]

Prints the pages for which some reader takes longer than so many seconds, the dearest first, and what that is of the
bound of the tests on this machine; and whatever a reader neither read nor refused, with exit code 1. Without a name all
pages are met, one after the other; that takes some minutes.
"""

from __future__ import annotations

import argparse
import platform
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.fuzz_targets import READERS
from tests.hostile_pages import PAGES, SECONDS, meet
from tests.pace import pace

_GOOD = ("read", "refused")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", metavar="PAGE")
    parser.add_argument("--over", type=float, default=1.0)
    arguments = parser.parse_args()
    if unknown := set(arguments.pages) - set(PAGES):
        parser.error(f"no such page: {', '.join(sorted(unknown))}; there are {', '.join(PAGES)}")
    bound = SECONDS * pace()
    print(f"{platform.platform()}, Python {platform.python_version()}, bound {bound:.0f} s")
    rows: list[tuple[float, str]] = []
    faults: list[str] = []
    for page in arguments.pages or PAGES:
        met = meet(page, [reader for reader in READERS if reader != "moment"])
        faults += [f"{page}: {reader}: {it.outcome}" for reader, it in met.items() if it.outcome not in _GOOD]
        dear = {reader: meeting for reader, meeting in met.items() if meeting.seconds >= arguments.over}
        if dear:
            told = ", ".join(f"{reader} {meeting.seconds:.1f} s {meeting.outcome}" for reader, meeting in dear.items())
            worst = max(meeting.seconds for meeting in dear.values())
            rows.append((worst, f"{worst / bound:5.2f}  {page}: {told}"))
    print("\n".join([*(text for _, text in sorted(rows, reverse=True)), *faults]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
