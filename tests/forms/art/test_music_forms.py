"""Tunes, songs and chorales on the nets that miaobi ships: fifty works a form, locks, and what is refused."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from miaobi.brief import Brief
from miaobi.compose import admit, compose
from miaobi.craft.chorale.outer import frame
from miaobi.craft.melody.page import tune_of
from miaobi.craft.music import abc, midi, musicxml
from miaobi.craft.music.arrangement.bass import line, phrases
from miaobi.craft.music.humanising import humanised
from miaobi.craft.music.instrument import instruments
from miaobi.craft.music.notation import bar_numbers
from miaobi.craft.music.performance import tones
from miaobi.craft.music.score import Score, duration
from miaobi.craft.music.sound import synthesiser
from miaobi.craft.music.voice_leading import breaks
from miaobi.engines import open_engine
from miaobi.errors import BriefError, MiaobiError
from miaobi.forms import find
from miaobi.forms.art import chorale, melodist, rhythm_section, tune
from miaobi.forms.art.composition import Piece, keep_bars
from miaobi.forms.art.tune import named_kind
from miaobi.types import Engine

AIR = (
    "X:1\nT:Air\nM:4/4\nL:1/8\nQ:1/4=90\nK:D\nD2 F2 A2 d2|c2 B2 A4|B2 G2 E2 C2|D6 F2|"
    "D2 F2 A2 d2|e2 d2 c4|B2 A2 G2 E2|D8|]\n"
)
LYRICS = "The lantern burned above the bay\nThe water lay in sleep"


@pytest.fixture(scope="module")
def melody() -> Iterator[Engine]:
    engine = open_engine("miaobi-folk")
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def choir() -> Iterator[Engine]:
    engine = open_engine("miaobi-chorale")
    yield engine
    engine.close()


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One candidate a phrase: validity doesn't depend on how hard the better of many is looked for."""
    for module in (melodist, chorale):
        monkeypatch.setattr(module, "CANDIDATES", 1)
        monkeypatch.setattr(module, "WIDTH", 1)


def made(name: str, engine: Engine, seed: int = 1, tune: str = "", /, **options: Any) -> Piece:
    references = ({"kind": "score", "name": f"air.{_ending(tune)}", "text": tune},) if tune else ()
    brief = Brief.parse(
        {"form": name, "idea": "Rain on the harbour", "seed": seed, "options": options, "references": references}
    )
    return Piece.model_validate(compose(brief, engine=engine, formats=["abc"]).content)


def _ending(text: str) -> str:
    return "musicxml" if text.startswith("<") else "abc"


def exact(score: Score) -> bool:
    """Tell whether every bar of every voice is as long as it has to be."""
    return all(
        duration(voice) == bar.full
        for part in score.parts
        for bar, voices in zip(score.bars, part.bars, strict=True)
        for voice in voices
    )


@pytest.mark.slow
def test_fifty_tunes_add_up_and_are_the_same_in_every_notation(melody: Engine, once: None) -> None:
    metres = ("4/4", "6/8", "3/4", "2/4", "9/8")
    for seed in range(50):
        piece = made("tune", melody, seed, metre=metres[seed % 5], bars=4, form=("AABB", "AABA")[seed % 2])
        assert exact(piece.score)
        assert piece.certificate.holds
        read = (
            abc.read(abc.write(piece.score)),
            musicxml.read(musicxml.write(piece.score)),
            midi.read(midi.write(piece.score)),
        )
        heard = {(t.onset, t.pitch) for t in tones(piece.score)}
        assert all({(t.onset, t.pitch) for t in tones(one.score)} == heard for one in read)


@pytest.mark.slow
def test_fifty_chorales_break_no_hard_rule_by_another_judge(choir: Engine, once: None) -> None:
    for seed in range(50):
        piece = made("chorale", choir, seed, phrases=1 + seed % 2)
        assert exact(piece.score)
        assert [b for b in breaks(piece.score) if b.severity == "error"] == []


