"""What every registered form must keep, ours and other people's."""

from __future__ import annotations

import functools
import re
from typing import Any

import pytest

from miaobi.brief import Brief
from miaobi.compose import compose
from miaobi.errors import BriefError
from miaobi.findings import errors_of
from miaobi.form import Form
from miaobi.forms import admit, find, forms
from miaobi.studio.translation import said
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


@functools.cache
def made(place: int) -> Work:
    """Return the work of an example with every file that its form can write."""
    brief: Brief = EXAMPLES[place].values[0]  # type: ignore[assignment]
    return compose(brief, engine=Parrot(), formats=find(brief.form).formats)


def work_of(example: Brief) -> Work:
    return made([param.values[0] for param in EXAMPLES].index(example))


def test_example_composes_without_error_and_round_trips(example: Brief) -> None:
    form = find(example.form)
    work = work_of(example)
    assert not errors_of(list(work.findings))
    assert {r.name.rpartition(".")[2] for r in work.renderings} >= set(form.formats)
    assert Work.model_validate(work.model_dump(mode="json")) == work
    assert form.content.model_validate(work.content).model_dump(mode="json") == work.content


def test_every_file_says_that_it_is_machine_made(example: Brief) -> None:
    form = find(example.form)
    work = work_of(example)
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
    once, again = work_of(example), compose(example, engine=Parrot())
    files = {r.name: r for r in once.renderings}
    usual = set(find(example.form).formats) - set(find(example.form).on_request)
    assert {r.name.rpartition(".")[2] for r in again.renderings} >= usual  # those that nobody asked for by name
    for rendering in again.renderings:
        assert files[rendering.name].sha256 == rendering.sha256, rendering.name
    assert once.model_copy(update={"renderings": again.renderings}) == again
    light = [ending for ending in find(example.form).formats if ending in ("txt", "md", "obj", "html")][:1]
    other = compose(example.model_copy(update={"seed": example.seed + 1}), engine=Parrot(), formats=light)
    assert other.content != once.content
    assert other.id != once.id


def test_form_refuses_an_empty_brief_a_wrong_length_and_an_unknown_option(form: Form) -> None:
    for wrong in ({"idea": "  "}, {"length": form.length.most + 1}, {"options": {"no-such-option": 1}}):
        with pytest.raises(BriefError):
            compose(form.example.model_copy(update=wrong), engine=Parrot())


def _choices(schema: dict[str, Any]) -> list[str]:
    """Return the values of an option that is a choice among words."""
    values = [schema["const"]] if "const" in schema else schema.get("enum", [])
    return [str(v) for v in values if v] + [v for inner in schema.get("anyOf", []) for v in _choices(inner)]


def test_value_that_is_no_choice_is_answered_in_plain_words_with_those_that_are(form: Form) -> None:
    for name, schema in form.options.model_json_schema().get("properties", {}).items():
        if legal := _choices(schema):
            brief = form.example.model_copy(update={"options": {name: "gouache"}})
            with pytest.raises(BriefError) as refused:
                admit(form, brief)
            listed = ", ".join(legal)
            told = f"The options are not valid: {name}: legal are {listed} (given: “gouache”)"
            assert refused.value.message == told
            assert refused.value.hint.startswith(f"Write one of them, as -o {name}={legal[0]}. ")
            assert said(told, "zh") == f"选项不合规定：{name}：可以是 {listed}（给的是“gouache”）"
            assert said(refused.value.hint, "zh").startswith(f"请写其中之一，如 -o {name}={legal[0]}。")


def test_credits_are_in_the_language_of_the_work(example: Brief) -> None:
    for credit in work_of(example).content.get("credits", ()):
        assert bool(re.search(r"[\u4e00-\u9fff]", credit)) is (example.language == "zh"), credit


def test_brief_of_another_language_than_the_form_knows_is_refused(form: Form) -> None:
    for language in {"en", "zh"} - set(form.languages):
        brief = Brief.parse(form.example.model_dump() | {"language": language})
        with pytest.raises(BriefError, match=form.name):
            compose(brief, engine=Parrot())
