"""`python -m feedservice` is the command `feedservice`."""

import sys

from feedservice.cli import main

if __name__ == "__main__":
    sys.exit(main())
