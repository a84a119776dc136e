from __future__ import annotations

import os
from pathlib import Path

import pytest

from miaobi.engines import disk


def test_kept_digest_is_not_computed_again_while_the_file_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.gguf"
    path.write_bytes(b"one")
    first = disk.kept_digest(path)
    assert first == disk.digest(path)
    monkeypatch.setattr(disk, "digest", lambda path: pytest.fail("hashed again"))
    assert disk.kept_digest(path) == first


@pytest.mark.parametrize("change", ["content", "time", "other file", "note"])
def test_kept_digest_is_computed_anew_when_anything_of_the_file_changed(tmp_path: Path, change: str) -> None:
    path = tmp_path / "w.gguf"
    path.write_bytes(b"one")
    disk.kept_digest(path)
    state = path.stat()
    if change == "content":
        path.write_bytes(b"three")
    elif change == "time":
        path.write_bytes(b"two")
        os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns + 1))
    elif change == "other file":
        other = tmp_path / "other"
        other.write_bytes(b"two")
        os.utime(other, ns=(state.st_atime_ns, state.st_mtime_ns))
        other.replace(path)
    else:
        path.write_bytes(b"two")
        os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
        next(tmp_path.glob("*.json")).write_text("{")
    assert disk.kept_digest(path) == disk.digest(path)
