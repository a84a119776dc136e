"""Board: the works that a person put together, on one page, as if they had been made as a world."""

from __future__ import annotations

from pathlib import Path

from miaobi.bible import Bible
from miaobi.craft.plot.telling import file_name
from miaobi.errors import BriefError, show
from miaobi.studio.library import Library
from miaobi.studio.refusal import refused
from miaobi.studio.world.gallery import gallery
from miaobi.studio.world.making import composed
from miaobi.studio.world.plan import MOST, ROLES, Part, World, learnt, numbered
from miaobi.work import Work


def page_of(board: str) -> bytes:
    """Return the page, UTF-8 HTML, of the works on *board*, the oldest first; BriefError where there are none."""
    with Library() as library:
        cards = [card for card in library.works(board=board) if card.origin == "composed"][::-1]
    if not 1 <= len(cards) <= MOST:
        raise BriefError(
            f"{len(cards)} composed works are on the board {show(board)}.",
            f"A page has 1 to {MOST}: miaobi works board",
        )
    works = [composed(card.id) for card in cards]
    parts = numbered([Part(name=_role(work), form=work.form, seed=work.brief.seed) for work in works])
    named = dict(zip((part.name for part in parts), works, strict=True))
    first = works[0].brief
    world = World(
        idea=first.idea,
        language=first.language,
        parts=tuple(parts),
        bible=Bible(title=board, logline=first.idea),
        works={name: work.id for name, work in named.items()},
    )
    for work in works:
        world = world.model_copy(update={"bible": learnt(world, work)})
    return gallery(world, named)


def write_page(board: str, out: Path | None = None) -> Path:
    """Write the page to a file that isn't there yet and return where; LibraryError where it can't be."""
    path = out or Path(file_name(board, "html"))
    content = page_of(board)
    with refused(path, "the page", "give another file (--out FILE)"):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
    return path


def _role(work: Work) -> str:
    use = work.content.get("use")
    return str(use) if use in ROLES else work.form
