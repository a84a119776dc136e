"""How a turn of chat is laid out for a checkpoint, recognised from markers in its own template.

| layout | marker in the template | system text goes |
|---|---|---|
| ChatML | ``<|im_start|>`` | into a turn of its own |
| Llama 3 | ``<|start_header_id|>`` | into a turn of its own |
| Gemma | ``<start_of_turn>`` | before the user's text |
| Llama 2 | ``<<SYS>>`` | between SYS marks within the user's turn |
| Mistral | ``[INST]`` | before the user's text |

Anything else is rendered from the checkpoint's template in jinja2's immutable sandbox, if jinja2 is installed; a
template is a program by strangers and is never run outside it. Text of the user is tokenised as text: a marker in
it is letters, not a turn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from miaobi.errors import CheckpointError
from miaobi.types import Prompt


@dataclass(frozen=True)
class Marker:
    """A string that the tokeniser may read as special tokens."""

    text: str


Parts = list["str | Marker"]
Layout = Callable[[Prompt], Parts]
_TEMPLATE_LIMIT = 100_000  # characters; the longest published ones have about 20,000


def plain(prompt: Prompt) -> Parts:
    """Lay out text to be continued."""
    return [prompt.system + prompt.prefix]


def chatml(prompt: Prompt) -> Parts:
    """Lay out for SmolLM2, Qwen and others."""
    system: Parts = [Marker("<|im_start|>"), "system\n" + prompt.system, Marker("<|im_end|>"), "\n"]
    turn: Parts = [Marker("<|im_start|>"), "user\n" + prompt.user, Marker("<|im_end|>"), "\n"]
    return [*(system if prompt.system else []), *turn, Marker("<|im_start|>"), "assistant\n" + prompt.prefix]


def llama3(prompt: Prompt) -> Parts:
    """Lay out for Llama 3."""

    def head(role: str) -> Parts:
        return [Marker("<|start_header_id|>"), role, Marker("<|end_header_id|>")]

    system: Parts = [*head("system"), "\n\n" + prompt.system, Marker("<|eot_id|>")]
    user: Parts = [*head("user"), "\n\n" + prompt.user, Marker("<|eot_id|>")]
    return [*(system if prompt.system else []), *user, *head("assistant"), "\n\n" + prompt.prefix]


def _before(prompt: Prompt) -> str:
    return f"{prompt.system}\n\n{prompt.user}" if prompt.system else prompt.user


def gemma(prompt: Prompt) -> Parts:
    """Lay out for Gemma, which knows no system turn."""
    turn: Parts = [Marker("<start_of_turn>"), "user\n" + _before(prompt), Marker("<end_of_turn>"), "\n"]
    return [*turn, Marker("<start_of_turn>"), "model\n" + prompt.prefix]


def llama2(prompt: Prompt) -> Parts:
    """Lay out for Llama 2 chat."""
    system = f"<<SYS>>\n{prompt.system}\n<</SYS>>\n\n" if prompt.system else ""
    return [
        Marker("[INST]"),
        f" {system}{prompt.user} ",
        Marker("[/INST]"),
        f" {prompt.prefix}" if prompt.prefix else "",
    ]


def mistral(prompt: Prompt) -> Parts:
    """Lay out for Mistral instruct."""
    return [Marker("[INST]"), f" {_before(prompt)}", Marker("[/INST]"), prompt.prefix]


_MARKS: tuple[tuple[str, Layout], ...] = (
    ("<|im_start|>", chatml),
    ("<|start_header_id|>", llama3),
    ("<start_of_turn>", gemma),
    ("<<SYS>>", llama2),
    ("[INST]", mistral),
)


def recognise(template: str) -> Layout | None:
    """Return our layout for a checkpoint's chat template; None when the template is unknown to us or empty."""
    return next((layout for mark, layout in _MARKS if mark in template), None)


def _sandboxed(template: str) -> Layout:
    if len(template) > _TEMPLATE_LIMIT:
        raise CheckpointError(
            f"The checkpoint's chat template has {len(template):,} characters; at most {_TEMPLATE_LIMIT:,} are taken.",
            "Use plain text prompts (leave user empty) or another checkpoint.",
        )
    try:
        from jinja2 import TemplateError  # type: ignore[import-not-found, unused-ignore]
        from jinja2.sandbox import ImmutableSandboxedEnvironment  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise CheckpointError(
            "The checkpoint's chat template is none of those we know, and rendering it needs jinja2.",
            "Install it (pip install jinja2), or use plain text prompts.",
        ) from None
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, autoescape=False)

    def layout(prompt: Prompt) -> Parts:
        messages = [{"role": "system", "content": prompt.system}] if prompt.system else []
        messages.append({"role": "user", "content": prompt.user})
        try:
            text = environment.from_string(template).render(
                messages=messages, add_generation_prompt=True, bos_token="", eos_token=""
            )
        except (TemplateError, TypeError, ValueError) as error:
            raise CheckpointError(
                f"The checkpoint's chat template fails: {error}", "Use plain text prompts, or another checkpoint."
            ) from None
        return _split(text, prompt)

    return layout


def _split(text: str, prompt: Prompt) -> Parts:
    """Split rendered text so that the template's own text may hold markers and the user's may not."""
    parts: Parts = []
    for own in filter(None, (prompt.system, prompt.user)):
        before, found, after = text.partition(own)
        if found:
            parts += [Marker(before), own]
            text = after
    return [*parts, Marker(text), prompt.prefix]


def layout_of(template: str) -> Layout:
    """Return the layout for a checkpoint with this chat template; CheckpointError if it can't be laid out."""
    if not template:
        return lambda prompt: [_before(prompt) + "\n\n" + prompt.prefix]
    return recognise(template) or _sandboxed(template)
