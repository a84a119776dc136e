"""A checkpoint of the user's paints: on real pipelines with random weights, with no network to be had."""

from __future__ import annotations

import base64
import io
import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.craft.looking.opening import held
from miaobi.desk import MemoryJournal
from miaobi.engines import catalog, open_engine
from miaobi.errors import BriefError, CancelledError, CheckpointError, UnknownNameError
from miaobi.nets import diffusion
from miaobi.work import Work
from tests.engines import toy_pipeline
from tests.parrot import Parrot

pytest.importorskip("diffusers", reason="needs the extra [diffusion]")
pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    made = tmp_path_factory.mktemp("pipelines")
    return {name: toy_pipeline.save(made / name, large=name == "toy-xl") for name in ("toy", "toy-xl")}


@pytest.fixture(autouse=True)
def added(folders: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("something called out")

    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(socket.socket, "connect", refuse)
    for folder in folders.values():
        catalog.add(str(folder))


def _made(form: str = "picture", idea: str = "a lighthouse in a storm", **more: Any) -> Work:
    options = {"checkpoint": "toy", "steps": 3, "size": 256} | more.pop("options", {})
    formats, journal = more.pop("formats", ("png", "txt")), more.pop("journal", None)
    brief = Brief.parse({"form": form, "idea": idea, "seed": 3, "options": options} | more)
    return compose(brief, engine=Parrot(), formats=formats, journal=journal)


def _pixels(work: Work) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(work.rendering("png").content)).convert("RGB")).astype(int)


@pytest.mark.parametrize("checkpoint", ["toy", "toy-xl"])
def test_checkpoint_paints_from_words_and_over_the_staged_drawing(checkpoint: str) -> None:
    words, over = (_made(options={"checkpoint": checkpoint, "drawing": keep, "steps": 4}) for keep in (0.0, 0.5))
    assert _pixels(words).shape == (171, 256, 3)  # the sheet's 3:2, whatever multiples the net takes
    assert np.abs(_pixels(words) - _pixels(over)).mean() > 1
    receipt = next(r for r in over.record.receipts if r["step"] == "painting")
    assert "lighthouse" in receipt["prompt"]
    assert "in a storm" in receipt["prompt"]
    assert (receipt["scheduler"], receipt["steps"], receipt["kept"]) == ("DDIMScheduler", 4, 0.5)


def test_same_seed_gives_the_same_bytes_and_another_another_picture() -> None:
    once, again, other = (_made(seed=seed, formats=("txt",)) for seed in (3, 3, 4))
    assert once == again
    assert once.content["painted"]["picture"] != other.content["painted"]["picture"]


def test_record_label_and_credits_name_the_checkpoint() -> None:
    work = _made()
    (card,) = work.record.beside
    assert (card["name"], card["licence"]) == ("toy", "cc0-1.0")
    assert card["sha256"] == catalog.find("toy").sha256
    assert card["parameters"] > 50_000
    text = work.rendering("txt").content.decode()
    assert "Painted by toy (cc0-1.0): DDIMScheduler, 3 steps" in text
    assert "(miaobi, parrot + toy)" in text
    assert "Painted by toy" in Image.open(io.BytesIO(work.rendering("png").content)).info["Copyright"]
    assert {f.rule for f in work.findings} >= {"painted-unseen", "prompt-cut"}  # the toy reads letters, 77 of them


def test_title_is_set_over_the_painting_and_chinese_becomes_english_words() -> None:
    work = _made(idea="孤舟蓑笠翁", language="zh", options={"use": "cover", "author": "某某"}, formats=("png",))
    assert work.content["titled"]
    (receipt,) = [r for r in work.record.receipts if r.get("step") == "painting"]
    assert receipt["prompt"].isascii()
    assert "boat" in receipt["prompt"]


def test_restyle_paints_a_picture_anew_and_keeps_more_of_it_at_less_strength() -> None:
    rng = np.random.default_rng(0)
    photo = np.asarray(Image.fromarray(rng.integers(0, 255, (4, 6, 3), dtype=np.uint8)).resize((96, 64)))
    given = [{"kind": "picture", "name": "photo.jpg", "text": held(photo)}]
    weak, usual = (
        _made("restyle", "a harbour, oil", references=given, options={"steps": 20, "size": 96} | more)
        for more in ({"strength": 0.1}, {})
    )
    assert _pixels(weak).shape == (64, 96, 3)
    assert usual.content["strength"] == 0.6
    assert "photo.jpg" in " ".join(usual.content["credits"])
    assert "Magenta" not in usual.record.written_by
    assert _pixels(weak).std() > 5


def test_resumed_job_takes_the_painting_from_its_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    journal = MemoryJournal()
    once = _made(journal=journal, formats=("txt",))
    monkeypatch.setattr(diffusion, "paint", None)  # it isn't painted again
    assert _made(journal=journal, formats=("txt",)) == once


def test_painting_stops_after_the_step_in_which_the_user_says_so() -> None:
    steps: list[str] = []
    with pytest.raises(CancelledError):
        compose(
            Brief(form="picture", idea="a ship", options={"checkpoint": "toy", "steps": 20, "drawing": 0}),
            engine=Parrot(),
            progress=lambda what, _: steps.append(what),
            cancelled=lambda: steps.count("painting") >= 2,
        )
    assert steps.count("painting") == 2


