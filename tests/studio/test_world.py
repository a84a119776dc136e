"""Worlds: works that belong together, one made anew and the rest as it was, a page that runs nothing of theirs."""

from __future__ import annotations

import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from miaobi.bible import Bible, Lore, Persona, Place
from miaobi.craft.drawing.colour import contrast
from miaobi.craft.plot.cast import people_of
from miaobi.craft.plot.narrative import Narrative
from miaobi.errors import BriefError, DraftError, InputFileError, LibraryError
from miaobi.forms import find
from miaobi.forms.writing.background import background_of
from miaobi.studio import carrying
from miaobi.studio.carrying import Engines
from miaobi.studio.world import making
from miaobi.studio.world.board import write_page
from miaobi.studio.world.plan import World, brief_of, outdated, part_of, parted, rewritten, with_parts, world_of
from miaobi.studio.world.theme import READABLE, theme_of
from miaobi.types import Language
from tests.cli.run import run
from tests.parrot import Parrot

IDEA = "A lighthouse keeper finds a message in a bottle"
FORMS = ["story", "ballad", "song", "illustration size=256 medium=none", "cover size=256 medium=none", "tune"]


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(carrying, "open_engine", lambda *_, **__: Parrot(("en", "zh")))


def made(folder: Path, wish: World) -> World:
    with Engines() as engines:
        return making.make(wish, folder, engines, lambda part, what, done: None)


def wish(idea: str = IDEA, language: Language = "en", forms: list[str] = FORMS, **more: str) -> World:
    return world_of(idea, language, forms, **more)  # type: ignore[arg-type]


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_works_of_a_world_belong_together(tmp_path: Path) -> None:
    folder = tmp_path / "world"
    world = made(folder, wish(author="Anna Writer"))
    works = {name: making.composed(id) for name, id in world.works.items()}
    poem, song, cover, tune = (works[name] for name in ("ballad", "song", "cover", "tune"))
    hero = world.bible.personas[0].name
    assert world.bible.title == works["story"].title == cover.content["title"]
    assert cover.content["author"] == "Anna Writer"
    assert poem.content["dedication"] == f"for {hero}"
    assert [line for one in song.content["stanzas"] for line in one] == [
        line["text"] for stanza in poem.content["stanzas"] for line in stanza
    ]
    assert song.title == poem.title
    assert cover.brief.options["palette"] == " ".join(world.bible.palette[:12])
    assert {work.brief.tone for work in works.values()} == {world.bible.mood} == {"hopeful"}
    first, second = (work.content["score"]["bars"][0]["key"] for work in (song, tune))
    assert first == second
    with carrying.Library() as library:
        assert library.boards() == {world.bible.title: len(works)}


