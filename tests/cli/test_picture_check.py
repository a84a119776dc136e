"""``miaobi check`` of an SVG."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.run import run

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>t</title>'


def test_svg_is_judged_and_what_may_run_is_named(tmp_path: Path) -> None:
    (tmp_path / "good.svg").write_text(f'{HEAD}<path d="M1 1H5V5Z"/></svg>', "utf-8")
    (tmp_path / "bad.svg").write_text(f"{HEAD}<script>alert(1)</script></svg>", "utf-8")
    good, bad = (run("check", name, home=tmp_path) for name in ("good.svg", "bad.svg"))
    assert (good.returncode, "0 errors" in good.stdout) == (0, True)
    assert (bad.returncode, "script" in bad.stdout) == (65, True)
    told = json.loads(run("check", "bad.svg", "--json", home=tmp_path).stdout)
    assert told["findings"][0]["severity"] == "error"
    assert run("check", "none.svg", home=tmp_path).returncode == 66
