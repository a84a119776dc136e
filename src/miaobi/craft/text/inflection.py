"""English inflection that templates need: pronouns, articles, past tense. Rules of Quirk et al. 1985, 3.2–3.20, with the
irregular verbs that briefs use; a verb that isn't known is inflected by rule."""

from __future__ import annotations

import re
from typing import Literal

Pronoun = Literal["he", "she", "they"]

# subject, object, determiner, possessive, reflexive
PRONOUNS: dict[Pronoun, tuple[str, str, str, str, str]] = {
    "she": ("she", "her", "her", "hers", "herself"),
    "he": ("he", "him", "his", "his", "himself"),
    "they": ("they", "them", "their", "theirs", "themself"),
}

_IRREGULAR = dict(
    pair.split(":")
    for pair in (
        "be:was become:became begin:began bend:bent bet:bet bind:bound bite:bit blow:blew break:broke breed:bred "
        "bring:brought build:built burn:burned buy:bought cast:cast catch:caught choose:chose cling:clung come:came "
        "cost:cost creep:crept cut:cut deal:dealt dig:dug do:did draw:drew dream:dreamed drink:drank drive:drove "
        "eat:ate fall:fell feed:fed feel:felt fight:fought find:found flee:fled fly:flew forbid:forbade forget:forgot "
        "forgive:forgave freeze:froze get:got give:gave go:went grow:grew hang:hung have:had hear:heard hide:hid "
        "hit:hit hold:held hurt:hurt keep:kept kneel:knelt know:knew lay:laid lead:led leap:leapt learn:learned "
        "leave:left lend:lent let:let lie:lay light:lit lose:lost make:made mean:meant meet:met pay:paid put:put "
        "quit:quit read:read ride:rode ring:rang rise:rose run:ran say:said see:saw seek:sought sell:sold send:sent "
        "set:set sew:sewed shake:shook shine:shone shoot:shot show:showed shrink:shrank shut:shut sing:sang sink:sank "
        "sit:sat sleep:slept slide:slid speak:spoke spend:spent spin:spun split:split spread:spread stand:stood "
        "steal:stole stick:stuck sting:stung strike:struck swear:swore sweep:swept swim:swam swing:swung take:took "
        "teach:taught tear:tore tell:told think:thought throw:threw understand:understood wake:woke wear:wore "
        "weave:wove weep:wept win:won wind:wound withdraw:withdrew write:wrote uncover:uncovered overhear:overheard "
        "inherit:inherited must:had_to can:could will:would"
    ).split()
)
_THIRD = {"goes": "go", "does": "do", "has": "have", "is": "be", "are": "be"}
_VOWELS = "aeiou"


def base_form(verb: str) -> str:
    """Return the base of a third-person present: ``finds`` → ``find``; other words come back as they are."""
    low = verb.lower()
    if low in _THIRD:
        return _THIRD[low]
    if low.endswith("ies") and len(low) > 4:
        return low[:-3] + "y"
    if re.search(r"(?:ss|sh|ch|x|zz)es$", low):
        return low[:-2]
    return low[:-1] if low.endswith("s") and not low.endswith("ss") else low


def past(verb: str) -> str:
    """Return the simple past of a base or third-person present: ``carries`` → ``carried``."""
    base = base_form(verb)
    if base in _IRREGULAR:
        return _IRREGULAR[base].replace("_", " ")
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return base[:-1] + "ied"
    syllables = len(re.findall(r"[aeiouy]+", base))
    doubled = len(base) > 2 and base[-1] not in "aeiouwxyh" and base[-2] in _VOWELS and base[-3] not in _VOWELS
    if doubled and (syllables == 1 or base in {"admit", "commit", "permit", "refer", "prefer", "regret", "occur"}):
        return base + base[-1] + "ed"
    return base + "ed"


def is_known_verb(word: str) -> bool:
    """Tell whether the base of *word* is in the table of irregular verbs."""
    return base_form(word) in _IRREGULAR


def article(noun: str) -> str:
    """Return *noun* with its indefinite article: ``an hour``, ``a unicorn``."""
    low = noun.lower()
    silent = ("hour", "honest", "heir", "honour", "honor")
    yod = ("uni", "use", "eu", "one", "ewe", "uran")
    vowel = low.startswith(silent) or (low[:1] in _VOWELS and not low.startswith(yod))
    return f"{'an' if vowel else 'a'} {noun}"