@pytest.mark.slow
def test_fifty_songs_have_a_syllable_for_each_note_and_stress_on_the_beat(melody: Engine, once: None) -> None:
    words = [w.strip(",.") for w in LYRICS.replace("\n", " ").split()]
    for seed in range(50):
        piece = made("song", melody, seed, lyrics=LYRICS, metre=("4/4", "6/8", "2/4", "3/4")[seed % 4])
        assert exact(piece.score)
        events = [(place, e) for _, place, e in piece.score.parts[0].voice() if not e.rest]
        sung = "".join(e.lyrics[0].text for _, e in events if e.lyrics and e.lyrics[0])
        assert sung == "".join(words)
        stressed = [place for place, e in events if e.lyrics and e.lyrics[0] and e.lyrics[0].text in ("lan", "wa")]
        assert stressed == [Fraction(0), Fraction(0)]


def test_bars_that_are_not_written_anew_stand_as_they_were_given(melody: Engine) -> None:
    given = abc.read(AIR).score
    for seed in range(3):
        piece = made("tune", melody, seed, AIR, task="infill", rewrite="3-4,6")
        kept = [i for i in range(8) if i not in (2, 3, 5)]
        assert exact(piece.score)
        assert all(piece.score.parts[0].bars[i] == given.parts[0].bars[i] for i in kept)
        assert piece.score.bars[0].key == given.bars[0].key


def test_bars_written_anew_say_nothing_that_the_tune_has_already(melody: Engine) -> None:
    reel = AIR.replace("D2 F2 A2 d2|e2 d2 c4|", "D2 F2 A2 d2|c2 B2 A4|")  # it repeats itself, as tunes do
    given = abc.read(reel).score.parts[0].bars
    for seed in range(4):
        bars = made("tune", melody, seed, reel, task="infill", rewrite="3-4,6").score.parts[0].bars
        others = [*given, *(bar for i, bar in enumerate(bars) if i in (2, 3, 5))]
        assert [others.count(bars[i]) for i in (2, 3, 5)] == [1, 1, 1]


@pytest.mark.parametrize(
    "bar",
    [
        "d'2 f'2 a'2 d''2",
        "^D2 =f2 _A2 ^^e2",
        "D,,2 F,2 a'2 d2",
        "D7/4F/4 A2 d2 z/4e5/4f/2",
        "(3DEF (3GAB (3cde f2",
    ],
)
def test_given_bars_that_the_net_has_no_events_for_stand_too(melody: Engine, bar: str) -> None:
    given = abc.read(AIR.replace("D2 F2 A2 d2", bar)).score
    piece = made("tune", melody, 1, AIR.replace("D2 F2 A2 d2", bar), task="infill", rewrite="3-4,6")
    assert [piece.score.parts[0].bars[i] == given.parts[0].bars[i] for i in (0, 1, 4, 6, 7)] == [True] * 5
    assert exact(piece.score)


def test_own_chords_stand_and_new_bars_are_written_on_them(melody: Engine) -> None:
    own = AIR.replace("c2 B2 A4|B2 G2", '"Bm7"c2 B2 "F#7sus4"A4|"G"B2 G2').replace("D8|]", '"Dmaj9"D8|]')
    chords = [[(c.offset, c.text) for c in bar.chords] for bar in abc.read(own).score.bars]
    for seed in range(3):
        bars = made("tune", melody, seed, own, task="infill", rewrite="3-4").score.bars
        assert [[(c.offset, c.text) for c in bar.chords] for bar in bars] == chords


def test_infilled_tune_repeats_what_was_repeated(melody: Engine) -> None:
    lines = AIR.strip().split("\n")
    lines[-1] = "|:" + lines[-1].strip("|]") + ":|"
    given = abc.read("\n".join(lines) + "\n").score
    piece = made("tune", melody, 1, "\n".join(lines) + "\n", task="infill", rewrite="3")
    assert [(b.repeat_starts, b.repeat_ends) for b in piece.score.bars] == [
        (b.repeat_starts, b.repeat_ends) for b in given.bars
    ]


