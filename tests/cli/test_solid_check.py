"""``miaobi check`` of a solid."""

from __future__ import annotations

import json
from pathlib import Path

import trimesh

from tests.cli.run import run


def test_solid_is_judged_and_a_hole_is_named(tmp_path: Path) -> None:
    ball = trimesh.creation.icosphere(2, 20)
    ball.export(tmp_path / "whole.stl")
    ball.faces = ball.faces[1:]
    ball.export(tmp_path / "open.obj")
    whole, open_ = (run("check", name, home=tmp_path) for name in ("whole.stl", "open.obj"))
    assert (whole.returncode, "0 errors" in whole.stdout) == (0, True)
    assert "320 triangles" in whole.stdout
    assert (open_.returncode, "1 hole" in open_.stdout) == (65, True)
    told = json.loads(run("check", "open.obj", "--json", home=tmp_path).stdout)
    assert told["findings"][0]["rule"] == "solid"
    (tmp_path / "none.glb").write_bytes(b"glTF")
    assert run("check", "none.glb", home=tmp_path).returncode == 66
