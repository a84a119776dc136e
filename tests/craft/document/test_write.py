"""Every writer: golden bytes, hostile text, and other people's readers."""

import io
import os
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from miaobi.craft.document import MEDIA_TYPES, Document, Heading, Span, paragraph, parse_spans, write
from miaobi.craft.document.document import Paragraph, plain
from miaobi.craft.markup import legal
from miaobi.errors import MiaobiError, UnknownNameError
from miaobi.trust.label import imprint, read, verify
from miaobi.work import Rendering
from tests.craft.document.samples import IDENTIFIER, REPORT, STORY, STORY_ZH

GOLDEN = Path(__file__).parents[2] / "golden" / "document"
SAMPLES = {"story": STORY, "story-zh": STORY_ZH, "report": REPORT}
NASTY = st.text(
    st.one_of(st.characters(), st.sampled_from("\u202e\u2028\u0301\U00020000\u200d👩\x00\x0b\ufffe<>&\"'*_[]`\\#-|$")),
    max_size=60,
)


def golden(name: str, content: bytes) -> None:
    path = GOLDEN / name
    if os.environ.get("MIAOBI_GOLDEN") == "write":
        path.write_bytes(content)
    assert path.read_bytes() == content


@pytest.mark.parametrize("ending", ["md", "html", "txt"])
@pytest.mark.parametrize("name", SAMPLES)
def test_text_formats_equal_their_golden_bytes(name: str, ending: str) -> None:
    golden(f"{name}.{ending}", write(SAMPLES[name], ending))


@pytest.mark.parametrize("ending", ["epub", "docx", "pdf"])
def test_same_document_gives_same_bytes(ending: str) -> None:
    assert write(STORY, ending) == write(STORY, ending)


@pytest.mark.parametrize("ending", MEDIA_TYPES)
@pytest.mark.parametrize("name", ["story", "report"])
def test_label_is_read_back_from_every_format(name: str, ending: str) -> None:
    document = SAMPLES[name]
    content = write(document, ending)
    rendering = Rendering(name=f"x.{ending}", media_type=MEDIA_TYPES[ending], content=content)
    assert verify(rendering, document.imprint) == []
    if ending != "txt":
        assert read(content, ending) == document.imprint.aigc


@pytest.mark.parametrize("ending", ["md", "html", "epub", "docx", "pdf", "txt"])
def test_verify_finds_a_label_that_is_not_the_works(ending: str) -> None:
    other = imprint("00000000-0000-5000-8000-000000000000", "x", "en", "another", "0.1.0")
    rendering = Rendering(name=f"x.{ending}", media_type=MEDIA_TYPES[ending], content=write(STORY, ending))
    assert verify(rendering, other)


def hostile(text: str) -> Document:
    blocks = (Heading(1, text, text), Paragraph((Span(text), Span(text, emphasis=True), Span(text, strong=True))))
    return Document(text, text, "en", blocks, imprint(IDENTIFIER, text, "en", "m", "0"), byline=text, toc=True)


@given(NASTY)
@settings(max_examples=60, deadline=None)
def test_hostile_text_stays_text_in_html_and_text(text: str) -> None:
    page = write(hostile(text), "html").decode()
    assert "<script" not in page.lower()
    shown = write(hostile(text), "txt").decode()
    assert legal(shown) == shown
    ET.fromstring(page[page.index("<main>") : page.index("</main>") + 7])


@given(NASTY)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_hostile_text_gives_wellformed_epub_and_docx(text: str) -> None:
    for ending in ("epub", "docx"):
        with zipfile.ZipFile(io.BytesIO(write(hostile(text), ending))) as file:
            for name in file.namelist():
                if name.endswith((".xhtml", ".opf", ".xml", ".rels")):
                    ET.fromstring(file.read(name))


@given(NASTY)
@settings(max_examples=15, deadline=None)
def test_hostile_text_gives_a_pdf_or_says_which_character_no_font_has(text: str) -> None:
    try:
        assert write(hostile(text), "pdf").startswith(b"%PDF")
    except MiaobiError as error:
        assert "No font" in error.message  # noqa: PT017 - either outcome is right


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zs", "Zl", "Zp", "Mn")), min_size=1, max_size=40))
@settings(deadline=None)
def test_markdown_reader_gives_the_text_back(text: str) -> None:
    source = write(replace(hostile("t"), blocks=(Paragraph((Span(text),)),)), "md").decode()
    tokens = MarkdownIt("commonmark").parse(source.split("\n---\n", 1)[1])
    inline = [t for t in tokens if t.type == "inline"][-1]
    assert "".join(c.content for c in inline.children or []) == legal(text)


def test_python_docx_reopens_and_finds_headings() -> None:
    file = docx.Document(io.BytesIO(write(STORY, "docx")))
    assert [p.text for p in file.paragraphs if p.style.name == "Heading 1"] == [
        "One: Salt",
        "Two: What the Net Brought",
    ]


def test_unknown_ending_is_refused_with_the_legal_ones() -> None:
    with pytest.raises(UnknownNameError, match="epub"):
        write(STORY, "odt")


def test_spans_keep_marks_without_partner_as_text() -> None:
    assert parse_spans("a *b* **c** \\*d* e") == (
        Span("a "),
        Span("b", emphasis=True),
        Span(" "),
        Span("c", strong=True),
        Span(" *d* e"),
    )
    assert plain(paragraph("2 * 3 * 4").spans) == "2 * 3 * 4"
