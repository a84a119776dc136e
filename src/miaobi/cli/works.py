"""``miaobi works``: the library, seen, searched, exported and put in order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from miaobi.cli.completing import form_title, work_ids
from miaobi.studio.translation import READER, label, said

if TYPE_CHECKING:
    from miaobi.studio.library import Library
    from miaobi.studio.library.card import Card

app = typer.Typer(
    help="The library: list, search, compare, export, import.", no_args_is_help=True, rich_markup_mode=None
)
board = typer.Typer(help="Boards: named collections of works.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(board, name="board")

_Work = Annotated[
    str,
    typer.Argument(
        metavar="WORK", help="The beginning of its id, its title, or one of its files.", autocompletion=work_ids
    ),
]
_Version = Annotated[str, typer.Option("--version", help="A version or a branch; main when not given.")]
_Form = Annotated[str, typer.Option(help="Of this form only.")]
_Lang = Annotated[str, typer.Option(help="In this language only: en or zh.")]
_Board = Annotated[str, typer.Option(help="On this board only.")]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@contextmanager
def _library() -> Iterator[Library]:
    from miaobi.studio.library import Library

    with Library() as library:
        yield library


@app.command("list")
def list_works(
    form: _Form = "",
    lang: _Lang = "",
    board: _Board = "",
    trash: Annotated[bool, typer.Option("--trash", help="What was removed.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000)] = 50,
    as_json: _Json = False,
) -> None:
    """List works, the newest first."""
    from miaobi.studio import intake

    with _library() as library:
        found = library.works(intake.form_name(form), intake.language(lang), board, trash=trash, limit=limit)
    _show_cards(found, as_json)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words; “…” for a phrase. Chinese is found from one character on.")],
    form: _Form = "",
    lang: _Lang = "",
    board: _Board = "",
    limit: Annotated[int, typer.Option(min=1, max=1_000)] = 20,
    as_json: _Json = False,
) -> None:
    """Search titles, ideas and words of the works."""
    from miaobi.cli.terminal import tell, tell_json
    from miaobi.studio import intake

    with _library() as library:
        hits = library.search(query, intake.form_name(form), intake.language(lang), board, limit)
    if as_json:
        tell_json({"works": [asdict(h.card) | {"score": h.score, "excerpt": h.excerpt} for h in hits]})
        return
    for h in hits:
        tell(f"{_line(h.card)}\n          {h.excerpt}")
    if not hits:
        tell(said("Nothing was found."))


@app.command()
def show(work: _Work, version: _Version = "", as_json: _Json = False) -> None:
    """Show a work: how it was made, its files, its words."""
    from miaobi.cli.terminal import bracketed, padded, tell, tell_json

    with _library() as library:
        card, found = library.find(work), library.find_version(version, work)
        files = [f.model_dump(mode="json") for f in library.described(found.id).files]
        text, record, ends = library.words(found), library.record(found), library.branches(card.id)
    if as_json:
        made = {"version": found.id, "branches": ends, "files": files, "text": text, "made": record}
        tell_json(asdict(card) | made)
        return
    told = _lines(card)
    told += [("version", bracketed(found.id[:12], label(found.kind)))]
    told += [("branch", f"{branch} {label('ends at')} {end[:8]}") for branch, end in ends.items()]
    told += [("file", bracketed(f["name"], f"{f['bytes']:,} {label('bytes')}")) for f in files]
    for name, value in told:
        tell(padded(label(name), 11) + value)
    tell(f"\n{text}")


@app.command()
def versions(work: _Work, as_json: _Json = False) -> None:
    """Show the tree of a work's versions."""
    from rich.console import Console

    from miaobi.cli.terminal import tell_json

    with _library() as library:
        found = library.versions(work)
        card = library.find(work)
    if as_json:
        tell_json({"versions": [asdict(e) for e in found]})
        return
    Console(width=120, highlight=False, markup=False).print(_tree(card, found))


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A version or a work; alone: its last change.")],
    new: Annotated[
        str, typer.Argument(metavar="[NEW]", help="Another version or work; the one that follows OLD when left out.")
    ] = "",
    work: Annotated[str, typer.Option(help="The work, to name its branches as versions.")] = "",
    as_json: _Json = False,
) -> None:
    """Show what changed from one version or work to another: passages, and in them the words as [-old-], {+new+}."""
    from miaobi.cli.terminal import tell, tell_json
    from miaobi.studio.library.difference import difference, marked

    with _library() as library:
        found = partial(library.find_version, work=work) if work else library.newest
        pair = (found(old), found(new)) if new else library.last_change(old)
        changes = difference(*(library.words(v) for v in pair))
    if as_json:
        tell_json({"changes": [asdict(c) for c in changes]})
        return
    for change in changes:
        for line in marked(change):
            tell(line)
        tell()
    if not changes:
        tell(said("They have the same words."))