def test_page_needs_nothing_and_runs_nothing_of_the_works(tmp_path: Path) -> None:
    folder = tmp_path / "world"
    hostile = 'The sea</title><script>alert(1)</script><img src="http://x.test/a.png" onerror="alert(2)">'
    made(folder, wish(hostile, forms=["haiku", "tune", "illustration size=256 medium=none subjects=boat"]))
    page = (folder / "index.html").read_text("utf-8")
    seen: list[tuple[str, dict[str, str | None]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            seen.append((tag, dict(attributes)))

    Reader().feed(page)
    policy = next(a["content"] for t, a in seen if a.get("http-equiv") == "Content-Security-Policy") or ""
    assert policy.startswith("default-src 'none'")
    assert "unsafe-inline" not in policy.split("script-src")[1]
    assert len(re.findall(r"'sha256-", policy)) == 2
    assert sum(tag == "script" and attributes.get("type") is None for tag, attributes in seen) == 2
    assert not any(name.startswith("on") for _, attributes in seen for name in attributes)
    for tag, attributes in seen:
        for name in ("src", "href"):
            address = attributes.get(name) or ""
            assert not re.match(r"(?i)\w+:|//", address) or address.startswith("data:"), (tag, address)
    for _, attributes in seen:
        if (attributes.get("href") or "").startswith(("haiku", "tune", "illustration")):
            assert (folder / str(attributes["href"])).is_file()
    label = next(a["content"] for t, a in seen if a.get("name") == "AIGC") or ""
    assert json.loads(label)["Label"] == "1"
    assert "AI-generated" in page.split("<footer", 1)[1]


def test_one_part_is_made_anew_and_the_rest_stays(tmp_path: Path) -> None:
    folder = tmp_path / "world"
    world = made(folder, wish(forms=["haiku", "limerick"]))
    before = files_of(folder)
    with pytest.raises(BriefError, match="It has: haiku, limerick"):
        making.again(world, "song")
    new = made(folder, making.again(world, "limerick", options={"mood": "wry"}))
    after = files_of(folder)
    assert new.works["haiku"] == world.works["haiku"]
    assert new.works["limerick"] != world.works["limerick"]
    assert new.folders["limerick"] == "limerick-2"
    kept = {name for name in before if name not in ("index.html", "world.json")}
    assert all(after[name] == before[name] for name in kept)
    assert making.open_world(folder) == new
    more = made(folder, with_parts(new, [part_of("heroic-couplets", "en"), part_of("limerick", "en")]))
    assert list(more.works) == ["haiku", "limerick", "heroic-couplets", "limerick-2"]


def test_what_can_not_be_made_anew_leaves_the_world_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "world"
    world = made(folder, wish(forms=["haiku", "limerick"]))
    before = files_of(folder)
    monkeypatch.setattr(carrying, "compose", lambda *_, **__: (_ for _ in ()).throw(DraftError("No melody.", "")))
    with pytest.raises(DraftError):
        made(folder, making.again(world, "limerick"))
    assert files_of(folder) == before


def test_board_of_works_is_a_page_too(tmp_path: Path) -> None:
    made(tmp_path / "world", wish(forms=["haiku", "limerick", "illustration size=256 medium=none"]))
    with carrying.Library() as library:
        [name] = library.boards()
    page = write_page(name, tmp_path / "page.html").read_text("utf-8")
    assert [re.search(rf'<section id="{part}">', page) is not None for part in ("haiku", "limerick")] == [True, True]
    assert 'class="hero"' in page
    assert "<summary>Files" not in page  # there are none beside it
    with pytest.raises(LibraryError):
        write_page(name, tmp_path / "page.html")
    with pytest.raises(BriefError, match="0 composed works"):
        write_page("nobody's", tmp_path / "other.html")


def test_chinese_world_sings_and_sets_its_poem(tmp_path: Path) -> None:
    forms = ["jueju", "song", "broadside size=256 medium=none"]
    world = made(tmp_path / "world", wish("江上孤舟，秋夜听雨", "zh", forms, author="李青"))
    works = {name: making.composed(id) for name, id in world.works.items()}
    form = find("jueju")
    assert form.verse is not None
    lines = [line for stanza in form.verse(form.content.model_validate(works["jueju"].content)) for line in stanza]
    assert [line for stanza in works["song"].content["stanzas"] for line in stanza] == lines
    assert works["broadside"].content["lines"] == lines
    assert works["broadside"].title == works["jueju"].title
    assert 'class="verse down"' in (tmp_path / "world" / "index.html").read_text("utf-8")


def test_illustrations_follow_the_story_in_its_order_and_tell_their_passages(tmp_path: Path) -> None:
    drawn = "illustration size=256 medium=none"
    world = made(tmp_path / "world", wish(forms=["story", drawn, drawn, f"{drawn} subjects=fox", "cover size=256"]))
    works = {name: making.composed(id) for name, id in world.works.items()}
    shown = [works[name] for name in ("illustration", "illustration-2")]
    numbers = [int(work.brief.options["passage"]) for work in shown]
    told = [p for p in Narrative.model_validate(works["story"].content).text().split("\n\n") if p]
    assert numbers == sorted(set(numbers))
    assert [work.content["passage"] for work in shown] == [told[n - 1] for n in numbers]
    assert works["story"].title in shown[0].content["alt"]
    assert shown[0].title != shown[1].title
    for name in ("illustration-3", "cover"):  # a person said what is seen; a cover shows the idea
        assert (works[name].content["passage"], works[name].brief.references) == ("", ())
    more = with_parts(world, [part_of(drawn, "en")])
    brief, _ = brief_of(more, more.part("illustration-4"), works)
    assert int(brief.options["passage"]) not in numbers
    assert parted(world, "story", works) == ["illustration", "illustration-2"]
    old = works["story"]
    other = old.model_copy(update={"content": old.content | {"title": "Another"}})
    assert outdated(world, works) == []
    assert outdated(world, works | {"story": other}) == ["illustration", "illustration-2"]


def test_option_that_a_form_refuses_is_left_out_again() -> None:
    wanted = wish(forms=["illustration"], author="Anna Writer")
    brief, refused = brief_of(wanted, wanted.parts[0], {})
    assert "author" in refused  # an illustration bears no name
    assert "author" not in brief.options


def test_people_of_the_bible_play_in_its_stories_and_what_is_known_is_told_to_their_writer() -> None:
    mara = Persona(id="a", name="Mara", pronoun="she", want="to be left alone", voice="short, dry")
    quay = Place(id="b", name="the quay", details=("tar", "gulls"))
    lore = Lore(keys=("bell",), content="The bell has no tongue.")
    given = Bible(title="The Glass Tide", personas=(mara,), places=(quay,), lore=(lore,))
    wanted = world_of(IDEA, "en", ["story", "haiku"], given=given)
    brief, _ = brief_of(wanted, wanted.parts[0], {})
    assert brief.title == "The Glass Tide"
    assert [p.name for p in people_of(brief)] == ["Mara"]
    said = {entry.keys: entry.content for entry in background_of(brief).lore}
    assert said[("Mara",)] == "Mara wants to be left alone. Mara’s way of speaking: short, dry."
    assert said[("the quay",)] == "the quay: tar, gulls."
    assert said[("bell",)] == "The bell has no tongue."
    poem, _ = brief_of(wanted, wanted.parts[1], {})
    assert (poem.references, poem.options["dedication"]) == ((), "for Mara")


def test_what_a_person_wrote_stays_and_the_rest_is_forgotten_with_the_work_that_told_it(tmp_path: Path) -> None:
    world = made(tmp_path / "world", wish(forms=["story"]))
    hero = world.bible.personas[0].model_copy(update={"name": "Mara"})
    changed = rewritten(world, world.bible.model_copy(update={"personas": (hero,), "mood": ""}))
    assert (changed.given.personas, changed.given.title, changed.bible.mood) == ((hero,), "", "")
    after = making.again(changed, "story")
    assert (after.bible.personas, after.bible.title, after.bible.theme) == ((hero,), "", "")
    assert World.model_validate_json(after.model_dump_json()) == after


def test_same_world_is_gone_on_with_and_another_one_never_written_over(tmp_path: Path) -> None:
    folder = tmp_path / "world"
    world = made(folder, wish(forms=["haiku"]))
    assert making.folder_for(wish(forms=["haiku"]), folder) == (folder, world)
    with pytest.raises(BriefError, match="another world"):
        making.folder_for(wish(forms=["limerick"]), folder)
    making.keep(wish(forms=["tune"]), tmp_path / "refused")  # an engine that spoke another language, say
    assert making.folder_for(wish(forms=["haiku"]), tmp_path / "refused")[0] == tmp_path / "refused"
    assert making.open_world(tmp_path / "refused") == wish(forms=["haiku"])
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "index.html").write_text("mine", "utf-8")
    with pytest.raises(BriefError, match="another world"):
        making.folder_for(wish(forms=["haiku"]), tmp_path / "other")


def test_killed_world_goes_on_and_ends_in_the_same_page(tmp_path: Path) -> None:
    command = ["world", IDEA, "--forms", "haiku,limerick,heroic-couplets", "--out", "w"]
    pages = []
    for name, kills in (("whole", ()), ("killed", ("before-library", "after-library", "before-delivery", "3"))):
        home = tmp_path / name
        home.mkdir()
        for moment in kills:
            assert run(*command, home=home, MIAOBI_TEST_KILL=moment).returncode == -9
        done: subprocess.CompletedProcess[str] = run(*command, home=home)
        assert done.returncode == 0, done.stderr
        pages.append((home / "w" / "index.html").read_bytes())
        assert sorted(p.name for p in (home / "w").iterdir() if p.is_dir()) == ["haiku", "heroic-couplets", "limerick"]
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    ("forms", "said"),
    [
        (["kazoo"], "no form called"),
        (["jueju"], "isn't written in this language"),
        (["cover colour=red"], "no option"),
        (["cover medium=glue"], "medium"),
        (["tune"] * 25, "too many"),
    ],
)
def test_what_can_not_be_met_is_told_before_anything_is_made(forms: list[str], said: str) -> None:
    with pytest.raises(BriefError, match=said):
        wish(forms=forms)
    with pytest.raises(BriefError, match="needs an idea"):
        wish("  ", forms=["haiku"])


def test_damaged_record_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="no world"):
        making.open_world(tmp_path)
    (tmp_path / "world.json").write_text('{"idea": 1}', "utf-8")
    with pytest.raises(InputFileError, match="can't be read"):
        making.open_world(tmp_path)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    "palette", [(), ("#000000",), ("#ffffff", "#808080"), ("#ff0000", "#00ff00", "#0000ff"), ("#fff700",)]
)
def test_theme_is_readable_whatever_the_palette(palette: tuple[str, ...], dark: bool) -> None:
    theme = theme_of(palette, dark)
    for ground in (theme.paper, theme.sheet):
        assert contrast(theme.ink, ground) >= 7
        assert contrast(theme.soft, ground) >= READABLE
        assert contrast(theme.accent, ground) >= READABLE
