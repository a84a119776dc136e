"""LoRA adapters (Hu et al. 2021) for llama.cpp: W x becomes W x + scale · (alpha / r) · B A x.

As a file: GGUF with ``general.type`` adapter, ``adapter.type`` lora, ``adapter.lora.alpha``, and for a matrix W of
shape (in, out) the tensors ``<W>.lora_a`` (in, r) and ``<W>.lora_b`` (r, out), fastest dimension first; this is what
llama.cpp's converter writes. The header is inspected and every pair held to the checkpoint before llama.cpp sees it.

As text, behind an engine's spec: ``::lora=PATH`` or ``::lora=PATH@SCALE``, as often as wanted.
"""

from __future__ import annotations

import dataclasses
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from miaobi.engines import gguf_file
from miaobi.engines.disk import digest
from miaobi.engines.run import ADAPTER
from miaobi.errors import CheckpointError, show
from miaobi.types import Checkpoint

_MARK = "::lora="
_TYPES = frozenset({"F32", "F16", "BF16", "Q8_0"})


@dataclass(frozen=True)
class Adapter:
    """A LoRA file and how strongly it is applied; 0 is not at all."""

    path: Path
    scale: float = 1.0

    @property
    def called(self) -> str:
        """The style's name, a run's from its folder, and how strong it is where that isn't all: ``anna@0.5``."""
        name = self.path.parent.name if self.path.name == ADAPTER else self.path.stem
        return name if self.scale == 1 else f"{name}@{self.scale:g}"


def parse(spec: str) -> tuple[str, tuple[Adapter, ...]]:
    """Split an engine's spec into what is before its adapters, and these."""
    rest, *parts = spec.split(_MARK)
    adapters = []
    for part in parts:
        path, at, scale = part.rpartition("@")
        if not at:
            path, scale = part, "1"
        if not path or not _is_number(scale):
            raise CheckpointError(
                f"{show(_MARK + part)} can't be read as an adapter.",
                "It looks like ::lora=style.gguf or ::lora=style.gguf@0.5.",
            )
        adapters.append(Adapter(Path(path).expanduser(), float(scale)))
    return rest, tuple(adapters)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def admit(adapter: Adapter, base: gguf_file.GgufHeader) -> None:
    """Raise CheckpointError unless the adapter's file is in order and fits the checkpoint."""
    header = gguf_file.inspect(adapter.path)
    kind = header.values.get("general.type"), header.values.get("adapter.type")
    if kind != ("adapter", "lora"):
        raise _refusal(adapter, f"it is no LoRA adapter (its types are {kind[0]!r} and {kind[1]!r})")
    if header.architecture != base.architecture:
        raise _refusal(adapter, f"it is for {header.architecture} and the checkpoint is {base.architecture}")
    if not isinstance(header.values.get("adapter.lora.alpha"), float):
        raise _refusal(adapter, "it doesn't state adapter.lora.alpha")
    shapes = {tensor.name: tensor.shape for tensor in base.tensors}
    pairs: dict[str, dict[str, tuple[int, ...]]] = {}
    for tensor in header.tensors:
        target, _, side = tensor.name.rpartition(".lora_")
        if side not in {"a", "b"} or tensor.type not in _TYPES:
            raise _refusal(adapter, f"the tensor {show(tensor.name)} ({tensor.type}) is neither .lora_a nor .lora_b")
        pairs.setdefault(target, {})[side] = tensor.shape
    for target, sides in pairs.items():
        _check_pair(adapter, target, sides, shapes)


def _check_pair(
    adapter: Adapter, target: str, sides: dict[str, tuple[int, ...]], shapes: dict[str, tuple[int, ...]]
) -> None:
    matrix, a, b = shapes.get(target), sides.get("a"), sides.get("b")
    if matrix is None or len(matrix) != 2 or target.startswith("token_embd"):
        raise _refusal(adapter, f"the checkpoint has no matrix {show(target)} that can be adapted")
    if a is None or b is None:
        raise _refusal(adapter, f"of the pair for {show(target)} one half is missing")
    if len(a) != 2 or len(b) != 2 or a[1] != b[0] or (a[0], b[1]) != matrix:
        raise _refusal(
            adapter, f"for {show(target)} of shape {matrix} it has {a} and {b}; (in, r) and (r, out) are legal"
        )


def _refusal(adapter: Adapter, reason: str) -> CheckpointError:
    return CheckpointError(
        f"{show(str(adapter.path))} can't be used with this checkpoint: {reason}.",
        "Give a LoRA adapter made from the same checkpoint, as llama.cpp's convert_lora_to_gguf writes it.",
    )


def adapted(checkpoint: Checkpoint, adapters: Sequence[Adapter]) -> Checkpoint:
    """Return the checkpoint as an engine with these adapters names it: other weights, another hash."""
    active = [a for a in adapters if a.scale]
    if not active:
        return checkpoint
    marks = [a.called for a in active]
    identity = [checkpoint.sha256, *(f"{digest(a.path)}@{a.scale!r}" for a in active)]
    return dataclasses.replace(
        checkpoint,
        name=" + ".join([checkpoint.name, *marks]),
        sha256=hashlib.sha256("\n".join(identity).encode()).hexdigest() if checkpoint.sha256 else "",
        source="; ".join([checkpoint.source, *(f"LoRA {mark}" for mark in marks)]),
    )