def test_tune_is_gone_on_with_and_varied(melody: Engine) -> None:
    given = abc.read(AIR).score
    longer = made("tune", melody, 1, AIR, task="continue", bars=4)
    assert len(longer.score.bars) == 12
    assert longer.score.parts[0].bars[:8] == given.parts[0].bars
    varied = made("tune", melody, 1, AIR, task="vary")
    assert [varied.score.parts[0].bars[i] == given.parts[0].bars[i] for i in (0, 1, 4, 5)] == [True] * 4
    assert varied.score.parts[0].bars != given.parts[0].bars


def test_bar_of_yours_stands_in_a_new_tune(melody: Engine) -> None:
    piece = made(
        "tune", melody, 1, key="D", metre="4/4", bars=4, pickup="none", given={"A1": "d2 fe d2 A2", "B2": "e8"}
    )
    written = abc.write(piece.score)
    assert "d2 fe d2 A2" in written
    assert "e8" in written


@pytest.mark.parametrize("form", ["AABB", "AABA"])
def test_tune_made_again_keeps_the_bars_that_are_to_stay(melody: Engine, once: None, form: str) -> None:
    first = made("tune", melody, 3, form=form, kind="jig")
    brief = Brief(form="tune", idea="Rain on the harbour", seed=4, options={"form": form, "kind": "jig"})
    kept = tune.keep(brief, first, [1, 2, 8, 11])
    again = made("tune", melody, 4, **(brief.options | kept))
    assert tune.keep(brief, again, [1, 2, 8, 11]) == kept
    assert again.score.bars[0].key == first.score.bars[0].key
    assert again.score.parts != first.score.parts
    with pytest.raises(BriefError, match="no bar 99"):
        tune.keep(brief, first, [99])


@pytest.mark.parametrize(
    "stanzas",
    [
        (LYRICS + "\n" + LYRICS + "\n" + LYRICS + "\n" + LYRICS,),  # eight lines: two fours
        ("Lanterns burned above the bay\nThe water lay in sleep", LYRICS),  # only one begins before the beat
        tuple(f"{LYRICS}\n{'O ' * n}come away" for n in range(1, 7)),  # six shapes, six melodies
        ("The light returns above the sea\nThe light came overgrown",),  # little room for the last syllable
    ],
)
@pytest.mark.parametrize("metre", ["2/4", "3/4", "6/8"])
def test_stanzas_of_any_shape_are_sung(melody: Engine, once: None, metre: str, stanzas: tuple[str, ...]) -> None:
    piece = made("song", melody, 2, lyrics="\n\n".join(stanzas), metre=metre)
    events = [e for part in piece.score.parts for _, _, e in part.voice()]
    sung = "".join(s.text for e in events for s in e.lyrics if s is not None)
    assert piece.certificate.holds
    assert sorted(filter(str.isalpha, sung)) == sorted(filter(str.isalpha, "".join(stanzas)))


@pytest.mark.parametrize(("metre", "lyrics"), [("4/4", LYRICS), ("6/8", LYRICS), ("3/4", LYRICS)])
def test_bars_of_a_song_are_written_anew_under_the_same_words(melody: Engine, metre: str, lyrics: str) -> None:
    first = made("song", melody, 1, lyrics=lyrics, metre=metre).score
    text = musicxml.write(first).decode()
    old = musicxml.read(text.encode()).score
    piece = made("song", melody, 2, text, rewrite="3")
    place = 3 if old.pickup else 2
    assert [i for i, bar in enumerate(old.parts[0].bars) if bar != piece.score.parts[0].bars[i]] == [place]
    assert words_of(piece.score) == words_of(old)
    assert piece.score.parts[1:] == old.parts[1:]
    assert [bar.chords for bar in piece.score.bars] == [bar.chords for bar in old.bars]
    assert piece.certificate.holds
    assert exact(piece.score)


