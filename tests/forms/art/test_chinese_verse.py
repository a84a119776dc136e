"""Chinese verse on the net that the package ships: fifty works, judged by our check and by one written apart."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from miaobi.assist.judgement import judge
from miaobi.brief import Brief
from miaobi.certificate import Certificate
from miaobi.compose import compose
from miaobi.craft.prosody.chinese.allusion import allusions
from miaobi.craft.prosody.chinese.script import traditional
from miaobi.craft.prosody.chinese.tune import tunes
from miaobi.engines import catalog, open_engine
from miaobi.engines.disk import digest
from miaobi.errors import BriefError, CheckpointError
from miaobi.forms import find, forms
from miaobi.forms.art import chinese_verse, duilian
from miaobi.trust import label
from miaobi.types import Engine

ROOT = Path(__file__).parents[3]
IDEAS = "秋夜江上 春日山行 登楼望远 思念故乡 雨中访僧 边塞从军 梅花 渔父 古寺钟声 月下独酌".split()  # noqa: SIM905


@pytest.fixture(scope="module")
def verse_net() -> Iterator[Engine]:
    engine = open_engine(chinese_verse.CHECKPOINT, threads=1)
    yield engine
    engine.close()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Validity doesn't depend on how many are compared."""
    monkeypatch.setattr(chinese_verse, "ATTEMPTS", 1)
    monkeypatch.setattr(chinese_verse, "WIDTH", 1)
    monkeypatch.setattr(chinese_verse, "CANDIDATES", 1)
    monkeypatch.setattr(duilian, "CANDIDATES", 2)


