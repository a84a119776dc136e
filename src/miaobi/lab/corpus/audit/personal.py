"""Personal data: what names or reaches a living person, found by its form and, where it has one, its check digit.

Names and addresses in words are not found. What is shown of a find is masked: a report must not spread what it warns
of.
"""

from __future__ import annotations

import ipaddress
import re

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?![\w-])")
_PHONE = re.compile(
    r"(?<![\w+.])(?:\+\d{1,3}[ .-]?(?:\(?\d{1,4}\)?[ .-]?){2,4}\d{2,4}"  # international
    r"|1[3-9]\d(?:[ -]?\d{4}){2}"  # Chinese mobile
    r"|\(\d{3}\) ?\d{3}-\d{4}|\d{3}[-.]\d{3}[-.]\d{4})(?![\w-])"  # North American
)
_CHINESE_ID = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dA-Za-z])")
_AMERICAN_ID = re.compile(r"(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])")
_CARD = re.compile(r"(?<![\d-])(?:\d[ -]?){12,18}\d(?![\d-])")
_ADDRESS = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def personal(text: str) -> dict[str, list[str]]:
    """Return the finds of each kind as they stand in the text."""
    found = {
        "email": _EMAIL.findall(text),
        "phone": _PHONE.findall(text),
        "Chinese identity number": [n for n in _CHINESE_ID.findall(text) if _checks(n)],
        "US social security number": _AMERICAN_ID.findall(text),
        "payment card": [n for n in _CARD.findall(text) if _luhn(n)],
        "IP address": [n for n in _ADDRESS.findall(text) if _public(n)],
    }
    return {kind: finds for kind, finds in found.items() if finds}


def masked(find: str) -> str:
    """Return a find with all but its first and last sign hidden."""
    return find[0] + "".join("•" if c.isalnum() else c for c in find[1:-1]) + find[-1]


def _checks(number: str) -> bool:
    """Tell whether an 18-digit number has a date and the check digit of GB 11643-1999 (ISO 7064 MOD 11-2)."""
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    if not (1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31):
        return False
    rest = sum(w * int(d) for w, d in zip(_WEIGHTS, number, strict=False)) % 11
    return "10X98765432"[rest] == number[17].upper()


def _luhn(number: str) -> bool:
    """Tell whether a card number has 13 to 19 digits and the check digit of ISO/IEC 7812 (Luhn)."""
    digits = [int(c) for c in number if c.isdigit()]
    doubled = [d if i % 2 == 0 else (2 * d) % 9 if d != 9 else 9 for i, d in enumerate(reversed(digits))]
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and digits[0] in {3, 4, 5, 6} and sum(doubled) % 10 == 0


def _public(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False
