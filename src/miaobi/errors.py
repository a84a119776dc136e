"""Every error that a user can meet: what was wrong, the value, what is legal, and the next step.

Each carries an exit code for the command line (sysexits where one fits) and a hint. Code raises the most
specific class; the CLI prints ``message`` and ``hint`` and exits with ``exit_code``, without a traceback.
"""

from __future__ import annotations

import math

_SHOWN = 80  # characters of an offending value that an error repeats


def show(value: object) -> str:
    """Return *value* quoted and shortened so that it is safe to print on a terminal."""
    text = value if isinstance(value, str) else repr(value)
    text = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"
    return ascii(text) if any(not c.isprintable() for c in text) else f"“{text}”"


class MiaobiError(Exception):
    """The root: anything that went wrong in a way we can name."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class BriefError(MiaobiError):
    """The brief can't be carried out as it stands: empty, contradictory, facts missing."""

    exit_code = 64


class UnknownNameError(BriefError):
    """A name (form, option, checkpoint, work) that nothing answers to; says the nearest ones."""


class InputFileError(MiaobiError):
    """A file given by the user can't be read or isn't what it should be."""

    exit_code = 66


class CorpusError(MiaobiError):
    """Texts to learn from, or what was made of them, are missing, too few, damaged or not what was asked for."""

    exit_code = 65


class CheckpointError(MiaobiError):
    """A checkpoint can't be had, is damaged, or is refused."""

    exit_code = 69


class LanguageNotSpokenError(CheckpointError):
    """The checkpoint doesn't speak the brief's language."""


class LimitError(MiaobiError):
    """More was asked for than a key may have at a time; ``after`` seconds it may have some again."""

    exit_code = 75

    def __init__(self, message: str, after: float) -> None:
        self.after = max(1, math.ceil(after))
        super().__init__(message, f"Try again in {self.after} s.")


class EngineError(MiaobiError):
    """The engine failed while it ran."""

    exit_code = 70


class BuildError(EngineError):
    """This build of llama.cpp can't be driven through its C API; its server may still run the checkpoint."""


class UnsupportedError(EngineError):
    """The engine can't honour what was asked (a constraint, scoring, embeddings) and says so."""


class DeadEndError(EngineError):
    """A constraint leaves no continuation, even after backing up."""


class TrainingError(MiaobiError):
    """A net can't be trained further: its loss is no number."""

    exit_code = 70


class DraftError(MiaobiError):
    """The form could not bring the draft to validity."""

    exit_code = 65


class LibraryError(MiaobiError):
    """The library on disk refused: full, read-only, corrupt, newer than this program, or in use."""

    exit_code = 74


class CancelledError(MiaobiError):
    """The user stopped the work; what was done is kept and can be resumed."""

    exit_code = 130
