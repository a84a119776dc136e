"""律诗: eight lines of five or seven characters; the middle couplets face each other."""

from __future__ import annotations

from miaobi.brief import Brief
from miaobi.craft.prosody.chinese.poem import ChinesePoem
from miaobi.form import Form, Length
from miaobi.forms.art.chinese_verse import CHECKPOINT
from miaobi.forms.art.chinese_wish import kept
from miaobi.forms.art.regulated_verse import RegulatedOptions, admit, check, draft, read, render

FORM = Form(
    name="lushi",
    names={"en": "Lüshi (regulated verse)", "zh": "律诗"},
    aliases=("五律", "七律"),
    summary={
        "en": "Eight lines of Chinese regulated verse; tones and rhyme always right, the middle couplets parallel.",
        "zh": "五言或七言律诗，平仄、粘对、押韵必合，中二联求对仗。",
    },
    content=ChinesePoem,
    options=RegulatedOptions,
    length=Length(usual=56, least=40, most=56),
    languages=("zh",),
    checkpoints={"zh": CHECKPOINT},
    draft=lambda desk: draft(desk, 8),
    check=check,
    admit=lambda brief: admit(brief, 8),
    read=lambda text, language: read(text, 8),
    keep=lambda brief, poem, numbers: kept(poem, numbers),
    verse=ChinesePoem.by_stanza,
    render=render,
    formats=("txt", "md", "html", "pdf", "svg"),
    example=Brief(form="lushi", idea="登楼望远", language="zh", seed=7),
)
