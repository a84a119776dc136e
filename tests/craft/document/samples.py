"""The documents that the golden files are made of: a story in each language and a report with every block."""

from miaobi.craft.document import (
    Document,
    Figure,
    Heading,
    Listing,
    Note,
    Quote,
    SceneBreak,
    Table,
    paragraph,
    parse_spans,
)
from miaobi.trust.label import imprint

IDENTIFIER = "6f1c2a34-5b6d-5e7f-8a9b-0c1d2e3f4a5b"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 90" width="320" height="90">'
    '<rect width="320" height="90" fill="#f4f1ea"/><path d="M10 70 80 30 150 52 220 18 310 44" fill="none"'
    ' stroke="#0072b2" stroke-width="3"/></svg>'
)

STORY = Document(
    title="The Glass Tide",
    subtitle="A story of the north light",
    language="en",
    byline="by Mara Venn",
    toc=True,
    imprint=imprint(IDENTIFIER, "The Glass Tide", "en", "SmolLM2-135M-Instruct", "0.1.0"),
    blocks=(
        Heading(1, "One: Salt", "salt"),
        paragraph(
            "The lamp went out at *four minutes past three*, and Ines Calder, who had kept it for nineteen winters, "
            "was already on the stairs. She counted as she climbed. Sixty-one steps, and the wind leaning on every one."
        ),
        paragraph(
            "“You’re late,” said the gull on the sill. It was not, she was **quite** certain, a talking gull; but the "
            "hour was what it was, and she had long ago stopped asking the weather for its papers. She struck a match "
            "& let it burn down to her thumb before she believed in the dark again."
        ),
        SceneBreak(),
        paragraph(
            "By morning the tide had left a plate of glass along the whole shore: green, thick as a book, and so clear "
            "that the crabs beneath it looked up as if through a window. Nobody in the village would step on it."
        ),
        paragraph("Ines did. It sang a little under her boots, the way a wine-glass does."),
        Heading(1, "Two: What the Net Brought", "net"),
        paragraph("They had pulled the nets at dawn, and found them full of letters."),
        Quote((paragraph("To whoever keeps the light: put it out. We can see you from here, and we are coming."),)),
        paragraph(
            "She read it twice, folded it into the almanac between *March* and *April*, and went to trim the wick."
        ),
    ),
)

STORY_ZH = Document(
    title="玻璃潮",
    subtitle="北岸灯塔的故事",
    language="zh",
    byline="温玛拉",
    imprint=imprint(IDENTIFIER, "玻璃潮", "zh", "gemma-3-270m", "0.1.0"),
    blocks=(
        Heading(1, "第一章　盐", "yan"),
        paragraph(
            "凌晨三点零四分，灯灭了。守了十九个冬天的伊内斯已经在楼梯上。她一边爬一边数：六十一级，每一级都有风"
            "靠在上面。墙缝里渗出的盐在黑暗中*微微发亮*，像有人很久以前写下、又忘了带走的字。"
        ),
        paragraph("“你来晚了。”窗台上的海鸥说。她很清楚，海鸥**不会**说话；可是这种时辰，她早就不向天气要证件了。"),
        SceneBreak(),
        paragraph("天亮时，潮水在整条海岸上留下一整块玻璃，绿的，厚得像一本书。村里没有人敢踩上去——除了她。"),
    ),
)

REPORT = Document(
    title="Ferries of the Outer Bank",
    subtitle="Passengers and delays, 2019–2024",
    language="en",
    setting="report",
    toc=True,
    imprint=imprint(IDENTIFIER, "Ferries of the Outer Bank", "en", "SmolLM2-135M-Instruct", "0.1.0"),
    blocks=(
        Heading(1, "Summary"),
        paragraph("Passengers rose from 41,200 to 58,900, by 43.0 %. Delays fell in four of five years."),
        Listing((parse_spans("*Skerry* carries the most."), parse_spans("Holm has the fewest delays.")), ordered=True),
        Heading(2, "By line"),
        Table(
            "Table 1. Passengers by line",
            ("Line", "2019", "2024", "Change"),
            (
                ("Skerry", "21,000", "30,150", "+43.6 %"),
                ("Holm | North", "12,400", "17,250", "+39.1 %"),
                ("Ness", "7,800", "11,500", "+47.4 %"),
            ),
            "lrrr",
        ),
        Figure(SVG, "Figure 1. Passengers a year", "A line that rises from left to right"),
        Note("Method: figures are computed from the table given; nothing is estimated."),
    ),
)
