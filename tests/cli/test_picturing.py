"""``miaobi restyle`` and ``miaobi look``."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image

from tests.cli.run import run


def _save(path: Path) -> None:
    image = np.empty((120, 180, 3), np.uint8)
    image[:70], image[70:] = (230, 130, 90), (90, 60, 70)
    Image.fromarray(image).save(path)


def test_picture_is_looked_at_and_what_it_seeds_is_told(tmp_path: Path) -> None:
    _save(tmp_path / "evening.png")
    told = run("look", "evening.png", home=tmp_path)
    assert told.returncode == 0
    assert "Idea: a sunset" in told.stdout
    plain = json.loads(run("look", "evening.png", "--json", "--lang", "zh", home=tmp_path).stdout)
    assert plain["hour"] == "sunset"
    assert "夕阳" in plain["brief"]["idea"]
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert run("look", "broken.png", home=tmp_path).returncode == 66
    assert run("look", "none.png", home=tmp_path).returncode == 66


def test_restyle_refuses_what_is_no_style_or_no_picture(tmp_path: Path) -> None:
    _save(tmp_path / "evening.png")
    wrong = run("restyle", "evening.png", "--style", "van-gogh", home=tmp_path)
    assert (wrong.returncode, "starlit" in wrong.stderr) == (64, True)
    assert run("restyle", "evening.png", "--style", "gone.jpg", home=tmp_path).returncode == 66
    assert run("restyle", "none.png", home=tmp_path).returncode == 66


def test_a_style_given_by_o_is_taken_and_given_twice_refused(tmp_path: Path) -> None:
    _save(tmp_path / "evening.png")
    run("restyle", "evening.png", "-o", "style=woodblock", "-o", "size=64", "--out", "new", home=tmp_path)
    assert "woodblock" in (tmp_path / "new" / "evening.txt").read_text(encoding="utf-8")
    assert run("restyle", "evening.png", "-o", "style=ukiyo-e", home=tmp_path).returncode == 64
    twice = run("restyle", "evening.png", "-o", "style=woodblock", "--style", "starlit", home=tmp_path)
    assert (twice.returncode, "--style and by -o" in twice.stderr) == (64, True)
