"""``python -m miaobi`` is the command ``miaobi``."""

import sys

from miaobi.cli import main

if __name__ == "__main__":
    sys.exit(main())
