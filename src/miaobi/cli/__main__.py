"""``python -m miaobi.cli``: the command without its script."""

import sys

from miaobi.cli import main

sys.exit(main())
