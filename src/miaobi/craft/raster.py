"""Raster: SVG to PNG with the one font that we ship, so that the pixels don't depend on the machine's fonts."""

from __future__ import annotations

from miaobi.craft.typesetting import CHINESE, chinese_font


def png(svg: str, width: int) -> bytes:
    """Return *svg* as PNG, *width* px wide, on white. All text is set in Noto Sans CJK, which has Latin too."""
    import resvg_py

    picture = resvg_py.svg_to_bytes(
        svg_string=svg,
        width=width,
        background="#ffffff",
        skip_system_fonts=True,
        font_files=[str(chinese_font())],
        font_family=CHINESE[0],
        sans_serif_family=CHINESE[0],
    )
    return bytes(picture)
