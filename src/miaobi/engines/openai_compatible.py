"""Any server that speaks OpenAI's HTTP protocol (llama-server, vLLM, Ollama), as a black-box engine.

| asked for | sent to llama.cpp | sent to vLLM | any other |
|---|---|---|---|
| JsonSchema | response_format json_schema | the same | the same |
| Grammar gbnf | grammar | structured_outputs.grammar | refused |
| Regex | refused | structured_outputs.regex | refused |
| Automaton, All, Lark, score | refused | refused | refused |

The dialect is what ``GET /models`` says of its owner. Candidate i is a call of its own with the seed
``derive_seed(seed, i)``: it is the same text alone or among others, as far as the server keeps its seeds. A banned
phrase is looked for here: a candidate that has one is asked for again with another seed, a bounded number of times,
and then says that it relented. llama.cpp's server is told to evaluate every prompt from its beginning: with what it has
cached of others it writes other texts for the same seed (measured: six of six), without it the same ones.
The key comes from the environment variable MIAOBI_API_KEY and goes nowhere but into the Authorization header.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

import httpx
import numpy as np

from miaobi.engines.package_index import without_login
from miaobi.errors import EngineError, UnsupportedError, show
from miaobi.types import (
    Candidate,
    Checkpoint,
    Constraint,
    Floats,
    Grammar,
    JsonSchema,
    Piece,
    Prompt,
    Regex,
    Request,
    Sampling,
    derive_seed,
)

_TRIES = 4  # of a call that was refused for the moment
_LONGEST_WAIT = 60.0  # seconds that a Retry-After is honoured
_REWRITES = 3  # of a candidate with a banned phrase
_LATER = frozenset({408, 429, 500, 502, 503, 504})  # statuses that another time or another server may answer otherwise
_SLOTS = {"vllm": 16, "other": 4}  # requests at once that a server of a dialect is given, where it doesn't say
_LINE, _ANSWER = 1 << 20, 1 << 26  # bytes of an event, and of an answer that is read whole, at most
_LONGEST_TOKEN = 256  # characters; by that a text is known to have no end
_SAME = ("n_vocab", "n_ctx_train", "n_embd", "n_params", "size")  # by which llama.cpp's weights are known
_PASSED = {"repetition_penalty": "repeat_penalty"}  # llama.cpp's own names
_OPENAI = {"temperature", "top_p", "presence_penalty", "frequency_penalty"}  # known to every server


class UnavailableError(EngineError):
    """This server can't answer, or broke off, for a reason that isn't the request's; ``after`` seconds it may."""

    def __init__(self, message: str, hint: str = "", after: float = 0.0) -> None:
        super().__init__(message, hint)
        self.after = after