@pytest.mark.parametrize("wanted", [[1, 2], [5], [7], [2, 8], [3, 6]])
def test_chorale_made_again_keeps_bars_and_voices(choir: Engine, wanted: list[int]) -> None:
    first = made("chorale", choir, 1, phrases=2)
    bars = [part.name for part in chorale.parts(first)].index("soprano")
    kept = chorale.keep(Brief(form="chorale", idea="x"), first, [n if n <= 4 else n - 4 + bars for n in wanted])
    again = made("chorale", choir, 2, **kept)
    upbeat = bool(first.score.pickup)
    for k, (old, new) in enumerate(zip(first.score.parts, again.score.parts, strict=True)):
        for i in range(len(first.score.bars)):
            if 5 + k in wanted or (i + 1 - upbeat in wanted and i + 1 - upbeat <= 4):
                assert old.bars[i] == new.bars[i], (k, i)
    assert first.score != again.score
    assert [b for b in breaks(again.score) if b.severity == "error"] == []


def test_song_made_again_keeps_bars_and_words(melody: Engine) -> None:
    first = made("song", melody, 1, lyrics=LYRICS)
    kept = keep_bars(Brief(form="song", idea="x"), first, [1, 3])
    again = made("song", melody, 2, lyrics=LYRICS, **kept)
    upbeat = bool(first.score.pickup)
    same = [a == b for a, b in zip(first.score.parts[0].bars, again.score.parts[0].bars, strict=True)]
    assert [same[i + upbeat] for i in range(4)] == [True, False, True, False]
    assert words_of(first.score) == words_of(again.score)
    assert again.stanzas == first.stanzas
    assert exact(again.score)
    assert keep_bars(Brief(form="song", idea="x", options=kept), again, [2])["kept"]["bars"] == [1, 2, 3]


@pytest.mark.parametrize("name", ["song", "chorale"])
@pytest.mark.parametrize("kept", [{"score": 1}, {"score": "X:1\nK:C\nC4|", "bars": ["x"], "voices": "", "stanzas": []}])
def test_what_is_kept_has_to_be_read(melody: Engine, name: str, kept: dict[str, Any]) -> None:
    with pytest.raises(BriefError, match="can't be read"):
        made(name, melody, 1, kept=kept)


def words_of(score: Score) -> list[list[str]]:
    """The syllables of each bar of the first part."""
    return [[s.text for e in voices[0] for s in e.lyrics if s is not None] for voices in score.parts[0].bars]


def test_stems_add_up_to_the_mix_and_none_is_clipped(melody: Engine, once: None) -> None:
    brief = Brief(form="song", idea="x", options={"lyrics": LYRICS, "metre": "3/4", "drums": "waltz"}, seed=2)
    work = compose(brief, engine=melody, formats=["zip", "txt"])
    assert LYRICS in work.rendering("txt").content.decode()
    piece = Piece.model_validate(work.content)
    with zipfile.ZipFile(io.BytesIO(work.rendering("zip").content)) as file:
        stems = [soundfile.read(io.BytesIO(file.read(n)))[0] for n in file.namelist() if n.endswith(".wav")]
    assert len(stems) == len(piece.score.parts) == 4
    assert all(0.001 < np.abs(stem).max() < 0.9 for stem in stems)
    assert 0.1 < np.abs(sum(stems)).max() < 0.9
    dry = sum(synthesiser.stem(piece.score, n, humanised(piece.score, 0)) for n in range(4))
    assert np.corrcoef(sum(stems)[:, 0], dry[:, 0])[0, 1] > 0.9999


def test_given_melody_is_harmonised_and_stands(choir: Engine) -> None:
    tune = "X:1\nT:Hymn\nM:4/4\nL:1/4\nK:G\nGGAB|A2 G2|BcdB|A4|GGAB|c2 B2|AGGF|G4|]\n"
    piece = made("chorale", choir, 1, tune)
    given = abc.read(tune).score
    top = [(t.onset, t.pitch, t.length) for t in tones(given)]
    assert [(t.onset, t.pitch, t.length) for t in tones(piece.score) if t.part == 0] == top
    assert [b for b in breaks(piece.score) if b.severity == "error"] == []
    again = made("chorale", choir, 2, musicxml.write(piece.score).decode(), keep="SATB", rewrite="3-4")
    assert again.score.parts[0].bars[:2] == piece.score.parts[0].bars[:2]


