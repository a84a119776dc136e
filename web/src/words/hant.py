"""The page's words in traditional characters, made from the simplified ones (miaobi/studio/traditional.py).

python web/src/words/hant.py            writes hant.json beside this file
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import opencc

from miaobi.forms import forms
from miaobi.studio.traditional import converted

HERE = Path(__file__).parent
SIGNS = "俳商谣谐叠环双自绝律词联新说书文剧闻报函曲歌和画摹塑封图碟笺界空体藏净寻案验无印妙笔"  # set alone, as marks


def made() -> dict[str, Any]:
    """Return the table: the page's words, the forms' options and names, the signs."""
    alone = opencc.OpenCC("s2t")
    zh = json.loads((HERE / "zh.json").read_text("utf-8"))
    options = json.loads((HERE / "options.json").read_text("utf-8"))

    def table(values: dict[str, str]) -> dict[str, str]:
        return {key: converted(value) for key, value in values.items()}

    return {
        "words": table(zh),
        "names": table({key: chinese for key, (_, chinese) in options["names"].items()}),
        "helps": table(options["zh"]),
        "values": table(options["values"]),
        "forms": {f.name: [converted(text["zh"]) for text in (f.names, f.summary)] for f in forms().values()},
        "signs": {sign: other for sign in SIGNS if (other := alone.convert(sign)) != sign},
    }


def written() -> str:
    """Return the table as its file has it."""
    return json.dumps(made(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    (HERE / "hant.json").write_text(written(), "utf-8")
