"""Files of sound: WAV by our own hand, MP3 and Ogg Vorbis through libsndfile, each with its label.

WAV carries the label in its INFO list (title, notice, and ``AIGC``), MP3 in an ID3v2.3 tag, Ogg in its comment.
libsndfile draws an Ogg stream's serial number by chance: it is set to one that follows from the label, so that the
same work gives the same bytes.
"""

from __future__ import annotations

import io
import json
import re
import zlib
from collections.abc import Sequence

import numpy as np

from miaobi.craft.document.package import pack
from miaobi.craft.music.performance import Tone
from miaobi.craft.music.score import Score
from miaobi.craft.music.sound.synthesiser import PEAK, stem
from miaobi.craft.music.sound.timbre import RATE
from miaobi.types import Floats
from miaobi.work import Imprint


def stems(score: Score, heard: Sequence[Tone], imprint: Imprint) -> bytes:
    """Return a zip with each part dry as a WAV of its own, all at one level: added up they are the dry mix."""
    parts = [stem(score, number, heard) for number in range(len(score.parts))]
    peak = max(float(np.abs(each).max(initial=0)) for each in (*parts, np.sum(parts, axis=0)))
    level = np.float32(PEAK / peak) if peak else np.float32(1)
    names = [
        f"{number + 1}-{re.sub(r'[^a-z0-9]+', '-', part.instrument.name.lower()).strip('-') or 'part'}.wav"
        for number, part in enumerate(score.parts)
    ]
    listed = "\n".join(f"{name}  {part.name}" for name, part in zip(names, score.parts, strict=True))
    files = {"notice.txt": f"{imprint.title}\n{imprint.notice}\n\n{listed}\n".encode()}
    files |= {name: wav(level * each, imprint) for name, each in zip(names, parts, strict=True)}
    if imprint.aigc:
        files["label.aigc.json"] = json.dumps({"AIGC": imprint.aigc}).encode()
    return pack(files, stored=tuple(files))


def wav(samples: Floats, imprint: Imprint) -> bytes:
    """Return samples, (N, 2) float32 within −1…1, as 16-bit WAV."""
    pcm = np.round(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    fields = (
        (b"INAM", imprint.title),
        (b"ISFT", imprint.generator),
        (b"ICMT", imprint.notice),
        (b"AIGC", _label(imprint)),
    )
    info = b"INFO" + b"".join(_chunk(name, said.encode() + b"\0") for name, said in fields if said)
    form = b"".join(n.to_bytes(s, "little") for n, s in ((1, 2), (2, 2), (RATE, 4), (RATE * 4, 4), (4, 2), (16, 2)))
    body = b"WAVE" + _chunk(b"fmt ", form) + _chunk(b"LIST", info) + _chunk(b"data", pcm)
    return _chunk(b"RIFF", body)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2)


def _label(imprint: Imprint) -> str:
    return json.dumps(imprint.aigc, separators=(",", ":")) if imprint.aigc else ""


def mp3(samples: Floats, imprint: Imprint) -> bytes:
    """Return samples as MP3."""
    body = _text(b"TIT2", imprint.title)
    if imprint.aigc:
        body += _frame(b"COMM", b"\x01eng" + _utf16("") + b"\0\0" + _utf16(imprint.notice))
        body += _frame(b"TXXX", b"\x01" + _utf16("AIGC") + b"\0\0" + _utf16(_label(imprint)))
    size = bytes((len(body) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + body + _encoded(samples, "MP3")


def _text(name: bytes, said: str) -> bytes:
    return _frame(name, b"\x01" + _utf16(said))


def _utf16(said: str) -> bytes:
    return b"\xff\xfe" + said.encode("utf-16-le")


def _frame(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4) + b"\0\0" + content


def ogg(samples: Floats, imprint: Imprint) -> bytes:
    """Return samples as Ogg Vorbis."""
    return _with_serial(_encoded(samples, "OGG", imprint), zlib.crc32(_label(imprint).encode()))


def _encoded(samples: Floats, kind: str, imprint: Imprint | None = None) -> bytes:
    import soundfile

    out = io.BytesIO()
    with soundfile.SoundFile(out, "w", RATE, samples.shape[1], format=kind) as file:
        if imprint:
            file.title = imprint.title
            if imprint.aigc:
                file.comment = f"{imprint.notice} AIGC {_label(imprint)}"
        for start in range(0, len(samples), RATE):  # one long write of Vorbis has overflowed libsndfile's stack
            file.write(samples[start : start + RATE])
    return out.getvalue()


def _with_serial(content: bytes, serial: int) -> bytes:
    """Return an Ogg stream with another serial number, its pages' checksums (RFC 3533, section 6) made anew."""
    out = bytearray(content)
    at = 0
    while at + 27 <= len(out) and out[at : at + 4] == b"OggS":
        count = out[at + 26]
        end = at + 27 + count + sum(out[at + 27 : at + 27 + count])
        out[at + 14 : at + 18] = serial.to_bytes(4, "little")
        out[at + 22 : at + 26] = b"\0" * 4
        out[at + 22 : at + 26] = _checksum(out[at:end]).to_bytes(4, "little")
        at = end
    return bytes(out)


def _table() -> list[int]:
    found = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1) ^ (0x04C11DB7 if value & 0x80000000 else 0)
        found.append(value & 0xFFFFFFFF)
    return found


_CRC = _table()


def _checksum(page: bytes | bytearray) -> int:
    value = 0
    for byte in page:
        value = ((value << 8) & 0xFFFFFFFF) ^ _CRC[(value >> 24) ^ byte]
    return value
