"""What is looked for in each document by itself: damage, language, personal data, boilerplate; and quantity."""

from __future__ import annotations

import pytest

from miaobi.lab.corpus.audit.boilerplate import Boilerplate
from miaobi.lab.corpus.audit.damage import damage
from miaobi.lab.corpus.audit.language import language
from miaobi.lab.corpus.audit.personal import masked, personal
from miaobi.lab.corpus.audit.sufficiency import Sufficiency


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A café — “naïve” Ærø, Ÿ, 10 °C, Âge, £5, Ã", {}),
        ("明月几时有？把酒问青天。", {}),
        ("cafÃ©", {"mojibake": 1}),
        ("donâ€™t", {"mojibake": 1}),
        ("cafÃ© dâ€™or Ã¼", {"mojibake": 3}),
        ("锟斤拷", {"mojibake": 1}),
        ("a\ufffdb\ufffd", {"replacement": 2}),
        ("a\x07b\x85", {"control": 2}),
        ("\ue000", {"private": 1}),
        ("□雨绝风尘，□□", {"gap": 3}),
        ("\u0378 \U0003fffe", {"unassigned": 2}),
        ("tab\tand\nline", {}),
    ],
)
def test_damage_is_found_and_sound_text_is_not(text: str, found: dict[str, int]) -> None:
    assert damage(text) == found


@pytest.mark.parametrize("word", ["naïve", "Übermut", "Ça va", "añejo", "smörgås", "œuvre", "Łódź"])
def test_mojibake_of_a_word_is_told_from_the_word(word: str) -> None:
    assert not damage(word)
    assert damage(word.encode().decode("latin-1"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("It was the best of times, it was the worst of times.", "en"),
        ("Longtemps, je me suis couché de bonne heure. Parfois, à peine ma bougie éteinte, les yeux.", "fr"),
        ("Als Gregor Samsa eines Morgens aus unruhigen Träumen erwachte, fand er sich in seinem Bett.", "de"),
        ("En un lugar de la Mancha, de cuyo nombre no quiero acordarme, no ha mucho que vivía.", "es"),
        ("国破山河在，城春草木深。来时风雨", "zh-Hans"),
        ("國破山河在，來時風雨，飛鳥無還", "zh-Hant"),
        ("床前明月光", "zh"),
        ("吾輩は猫である。名前はまだ無い。", "ja"),
        ("나는 고양이로소이다", "ko"),
        ("Все счастливые семьи похожи друг на друга", "Cyrillic"),
        ("M5 5H7V11", "Latin"),
        ("12 34 —", "none"),
        ("", "none"),
    ],
)
def test_language_is_told(text: str, name: str) -> None:
    assert language(text) == name


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Write to ann.b+c@mail.example.org.", "email"),
        ("Call +44 20 7946 0958 now", "phone"),
        ("电话：13800138000。", "phone"),
        ("(555) 123-4567", "phone"),
        ("身份证 11010519491231002X", "Chinese identity number"),
        ("SSN 078-05-1120", "US social security number"),
        ("4111 1111 1111 1111", "payment card"),
        ("from 8.8.8.8 today", "IP address"),
    ],
)
def test_personal_data_is_found_by_its_form(text: str, kind: str) -> None:
    assert list(personal(text)) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "In 1234 5678 9012 3456 men",  # no card: Luhn's digit is wrong
        "110105194912310021",  # no identity number: its check digit is wrong
        "version 1.2.3.4 and 127.0.0.1, 192.168.1.1"[13:],  # addresses of no one
        "a@b and @name, x@y.z1",
        "1984-2001, 3.14159265358979, 2026-11-24",
        "M5 5H7V11H5V5M10 5H8V11H10V5M5 19H7V13",
    ],
)
def test_numbers_of_other_kinds_are_left_alone(text: str) -> None:
    assert personal(text) == {}


def test_find_is_masked() -> None:
    assert masked("ann@mail.org") == "a••@••••.••g"


def test_lines_of_many_documents_and_phrases_of_pages_are_boilerplate() -> None:
    found = Boilerplate()
    for i in range(8):
        found.look(f"Own text number {i}\nRead more of our stories\nRead more of our stories")
    found.look("A Project Gutenberg eBook")
    assert found.repeated == [("Read more of our stories", 8)]
    assert found.marked == {"project gutenberg": 1}


@pytest.mark.parametrize(
    ("tokens", "verdict"),
    [
        (20_000_000, "enough"),
        (19_999_999, "enough if read again"),
        (5_000_000, "enough if read again"),
        (4_999_999, "scarce"),
        (1_250_000, "scarce"),
        (1_249_999, "far too little"),
        (0, "far too little"),
    ],
)
def test_verdict_on_the_quantity_follows_the_rules(tokens: int, verdict: str) -> None:
    found = Sufficiency(tokens, 1_000_000)
    assert found.verdict == verdict
    assert found.advice
    assert found.largest == tokens // 5
    if found.largest:
        assert Sufficiency(tokens, found.largest).epochs <= 4
