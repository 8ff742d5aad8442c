"""``python -m cropcore.cli`` is the command ``cropcore``."""

import sys

from cropcore.cli.main import main

sys.exit(main())
