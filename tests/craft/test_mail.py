"""Mail: the standard library reads what was written; threads are answered."""

import email
from email import policy

from miaobi.craft.mail import Email, eml, parse_thread, reply_subject
from miaobi.trust.label import imprint, read, verify
from miaobi.work import Rendering

IMPRINT = imprint("6f1c2a34-5b6d-5e7f-8a9b-0c1d2e3f4a5b", "T", "zh", "m", "0")


def test_reply_names_what_it_answers_and_carries_the_label() -> None:
    first = eml(Email("潮水", ("你好", "再见"), IMPRINT, "a@example.org", "b@example.org"))
    thread = parse_thread(first)
    assert (thread.sender, thread.subject) == ("a@example.org", "潮水")
    second = eml(Email(reply_subject("Re: 潮水", "zh"), ("好的",), IMPRINT, thread=thread))
    message = email.message_from_bytes(second, policy=policy.default)
    assert message["In-Reply-To"] == thread.message_id
    assert message["Subject"] == "回复：潮水"
    assert "Date" not in message
    assert read(second, "eml") == IMPRINT.aigc
    assert verify(Rendering(name="x.eml", media_type="message/rfc822", content=second), IMPRINT) == []


def test_pasted_thread_gives_sender_subject_and_text() -> None:
    thread = parse_thread("From: Ines <i@example.org>\nSubject: Lamp\n\nIt is out.\n")
    assert (thread.sender, thread.subject, thread.text) == ("Ines <i@example.org>", "Lamp", "It is out.")
