"""The engine's speed: one run, interleaved rounds; medians of the rows and of the ratios within a round.

Usage: python benchmarks/engine.py GGUF [--rounds N] [--threads N] [--clock wall|cpu]

| row | what is timed |
|---|---|
| server, free | the wheel's own in-process server; greedy, the prompt in its cache |
| ours, free | our loop; the same, and the same text comes out |
| ours, JSON schema | our loop under a schema |
| eight from one prefix | one call with n = 8, cold cache |
| eight separate calls, cold | eight calls of n = 1, each of which reads its prompt, as without shared prefixes |
| eight separate calls, warm | the same eight calls, the prompt read once and kept |
| transformers fp32 | the same GGUF dequantised by transformers; greedy, cached keys and values (needs the lab extra) |

Tokens per second, the prompt's reading included where the row says cold. On a machine that others use at the same time
take ``--clock cpu``: processor time of this process, all rows with one thread.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from miaobi.engines.llamacpp import LlamaCpp
from miaobi.types import JsonSchema, Prompt, Request, Sampling, write

TOKENS = 64
PROMPT = (
    "The history of the lighthouse is long. Fires were lit on hills to guide ships to a harbour, and later towers were "
    "built of stone, so that the light could be seen from farther away. The keeper trimmed the wick every evening and "
    "wound the clockwork that turned the lens. In winter the storms broke over the gallery, and in summer the keeper "
    "painted the walls and wrote in the log: the wind, the weather, the names of ships. Then"
)
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {f"line{i}": {"type": "string", "minLength": 40, "maxLength": 80} for i in range(4)},
    "required": [f"line{i}" for i in range(4)],
    "additionalProperties": False,
}
GREEDY = Sampling(temperature=0)
DIVERSE = Sampling(min_p=0.02)
TARGETS = (
    ("ours / server, free text", "ours, free", "server, free", 0.93),
    ("JSON schema / free text", "ours, JSON schema", "ours, free", 0.85),
    ("eight together / eight calls, cold", "eight from one prefix", "eight separate calls, cold", 2.0),
    ("eight together / eight calls, warm", "eight from one prefix", "eight separate calls, warm", None),
    ("ours / transformers fp32", "ours, free", "transformers fp32", 4.0),
)
Row = Callable[[], int]


def rate(work: Row, clock: Callable[[], float]) -> float:
    """Return tokens per second of one piece of work that returns how many tokens it made."""
    begin = clock()
    return work() / (clock() - begin)


def ours(engine: LlamaCpp, request: Request) -> int:
    return sum(len(c.tokens) for c in write(engine, request))


def free(engine: LlamaCpp) -> Row:
    def work() -> int:
        made = ours(engine, Request(Prompt(prefix=PROMPT), TOKENS, 1, sampling=GREEDY))
        assert made == TOKENS, f"the text ended after {made} tokens: choose a prompt that it doesn't end on"
        return made

    return work


def separate(engine: LlamaCpp, cold: bool) -> Row:
    def work() -> int:
        made = 0
        for i in range(8):
            if cold:
                engine._cache.clear()
            made += ours(engine, Request(Prompt(prefix=PROMPT), TOKENS, i, sampling=DIVERSE))
        return made

    return work


def together(engine: LlamaCpp) -> Row:
    def work() -> int:
        engine._cache.clear()
        return ours(engine, Request(Prompt(prefix=PROMPT), TOKENS, 1, n=8, sampling=DIVERSE))

    return work


def server(path: Path, threads: int) -> Row:
    import xllamacpp as xlc

    params = xlc.CommonParams()
    params.model.path = str(path)
    params.n_ctx, params.n_parallel = 4096, 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    box = xlc.Server(params)

    def work() -> int:
        asked = {"prompt": PROMPT, "max_tokens": TOKENS, "temperature": 0, "ignore_eos": True, "cache_prompt": True}
        answer = box.handle_completions(asked)
        answer = json.loads(answer) if isinstance(answer, str | bytes) else answer
        return int(answer["usage"]["completion_tokens"])

    return work


def transformers(path: Path, threads: int) -> Row:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    torch.set_num_threads(threads)
    where = {"gguf_file": path.name}
    tokenizer = AutoTokenizer.from_pretrained(path.parent, **where)
    net = AutoModelForCausalLM.from_pretrained(path.parent, **where, dtype=torch.float32)
    ids = tokenizer(PROMPT, return_tensors="pt").input_ids

    def work() -> int:
        with torch.inference_mode():
            out = net.generate(ids, max_new_tokens=16, min_new_tokens=16, do_sample=False, pad_token_id=0)
        return int(out.shape[1] - ids.shape[1])

    return work


def paired(seen: dict[str, list[float]], above: str, below: str) -> list[float]:
    """Return the ratio within each round: what else the machine did then slowed both."""
    return [a / b for a, b in zip(seen[above], seen[below], strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of the engine, in interleaved rounds.")
    parser.add_argument("path", type=Path, metavar="GGUF")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall")
    asked = parser.parse_args()
    path, threads = asked.path, asked.threads
    clock = time.perf_counter if asked.clock == "wall" else time.process_time
    engine = LlamaCpp(path, threads=threads)
    schema = Request(Prompt(prefix=PROMPT), 120, 1, sampling=GREEDY, constraint=JsonSchema(SCHEMA))
    rows: dict[str, Row] = {
        "server, free": server(path, threads),
        "ours, free": free(engine),
        "ours, JSON schema": lambda: ours(engine, schema),
        "eight from one prefix": together(engine),
        "eight separate calls, cold": separate(engine, cold=True),
        "eight separate calls, warm": separate(engine, cold=False),
    }
    if importlib.util.find_spec("transformers"):
        rows["transformers fp32"] = transformers(path, threads)
    for work in rows.values():
        work()
    seen: dict[str, list[float]] = {name: [] for name in rows}
    for _ in range(asked.rounds):
        for name, work in rows.items():
            seen[name].append(rate(work, clock))
    speed = {name: median(values) for name, values in seen.items()}
    for name, value in speed.items():
        print(f"{name:28} {value:7.1f} tokens/s   ({', '.join(f'{v:.0f}' for v in seen[name])})")
    for title, above, below, target in TARGETS:
        if below in speed:
            wanted = f"   (target {target})" if target else ""
            print(f"{title:36} {median(paired(seen, above, below)):5.2f}{wanted}")
    engine.close()


if __name__ == "__main__":
    main()