@pytest.fixture(scope="module")
def again() -> ModuleType:
    """The second checker, which the benchmark uses too."""
    spec = importlib.util.spec_from_file_location("scansion_again", ROOT / "benchmarks" / "scansion_again.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def brief(form: str, idea: str, seed: int, **options: object) -> Brief:
    return Brief(form=form, idea=idea, language="zh", seed=seed, options=dict(options))


FIFTY = [
    *(("jueju", IDEAS[i % 10], {"width": 5 + 2 * (i % 2)}) for i in range(16)),
    *(("lushi", IDEAS[i % 10], {"width": 5 + 2 * (i % 2)}) for i in range(10)),
    *(("ci", IDEAS[i % 10], {"tune": sorted(tunes())[3 * i]}) for i in range(14)),
    *(("duilian", first, {}) for first in ("春风送暖花千树", "海内存知己", "绿水青山", "明月松间照", "江流天地外") * 2),
]


@pytest.mark.usefixtures("hasty")
def test_fifty_works_keep_every_rule_by_two_checkers(verse_net: Engine, again: ModuleType) -> None:
    for seed, (form, idea, options) in enumerate(FIFTY):
        work = compose(brief(form, idea, seed, **options), engine=verse_net, formats=("txt",))
        lines = [line["text"] for line in work.content["lines"]]
        assert not [f for f in work.findings if f.severity == "error"]
        if form == "duilian":
            assert not again.couplet(*lines)
        elif form == "ci":
            assert not again.to_tune(lines, work.content["scheme"])
        else:
            assert not again.regulated(lines)
        assert Certificate.model_validate(work.content["certificate"]).holds


def test_second_checker_finds_what_is_broken(again: ModuleType) -> None:
    good = "白日依山盡 黃河入海流 欲窮千里目 更上一層樓".split()  # noqa: SIM905
    assert not again.regulated(good)
    for broken in ("白日依天盡山", "白日依山高", "囧日依山盡"):
        assert again.regulated([broken, *good[1:]])
    assert again.regulated([*good[:3], "更上一江流"])  # the rhyme word twice
    assert again.couplet("明月松間照", "清風石上流") == []
    assert again.couplet("明月松間照", "明泉石上流")
    assert again.to_tune(["山"] * 6, "浣溪沙") == ["shape"]


@pytest.mark.usefixtures("hasty")
def test_given_lines_come_back_byte_for_byte_and_the_rest_fits_them(verse_net: Engine, again: ModuleType) -> None:
    given = {"1": "移舟泊烟渚", "4": "江清月近人"}
    work = compose(brief("jueju", "秋夜江上", 1, width=5, given=given), engine=verse_net, formats=("txt",))
    text = work.rendering("txt").content.decode()
    assert all(line in text for line in given.values())
    assert [line["given"] for line in work.content["lines"]] == ["移舟泊烟渚", "", "", "江清月近人"]
    assert work.record.authorship == {"engine": 10, "user": 10}


@pytest.mark.usefixtures("hasty")
def test_script_of_the_brief_is_the_script_of_the_poem(verse_net: Engine) -> None:
    for idea in ("江樓聽雨", "江楼听雨"):
        work = compose(brief("jueju", idea, 2), engine=verse_net, formats=("txt",))
        assert work.content["script"] == ("traditional" if "樓" in idea else "simplified")


@pytest.mark.usefixtures("hasty")
def test_subject_decides_the_season(verse_net: Engine) -> None:
    for seed in range(3):
        work = compose(brief("jueju", "秋夜江上", seed), engine=verse_net, formats=("txt",))
        assert not set("春夏冬") & set("".join(line["text"] for line in work.content["lines"]))


@pytest.mark.usefixtures("hasty")
def test_every_file_carries_poem_and_label(verse_net: Engine) -> None:
    work = compose(
        brief("ci", "暮春微雨", 3, tune="虞美人", dedication="<赠友人>", appendix="certificate"), engine=verse_net
    )
    first = find("ci").content.model_validate(work.content).sentences()[0][0]  # type: ignore[attr-defined]
    for ending in ("txt", "md", "html", "svg"):
        text = work.rendering(ending).content.decode()
        assert "人工智能生成" in text
        assert first in re.sub(r"<[^>]*>|\n", "", text)
        assert "<赠友人>" not in text or ending in ("txt", "md")
    assert label.read(work.rendering("pdf").content, "pdf")
    assert work.rendering("svg").content.decode().count("<text") > 60


def test_poem_on_the_shipped_net_is_the_same_on_every_run(verse_net: Engine) -> None:
    works = [compose(brief("jueju", "秋夜江上", 5, width=5), engine=verse_net, formats=("txt",)) for _ in range(2)]
    assert works[0] == works[1]
    assert works[0].record.removals


def test_forms_of_chinese_verse_run_without_naming_an_engine() -> None:
    chinese = [form for form in forms().values() if form.content.__name__ == "ChinesePoem"]
    assert {form.name for form in chinese} == {"jueju", "lushi", "ci", "duilian"}
    for form in chinese:
        entry = catalog.find(form.engine_in("zh"))
        assert entry.shipped
        assert form.engine_in("zh", "other") == "other"
        assert form.engine_in("en") == ""


def test_shipped_checkpoint_is_whole_small_and_stays() -> None:
    entry = catalog.find(chinese_verse.CHECKPOINT)
    path = catalog.ensure(entry.name)
    assert digest(path) == entry.sha256
    assert path.stat().st_size == entry.size < 10_000_000
    assert {"card.md", "manifest.json"} <= {p.name for p in path.parent.iterdir()}
    assert entry in catalog.installed()
    with pytest.raises(CheckpointError):
        catalog.remove(entry.name)


def test_kept_lines_go_into_the_options_with_the_tune(verse_net: Engine, hasty: None) -> None:
    work = compose(brief("ci", "暮春微雨", 3, tune="如梦令"), engine=verse_net, formats=["txt"])
    form = find("ci")
    poem = form.content.model_validate(work.content)
    assert form.keep is not None
    options = form.keep(work.brief, poem, [2])
    again = compose(brief("ci", "暮春微雨", 4, **options), engine=verse_net, formats=["txt"])
    other = form.content.model_validate(again.content)
    assert other.shown(other.lines[1]) == poem.shown(poem.lines[1])  # type: ignore[attr-defined]
    assert other.scheme == poem.scheme  # type: ignore[attr-defined]


def test_poem_is_judged_by_the_rhyme_book_that_is_asked_for() -> None:
    text = "独在异乡为异客，每逢佳节倍思亲。\n遥知兄弟登高处，遍插茱萸少一人。\n"
    old = {r.rule for r in judge(text, find("jueju"), "zh") if r.severity == "error"}
    new = [r for r in judge(text, find("jueju"), "zh", options={"book": "xinyun"}) if r.severity == "error"]
    assert old == set()
    assert [(r.rule, r.line, r.column) for r in new] == [("tone", 1, 12)]  # 节 is level today
    with pytest.raises(BriefError, match="book"):
        judge(text, find("jueju"), "zh", options={"book": "guangyun"})


def test_allusions_are_told_with_their_source() -> None:
    poem = ["巴山夜雨涨秋池", "君问归期未有期", "何当共剪西窗烛", "却话巴山夜雨时"]
    found = allusions(list(map(traditional, poem)))
    assert [(a.line, a.at, a.phrase) for a in found] == [(0, 0, "巴山"), (2, 4, "西窗"), (3, 2, "巴山")]
    assert all("李商隱" in a.source for a in found)
    assert allusions(["空山新雨後"]) == []
