from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from miaobi.craft.document import write
from miaobi.craft.document.document import Heading
from miaobi.errors import CorpusError, InputFileError, MiaobiError, UnknownNameError
from miaobi.lab.corpus import book
from miaobi.lab.corpus.source import open_source
from tests.craft.document.samples import STORY

CHINESE = "床前明月光，\n疑是地上霜。\n"


def texts(path: Path, **options: str) -> list[str]:
    return [d.text for d in open_source(str(path), **options).read()]  # type: ignore[arg-type]


def test_folder_gives_its_texts_in_order_with_where_they_come_from(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b/two.md").write_text("two")
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfone\r\nline")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / ".hidden.txt").write_text("no")
    source = open_source(str(tmp_path), licence="CC0-1.0")
    assert [(d.id, d.text) for d in source.read()] == [("a.txt", "one\nline"), ("b/two.md", "two")]
    assert (source.origin.licence, source.origin.notes) == ("CC0-1.0", "1 files of other kinds left out")
    assert len(source.origin.sha256) == 64
    assert str(tmp_path) not in source.origin.place


def test_json_lines_give_text_id_and_metadata(tmp_path: Path) -> None:
    rows = [{"text": "一", "id": "x", "author": "李白", "year": 700}, {"text": "two"}]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(r) for r in rows) + "\n\n")
    first, second = open_source(str(tmp_path / "a.jsonl")).read()
    assert (first.id, first.text, first.meta) == ("x", "一", {"author": "李白"})
    assert second.id == "a.jsonl:2"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2 is not JSON"),
        ("[1]", "it is no object"),
        ('{"body": "x"}', "“body”"),
        ('{"text": "\\ud800"}', "surrogate"),
    ],
)
def test_line_that_is_no_document_is_named(line: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "one"}\n' + line + "\n")
    with pytest.raises(InputFileError, match=said):
        texts(tmp_path / "a.jsonl")


def test_other_field_is_read_when_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"body": "x"}\n')
    assert texts(tmp_path / "a.jsonl", field="body") == ["x"]


def test_epub_of_ours_is_read_chapter_by_chapter(tmp_path: Path) -> None:
    (tmp_path / "tide.epub").write_bytes(write(STORY, "epub"))
    found = list(open_source(str(tmp_path / "tide.epub")).read())
    assert len({d.id for d in found}) == len(found) >= 2
    assert {d.meta["title"] for d in found} == {STORY.title}
    headings = [block.text for block in STORY.blocks if isinstance(block, Heading)]
    assert headings
    assert all(any(h in d.text for d in found) for h in headings)
    assert not any("<" in d.text or "xmlns" in d.text for d in found)


def test_docx_gives_paragraphs_and_tables(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("明月")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "a", "b"
    document.add_paragraph("end")
    document.save(str(tmp_path / "a.docx"))
    assert texts(tmp_path / "a.docx") == ["明月\na\tb\nend"]


@pytest.mark.parametrize("name", ["a.epub", "a.docx"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rubbish", b"plain"])
def test_broken_book_is_explained(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputFileError, match="can be read"):
        texts(tmp_path / name)


def test_book_that_would_fill_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "_PART_LIMIT", 1000)
    with zipfile.ZipFile(tmp_path / "a.epub", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/container.xml", "x" * 2000)
    with pytest.raises(InputFileError, match="unpacks to more"):
        texts(tmp_path / "a.epub")


def test_entities_in_a_book_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.epub", "w") as archive:
        archive.writestr("META-INF/container.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    with pytest.raises(InputFileError, match="declares entities"):
        texts(tmp_path / "a.epub")


def test_hidden_parts_of_a_page_are_left_out() -> None:
    page = "<head><title>T</title></head><body><script>x()</script><p>One<br/>two</p><div>3 &lt; 4</div></body>"
    assert book.words_of_html(page) == "One\ntwo\n3 < 4"


def test_binary_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"abc\0\1\2")
    with pytest.raises(InputFileError, match="binary: it has NUL bytes"):
        texts(tmp_path / "a.txt")


def test_other_encoding_is_explained_and_read_when_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(CHINESE.encode("gb18030"))
    with pytest.raises(InputFileError, match=r"not UTF-8: line 1, byte 1(.|\n)*--encoding gb18030"):
        texts(tmp_path / "a.txt")
    assert texts(tmp_path / "a.txt", encoding="gb18030") == [CHINESE]


def test_utf16_with_a_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(CHINESE.encode("utf-16"))
    assert texts(tmp_path / "a.txt") == [CHINESE]


def test_mixed_encodings_are_told_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("明月\n".encode() + "疑是\n".encode("gb18030") + b"plain\n")
    with pytest.raises(InputFileError, match=r"mixes encodings: line 2 \(1 lines in all\) is not UTF-8, line 1 is"):
        texts(tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("make", "options", "kind", "said"),
    [
        (None, {}, InputFileError, "no file or folder"),
        ("folder", {}, CorpusError, "holds no text: nothing"),
        ("image", {}, CorpusError, r"holds no text: \.png"),
        ("text", {"encoding": "klingon"}, UnknownNameError, "no encoding that Python knows"),
        ("text", {"encoding": "ascii"}, InputFileError, "is not ascii: byte 1"),
    ],
)
def test_sources_that_cannot_be_are_explained(
    make: str | None, options: dict[str, str], kind: type[MiaobiError], said: str, tmp_path: Path
) -> None:
    place = tmp_path / "it"
    if make:
        place.mkdir()
    if make == "image":
        (place / "a.png").write_bytes(b"\x89PNG")
    if make == "text":
        (place / "a.txt").write_text(CHINESE, encoding="utf-8")
    with pytest.raises(kind, match=said):
        texts(place, **options)


@pytest.mark.lab
def test_tunes_are_parted_and_without_their_encoders() -> None:
    pytest.importorskip("music21", reason="needs the lab extra")
    found = list(open_source("music21:airdsAirs").read())
    assert len(found) > 1000
    assert all(d.text.startswith("X:") and "\nK:" in d.text for d in found)
    assert not any(line.startswith(("Z:", "N:", "%")) or "@" in line for d in found for line in d.text.split("\n"))


@pytest.mark.parametrize("spec", ["music21:essenFolksong", "music21:palestrina", "music21:airdsAirs,bach"])
def test_folders_of_music21_that_may_not_be_used_are_refused(spec: str) -> None:
    with pytest.raises(UnknownNameError, match="ryansMammoth, oneills1850, airdsAirs"):
        open_source(spec)
