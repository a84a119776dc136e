"""The bytes of a standard MIDI file: header, tracks, events with times in ticks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from miaobi.craft.music.reading import MOST_EVENTS, MOST_PARTS, NotationError

TEXT, COPYRIGHT, NAME, LYRIC, MARKER = 0x01, 0x02, 0x03, 0x05, 0x06
TEMPO, METRE, KEY, END = 0x51, 0x58, 0x59, 0x2F
MOST_TICKS = 1 << 40
_SIZES = {0x8: 2, 0x9: 2, 0xA: 2, 0xB: 2, 0xC: 1, 0xD: 1, 0xE: 2}  # data bytes of a channel's message


@dataclass(frozen=True, slots=True)
class Message:
    """One event: a channel's message, or a meta event where ``status`` is 0xFF and ``kind`` its type."""

    tick: int
    status: int
    content: bytes
    kind: int = -1


def packed(tracks: Sequence[Sequence[Message]], quarter: int) -> bytes:
    """Return a file of format 1 with *quarter* ticks a quarter; messages of a track come in order of time."""
    out = b"MThd" + (6).to_bytes(4) + (1).to_bytes(2) + len(tracks).to_bytes(2) + quarter.to_bytes(2)
    for track in tracks:
        body = bytearray()
        now = 0
        for one in track:
            body += _varied(one.tick - now)
            now = one.tick
            if one.status == 0xFF:
                body += bytes((0xFF, one.kind)) + _varied(len(one.content)) + one.content
            else:
                body += bytes((one.status,)) + one.content
        body += b"\x00\xff\x2f\x00"
        out += b"MTrk" + len(body).to_bytes(4) + bytes(body)
    return out


def _varied(number: int) -> bytes:
    """Return a number in seven bits a byte."""
    out = [number & 0x7F]
    while number := number >> 7:
        out.append(0x80 | number & 0x7F)
    return bytes(reversed(out))


def unpacked(content: bytes) -> tuple[list[list[Message]], int]:
    """Return the tracks and the ticks a quarter; NotationError for what isn't a whole MIDI file."""
    if content[:4] != b"MThd" or len(content) < 14:
        raise NotationError("It is no MIDI file: it doesn't begin with MThd.", "Write it again from its program.")
    kind, count, quarter = (int.from_bytes(content[i : i + 2]) for i in (8, 10, 12))
    if kind == 2:
        raise NotationError("Its tracks are pieces of their own (format 2).", "Save it in format 0 or 1.")
    if quarter & 0x8000:
        raise NotationError("It counts time in film frames (SMPTE), not in notes.", "Save it with ticks a quarter.")
    if not quarter:
        raise NotationError("It has 0 ticks a quarter, so no note has a length.", "Save it with 480 ticks a quarter.")
    if count > MOST_PARTS + 1:
        raise NotationError(f"It has {count:,} tracks; at most {MOST_PARTS} are read.", "Give a part of it.")
    at = 8 + int.from_bytes(content[4:8])
    tracks: list[list[Message]] = []
    events = 0
    while at + 8 <= len(content) and len(tracks) < count:
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8])
        if at + 8 + size > len(content):
            raise NotationError(
                f"It is cut off: track {len(tracks) + 1} should have {size:,} bytes, "
                f"{len(content) - at - 8:,} are there.",
                "Copy or save it again.",
            )
        if name == b"MTrk":
            tracks.append(_track(content[at + 8 : at + 8 + size], len(tracks) + 1))
            events += len(tracks[-1])
            if events > 4 * MOST_EVENTS:
                raise NotationError(f"It has more than {4 * MOST_EVENTS:,} events.", "Give a part of it.")
        at += 8 + size
    if len(tracks) < count:
        raise NotationError(f"It is cut off: {count} tracks are announced, {len(tracks)} are there.", "Save it again.")
    return tracks, quarter


def _number(body: bytes, at: int, track: int) -> tuple[int, int]:
    value = 0
    for i in range(4):
        if at + i >= len(body):
            raise _broken(track)
        value = value << 7 | body[at + i] & 0x7F
        if body[at + i] < 0x80:
            return value, at + i + 1
    raise _broken(track)


def _broken(track: int) -> NotationError:
    return NotationError(f"Track {track} breaks off within an event.", "Save the file again from its program.")


def _track(body: bytes, number: int) -> list[Message]:
    found: list[Message] = []
    at = tick = status = 0
    while at < len(body):
        delta, at = _number(body, at, number)
        tick += delta
        if tick > MOST_TICKS or at >= len(body):
            raise _broken(number)
        if body[at] >= 0x80:
            status, at = body[at], at + 1
        elif status < 0x80:
            raise NotationError(f"Track {number} has bytes that are no event.", "Save the file again.")
        if status in (0xFF, 0xF0, 0xF7):
            kind = -1
            if status == 0xFF:
                if at >= len(body):
                    raise _broken(number)
                kind, at = body[at], at + 1
            size, at = _number(body, at, number)
            if at + size > len(body):
                raise _broken(number)
            if status == 0xFF:
                found.append(Message(tick, status, body[at : at + size], kind))
            at += size
            status = 0
            if kind == END:
                break
            continue
        size = _SIZES.get(status >> 4, 0)
        if not size or at + size > len(body):
            raise _broken(number)
        found.append(Message(tick, status, body[at : at + size]))
        at += size
    return found
