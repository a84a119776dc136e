"""What every registered form must keep, ours and other people's."""

from __future__ import annotations

import pytest

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.errors import BriefError
from miaobi.findings import errors_of
from miaobi.form import Form
from miaobi.forms import find, forms
from miaobi.trust import label
from miaobi.work import Work
from tests.parrot import Parrot

ALL = sorted(forms())
EXAMPLES = [pytest.param(brief, id=f"{name}-{brief.language}") for name in ALL for brief in forms()[name].examples]


@pytest.fixture(params=ALL)
def form(request: pytest.FixtureRequest) -> Form:
    return forms()[request.param]


@pytest.fixture(params=EXAMPLES)
def example(request: pytest.FixtureRequest) -> Brief:
    brief: Brief = request.param
    return brief


def test_form_is_found_by_every_name_that_it_declares(form: Form) -> None:
    for name in (form.name, *form.names.values(), *form.aliases):
        assert find(name) is form
        assert find(name.upper()) is form


def test_form_declares_itself_in_both_languages(form: Form) -> None:
    assert set(form.names) == {"en", "zh"}
    assert set(form.summary) == {"en", "zh"}
    for language in form.languages:
        legal = form.length_in(language)
        assert legal.least <= legal.usual <= legal.most
    assert [brief.language for brief in form.examples] == list(form.languages)
    for name, option in form.options.model_fields.items():
        assert option.description, f"option {name} has no description"


def test_example_composes_without_error_and_round_trips(example: Brief) -> None:
    form = find(example.form)
    work = compose(example, engine=Parrot())
    assert not errors_of(list(work.findings))
    assert {r.name.rpartition(".")[2] for r in work.renderings} >= set(form.formats) - set(form.on_request)
    assert Work.model_validate(work.model_dump(mode="json")) == work
    assert form.content.model_validate(work.content).model_dump(mode="json") == work.content


def test_every_file_says_that_it_is_machine_made(example: Brief) -> None:
    form = find(example.form)
    work = compose(example, engine=Parrot(), formats=form.formats)
    names = {r.name for r in work.renderings}
    for rendering in work.renderings:
        ending = rendering.name.rpartition(".")[2]
        if ending in form.formats:
            own = label.read(rendering.content, ending)
            assert own is not None or f"{rendering.name}.aigc.json" in names
            if own is not None:
                assert own["Label"] == "1"
                assert own["ProduceID"] == work.id


def test_same_brief_gives_the_same_bytes_and_another_seed_another_work(example: Brief) -> None:
    once, again = (compose(example, engine=Parrot()) for _ in range(2))
    assert [r.sha256 for r in once.renderings] == [r.sha256 for r in again.renderings]
    assert once == again
    other = compose(example.model_copy(update={"seed": example.seed + 1}), engine=Parrot())
    assert other.content != once.content
    assert other.id != once.id


def test_form_refuses_an_empty_brief_a_wrong_length_and_an_unknown_option(form: Form) -> None:
    for wrong in ({"idea": "  "}, {"length": form.length.most + 1}, {"options": {"no-such-option": 1}}):
        with pytest.raises(BriefError):
            compose(form.example.model_copy(update=wrong), engine=Parrot())


def test_brief_of_another_language_than_the_form_knows_is_refused(form: Form) -> None:
    for language in {"en", "zh"} - set(form.languages):
        brief = Brief.parse(form.example.model_dump() | {"language": language})
        with pytest.raises(BriefError, match=form.name):
            compose(brief, engine=Parrot())