@app.command()
def certificate(
    work: _Work,
    out: Annotated[Path | None, typer.Option(help="A file: .svg for the picture, .txt, or .json.")] = None,
    version: _Version = "",
) -> None:
    """Show why a work keeps the rules of its form: each line, each rule, its evidence, and what it cost the model."""
    from miaobi.cli.terminal import tell
    from miaobi.craft.certified import shown
    from miaobi.studio.certified import certificate_of, write_certificate

    with _library() as library:
        found, language = certificate_of(library, library.find_version(version, work))
    if out is None:
        tell(shown(found, language, "txt").decode().rstrip())
    else:
        tell(str(write_certificate(found, language, out)))


@app.command("export")
def export_work(
    work: _Work,
    out: Annotated[Path | None, typer.Option(help="A folder, or one file that ends in .miaobi.")] = None,
    formats: Annotated[str, typer.Option("--format", help="File endings, as in md,epub; those kept if none.")] = "",
    version: _Version = "",
) -> None:
    """Write a work's files again, or the whole work with its versions as one .miaobi file."""
    from miaobi.cli.terminal import tell
    from miaobi.studio import intake
    from miaobi.studio.library.bundle import export
    from miaobi.studio.library.export import write_files

    with _library() as library:
        if out is not None and out.suffix == ".miaobi":
            tell(str(export(library, work, out)))
            return
        for path in write_files(library, library.find_version(version, work), out, intake.endings(formats)):
            tell(str(path))


@app.command("import")
def import_work(
    file: Annotated[Path, typer.Argument(metavar="FILE.miaobi", help="What `works export` wrote.")],
    as_json: _Json = False,
) -> None:
    """Take a work from a .miaobi file into the library, with its versions."""
    from miaobi.cli.terminal import tell, tell_json
    from miaobi.studio.library.bundle import take

    with _library() as library:
        card = library.find(take(library, file))
    if as_json:
        tell_json(asdict(card))
    else:
        tell(_line(card))


@app.command()
def remove(
    work: _Work,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    final: Annotated[bool, typer.Option("--for-good", help="Delete it with all versions; nothing is left.")] = False,
) -> None:
    """Put a work in the trash (`works restore` takes it back), or delete it for good."""
    from miaobi.cli.terminal import agreed, tell

    with _library() as library:
        card = library.find(work)
        question = f"Put “{card.title}” ({card.id[:8]}) in the trash?"
        if final:
            question = f"Delete for good, with all versions, “{card.title}” ({card.id[:8]})?"
        agreed(question, yes)
        library.delete(card.id) if final else library.remove(card.id)
    back = f"“{card.title}” is in the trash: miaobi works restore {card.id[:8]}"
    tell(said(f"“{card.title}” is deleted.") if final else said(back))


@app.command()
def restore(
    work: _Work,
    version: Annotated[str, typer.Option("--version", help="Let a branch end at this version again.")] = "",
    branch: Annotated[str, typer.Option(help="Which branch.")] = "main",
) -> None:
    """Take a work from the trash, or a branch of it back to a version; later versions stay in the tree."""
    from miaobi.cli.terminal import tell

    with _library() as library:
        card = library.restore(work)
        back = library.back_to(card.id, version, branch) if version else None
    if back:
        tell(said(f"“{branch}” of “{card.title}” ends at {back.id[:8]}."))
    else:
        tell(said(f"“{card.title}” is in the library."))


