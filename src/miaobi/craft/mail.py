"""Mail: a message as text, HTML and RFC 5322, and the thread that it answers.

Message-ID comes from the work's id; there is no Date unless one is given, so the same work is the same bytes. The
label is the header field ``X-AIGC`` (ours: TC260 lays down none for mail).
"""

from __future__ import annotations

import datetime
import email
import json
import re
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage

from miaobi.craft.markup import escape, legal, one_line
from miaobi.errors import InputFileError
from miaobi.work import Imprint

_REPLY = re.compile(r"^\s*(re|aw|sv|回复|答复)\s*[:：]\s*", re.I)
_PASTED = re.compile(r"^(From|Sender|To|Subject|Date|Message-ID|发件人|收件人|主题|日期)\s*[:：]\s*(.*)$", re.I)
_NAMES = {"发件人": "from", "sender": "from", "主题": "subject", "日期": "date", "收件人": "to"}


@dataclass(frozen=True)
class Thread:
    """The message that is answered: who wrote, about what, and the text."""

    sender: str
    subject: str
    text: str
    message_id: str = ""
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class Email:
    """A message; ``body`` is paragraphs, ``thread`` what it answers."""

    subject: str
    body: tuple[str, ...]
    imprint: Imprint
    sender: str = ""
    to: str = ""
    thread: Thread | None = None
    date: datetime.datetime | None = None


def reply_subject(subject: str, language: str = "en") -> str:
    """Return *subject* with one reply mark."""
    bare = one_line(subject)
    while _REPLY.match(bare):
        bare = _REPLY.sub("", bare, count=1)
    return f"{'回复：' if language == 'zh' else 'Re: '}{bare}"


def text(mail: Email) -> str:
    """Return the message as plain text: subject, paragraphs, notice, then what it answers, quoted."""
    return f"{'主题' if mail.imprint.language == 'zh' else 'Subject'}: {one_line(mail.subject)}\n\n{_body(mail)}"


def _body(mail: Email) -> str:
    parts = [legal(p).strip() for p in mail.body]
    parts.append(f"-- \n{one_line(mail.imprint.notice)}")
    if mail.thread:
        quoted = "\n".join(f"> {line}".rstrip() for line in legal(mail.thread.text).strip().split("\n"))
        parts.append(f"{one_line(mail.thread.sender)}:\n{quoted}")
    return "\n\n".join(p for p in parts if p) + "\n"


def html(mail: Email) -> str:
    """Return the message as an HTML page that mail programs show: inline styles, nothing fetched."""
    lang = "zh-CN" if mail.imprint.language == "zh" else "en"
    paragraphs = [f"<p>{escape(p.strip()).replace(chr(10), '<br>')}</p>" for p in mail.body if p.strip()]
    small = "margin-top:2em;font-size:12px;color:#666"
    if mail.thread:
        quoted = escape(mail.thread.text.strip()).replace("\n", "<br>")
        style = "margin:1.5em 0 0;padding-left:1em;border-left:3px solid #ccc;color:#555"
        quote = f'<blockquote style="{style}"><p>{escape(one_line(mail.thread.sender))}</p>{quoted}</blockquote>'
    else:
        quote = ""
    label = escape(json.dumps(mail.imprint.aigc, separators=(",", ":")))
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{lang}"><head><meta charset="utf-8"><meta name="AIGC" content="{label}">',
            f"<title>{escape(one_line(mail.subject))}</title></head>",
            '<body style="font:16px/1.6 system-ui,sans-serif;max-width:38em;margin:2em auto;padding:0 1em">',
            *paragraphs,
            f'<p style="{small}">{escape(one_line(mail.imprint.notice))}</p>',
            quote,
            "</body></html>",
            "",
        ]
    )


def eml(mail: Email) -> bytes:
    """Return the message in RFC 5322 form with both bodies (multipart/alternative)."""
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = one_line(mail.subject)
    for name, value in (("From", mail.sender), ("To", mail.to)):
        if value:
            message[name] = one_line(value)
    if mail.date:
        message["Date"] = mail.date
    message["Message-ID"] = f"<{mail.imprint.identifier}@miaobi.invalid>"
    if mail.thread and mail.thread.message_id:
        message["In-Reply-To"] = mail.thread.message_id
        message["References"] = " ".join([*mail.thread.references, mail.thread.message_id])
    message["X-AIGC"] = json.dumps(mail.imprint.aigc, separators=(", ", ":"))
    message.set_content(_body(mail), cte="base64")
    message.add_alternative(html(mail), subtype="html", cte="base64")
    message.set_boundary(f"=_{mail.imprint.identifier}")
    return message.as_bytes()


def parse_thread(content: bytes | str) -> Thread:
    """Return the message in an .eml file or in pasted text; InputFileError when there is nothing to answer."""
    raw = content if isinstance(content, str) else content.decode("utf-8", "replace")
    parsed = email.message_from_bytes(
        content if isinstance(content, bytes) else content.encode(), policy=policy.default
    )
    if isinstance(content, bytes) and (parsed["From"] or parsed["Message-ID"]):
        body = parsed.get_body(("plain", "html"))
        said = str(body.get_content()) if body is not None else ""
        if body is not None and body.get_content_subtype() == "html":
            said = re.sub(r"<[^>]+>", "", re.sub(r"<(br|/p)[^>]*>", "\n", said))
        ids = re.findall(r"<[^<>\s]+>", str(parsed["References"] or ""))
        ident = re.search(r"<[^<>\s]+>", str(parsed["Message-ID"] or ""))
        thread = Thread(
            str(parsed["From"] or ""), str(parsed["Subject"] or ""), said.strip(), ident[0] if ident else "", tuple(ids)
        )
    else:
        thread = _pasted(legal(raw))
    if not thread.text and not thread.subject:
        raise InputFileError("The thread to answer is empty.", "Give an .eml file, or paste the message with its text.")
    return thread


def _pasted(raw: str) -> Thread:
    fields: dict[str, str] = {}
    lines = raw.strip().split("\n")
    while lines and (found := _PASTED.match(lines[0])):
        fields[_NAMES.get(found[1].lower(), found[1].lower())] = found[2].strip()
        lines.pop(0)
    return Thread(
        fields.get("from", ""), fields.get("subject", ""), "\n".join(lines).strip(), fields.get("message-id", "")
    )
