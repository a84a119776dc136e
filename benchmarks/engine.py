"""The engine's speed: one run, medians of interleaved rounds.

Usage: python benchmarks/engine.py GGUF [rounds] [threads]

Rows: our loop and the wheel's own in-process server on free text (greedy, same prompt and length); JSON-schema
decoding against free; eight candidates from one prefix against eight separate calls with the same prompt.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from miaobi.engines.llamacpp import LlamaCpp
from miaobi.types import JsonSchema, Prompt, Request, Sampling, write

TOKENS = 48
PROMPT = "Once upon a time there was a lighthouse keeper who found a letter in a bottle. " * 6
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {f"line{i}": {"type": "string", "minLength": 40, "maxLength": 80} for i in range(4)},
    "required": [f"line{i}" for i in range(4)],
    "additionalProperties": False,
}
GREEDY = Sampling(temperature=0)


def rate(work: Callable[[], int]) -> float:
    """Return tokens per second of one piece of work that returns how many tokens it made."""
    begin = time.perf_counter()
    return work() / (time.perf_counter() - begin)


def ours(engine: LlamaCpp, request: Request) -> int:
    return sum(len(c.tokens) for c in write(engine, request))


def separate(engine: LlamaCpp, request: Request) -> int:
    """Eight calls one after the other; like the batch they read the prompt once, the rest have it cached."""
    engine._cache.clear()
    count = 0
    for i in range(8):
        count += ours(engine, Request(request.prompt, request.max_tokens, request.seed + i, sampling=request.sampling))
    return count


def batched(engine: LlamaCpp, request: Request) -> int:
    engine._cache.clear()
    return ours(engine, request)


def server(path: str, threads: int) -> Callable[[], int]:
    import xllamacpp as xlc

    params = xlc.CommonParams()
    params.model.path = path
    params.n_ctx, params.n_parallel = 4096, 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    box = xlc.Server(params)

    def complete() -> int:
        asked = {"prompt": PROMPT, "max_tokens": TOKENS, "temperature": 0, "ignore_eos": True, "cache_prompt": True}
        answer = box.handle_completions(asked)
        answer = json.loads(answer) if isinstance(answer, str | bytes) else answer
        return int(answer["usage"]["completion_tokens"])

    return complete


def main() -> None:
    path = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    threads = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    engine = LlamaCpp(path, threads=threads)
    free = Request(Prompt(prefix=PROMPT), TOKENS, 1, sampling=GREEDY)
    schema = Request(Prompt(prefix=PROMPT), 120, 1, sampling=GREEDY, constraint=JsonSchema(SCHEMA))
    eight = Request(Prompt(prefix=PROMPT), TOKENS, 1, n=8, sampling=Sampling(min_p=0.02))
    rows: dict[str, Callable[[], int]] = {
        "server, free": server(path, threads),
        "ours, free": lambda: ours(engine, free),
        "ours, JSON schema": lambda: ours(engine, schema),
        "eight from one prefix": lambda: batched(engine, eight),
        "eight separate calls": lambda: separate(engine, eight),
    }
    for work in rows.values():
        work()
    seen: dict[str, list[float]] = {name: [] for name in rows}
    for _ in range(rounds):
        for name, work in rows.items():
            seen[name].append(rate(work))
    speed = {name: median(values) for name, values in seen.items()}
    for name, value in speed.items():
        print(f"{name:24} {value:7.1f} tokens/s   ({', '.join(f'{v:.0f}' for v in seen[name])})")
    print(f"ours / server                {speed['ours, free'] / speed['server, free']:.2f}   (target 0.93)")
    print(f"JSON schema / free           {speed['ours, JSON schema'] / speed['ours, free']:.2f}   (target 0.85)")
    print(f"eight together / separate    {speed['eight from one prefix'] / speed['eight separate calls']:.2f}   (2)")
    engine.close()


if __name__ == "__main__":
    main()
