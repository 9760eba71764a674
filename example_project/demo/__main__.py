"""``python -m example_project.demo``."""

import sys

from example_project.demo.program import main

sys.exit(main())