def test_binary_files_come_in_base64(melody: Engine) -> None:
    content = "data:;base64," + base64.b64encode(midi.write(abc.read(AIR).score)).decode()
    brief = {
        "form": "tune", "idea": "x", "options": {"task": "continue", "bars": 2},
        "references": [{"kind": "score", "name": "air.mid", "text": content}],
    }  # fmt: skip
    piece = Piece.model_validate(compose(brief, engine=melody, formats=["abc"]).content)
    assert len(piece.score.bars) == 10


@pytest.mark.parametrize(
    ("form", "options", "given", "said"),
    [
        ("tune", {"task": "continue"}, "", "no tune to continue"),
        ("tune", {}, AIR, "not what to do with it"),
        ("tune", {"task": "infill", "rewrite": "9-12"}, AIR, "has 8 bars"),
        ("tune", {"task": "infill"}, AIR, "isn't said"),
        ("tune", {"rewrite": "x"}, "", "no bars"),
        ("song", {"rewrite": "x"}, AIR, "no bars"),
        ("song", {"rewrite": "9"}, AIR, "has 8 bars"),
        ("song", {"rewrite": "3"}, "", "no song"),
        ("tune", {"key": "H"}, "", "no key"),
        ("tune", {"key": "Dm", "mode": "major"}, "", "contradict"),
        ("tune", {"metre": "5/4"}, "", "can't be written"),
        ("tune", {"form": "BAB"}, "", "no form"),
        ("tune", {"instrument": "kazoo"}, "", "no instrument"),
        ("tune", {"low": "C5", "high": "F5"}, "", "can't hold a melody"),
        ("tune", {"low": "Q9"}, "", "no pitch"),
        ("tune", {"given": {"C1": "c8"}}, "", "no bar"),
        ("tune", {"given": {"A1": "c3"}, "metre": "4/4"}, "", "lasts"),
        ("tune", {"task": "vary"}, "X:1\nT:x\nM:7/8\nL:1/8\nK:C\nCDEFGAB|\n", "7/8"),
        ("chorale", {"mode": "lydian"}, "", "lydian"),
        ("chorale", {}, "X:1\nT:x\nM:4/4\nL:1/4\nK:C\nC,DEF|GAFC|]\n", "out of the range"),
        ("chorale", {}, "X:1\nT:x\nM:4/4\nL:1/4\nK:C\ncdef|edcd|]\n", "tonic chord"),
        ("chorale", {}, "X:1\nT:x\nM:6/8\nL:1/8\nK:C\ncdefga|c6|]\n", "6/8"),
        ("song", {"lyrics": "..."}, "", "no words"),
        ("song", {"lyrics": "la\n" * 9}, "", "stanzas"),
        ("song", {"metre": "9/8"}, "", "9/8"),
    ],
)
def test_what_cannot_be_met_is_refused_before_anything_runs(
    form: str, options: dict[str, Any], given: str, said: str, melody: Engine
) -> None:
    with pytest.raises(MiaobiError, match=said):
        made(form, melody, 1, given, **options)


@pytest.mark.parametrize(
    ("idea", "kind"),
    [("A jig for a wedding", "jig"), ("A slip jig at dawn", "slipjig"), ("A march for the fleet", "march"),
     ("Snow in March", ""), ("The evening air", ""), ("Reeling home", "")],
)  # fmt: skip
def test_dance_that_the_idea_names_is_the_dance(idea: str, kind: str) -> None:
    assert named_kind(idea) == kind


