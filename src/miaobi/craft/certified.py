"""A certificate shown: as text for a terminal or an appendix, and as SVG: a row a unit, a column a rule."""

from __future__ import annotations

from html import escape

from miaobi.certificate import Certificate, Evidence
from miaobi.types import Language

_WORDS: dict[Language, dict[str, str]] = {
    "en": {"removed": "of the model's choice removed", "instead": "instead of", "all": "Every rule holds."},
    "zh": {"removed": "的模型概率被排除", "instead": "本欲作", "all": "诸律皆合。"},
}
_TEXT, _CELL, _ROW, _HEAD = 300, 190, 44, 40  # pixels


def text(certificate: Certificate, language: Language) -> str:
    """Return one block a unit: the unit, then a line a rule with its evidence and its cost."""
    lines: list[str] = []
    for unit in certificate.units:
        lines.append(f"{unit.name}  {unit.text}")
        for evidence in unit.rules:
            mark = "✓" if evidence.holds else "✗"
            lines.append(f"  {mark} {evidence.rule}: {evidence.evidence}".rstrip(": ") + _cost(evidence, language))
    if certificate.holds:
        lines.append(_WORDS[language]["all"])
    return "\n".join(lines) + "\n"


def shown(certificate: Certificate, language: Language, ending: str) -> bytes:
    """Return the certificate as ``txt``, ``svg`` or ``json``, UTF-8; ValueError for another ending."""
    if ending == "svg":
        return svg(certificate, language)
    if ending == "json":
        return (certificate.model_dump_json(indent=1) + "\n").encode()
    if ending == "txt":
        return text(certificate, language).encode()
    raise ValueError(f"a certificate is shown as txt, svg or json, not as {ending!r}")


def _cost(evidence: Evidence, language: Language) -> str:
    if not evidence.removed:
        return ""
    words = _WORDS[language]
    said = f" ({words['instead']} “{evidence.instead.strip()}”)" if evidence.instead.strip() else ""
    return f" · {evidence.removed:.0%} {words['removed']}{said}"


def svg(certificate: Certificate, language: Language) -> bytes:
    """Return the picture, UTF-8 XML: kept rules in ink, broken ones in red, a bar for what each cost."""
    rules = list(dict.fromkeys(e.rule for unit in certificate.units for e in unit.rules))
    width, height = _TEXT + _CELL * len(rules), _HEAD + _ROW * len(certificate.units)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        "font-family=\"Georgia, 'Noto Serif CJK SC', 'Source Han Serif SC', serif\" font-size=\"15\">",
        f'<rect width="{width}" height="{height}" fill="#faf7f0"/>',
    ]
    for column, rule in enumerate(rules):
        x = _TEXT + column * _CELL
        parts.append(f'<text x="{x}" y="26" font-weight="bold" fill="#333">{escape(rule)}</text>')
    for row, unit in enumerate(certificate.units):
        y = _HEAD + row * _ROW
        parts.append(f'<line x1="0" x2="{width}" y1="{y}" y2="{y}" stroke="#d9d2c3"/>')
        parts.append(f'<text x="14" y="{y + 27}" fill="#222">{escape(_cut(unit.text, 36))}</text>')
        for evidence in unit.rules:
            x = _TEXT + rules.index(evidence.rule) * _CELL
            ink = "#222" if evidence.holds else "#b3261e"
            said = _cut(f"{'✓' if evidence.holds else '✗'} {evidence.evidence}", 24)
            hint = escape(evidence.evidence + _cost(evidence, language))
            parts.append(
                f'<g><title>{hint}</title><text x="{x}" y="{y + 20}" fill="{ink}" font-size="13">{escape(said)}</text>'
            )
            if evidence.removed:
                long = max(1.0, evidence.removed * (_CELL - 20))
                parts.append(f'<rect x="{x}" y="{y + 29}" width="{long:.1f}" height="4" fill="#9c7a3c"/>')
            parts.append("</g>")
    return ("".join([*parts, "</svg>"]) + "\n").encode()


def _cut(said: str, most: int) -> str:
    return said if len(said) <= most else said[: most - 1] + "…"
