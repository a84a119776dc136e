"""What docs/terminal.md promises: events, pictures, completion and exit codes."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from miaobi import cli, errors
from miaobi.brief import Brief
from miaobi.cli import INTERRUPTED, main
from miaobi.cli.composing import _show_picture
from miaobi.cli.inline_picture import drawn, way_of
from miaobi.cli.terminal import _clock, harmless
from miaobi.work import Record, Rendering, Work
from tests.cli.run import ROOT, STORY, environment, run

DOC = (ROOT / "docs" / "terminal.md").read_text("utf-8")
RED, BLUE = (0, 0, 255), (255, 0, 0)  # blue, green, red


# --- events ------------------------------------------------------------------------------------------------------


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def documented() -> dict[str, set[str]]:
    table = DOC.partition("## For programs")[2].partition("## Completion")[0]
    return {m[1]: set(re.findall(r"`(\w+)`", m[2])) for m in re.finditer(r"^\| `(\w+)` \| (.*) \|$", table, re.M)}


def test_events_are_lines_of_json_as_documented_and_the_last_is_the_work(tmp_path: Path) -> None:
    done = run(*STORY, "--json", home=tmp_path)
    told = lines(done.stdout)
    assert (told[0]["event"], told[-1]["event"]) == ("running", "done")
    known = documented()
    assert {e["event"] for e in told} == {"running", "progress", "step", "done"}
    for event in told:
        assert event.keys() - {"event"} <= known[event["event"]]
    assert [e["done"] for e in told if e["event"] == "progress"] == sorted(
        e["done"] for e in told if e["event"] == "progress"
    )
    written = (tmp_path / "made" / next(f["name"] for f in told[-1]["files"] if f["name"].endswith(".md"))).read_text()
    passages = [t["text"] for e in told if e["event"] == "step" for t in e["texts"]]
    assert passages
    assert sum(" ".join(p.split())[:40] in " ".join(written.split()) for p in passages) > len(passages) // 2
    again = run("works", "show", told[-1]["work"], "--json", home=tmp_path)
    assert json.loads(again.stdout)["title"] == told[-1]["title"]


def test_events_are_the_server_s(tmp_path: Path) -> None:
    """The names and keys that the worker writes into the queue stand in the same table."""
    worker, queue = ((ROOT / "src/miaobi" / p).read_text("utf-8") for p in ("server/worker.py", "studio/queue.py"))
    kinds = set(re.findall(r'_tell\(c, (?:id|row\["id"\]), "(\w+)"', queue)) | set(
        re.findall(r'queue\.end\([^"]*"(\w+)"', worker)
    )
    assert kinds <= documented().keys() | {"queued", "paused"}
    assert '{"what": what, "done": round(done, 4), "left":' in worker


@pytest.mark.parametrize(
    "arguments",
    [("compose", "haiku", " "), ("compose", "nothing", "x"), ("resume", "nothing"), ("vary", "nothing"),
     ("restyle", "nothing.png"), ("look", "nothing.png", "--as", "haiku"),
     ("compose", "haiku", "x", "--picture", "big")],
)  # fmt: skip
def test_refusal_is_a_last_line_with_its_exit_code(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path))
    code = main([*arguments, "--json"])
    [told] = lines(capsys.readouterr().out)
    assert (told["event"], told["exit"]) == ("failed", code)
    assert told["error"]


# --- on a terminal -------------------------------------------------------------------------------------------------


def on_terminal(home: Path, *arguments: str, **more: str) -> tuple[int, str]:
    """Run a command whose output is a terminal of 100 columns; return its exit code and what was shown."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    variables = environment(home, TERM="xterm-256color", COLORTERM="truecolor", **more)
    for name in ("NO_COLOR", "TMUX", "KITTY_WINDOW_ID", "COLUMNS", "LINES"):
        variables.pop(name, None)
    command = [sys.executable, "-m", "tests.cli.parroted", *arguments]
    shown = b""
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, stdin=theirs, env=variables, cwd=home) as running:
        os.close(theirs)
        while select.select([ours], [], [], 60)[0]:
            try:
                block = os.read(ours, 65_536)
            except OSError:  # closed at the other end
                break
            if not block:
                break
            shown += block
    os.close(ours)
    return running.returncode, shown.decode()


