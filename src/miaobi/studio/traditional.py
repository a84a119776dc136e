"""What is shown in simplified characters, in traditional ones: by OpenCC, mended by eye.

OpenCC's ``s2twp`` knows words (檔案, 程式) and not our trade: what it gets wrong, or Taiwan's readers call otherwise,
stands in ``MENDED``, as it comes out of it and as it has to be. Quotation marks become 「」.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

MENDED = {  # after conversion, in every text
    "剋制": "克制", "平臺": "平台", "引數": "參數", "純文本": "純文字", "過去時": "過去式", "現在時": "現在式",
    "書庫里": "書庫裡", "和絃": "和弦", "弗裡": "弗里", "訊息": "消息", "釋出到": "發布到", "畫素": "像素",
    "粘對": "黏對", "帖圖": "貼文圖", "快捷鍵": "快速鍵", "撤銷": "復原", "拖動": "拖曳", "主導航": "主導覽",
    "平面向量": "平面向量圖", "查詢體裁": "尋找體裁", "這個地址上": "這個網址上", "清除查詢": "清除搜尋",
}  # fmt: skip


@cache
def _table() -> Any:
    from opencc import OpenCC

    return OpenCC("s2twp")


def converted(text: str) -> str:
    """Return a text of ours in traditional characters."""
    found = str(_table().convert(text))
    for wrong, right in MENDED.items():
        found = found.replace(wrong, right)
    return re.sub("‘([^’]*)’", r"『\1』", re.sub("“([^”]*)”", r"「\1」", found))


@lru_cache(maxsize=1024)
def around(text: str) -> str:
    """Return a message in traditional characters, what it quotes as it is: those are somebody's own words."""
    parts = re.split("“([^”]*)”", text)
    return "".join(f"「{part}」" if i % 2 else converted(part) for i, part in enumerate(parts))
