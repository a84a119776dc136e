"""绝句: four lines of five or seven characters, by 平水韵 or 中华新韵, every rule of tone and rhyme kept."""

from __future__ import annotations

from miaobi.brief import Brief
from miaobi.craft.prosody.chinese.poem import ChinesePoem
from miaobi.form import Form, Length
from miaobi.forms.art.chinese_verse import CHECKPOINT
from miaobi.forms.art.chinese_wish import kept
from miaobi.forms.art.regulated_verse import RegulatedOptions, admit, check, draft, read, render

FORM = Form(
    name="jueju",
    names={"en": "Jueju (quatrain)", "zh": "绝句"},
    aliases=("绝诗", "五绝", "七绝"),
    summary={
        "en": "A Chinese quatrain in regulated verse; tones and rhyme always right, and shown why.",
        "zh": "五言或七言绝句，平仄、粘对、押韵必合，并说明何以合。",
    },
    content=ChinesePoem,
    options=RegulatedOptions,
    length=Length(usual=28, least=20, most=28),
    languages=("zh",),
    checkpoints={"zh": CHECKPOINT},
    draft=lambda desk: draft(desk, 4),
    check=check,
    admit=lambda brief: admit(brief, 4),
    read=lambda text, language: read(text, 4),
    keep=lambda brief, poem, numbers: kept(poem, numbers),
    verse=ChinesePoem.by_stanza,
    render=render,
    formats=("txt", "md", "html", "pdf", "svg"),
    example=Brief(form="jueju", idea="秋夜江上", language="zh", seed=7),
)
