from __future__ import annotations

import pytest

from miaobi.engines import template
from miaobi.engines.chat import Layout, Marker, layout_of
from miaobi.errors import CheckpointError
from miaobi.types import Prompt

UNKNOWN = (
    "{{ bos_token }}{% for m in messages %}<<{{ m['role'] }}>> {{ m['content'] | trim }}<<end>>\n{% endfor %}"
    "{% if add_generation_prompt %}<<assistant>> {% endif %}"
)


def text(layout: Layout, prompt: Prompt) -> str:
    return "".join(part.text if isinstance(part, Marker) else part for part in layout(prompt))


@pytest.mark.parametrize(
    ("mark", "laid_out"),
    [
        ("<|im_start|>", "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\nP"),
        (
            "<|start_header_id|>",
            "<|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nU"
            "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nP",
        ),
        ("<start_of_turn>", "<start_of_turn>user\nS\n\nU<end_of_turn>\n<start_of_turn>model\nP"),
        ("<<SYS>>", "[INST] <<SYS>>\nS\n<</SYS>>\n\nU [/INST] P"),
        ("[INST]", "[INST] S\n\nU[/INST]P"),
        ("", "S\n\nU\n\nP"),
    ],
)
def test_known_layouts_are_ours_and_run_nothing_of_the_template(mark: str, laid_out: str) -> None:
    hostile = mark and mark + "{{ 1 // 0 }}"
    assert text(layout_of(hostile), Prompt("S", "U", "P")) == laid_out


def test_unknown_template_is_rendered_around_the_texts() -> None:
    layout = layout_of(UNKNOWN)
    assert text(layout, Prompt("S", "U", "P")) == "<<system>> S<<end>>\n<<user>> U<<end>>\n<<assistant>> P"
    assert text(layout, Prompt("", "U", "")) == "<<user>> U<<end>>\n<<assistant>> "


@pytest.mark.parametrize("words", ["user", "<<end>>", "{{ messages }}", "{% raw %}", "end\x00", "系统"])
def test_words_of_the_user_stay_words_wherever_the_template_has_them_too(words: str) -> None:
    parts = layout_of(UNKNOWN)(Prompt(words, words, words))
    assert [p for p in parts if not isinstance(p, Marker)] == [words] * 3
    assert [p.text for p in parts if isinstance(p, Marker)] == [
        "<<system>> ",
        "<<end>>\n<<user>> ",
        "<<end>>\n<<assistant>> ",
    ]


@pytest.mark.parametrize(
    ("hostile", "says"),
    [
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "SecurityError|UndefinedError"),
        ("{{ messages.append(1) }}", "SecurityError"),
        ("{{ cycler.__init__.__globals__.os.system('true') }}", "SecurityError|UndefinedError"),
        ("{% include '/etc/passwd' %}", "TypeError|no loader"),
        ("{{ 'a' * 10**11 }}", "MemoryError|OverflowError"),
        ("{% for i in range(10**12) %}{% endfor %}", "OverflowError"),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "RecursionError"),
        ("{{ raise_exception('no') }}", "UndefinedError"),
        ("{% if %}", "TemplateSyntaxError"),
        ("no place for anybody's words", "once each"),
        ("{% for m in messages %}{{ m.content }}{{ m.content }}{% endfor %}", "once each"),
        ("x" * 100_001, "100,001 characters"),
    ],
)
def test_hostile_template_is_refused_with_the_reason(hostile: str, says: str) -> None:
    with pytest.raises(CheckpointError, match=says):
        layout_of(hostile)


def test_template_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template, "_SECONDS", 2)
    nested = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    with pytest.raises(CheckpointError, match="2 seconds"):
        layout_of(nested)


@pytest.mark.parametrize(
    ("mark", "laid_out"),
    [
        (
            "<|im_start|>",
            "<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\nb<|im_end|>\n<|im_start|>user\nU<|im_end|>\n"
            "<|im_start|>assistant\n",
        ),
        (
            "<start_of_turn>",
            "<start_of_turn>user\na<end_of_turn>\n<start_of_turn>model\nb<end_of_turn>\n<start_of_turn>user\nU"
            "<end_of_turn>\n<start_of_turn>model\n",
        ),
        ("<<SYS>>", "[INST] a [/INST] b</s>[INST] U [/INST]"),
        ("[INST]", "[INST] a[/INST]b</s>[INST] U[/INST]"),
        ("", "User: a\nAssistant: b\nUser: U\n\n"),
    ],
)
def test_turns_before_stand_before(mark: str, laid_out: str) -> None:
    assert text(layout_of(mark), Prompt(user="U", history=(("a", "b"),))) == laid_out


def test_unknown_template_tells_the_turns_before_as_text() -> None:
    assert text(layout_of(UNKNOWN), Prompt("S", "U", "", (("a", "b"),))) == (
        "<<system>> S<<end>>\n<<user>> User: a\nAssistant: b\nUser: U<<end>>\n<<assistant>> "
    )
