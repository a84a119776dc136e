"""How a turn of chat is laid out for a checkpoint, recognised from markers in its own template.

| layout | marker in the template | system text goes |
|---|---|---|
| ChatML | ``<|im_start|>`` | into a turn of its own |
| Llama 3 | ``<|start_header_id|>`` | into a turn of its own |
| Gemma | ``<start_of_turn>`` | before the user's text |
| Llama 2 | ``<<SYS>>`` | between SYS marks within the user's turn |
| Mistral | ``[INST]`` | before the user's text |

Anything else is rendered from the checkpoint's template, sandboxed and in a process of its own (``template``), if
jinja2 is installed. Text of the user is tokenised as text: a marker in it is letters, not a turn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from miaobi.types import Prompt


@dataclass(frozen=True)
class Marker:
    """A string that the tokeniser may read as special tokens."""

    text: str


Parts = list["str | Marker"]
Layout = Callable[[Prompt], Parts]


def plain(prompt: Prompt) -> Parts:
    """Lay out text to be continued."""
    return [prompt.system + prompt.prefix]


def chatml(prompt: Prompt) -> Parts:
    """Lay out for SmolLM2, Qwen and others."""

    def turn(role: str, text: str) -> Parts:
        return [Marker("<|im_start|>"), f"{role}\n{text}", Marker("<|im_end|>"), "\n"]

    before = turn("system", prompt.system) if prompt.system else []
    for asked, answered in prompt.history:
        before += [*turn("user", asked), *turn("assistant", answered)]
    return [*before, *turn("user", prompt.user), Marker("<|im_start|>"), "assistant\n" + prompt.prefix]


def llama3(prompt: Prompt) -> Parts:
    """Lay out for Llama 3."""

    def head(role: str) -> Parts:
        return [Marker("<|start_header_id|>"), role, Marker("<|end_header_id|>")]

    def turn(role: str, text: str) -> Parts:
        return [*head(role), "\n\n" + text, Marker("<|eot_id|>")]

    before = turn("system", prompt.system) if prompt.system else []
    for asked, answered in prompt.history:
        before += [*turn("user", asked), *turn("assistant", answered)]
    return [*before, *turn("user", prompt.user), *head("assistant"), "\n\n" + prompt.prefix]


def _turns(prompt: Prompt) -> list[tuple[str, str]]:
    """Return the turns of a chat without a system turn: the system's text stands before the first of the user's."""
    turns = [*prompt.history, (prompt.user, prompt.prefix)]
    first = f"{prompt.system}\n\n{turns[0][0]}" if prompt.system else turns[0][0]
    return [(first, turns[0][1]), *turns[1:]]


def gemma(prompt: Prompt) -> Parts:
    """Lay out for Gemma, which knows no system turn."""
    out: Parts = []
    for asked, answered in _turns(prompt):
        out += [Marker("<start_of_turn>"), "user\n" + asked, Marker("<end_of_turn>"), "\n"]
        out += [Marker("<start_of_turn>"), "model\n" + answered, Marker("<end_of_turn>"), "\n"]
    return out[:-2]


def llama2(prompt: Prompt) -> Parts:
    """Lay out for Llama 2 chat."""
    out: Parts = []
    for i, (asked, answered) in enumerate([*prompt.history, (prompt.user, prompt.prefix)]):
        system = f"<<SYS>>\n{prompt.system}\n<</SYS>>\n\n" if prompt.system and not i else ""
        said = f" {answered}" if answered else ""
        out += [Marker("[INST]"), f" {system}{asked} ", Marker("[/INST]"), said, Marker("</s>")]
    return out[:-1]


def mistral(prompt: Prompt) -> Parts:
    """Lay out for Mistral instruct."""
    out: Parts = []
    for asked, answered in _turns(prompt):
        out += [Marker("[INST]"), f" {asked}", Marker("[/INST]"), answered, Marker("</s>")]
    return out[:-1]


def _spoken(prompt: Prompt) -> str:
    """Return the user's turn with the turns before it told as text, for layouts that know one turn only."""
    if not prompt.history:
        return prompt.user
    told = "".join(f"User: {asked}\nAssistant: {answered}\n" for asked, answered in prompt.history)
    return f"{told}User: {prompt.user}"


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


def _rendered(template: str) -> Layout:
    """Lay out by the checkpoint's own template, rendered once around marks of ours."""
    from miaobi.engines.template import pieces

    (before, between, after), (start, end) = pieces(template)

    def layout(prompt: Prompt) -> Parts:
        if prompt.system:
            return [Marker(before), prompt.system, Marker(between), _spoken(prompt), Marker(after), prompt.prefix]
        return [Marker(start), _spoken(prompt), Marker(end), prompt.prefix]

    return layout


def layout_of(template: str) -> Layout:
    """Return the layout for a checkpoint with this chat template; CheckpointError if it can't be laid out."""
    if not template:
        return lambda prompt: [f"{prompt.system}\n\n" * bool(prompt.system) + _spoken(prompt) + "\n\n" + prompt.prefix]
    return recognise(template) or _rendered(template)


def tokens_of(
    prompt: Prompt, layout: Layout, tokenise: Callable[[str, bool], list[int]], begin: list[int]
) -> list[int]:
    """Return the tokens of *prompt* after *begin*: markers by ``tokenise(text, True)``, all other text as letters."""
    tokens, pending = list(begin), ""
    for part in layout(prompt):
        if isinstance(part, Marker):
            tokens += tokenise(pending, False) if pending else []
            tokens += tokenise(part.text, True) if part.text else []
            pending = ""
        else:
            pending += part
    return tokens + (tokenise(pending, False) if pending else [])
