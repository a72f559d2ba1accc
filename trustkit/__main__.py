"""`python -m trustkit` is the command `trustkit`."""

import sys

from trustkit.cli import main

sys.exit(main())
