"""The page's words in traditional characters, made from the simplified ones by OpenCC and mended by eye.

    python web/src/words/hant.py            writes hant.json beside this file

OpenCC's ``s2twp`` knows words (檔案, 程式) and not our trade: what it gets wrong, or Taiwan's readers call otherwise,
stands in ``MENDED``, as it comes out of it and as it has to be. Quotation marks become 「」.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import opencc

from miaobi.forms import forms

HERE = Path(__file__).parent
MENDED = {  # after conversion, in every text
    "剋制": "克制", "平臺": "平台", "引數": "參數", "純文本": "純文字", "過去時": "過去式", "現在時": "現在式",
    "書庫里": "書庫裡", "和絃": "和弦", "弗裡": "弗里", "訊息": "消息", "釋出到": "發布到", "畫素": "像素",
    "粘對": "黏對", "帖圖": "貼文圖", "快捷鍵": "快速鍵", "撤銷": "復原", "拖動": "拖曳", "主導航": "主導覽",
    "平面向量": "平面向量圖", "查詢體裁": "尋找體裁", "這個地址上": "這個網址上", "清除查詢": "清除搜尋",
}  # fmt: skip
SIGNS = "俳商谣谐叠环双自绝律词联新说书文剧闻报函曲歌和画摹塑封图碟笺界空体藏净寻案验无印妙笔"  # set alone, as marks


def converted(text: str, convert: opencc.OpenCC) -> str:
    """Return a text in traditional characters."""
    found = convert.convert(text)
    for wrong, right in MENDED.items():
        found = found.replace(wrong, right)
    return re.sub("‘([^’]*)’", r"『\1』", re.sub("“([^”]*)”", r"「\1」", found))


def made() -> dict[str, Any]:
    """Return the table: the page's words, the forms' options and names, the signs."""
    convert, alone = opencc.OpenCC("s2twp"), opencc.OpenCC("s2t")
    zh = json.loads((HERE / "zh.json").read_text("utf-8"))
    options = json.loads((HERE / "options.json").read_text("utf-8"))

    def table(values: dict[str, str]) -> dict[str, str]:
        return {key: converted(value, convert) for key, value in values.items()}

    return {
        "words": table(zh),
        "names": table({key: chinese for key, (_, chinese) in options["names"].items()}),
        "helps": table(options["zh"]),
        "values": table(options["values"]),
        "forms": {f.name: [converted(text["zh"], convert) for text in (f.names, f.summary)] for f in forms().values()},
        "signs": {sign: other for sign in SIGNS if (other := alone.convert(sign)) != sign},
    }


def written() -> str:
    """Return the table as its file has it."""
    return json.dumps(made(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    (HERE / "hant.json").write_text(written(), "utf-8")
