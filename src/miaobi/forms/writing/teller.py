"""The teller: what is known while one work is told, and the pieces of text it is told in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from miaobi.craft.text import fault
from miaobi.craft.text.repetition import Memory
from miaobi.craft.text.sentence import sentences
from miaobi.decoding.context import Material, fill
from miaobi.form import Desk
from miaobi.forms.writing.background import PROMPT_TOKENS, Background
from miaobi.types import Language, Prompt


@dataclass(frozen=True)
class Segment:
    """A piece of told text and who wrote it; ``paragraph`` starts a new one."""

    text: str
    author: Literal["engine", "craft"]
    paragraph: bool = False


@dataclass
class Teller:
    """What the narrator knows while it tells one work."""

    desk: Desk
    language: Language
    voice: fault.Voice
    vocabulary: frozenset[str]  # at home in this world
    absent: frozenset[str] = frozenset()  # what this world lacks
    narration_head: str = ""  # constant beginning of the prompt: sentences in the manner wanted
    speech_head: str = ""
    background: Background = field(default_factory=Background)
    summary: str = ""  # of what was told long before
    receipt: dict[str, Any] | None = None  # of the last prompt
    told: str = ""  # text so far
    memory: Memory = field(init=False)
    known: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)  # stems that the engine has brought in

    @property
    def blank(self) -> str:
        """What stands between two sentences of a paragraph."""
        return "" if self.language == "zh" else " "

    def __post_init__(self) -> None:
        self.memory = Memory(self.language)
        self.memory.add(self.narration_head)
        self.memory.add(self.speech_head)
        self.known.update(w for entry in self.background.lore for w in fault.content_words(entry.content))

    def prompt(self, opener: str, speech: bool = False) -> Prompt:
        """Return the prompt that goes on from *opener*: manner, lore called for, summary, note and the latest text."""
        latest = self.recent()
        material = Material(
            constant=self.speech_head if speech else self.narration_head,
            lore=self.background.lore,
            summary=self.summary,
            latest=latest,
            note=self.background.note,
            scan=f"{self.told[-400:]} {opener}",
        )
        context = fill(material, PROMPT_TOKENS, self.desk.engine.count)
        self.receipt = context.receipt
        return Prompt(system=context.text + ("" if latest else "\n\n"), prefix=opener)

    def learn(self, text: str) -> None:
        """Take *text* as told: its words are known, its phrases aren't to be repeated."""
        self.known.update(fault.content_words(text))
        self.memory.add(text)

    def state(self) -> tuple[str, Memory, set[str], set[str]]:
        """Return what ``restore`` needs to take back everything told from here on."""
        return self.told, self.memory.copy(), set(self.known), set(self.used)

    def restore(self, state: tuple[str, Memory, set[str], set[str]]) -> None:
        """Go back to *state*."""
        self.told, self.memory, self.known, self.used = state

    def hear(self, text: str) -> None:
        """Take a line that stands by itself as told."""
        self.told += ("\n\n" if self.told else "") + text
        self.learn(text)

    def unsaid(self, text: str) -> str:
        """Return *text* without the sentences that were told before word for word."""
        whole = sentences(text, self.language)
        kept = [s for s in whole if s.count("“") != s.count("”") or not self.memory.has(s)]
        return text if len(kept) == len(whole) else self.blank.join(kept)

    def smooth(self, text: str) -> str:
        """Return Chinese *text* with its first name made a pronoun where the sentence before is about that one."""
        paragraph = self.told.rsplit("\n\n", 1)[-1]
        before = sentences(paragraph, "zh")[-1:] if self.language == "zh" and not paragraph.endswith("”") else []
        for name, pronoun in self.voice.genders.items():
            he = "她" if pronoun == "she" else "他"
            about = before and (before[0].startswith((name, he)) or before[0].endswith((f"{name}说。", f"{name}问。")))
            if text.startswith(name) and about:
                return he + text[len(name) :]
        return text

    def recent(self, sentences_kept: int = 3) -> str:
        """Return the last sentences of the text, with the blank that the next word needs."""
        paragraph = self.told.rsplit("\n\n", 1)[-1]
        kept = self.blank.join(sentences(paragraph, self.language)[-sentences_kept:])
        return kept if not kept or kept.endswith("“") else kept + self.blank

    def take(self, segments: Sequence[Segment]) -> None:
        """Add told segments to the text so far."""
        for segment in segments:
            if segment.paragraph and self.told:
                self.told += "\n\n"
            elif self.told and not self.told.endswith((" ", "“", "\n")) and segment.text[:1] not in ",.?!”":
                self.told += self.blank
            self.told += segment.text
            self.learn(segment.text)