@app.command()
def mend(as_json: _Json = False) -> None:
    """Check the library; set a damaged index aside and rebuild it from the versions."""
    from miaobi.cli.terminal import say, tell, tell_json
    from miaobi.studio.library.mending import mend as mend_library

    mended = mend_library()
    if as_json:
        tell_json(asdict(mended))
        return
    for reason in mended.lost:
        say(f"Not brought back: {reason}")
    works, versions = mended.works, mended.versions
    if mended.aside:
        tell(said(f"Rebuilt: {works} works, {versions} versions. The damaged index is at {mended.aside}."))
    else:
        tell(said(f"The library is sound: {works} works, {versions} versions."))


@board.command("list")
def list_boards(as_json: _Json = False) -> None:
    """List the boards."""
    from miaobi.cli.terminal import table, tell_json

    with _library() as library:
        found = library.boards()
    if as_json:
        tell_json({"boards": found})
    else:
        table(["board", "works"], [[name, str(count)] for name, count in found.items()])


@board.command("add")
def add_to_board(board: str, work: _Work) -> None:
    """Put a work on a board; the board begins with its first work."""
    from miaobi.cli.terminal import tell

    with _library() as library:
        tell(said(f"“{library.pin(board, work).title}” is on the board “{board}”."))


@board.command("remove")
def remove_from_board(board: str, work: _Work) -> None:
    """Take a work from a board."""
    from miaobi.cli.terminal import tell

    with _library() as library:
        tell(said(f"“{library.unpin(board, work).title}” is no longer on the board “{board}”."))


@board.command("page")
def page_of_board(
    board: str, out: Annotated[Path | None, typer.Option(help="The file; BOARD.html when not given.")] = None
) -> None:
    """Write one offline page with the works of a board, to be read, looked at, heard and sent."""
    from miaobi.cli.terminal import tell
    from miaobi.studio.world.board import write_page

    tell(str(write_page(board, out)))


def _show_cards(cards: list[Card], as_json: bool) -> None:
    from miaobi.cli.terminal import table, tell, tell_json

    if as_json:
        tell_json({"works": [asdict(card) for card in cards]})
    elif cards:
        rows = [
            [
                c.id[:8],
                c.title,
                form_title(c.form),
                c.language,
                f"{c.words:,}",
                _seed(c),
                c.updated[:16],
                ", ".join(c.boards),
            ]
            for c in cards
        ]
        table(["id", "title", "form", "lang", "words", "seed", "changed", "boards"], rows)
    else:
        tell(said("No works."))


def _line(card: Card) -> str:
    return f"{card.id[:8]}  {card.title}  ({form_title(card.form)})"


def _length(words: int, language: str) -> str:
    """Return a length with its unit: a Chinese reader counts Chinese by characters."""
    if READER.get() == "en":
        return f"{words:,} words"
    return f"{words:,} {label('character' if language == 'zh' else 'word')}"


def _seed(card: Card) -> str:
    """Return the seed, by which variations of one idea are told apart; "" for a text of a person's."""
    return str(card.seed) if card.origin == "composed" else ""


def _lines(card: Card) -> list[tuple[str, str]]:
    from miaobi.cli.terminal import bracketed

    length = _length(card.words, card.language)
    of = f"{card.language}, {length}" if READER.get() == "en" else f"{label(card.language)}，{length}"
    found = [
        ("id", card.id),
        ("title", card.title),
        ("form", bracketed(form_title(card.form), of)),
        ("idea", card.idea),
        ("file", card.place),
        ("seed", _seed(card)),
        ("checkpoint", f"{card.checkpoint} {card.checkpoint_sha256[:12]}".strip()),
        ("created", card.created),
        ("boards", ", ".join(card.boards)),
        ("removed", card.removed or ""),
    ]
    return [(name, value) for name, value in found if value]


def _tree(card: Card, entries: list[Any]) -> Any:
    from rich.text import Text
    from rich.tree import Tree

    root = Tree(Text(card.title))
    nodes = {None: root}
    for e in entries:
        named = f"  ← {', '.join(e.branches)}" if e.branches else ""
        note = f"  {said(e.note)}" if e.note else ""
        line = Text(f"{e.id[:8]}  {label(e.kind)}  {_length(e.words, card.language)}  {e.created[:16]}{note}{named}")
        nodes[e.id] = nodes.get(e.parent, root).add(line)
    return root