def test_kept_bars_of_a_tune_keep_their_chords(melody: Engine) -> None:
    first = made("tune", melody, 3, kind="jig", pickup="none")
    kept = tune.keep(Brief(form="tune", idea="x"), first, [1, 2, 4])
    again = made("tune", melody, 4, kind="jig", **kept)

    for bar in (0, 1, 3):
        before, after = first.score.bars[bar], again.score.bars[bar]
        assert [c for c in after.chords if c.offset] == [c for c in before.chords if c.offset]
        head = [c.text for c in before.chords if not c.offset] or [first.score.bars[bar - 1].chords[-1].text]
        assert [c.text for c in after.chords if not c.offset] == head


def test_bars_are_numbered_as_they_are_kept_and_written_anew() -> None:
    text = "X:1\nT:Two\nM:4/4\nL:1/4\nK:C\nP:A\nG|CDEF|GAB||\nP:B\nc|dcBA|C3|]\n"
    score = abc.read(text).score
    assert bar_numbers(score) == [0, 1, 2, 2, 3, 4]
    numbers = re.findall(r'<measure[^>]* number="([^"]+)"', musicxml.write(score).decode())
    assert numbers == ["0", "1", "2", "X1", "3", "4"]


# --- rhythm section, small faults, options without effect ---------------------------------------------------------


def test_bass_and_drums_of_a_song_are_ranked_and_the_account_says_so() -> None:
    brief = Brief(form="song", idea="A wedding dance", seed=3, options={"lyrics": LYRICS, "metre": "4/4"})
    work = compose(brief, formats=["abc"])
    again = compose(brief, formats=["abc"])
    units = {unit.name: unit for unit in Piece.model_validate(work.content).certificate.units}
    choices = {choice.step: choice for choice in work.record.choices}

    assert again.content == work.content
    assert "ranked by miaobi-chorale" in units["bass"].rules[0].evidence
    assert "grooves ranked by miaobi-folk" in units["drums"].rules[0].evidence
    for step in ("bass:0", "drums"):
        choice = choices[step]
        assert len(choice.candidates) >= 5
        assert len(set(choice.candidates)) == len(choice.candidates)
    nats = [measures["net"] for measures in choices["bass:0"].measures]
    assert nats[choices["bass:0"].taken] == max(nats)
    assert work.record.beside[0]["name"] == "miaobi-chorale"


def test_net_prefers_a_bass_that_fits_to_one_of_a_semitone_higher(choir: Engine) -> None:
    score = abc.read(
        AIR.replace("D2 F2", '"D"D2 F2').replace("B2 G2", '"G"B2 G2').replace("c2 B2 A4", '"A"c2 B2 A4')
    ).score
    laid = phrases(score)
    told = frame(score, [sorted({span.bar for span in own}) for own in laid])
    right = line(score, laid[0], "root")
    wrong = {bar: [(at, length, (keys[0] + 1,)) for at, length, keys in hits] for bar, hits in right.items()}
    worth = rhythm_section.likelihood(choir, told, 0, {}, [right, wrong])
    assert worth[0] > worth[1]


def test_net_and_onsets_prefer_strokes_on_the_beat(melody: Engine) -> None:
    told = tune_of(abc.read(AIR).score)[0]
    on, off = [[0, 24, 48, 72]] * 4, [[6, 30, 54, 78]] * 4
    one, other = rhythm_section.groove_measures(melody, told, [on, off])
    assert one["net"] > other["net"]
    assert one["onsets"] > other["onsets"]


def test_song_on_an_engine_that_cannot_rank_plays_the_plain_line(melody: Engine, once: None) -> None:
    piece = made("song", melody, 1, lyrics=LYRICS, bass="root", metre="4/4")  # the melody net alone is at hand
    unit = next(unit for unit in piece.certificate.units if unit.name == "bass")
    assert unit.rules[0].evidence == rhythm_section.UNRANKED