class OpenAICompatible:
    """An engine behind ``http(s)://host:port/v1#model``. Without ``#model`` the server's first is taken."""

    steerable = False

    def __init__(
        self,
        spec: str,
        *,
        timeout: float = 300.0,
        checkpoint: Checkpoint | None = None,
        key: str = "",
        tries: int = _TRIES,
    ) -> None:
        address, _, model = spec.partition("#")
        self._tries = tries
        self._shown = show(without_login(address))
        key = key or os.environ.get("MIAOBI_API_KEY", "")
        self._client = httpx.Client(
            base_url=address.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=httpx.Timeout(timeout, connect=10.0),
        )
        try:
            listed = self._post("GET", "models").get("data") or [{}]
            with _read(self._shown):
                found = next((m for m in listed if m.get("id") == model), listed[0])
                meta = found.get("meta") or {}
                context = int(found.get("max_model_len") or meta.get("n_ctx_train") or 0)
        except BaseException:
            self._client.close()
            raise
        self._model = model or str(found.get("id", ""))
        self.dialect = {"llamacpp": "llama.cpp", "vllm": "vllm"}.get(str(found.get("owned_by", "")).lower(), "other")
        source = without_login(address)
        name = PurePath(self._model).stem if self._model.endswith(".gguf") else self._model  # of a file, its name only
        self.checkpoint = checkpoint or Checkpoint(name, source=source, context=context)
        # what two servers have to have in common to write the same texts, as far as they say
        self.weights = (
            PurePath(str(found.get("id", ""))).name,
            self.dialect,
            int(context),
            *(meta.get(key) for key in _SAME),
        )

    def slots(self) -> int:
        """Return how many requests the server works on at once: asked of llama.cpp, else what suits its kind."""
        if self.dialect != "llama.cpp":
            return _SLOTS[self.dialect]
        told = self._post("GET", "../props")
        with _read(self._shown):
            return max(1, int(told.get("total_slots") or 1))

    def stream(self, request: Request) -> Iterator[Piece]:
        """Write the candidates one after the other; with banned phrases a candidate comes whole."""
        for index in range(request.n):
            yield from self.candidate(request, index)

    def candidate(self, request: Request, index: int) -> Generator[Piece]:
        """Write the candidate *index* of a request alone."""
        if not request.banned:
            yield from self._one(request, index, derive_seed(request.seed, index))
            return
        for attempt in range(_REWRITES + 1):
            seed = derive_seed(request.seed, index, *([attempt] if attempt else []))
            done = next(p.done for p in self._one(request, index, seed) if p.done)
            hits = tuple(b for b in request.banned if b.casefold() in done.text.casefold())
            if not hits or attempt == _REWRITES:
                break
        last = Candidate(done.text, done.tokens, done.logprobs, done.finish, relented=hits)
        yield Piece(index, last.text)
        yield Piece(index, done=last)

    def _one(self, request: Request, index: int, seed: int) -> Generator[Piece]:
        chat = bool(request.prompt.user)
        body = self._body(request, seed)
        text, logprobs, finish = "", [], ""
        with self._call("POST", "chat/completions" if chat else "completions", body) as answer:
            for event in _events(answer, self._shown):
                if not (choices := event.get("choices")):
                    continue
                with _read(self._shown):
                    choice = choices[0]
                    new = str(((choice.get("delta") or {}).get("content") if chat else choice.get("text")) or "")
                    logprobs += _logprobs(choice)
                    finish = str(choice.get("finish_reason") or finish)
                text += new
                if len(text) > request.max_tokens * _LONGEST_TOKEN:
                    raise UnavailableError(f"The server at {self._shown} writes without end.")
                if new:
                    yield Piece(index, new)
        if not finish:
            raise UnavailableError(f"The server at {self._shown} broke off in the middle of a text.")
        kind = "length" if finish == "length" else "stop"
        yield Piece(index, done=Candidate(text, (), tuple(logprobs), kind))  # type: ignore[arg-type]

    def _body(self, request: Request, seed: int) -> dict[str, Any]:
        prompt = request.prompt
        body: dict[str, Any] = {"model": self._model, "max_tokens": request.max_tokens, "stream": True}
        body |= (
            {"seed": seed % (1 << 31)}
            | self._sampling(request.sampling)
            | self._constraint(request.constraint, bool(prompt.user))
        )
        if request.stop:
            body["stop"] = list(request.stop)
        if not prompt.user:
            return body | {"prompt": prompt.system + prompt.prefix, "logprobs": 1}
        messages = [{"role": "system", "content": prompt.system}] if prompt.system else []
        for asked, answered in prompt.history:
            messages += [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]
        messages.append({"role": "user", "content": prompt.user})
        if prompt.prefix:
            if self.dialect == "other":
                raise UnsupportedError(
                    f"The server at {self._shown} has no known way to go on from the beginning of an answer.",
                    "Use a llama.cpp or vLLM server, or a local checkpoint.",
                )
            messages.append({"role": "assistant", "content": prompt.prefix})
            if self.dialect == "vllm":
                body |= {"add_generation_prompt": False, "continue_final_message": True}
        return body | {"messages": messages, "logprobs": True}

    def _sampling(self, sampling: Sampling) -> dict[str, Any]:
        """Return the stages that differ from "off", and that the dialect knows."""
        wanted = {k: v for k, v in vars(sampling).items() if k in _OPENAI or v != vars(Sampling())[k]}
        if self.dialect == "llama.cpp":
            plain = {_PASSED.get(k, k): v for k, v in wanted.items()}
            # the server's defaults are not "off"
            off = {"top_k": 0, "top_p": 1.0, "min_p": 0.0, "repeat_penalty": 1.0, "cache_prompt": False}
            if "penalty_window" in plain:
                plain["repeat_last_n"] = plain.pop("penalty_window")
            return off | plain | ({"mirostat": 2} if sampling.mirostat_tau else {})
        known = _OPENAI | ({"top_k", "min_p", "repetition_penalty"} if self.dialect == "vllm" else set())
        return {k: v for k, v in wanted.items() if k in known}

    def _constraint(self, constraint: Constraint | None, chat: bool) -> dict[str, Any]:
        match constraint:
            case None:
                return {}
            case JsonSchema(schema) if self.dialect == "llama.cpp" and not chat:
                return {"json_schema": schema}  # its completions pass over response_format
            case JsonSchema(schema):
                named = {"name": "answer", "strict": True, "schema": schema}
                return {"response_format": {"type": "json_schema", "json_schema": named}}
            case Grammar(text, "gbnf") if self.dialect == "llama.cpp":
                return {"grammar": text}
            case Grammar(text, "gbnf") if self.dialect == "vllm":
                return {"structured_outputs": {"grammar": text}}
            case Regex(pattern) if self.dialect == "vllm":
                return {"structured_outputs": {"regex": pattern}}
        raise UnsupportedError(
            f"The server at {self._shown} ({self.dialect}) can't be held to a constraint of this kind "
            f"({type(constraint).__name__}).",
            "Use a local checkpoint (leave --engine away), where every constraint holds while decoding.",
        )

    def score(self, prompt: Prompt, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Refuse: the protocol does not return log-probabilities of a given text."""
        raise UnsupportedError(f"The server at {self._shown} can't score a given text.", "Use a local checkpoint.")

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector a text, (len(texts), D) float32; UnsupportedError if the server offers none."""
        try:
            answer = self._post("POST", "embeddings", {"model": self._model, "input": list(texts)})
            rows = np.array(
                [r["embedding"] for r in sorted(answer["data"], key=lambda r: r["index"])], dtype=np.float32
            )
        except UnavailableError:
            raise
        except (EngineError, KeyError, ValueError) as error:
            raise UnsupportedError(f"The server at {self._shown} gives no embeddings: {error}") from error
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12), dtype=np.float32)

    def count(self, text: str) -> int:
        """Return how many tokens *text* takes: asked of llama.cpp and vLLM; UnsupportedError elsewhere."""
        if self.dialect == "other":
            raise UnsupportedError(f"The server at {self._shown} does not count tokens.", "Use a local checkpoint.")
        field = "content" if self.dialect == "llama.cpp" else "prompt"
        answer = self._post("POST", "../tokenize", {"model": self._model, field: text})
        return len(answer["tokens"])

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _post(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        with self._call(method, path, body) as answer:
            content = b""
            for block in answer.iter_bytes():
                content += block
                if len(content) > _ANSWER:
                    raise UnavailableError(f"The server at {self._shown} answered {path} without end.")
            try:
                value: dict[str, Any] = json.loads(content)
            except ValueError as error:
                raise UnavailableError(
                    f"The server at {self._shown} answered {path} with something not JSON."
                ) from error
            if not isinstance(value, dict):
                raise UnavailableError(f"The server at {self._shown} answered {path} with no object.")
            return value

    @contextmanager
    def _call(self, method: str, path: str, body: dict[str, Any] | None) -> Iterator[httpx.Response]:
        """Open an answer; wait and ask again where the server says "later". Leaving it closes the stream."""
        for attempt in range(self._tries):
            last = attempt == self._tries - 1
            try:
                with self._client.stream(method, path, json=body) as answer:
                    if answer.is_success:  # a redirection is none: the key goes where the user said, and nowhere else
                        yield answer
                        return
                    wait = _wait(answer, attempt)
                    if wait is None or last:
                        raise self._refusal(path, answer, wait)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                raise UnavailableError(
                    f"No server answers at {self._shown}: {error or type(error).__name__}.", "Is it running there?"
                ) from error
            except httpx.TransportError as error:
                raise UnavailableError(
                    f"The server at {self._shown} broke off: {error or type(error).__name__}."
                ) from error
            time.sleep(wait)

    def _refusal(self, path: str, answer: httpx.Response, wait: float | None) -> EngineError:
        told = next(answer.iter_bytes(300), b"").decode("utf-8", "replace")
        said = f"The server at {self._shown} refused {path}: {answer.status_code} {show(told)}"
        if answer.status_code in {401, 403}:
            return UnavailableError(said, "A 401 or 403 asks for a key: set MIAOBI_API_KEY.")
        return EngineError(said) if wait is None else UnavailableError(said, after=wait)


@contextmanager
def _read(shown: str) -> Iterator[None]:
    """Say so where a server's answer has another shape than the protocol's: what it sends is a stranger's."""
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise UnavailableError(f"The server at {shown} doesn't speak the protocol: {show(str(error))}.") from error


def _wait(answer: httpx.Response, attempt: int) -> float | None:
    """Return the seconds to wait before asking again; None for a refusal that will not change."""
    if answer.status_code not in _LATER:
        return None
    stated = answer.headers.get("Retry-After", "")
    return min(float(stated), _LONGEST_WAIT) if stated.isdigit() else 0.5 * 2.0**attempt


def _events(answer: httpx.Response, shown: str) -> Iterator[dict[str, Any]]:
    """Read server-sent events (WHATWG HTML, section 9.2): only the data lines matter here."""
    for line in _lines(answer, shown):
        if not line.startswith("data:"):
            continue
        payload = line[5:].strip()
        if payload == "[DONE]":
            return
        try:
            event: dict[str, Any] = json.loads(payload)
        except ValueError as error:
            raise UnavailableError(f"The server at {shown} sent an event that is not JSON: {show(payload)}.") from error
        if not isinstance(event, dict):
            raise UnavailableError(f"The server at {shown} sent an event that is no object: {show(payload)}.")
        if "error" in event:
            raise UnavailableError(f"The server at {shown} failed: {show(json.dumps(event['error']))}.")
        yield event


def _lines(answer: httpx.Response, shown: str) -> Iterator[str]:
    held = b""
    for block in answer.iter_bytes():
        *whole, held = (held + block).split(b"\n")
        for line in whole:
            yield line.decode("utf-8", "replace").rstrip("\r")
        if len(held) > _LINE:
            raise UnavailableError(f"The server at {shown} sent a line without end.")
    yield held.decode("utf-8", "replace")


def _logprobs(choice: dict[str, Any]) -> list[float]:
    given = choice.get("logprobs") or {}
    if given.get("content"):
        return [float(t["logprob"]) for t in given["content"]]
    return [float(x) for x in given.get("token_logprobs") or [] if x is not None]