def test_work_grows_above_a_bar_with_the_time_left(tmp_path: Path) -> None:
    code, shown = on_terminal(tmp_path, *STORY, MIAOBI_TEST_PAUSE="0.02")
    assert code == 0
    assert re.search(r"\d+ %.*\d+ s left", shown)
    text = " ".join(next((tmp_path / "made").glob("*.md")).read_text("utf-8").split())
    flat = " ".join(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", " ", shown).split())
    sentences = [s for s in re.findall(r"[A-Z][^.“”?!]{30,90}\.", text) if s in flat]
    assert len(sentences) > 8
    assert all(flat.count(s) == 1 for s in sentences)  # as it grew, and not again


def test_picture_is_shown_on_a_terminal(tmp_path: Path) -> None:
    command = ["compose", "picture", "A fox in the snow", "--format", "png", "-o", "medium=none", "-o", "size=256"]
    code, shown = on_terminal(tmp_path, *command)
    assert code == 0
    assert shown.count("▀") > 500


@pytest.mark.parametrize(
    ("terminal", "way", "shows"), [(True, "blocks", True), (True, "off", False), (False, "kitty", False)]
)
def test_picture_is_shown_nowhere_else(
    terminal: bool, way: str, shows: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    picture = Rendering(name="halves.png", media_type="image/png", content=halves())
    record = Record(engine="", checkpoint={}, seed=0)
    brief = Brief(form="picture", idea="Halves")
    _show_picture(Work(id="1", form="picture", brief=brief, content={}, renderings=(picture,), record=record), way)
    assert bool(capsys.readouterr().out) == shows


@pytest.mark.parametrize(("variables", "way"), [
    ({"TERM": "xterm-kitty"}, "kitty"), ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, "kitty"),
    ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "iterm2"), ({"TERM": "foot"}, "sixel"),
    ({"TERM": "xterm-256color"}, "blocks"), ({"TERM": "xterm", "COLORTERM": "truecolor"}, "blocks"),
    ({"TERM": "xterm-kitty", "TMUX": "t,1,0", "COLORTERM": "truecolor"}, "blocks"), ({"TERM": "dumb"}, "off"),
    ({}, "off"),
    ({"TERM": "xterm-kitty", "NO_COLOR": "1"}, "off"), ({"TERM": "vt100"}, "off"),
])  # fmt: skip
def test_terminal_is_known_by_its_variables(variables: dict[str, str], way: str) -> None:
    assert way_of(variables) == way


def halves() -> bytes:
    """A PNG, red above and blue below, see-through at the left."""
    pixels = np.zeros((60, 60, 4), np.uint8)
    pixels[:30] = (*RED, 255)
    pixels[30:] = (*BLUE, 255)
    pixels[:, :6, 3] = 0
    return bytes(cv2.imencode(".png", pixels)[1])


@pytest.mark.parametrize("way", ["kitty", "iterm2"])
def test_protocols_carry_the_picture_as_png(way: str) -> None:
    told = drawn(halves(), way, 20)
    if way == "kitty":
        assert told.startswith("\x1b_Ga=T,f=100,c=20,q=2,m=")
        parts = re.findall(r"\x1b_G[^;]*;([^\x1b]*)\x1b\\", told)
        assert all(len(part) <= 4096 for part in parts)
        content = base64.b64decode("".join(parts))
    else:
        [text] = re.findall(r"\x1b]1337;File=inline=1;[^:]*:([^\x07]*)\x07", told)
        content = base64.b64decode(text)
    back = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    assert tuple(back[10, 100]) == RED
    assert tuple(back[-10, 100]) == BLUE
    assert tuple(back[10, 2]) == (255, 255, 255)


def unsixel(text: str) -> np.ndarray:
    """Read DECSIXEL as a terminal does: raster, colours, repeats, carriage return and line feed of a band."""
    head, body = re.fullmatch(r'\x1bP0;1q"1;1;(\d+;\d+)(.*)\x1b\\\n', text, re.S).groups()  # type: ignore[union-attr]
    width, height = map(int, head.split(";"))
    out, colours, at, x, y = np.zeros((height + 6, width, 3), int), {}, 0, 0, 0
    for mark in re.finditer(r"#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|!(\d+)(.)|(\$)|(-)|([?-~])", body):
        if mark[1]:
            colours[int(mark[1])] = tuple(int(mark[i]) for i in (2, 3, 4))
        elif mark[5]:
            at = int(mark[5])
        elif mark[8]:
            x = 0
        elif mark[9]:
            x, y = 0, y + 6
        else:
            bits, times = ord(mark[7] or mark[10]) - 63, int(mark[6] or 1)
            for row in range(6):
                if bits >> row & 1:
                    out[y + row, x : x + times] = colours[at]
            x += times
    return out[:height]


def test_sixels_come_back_as_the_picture() -> None:
    back = unsixel(drawn(halves(), "sixel", 20))
    assert tuple(back[10, 100]) == (100, 0, 0)
    assert tuple(back[-10, 100]) == (0, 0, 100)
    assert tuple(back[10, 2]) == (100, 100, 100)


@pytest.mark.parametrize(("truecolour", "red"), [(True, "\x1b[38;2;255;0;0m"), (False, "\x1b[38;5;196m")])
def test_blocks_are_two_pixels_a_character(truecolour: bool, red: str) -> None:
    rows = drawn(halves(), "blocks", 20, truecolour).splitlines()
    assert {row.count("▀") for row in rows} == {20}
    assert red in rows[0]
    assert red not in rows[-1]


def test_terminal_obeys_nothing_that_a_model_wrote() -> None:
    told = harmless("Snow\x1b]0;title\x07 falls\x1b[2J\n\x9b31mon\tthe 驿站 🚉\r")
    assert told == "Snow\ufffd]0;title\ufffd falls\ufffd[2J\n\ufffd31mon\tthe 驿站 🚉\ufffd"


