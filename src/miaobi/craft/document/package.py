"""Package: a zip that is the same bytes for the same parts (fixed dates, one system, order as given).

OCF (EPUB 3.3 section 4) wants ``mimetype`` first and stored; OPC (ISO 29500-2) wants ``[Content_Types].xml`` findable.
"""

from __future__ import annotations

import io
import zipfile

DATE = (2000, 1, 1, 0, 0, 0)
ISO_DATE = "2000-01-01T00:00:00Z"


def pack(parts: dict[str, bytes], stored: tuple[str, ...] = ()) -> bytes:
    """Return a zip of *parts* in their order, deflated but for the *stored*."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, DATE)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            file.writestr(entry, content, compresslevel=9)
    return out.getvalue()


def unpack(content: bytes) -> dict[str, bytes]:
    """Return the parts of a zip by name; zipfile.BadZipFile if it isn't one."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {entry.filename: file.read(entry) for entry in file.infolist() if not entry.is_dir()}