@pytest.mark.parametrize("metre", ["2/4", "6/8", "4/4"])
@pytest.mark.parametrize("tempo", [70, 116])
def test_no_syllable_is_shorter_than_a_sixteenth_and_none_than_an_eighth_in_a_slow_song(
    melody: Engine, once: None, metre: str, tempo: int
) -> None:
    least = Fraction(1, 8) if tempo < 90 or metre == "6/8" else Fraction(1, 16)
    for seed in range(4):
        score = made("song", melody, seed, lyrics=LYRICS, metre=metre, tempo=tempo, bass="none", drums="none").score
        assert min(event.length for _, _, event in score.parts[0].voice() if not event.rest) >= least


def test_line_with_too_many_syllables_for_its_metre_goes_to_another_or_is_refused(melody: Engine, once: None) -> None:
    crowd = "In the middle of the night the old man woke\nAnd there was nobody there at all, nobody at all"
    with pytest.raises(BriefError, match="shorter than sixteenths"):
        made("song", melody, 1, lyrics=crowd, metre="2/4")
    assert made("song", melody, 1, lyrics=crowd, mood="wry").score.bars[0].metre.name != "2/4"


def test_no_weak_syllable_of_a_song_is_longer_than_the_stressed_one_before(melody: Engine, once: None) -> None:
    lyrics = "The river runs along the valley under evening light\nI walked with you beside the water in the night"
    for metre in ("4/4", "3/4", "6/8"):
        piece = made("song", melody, 3, lyrics=lyrics, metre=metre, bass="none", drums="none")
        notes = [(place, e) for _, place, e in piece.score.parts[0].voice() if not e.rest]
        sung = {e.lyrics[0].text: (place, e.length) for place, e in notes if e.lyrics and e.lyrics[0]}
        assert sum("breath" in e.marks for _, e in notes) == 1
        assert sung["I"][0] > Fraction(0)
        assert sung["I"][1] <= Fraction(1, 4)
        for strong, weak in (("walked", "with"), ("wa", "ter"), ("runs", "a"), ("val", "ley")):
            assert sung[weak][1] <= sung[strong][1]
        told = next(unit for unit in piece.certificate.units if unit.name == "words").rules[0]
        assert told.holds
        assert re.fullmatch(r"stressed syllables on beats: 13 of 13; weak .* before: 0 of \d+", told.evidence)


def test_line_longer_than_a_phrase_is_told() -> None:
    long = "The river runs along the valley under evening light and down beside the harbour"
    piece = Piece(title="x", score=abc.read(AIR).score, stanzas=((long, "The water lay in sleep"),))
    told = [one for one in find("song").check(Brief(form="song", idea="x"), piece) if one.rule == "long-line"]
    assert ["10 stressed" in one.message for one in told] == [True]


@pytest.mark.parametrize(("form", "options"), [("song", {}), ("tune", {"task": "continue"})])
def test_score_with_a_bar_that_is_too_long_is_refused_before_anything_runs(form: str, options: dict[str, str]) -> None:
    broken = AIR.replace("c2 B2 A4", "c2 B2 A4 A2")
    assert broken != AIR
    references = ({"kind": "score", "name": "air.abc", "text": broken},)
    with pytest.raises(BriefError, match="bar 2: 5 quarters in a bar of 4 quarters"):
        admit(find(form), Brief.parse({"form": form, "idea": "Rain", "options": options, "references": references}))


def test_chorale_has_its_fermatas_where_the_phrases_of_the_tune_end(choir: Engine, once: None) -> None:
    tune = "X:1\nT:Hymn\nM:4/4\nL:1/4\nK:G\nGGAB|cBAG|BdcB|A4|GGAB|cBAG|BAGF|G4|]\n"
    score = made("chorale", choir, 2, tune).score
    assert [bar for bar, _, event in score.parts[0].voice() if "fermata" in event.marks] == [3, 7]


@pytest.mark.parametrize("ending", ["G2 z2|]", "G/z/ z3|z4|]"])
def test_chorale_for_a_melody_that_ends_with_a_rest_closes_on_its_last_note(
    choir: Engine, once: None, ending: str
) -> None:
    tune = f"X:1\nT:Hymn\nM:4/4\nL:1/4\nK:G\nGGAB|A2 G2|BcdB|A4|GGAB|c2 B2|AGGF|{ending}\n"
    score = made("chorale", choir, 2, tune).score
    for part in score.parts:
        held = [event for _, _, event in part.voice() if "fermata" in event.marks]
        assert held
        assert not any(event.rest for event in held)
        assert [event for _, _, event in part.voice() if not event.rest][-1] == held[-1]
    assert exact(score)