def test_times_are_told_shortly() -> None:
    assert [_clock(s) for s in (0.4, 42, 185, 3723)] == ["0 s", "42 s", "3:05", "1:02:03"]


# --- completion ----------------------------------------------------------------------------------------------------


class Bash:
    """Asks bash what it offers, by the script that the program prints for it."""

    def __init__(self, home: Path) -> None:
        self._home = home
        command = [sys.executable, "-m", "miaobi.cli", "--show-completion", "bash"]
        told = subprocess.run(command, capture_output=True, text=True, check=True, env=environment(home))
        self._script = told.stdout
        (home / "miaobi").write_text(f'#!/bin/sh\nexec {sys.executable} -m miaobi.cli "$@"\n')
        (home / "miaobi").chmod(0o755)

    def offers(self, *words: str) -> list[str]:
        given = " ".join(f"'{word}'" for word in ["miaobi", *words])
        press = f"COMP_WORDS=({given}); COMP_CWORD={len(words)}; _miaobi_completion {self._home}/miaobi"
        ask = f'{self._script}\n{press}; printf "%s\\n" "${{COMPREPLY[@]}}"'
        done = subprocess.run(
            ["bash", "-c", ask], capture_output=True, text=True, check=True, env=environment(self._home)
        )
        return done.stdout.split()


def test_bash_is_offered_verbs_forms_options_and_works(tmp_path: Path) -> None:
    assert run(*STORY, home=tmp_path).returncode == 0
    bash = Bash(tmp_path)
    assert bash.offers("comp") == ["compose"]
    assert bash.offers("compose", "hai") == ["haiku"]
    assert bash.offers("compose", "picture", "x", "-o", "medium=w") == ["medium=watercolour", "medium=woodcut"]
    [work] = bash.offers("works", "show", "")
    assert work in run("works", "list", "--json", home=tmp_path).stdout


def test_completion_learns_of_other_forms_and_survives_a_cut_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from miaobi.cli import completing

    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path))
    assert ("haiku" in dict(completing.form_names("hai"))) is True
    kept = tmp_path / "completion.json"
    whole = kept.read_text("utf-8")
    kept.write_text(whole[:50], "utf-8")
    assert "haiku" in dict(completing.form_names("hai"))
    assert kept.read_text("utf-8") == whole
    kept.write_text(whole.replace('"state": ["', '"state": ["older '), "utf-8")
    assert "haiku" in dict(completing.form_names("hai"))
    assert kept.read_text("utf-8") == whole
    assert completing.work_ids("") == []
    assert not (tmp_path / "library").exists()


# --- exit codes ----------------------------------------------------------------------------------------------------

CODES = [int(code) for code in re.findall(r"^\| (\d+) \|", DOC.partition("## Exit codes")[2], re.M)]


def every_error(kind: type[errors.MiaobiError] = errors.MiaobiError) -> set[type[errors.MiaobiError]]:
    return {kind} | {e for inner in kind.__subclasses__() for e in every_error(inner)}


def test_every_error_s_code_is_in_the_table_and_every_code_is_used() -> None:
    used = {kind.exit_code for kind in every_error()} | {0, INTERRUPTED, cli.BROKEN_PIPE}
    assert used == set(CODES)


@pytest.mark.parametrize(("arguments", "code"), [
    (["forms"], 0), (["--version"], 0), (["check", "TALE", "--form", "haiku"], 65),
    (["compose", "haiku", ""], 64), (["compose"], 64), (["works", "nonsense"], 64), (["lab", "runs", "--nonsense"], 64),
    (["works", "show", "nothing"], 64), (["users", "revoke", "nobody"], 64), (["world", "x", "--forms", "nothing"], 64),
    (["serve", "--host", "0.0.0.0"], 64), (["checkpoints", "pull", "nothing"], 64), (["vary", "nothing"], 64),
    (["score", "NOTHING.mid"], 66), (["check", "NOTHING.txt"], 66), (["look", "NOTHING.png"], 66),
    (["critique", "NOTHING.md"], 66), (["compose", "haiku", "x", "--reference", "style=NOTHING.txt"], 66),
    (["compose", "haiku", "x", "--engine", "NOTHING.gguf"], 69), (["ideas", "x", "--engine", "NOTHING.gguf"], 69),
    (["compose", "haiku", "x", "--engine", "http://127.0.0.1:9/v1"], 70),
])  # fmt: skip
def test_exit_code_of(arguments: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIAOBI_HOME", str(tmp_path))
    monkeypatch.delenv("MIAOBI_SERVER_KEY", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tale.txt").write_text("Nothing.\n", "utf-8")
    assert main([a.replace("TALE", "tale.txt") for a in arguments]) == code
    assert code in CODES


def test_library_that_can_t_be_written_is_74_for_every_verb_that_opens_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.write_text("a file stands here")
    monkeypatch.setenv("MIAOBI_HOME", str(home))
    for arguments in (["works", "list"], ["vary", "x"], ["lock", "x"], ["users", "list"], ["compose", "haiku", "x"]):
        assert main(arguments) == 74, arguments