def test_painting_in_half_precision_is_read_as_such(folders: dict[str, Path], tmp_path: Path) -> None:
    shutil.copytree(folders["toy"], tmp_path / "half")
    for file in (tmp_path / "half").rglob("*.safetensors"):
        file.rename(file.with_suffix(".fp16.safetensors"))
    catalog.add(str(tmp_path / "half"))
    assert _pixels(_made(options={"checkpoint": "half"})).shape == (171, 256, 3)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"checkpoint": "nope"}, "no checkpoint called"),
        ({"checkpoint": "../../etc"}, "no checkpoint called"),
        ({"checkpoint": "miaobi-folk"}, "it paints nothing"),
        ({"steps": 1, "drawing": 0.5}, "none is left"),
        ({"steps": 0}, "steps"),
        ({"guidance": float("nan")}, "guidance"),
        ({"drawing": 1.0}, "drawing"),
        ({"svg": "strokes"}, "no strokes"),
        ({"checkpoint": "", "avoid": "fog"}, "stay away"),
    ],
)
def test_what_a_checkpoint_cannot_be_asked_is_refused(options: dict[str, Any], says: str) -> None:
    with pytest.raises((BriefError, UnknownNameError), match=says):
        _made(options=options)


def test_style_beside_a_checkpoint_and_a_missing_extra_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BriefError, match="takes no style"):
        _made("restyle", options={"style": "starlit"})
    monkeypatch.setattr(diffusion, "find_spec", lambda name: None)
    with pytest.raises(BriefError, match="miaobi\\[diffusion\\]"):
        _made()


def test_painter_is_no_engine_for_words() -> None:
    for spec in ("toy", catalog.find("toy").path):
        with pytest.raises(CheckpointError, match="writes no text"):
            open_engine(spec)


def _index(folder: Path, **parts: object) -> None:
    path = folder / "model_index.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | parts))


def _pickled(folder: Path) -> None:
    (folder / "unet/diffusion_pytorch_model.safetensors").unlink()
    (folder / "unet/diffusion_pytorch_model.bin").write_bytes(b"\x80\x02")


def _with_program(folder: Path) -> None:
    path = folder / "unet/config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"auto_map": {"AutoModel": "evil.Net"}}))


WRONG: list[tuple[Callable[[Path], object], str]] = [
    (lambda f: _index(f, _class_name="FluxPipeline"), "doesn't paint from words here"),
    (lambda f: _index(f, _class_name=["pipeline", "Mine"]), "'Mine'"),
    (lambda f: _index(f, unet=["evil", "UNet2DConditionModel"]), "is not run"),
    (lambda f: _index(f, unet=["diffusers", "OtherNet"]), "is not run"),
    (lambda f: _index(f, extra=["diffusers", "UNet2DConditionModel"]), "is not run"),
    (lambda f: _index(f, scheduler=["diffusers", "os.system"]), "is not run"),
    (lambda f: _index(f, vae=[None, None]), "has no vae"),
    (lambda f: (f / "model_index.json").write_text("[" * 100_000), "can't be read"),
    (lambda f: (f / "model_index.json").write_text(" " * 1_000_001), "can't be read"),
    (lambda f: shutil.rmtree(f / "vae"), "no folder vae"),
    (_pickled, "a pickle"),
    (_with_program, "brings a program"),
    (lambda f: (f / "unet/diffusion_pytorch_model.safetensors").write_bytes(b"\xff" * 64), "safetensors"),
]


@pytest.mark.parametrize(("spoil", "says"), WRONG, ids=[says for _, says in WRONG])
def test_folder_that_is_not_plainly_a_pipeline_is_refused(
    spoil: Callable[[Path], object], says: str, folders: dict[str, Path], tmp_path: Path
) -> None:
    shutil.copytree(folders["toy"], tmp_path / "spoilt")
    spoil(tmp_path / "spoilt")
    with pytest.raises(CheckpointError, match=says):
        catalog.add(str(tmp_path / "spoilt"))


def test_folder_that_changed_since_it_was_added_does_not_paint(folders: dict[str, Path], tmp_path: Path) -> None:
    shutil.copytree(folders["toy"], tmp_path / "changed")
    catalog.add(str(tmp_path / "changed"))
    file = tmp_path / "changed/vae/diffusion_pytorch_model.safetensors"
    file.write_bytes(file.read_bytes()[:-1] + b"\x01")
    with pytest.raises(CheckpointError, match="has changed"):
        _made(options={"checkpoint": "changed"}, formats=("txt",))
    shutil.rmtree(tmp_path / "changed")
    with pytest.raises(CheckpointError, match="any more"):
        _made(options={"checkpoint": "changed"})


def test_painting_is_kept_without_loss() -> None:
    work = _made(options={"drawing": 0}, formats=("txt",))
    kept = base64.b64decode(work.content["painted"]["picture"].partition(",")[2])
    assert Image.open(io.BytesIO(kept)).size == (80, 56)
