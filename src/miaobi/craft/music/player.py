"""Player: a score as one HTML page that plays: engraved, with the sound inside it and a cursor that goes along.

Nothing is fetched and nothing of the work can run: the one script is ours, the same in every page, named by its
hash in the policy; the text is escaped; what the script needs (when each note sounds) is data in an inert element.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence

from miaobi.craft.document.html import SERIF, SERIF_ZH
from miaobi.craft.markup import escape, one_line
from miaobi.craft.music import notation
from miaobi.craft.music.engraving import sheet
from miaobi.craft.music.mei.writer import identifier
from miaobi.craft.music.performance import clock, played, voices_of
from miaobi.craft.music.score import Score
from miaobi.work import Imprint

STYLE = """
:root { color-scheme: light; --ink: #22201d; --paper: #fdfcf9; --soft: #6b665e; --mark: #b3402a }
* { box-sizing: border-box }
html { background: var(--paper); color: var(--ink); font: 1.05rem/1.5 FONT }
body { margin: 0 auto; max-width: 62rem; padding: 3vh 1rem 14vh }
h1 { font-size: 1.5rem; font-weight: 500; margin: 0 0 .2em; text-align: center }
.notice { text-align: center; font-size: .78rem; color: var(--soft); margin: 0 0 1.5em }
.bar { position: fixed; inset: auto 0 0 0; z-index: 2; padding: .7rem 1rem;
  background: var(--paper); border-top: 1px solid #d9d4ca }
.bar audio { display: block; width: 100%; max-width: 60rem; margin: 0 auto }
.sheet svg { width: 100%; height: auto; display: block }
.sheet .note, .sheet .chord, .sheet .rest { cursor: pointer }
.sheet .now, .sheet .now path, .sheet .now use, .sheet .now text {
  fill: var(--mark); stroke: var(--mark); color: var(--mark) }
:lang(zh) { font-family: FONTZH }
@media print { .bar { display: none } }
""".replace("FONTZH", SERIF_ZH).replace("FONT", SERIF)

SCRIPT = """
'use strict';
for (const box of document.querySelectorAll('.player')) {
  const audio = box.querySelector('audio');
  const times = JSON.parse(box.querySelector('.times').textContent);
  const named = id => box.querySelector('#' + CSS.escape(id));
  let at = 0, lit = [], row = -1;
  function show() {
    const t = audio.currentTime;
    if (at > 0 && times[at - 1][0] > t) at = 0;
    while (at < times.length && times[at][0] <= t + 0.02) at++;
    const on = times.slice(Math.max(0, at - 64), at).filter(e => e[1] > t);
    lit.forEach(e => e.classList.remove('now'));
    lit = on.map(e => named(e[2])).filter(e => e);
    lit.forEach(e => e.classList.add('now'));
    if (lit.length && !audio.paused) {
      const system = lit[0].closest('.system');
      const top = system ? Math.round(system.getBoundingClientRect().top + window.scrollY) : -1;
      if (top >= 0 && top !== row) {
        row = top;
        window.scrollTo({ top: top - 60, behavior: 'smooth' });
      }
    }
    if (!audio.paused) requestAnimationFrame(show);
  }
  audio.addEventListener('play', show);
  audio.addEventListener('seeked', show);
  box.querySelector('.sheet').addEventListener('click', event => {
    const note = event.target.closest('.note, .chord, .rest');
    const found = note && times.find(e => e[2] === note.id);
    if (found) { audio.currentTime = found[0]; audio.play(); }
  });
}
"""


def source_hash(script: str) -> str:
    """Return the source expression by which a policy allows exactly this script (CSP 3, section 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def embedded(score: Score, sound: bytes, media_type: str) -> list[str]:
    """Return the score, its sound and when each note sounds, as lines of HTML for a page that has ``SCRIPT``."""
    audio = base64.b64encode(sound).decode()
    return [
        '<div class="player">',
        f'<div class="sheet">{sheet(score)}</div>',
        f'<div class="bar"><audio controls src="data:{media_type};base64,{audio}"></audio></div>',
        f'<script type="application/json" class="times">{json.dumps(times(score), separators=(",", ":"))}</script>',
        "</div>",
    ]


def player(score: Score, imprint: Imprint, sound: bytes, media_type: str = "audio/mpeg") -> bytes:
    """Return the page, UTF-8 HTML; *sound*: the audio file that it plays, as the score's own times have it."""
    policy = f"default-src 'none'; style-src 'unsafe-inline'; media-src data:; script-src {source_hash(SCRIPT)}"
    label = json.dumps(imprint.aigc, separators=(",", ":")) if imprint.aigc else ""
    lang = "zh-CN" if imprint.language == "zh" else "en"
    rows = [
        "<!DOCTYPE html>",
        f'<html lang="{lang}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        *([f'<meta name="generator" content="{escape(imprint.generator)}">'] if imprint.generator else []),
        f'<meta name="dcterms.identifier" content="urn:uuid:{escape(imprint.identifier)}">',
        *([f'<meta name="AIGC" content="{escape(label)}">'] if label else []),
        f"<title>{escape(one_line(score.title))}</title>",
        f"<style>{STYLE}</style>",
        "</head>",
        "<body>",
        f"<h1>{escape(one_line(score.title))}</h1>",
        *([f'<p class="notice">{escape(imprint.notice)}</p>'] if imprint.notice else []),
        *embedded(score, sound, media_type),
        f"<script>{SCRIPT}</script>",
        "</body>",
        "</html>",
    ]
    return ("\n".join(rows) + "\n").encode()


def times(score: Score) -> Sequence[tuple[float, float, str]]:
    """Return when each event begins and ends, in seconds, and its id on the page, in order."""
    score = notation.notated(score)
    seconds = clock(score).seconds
    found = []
    for part in range(len(score.parts)):
        for voice in range(voices_of(score, part)):
            for onset, bar, index, event in played(score, part, voice):
                begins, ends = seconds(onset), seconds(onset + event.length)
                found.append((round(begins, 3), round(ends, 3), identifier(part, bar, voice, index)))
    return sorted(found)
