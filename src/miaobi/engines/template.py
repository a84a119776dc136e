"""Render a checkpoint's own chat template once, in a child process: ``python -m miaobi.engines.template``.

A template is a program by strangers. It runs in jinja2's immutable sandbox, which keeps it from Python's objects but
not from looping or filling the memory, so it runs in a process of its own with limits of time and memory, and only
on marks of ours: where they come out is where the system's and the user's texts go. No text of a user is ever seen
by a template.

In: the template, on standard input. Out: JSON, the renderings with and without a system turn.
"""

from __future__ import annotations

import json
import subprocess
import sys

from miaobi.errors import CheckpointError, show

SYSTEM, USER = "miaobi7system7text", "miaobi7user7text"  # letters and digits: no filter changes them
LIMIT = 100_000  # characters; the longest published templates have about 20,000
_SECONDS, _BYTES = 10, 1 << 30


def pieces(template: str) -> tuple[tuple[str, str, str], tuple[str, str]]:
    """Return what stands (before the system text, between, after the user's text) and (before, after) without one.

    Raises CheckpointError for a template that is too long, fails, does not end, or leaves the user's text out.
    """
    with_system, without = _rendered(template)
    try:
        before, rest = with_system.split(SYSTEM)
        between, after = rest.split(USER)
        start, end = without.split(USER)
    except ValueError:
        raise _refusal("it does not give the system's and the user's text once each, in this order") from None
    return (before, between, after), (start, end)


def _rendered(template: str) -> tuple[str, str]:
    if len(template) > LIMIT:
        raise _refusal(f"it has {len(template):,} characters; at most {LIMIT:,} are taken")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "miaobi.engines.template"],
            input=template,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _refusal(f"it does not end within {_SECONDS} seconds") from None
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise _refusal(show(said[-1]) if said else f"exit code {done.returncode}")
    with_system, without = json.loads(done.stdout)
    return str(with_system), str(without)


def _refusal(reason: str) -> CheckpointError:
    return CheckpointError(
        f"The checkpoint's chat template can't be used: {reason}.",
        "Use plain text prompts (leave user empty), or another checkpoint.",
    )


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the limit of time still holds
        return
    resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))


def main() -> int:
    """Render the template on standard input."""
    try:
        from jinja2 import TemplateError  # type: ignore[import-not-found, unused-ignore]
        from jinja2.sandbox import ImmutableSandboxedEnvironment  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        sys.stderr.write("it is none of those that miaobi knows, and rendering it needs jinja2: pip install jinja2\n")
        return 1
    _limit_memory()
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, autoescape=False)
    user = {"role": "user", "content": USER}
    system = {"role": "system", "content": SYSTEM}
    out = []
    try:
        template = environment.from_string(sys.stdin.read())
        for messages in ([system, user], [user]):
            out.append(template.render(messages=messages, add_generation_prompt=True, bos_token="", eos_token=""))
    except (TemplateError, TypeError, ValueError, ArithmeticError, MemoryError, RecursionError, KeyError) as error:
        sys.stderr.write(f"it fails with {type(error).__name__}: {error}\n")
        return 1
    sys.stdout.write(json.dumps(out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