def test_idea_gives_the_title_and_the_record_tells_of_the_given_score(melody: Engine, once: None) -> None:
    reference = {"kind": "score", "name": "air.abc", "text": AIR}
    brief = {
        "form": "tune",
        "idea": "雨中的港口",
        "language": "zh",
        "options": {"task": "vary"},
        "references": [reference],
    }
    work = compose(brief, engine=melody, formats=["abc"])
    assert work.title == "雨中的港口"
    assert work.rendering("abc").name == "雨中的港口.abc"
    assert {"step": "score", "file": "air.abc", "title": "Air", "composer": "", "bars": 8} in work.record.receipts


def test_infilled_tune_has_the_marks_of_the_given_one_and_no_more(melody: Engine, once: None) -> None:
    score = made("tune", melody, 1, AIR, task="infill", rewrite="3").score
    assert [bar.section for bar in score.bars] == [""] * 8
    assert score.parts[0].name == "Melody"
    assert made("tune", melody, 1, AIR, task="infill", rewrite="3", instrument="violin").score.parts[0].name == "Violin"


@pytest.mark.parametrize(
    ("form", "options", "given"),
    [
        *(("tune", {"task": "infill", "rewrite": "3", name: value}, AIR) for name, value in (
            ("key", "G"), ("mode", "minor"), ("low", "A3"), ("high", "D6"), ("metre", "3/4"), ("pickup", "none"),
            ("kind", "jig"), ("form", "AB"), ("given", {"A1": "D8"}), ("tempo", 80), ("bars", 4), ("leap", 7),
        )),
        ("tune", {"rewrite": "3"}, ""),
        ("tune", {"task": "vary", "rewrite": "3"}, AIR),
        *(("song", {name: value}, AIR) for name, value in (
            ("key", "G"), ("mode", "minor"), ("low", "A3"), ("high", "D6"), ("metre", "3/4"), ("instrument", "flute"),
            ("tempo", 80), ("leap", 7), ("chromatic", False),
        )),
        ("song", {"accompaniment": "none", "played_on": "harp"}, ""),
        ("chorale", {"keep": "SB"}, ""),
        ("chorale", {"rewrite": "3"}, ""),
        *(("chorale", {name: value}, AIR) for name, value in (
            ("key", "G"), ("mode", "minor"), ("phrases", 2), ("metre", "3/4"), ("keep", "SB"), ("tempo", 80),
        )),
    ],
)  # fmt: skip
def test_option_that_would_change_nothing_is_refused_by_name(form: str, options: dict[str, Any], given: str) -> None:
    references = ({"kind": "score", "name": "air.abc", "text": given},) if given else ()
    name = list(options)[-1]
    with pytest.raises(BriefError, match=f"option {name}=.* would change nothing"):
        admit(find(form), Brief.parse({"form": form, "idea": "x", "options": options, "references": references}))


def test_instrument_that_has_not_the_notes_of_a_given_tune_is_refused() -> None:
    brief = {
        "form": "tune", "idea": "x", "options": {"task": "vary", "instrument": "tin-whistle"},
        "references": [{"kind": "score", "name": "air.abc", "text": AIR.replace("D6 F2", "D6 F,2")}],
    }  # fmt: skip
    with pytest.raises(BriefError, match="tin-whistle has D5"):
        admit(find("tune"), Brief.parse(brief))


def test_instruments_of_the_guide_are_those_that_there_are() -> None:
    page = (Path(__file__).parents[3] / "docs" / "music.md").read_text("utf-8")
    told = page[page.index("`piano` 钢琴") :].split("\n")[0]
    assert re.findall(r"`([a-z-]+)`", told) == list(instruments())
