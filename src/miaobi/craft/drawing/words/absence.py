"""Absence: what words name and isn't there: likenesses, what is missing, what is dreamt of, sayings."""

from __future__ import annotations

import re
from functools import cache

from miaobi.craft.drawing.subjects.subject import subjects
from miaobi.craft.drawing.words.mention import sayings

_SO = (
    "black white red pale cold quiet still big small light soft bright busy free old thin tall silent proud brave bold"
)
_LIKENESS = re.compile(
    rf"(?:{'|'.join(f'(?<={so} )' for so in _SO.split())})as (?:an? |the )?\w+(?= *[,.;!—]|$)|"
    r"\b(?:(?<!look )(?<!looks )(?<!looking )(?<!looked )like|as (?:if|though)|(?:as|so) \w+ as|than|"
    r"(?:looks?|looked|looking) (?:a bit |a little |rather |more |very |exactly |just |almost )?like)\b[^,.;:!?—]*"
    r"|(?:好像|仿佛|如同|犹如|宛如|好似|恰似|似乎|像)[^，。；：！？]*"
    r"|(?:^|(?<=[，。；：！？]))[^，。；：！？]*(?:一样|一般|般|似的)(?=[，。；：！？]|$)"
    r"|(?<=[，。；：！？])[^，。；：！？地的]{1,6}(?:一样|一般|般|似的)[地的]"
    r"|(?:^|(?<=[，。；：！？]))[^，。；：！？]{1,8}(?:一样|一般|似)的(?=[^，。；：！？])",
    re.I,
)
_BEFORE = re.compile(
    r"\b(?:(?:long|soon|just|right) )?after the (?:fire|war|battle|feast|funeral|wedding|party)\b"
    r"|(?:^|(?<=[，。；：！？]))(?:小时候|当年|从前|以前|曾经|昔日|那年|去年|儿时|很久以前|多年前)"
    r"[^。；！？]*?(?=如今|现在|今天|而今|今年|眼下|。|；|！|？|$)"
    r"|曾经?[^，。；：！？]*(?=[，。；])",
    re.I,
)
_LEADS = r"(?:(?:an?|the|any|his|her|their|its|single)\s+)?"
_BOUND = (
    r"(?!(?:on|in|at|by|with|from|to|into|over|under|near|beside|behind|through|across|for|and|but|while|when|where|as|"
    r"is|are|was|were|has|have|had|who|that|which|can|could|will|would|except|only|just|the|his|her|its|their|my|our|your)\b)\w+"
)
_MISSING = re.compile(
    r"\b(?:(?:without|instead of|rather than|neither|nor|hardly any|no sign of|no trace of|in place of|for lack of)|"
    r"no(?! (?:one|longer|more|matter)\b))"
    rf"\s+(?:(?:the|his|her|its|their|my|our|your|so much as an?|an?|even an?)\s+)?{_BOUND}(?:[ -]{_BOUND}){{0,2}}"
    rf"(?: or {_BOUND})*"
    r"|\b(?:no|without|never|not(?! (?:afraid|scared|only|far|alone|yet|quite|even)\b)|instead of|neither|nor)\s+"
    rf"{_LEADS}(?:\w+ing\s+)?{_LEADS}\w+"
    rf"|(?:n['’]t|\bnot|\bnever)\s+(?:\w+\s+)?(?:an?|any|one)\s+(?:single\s+)?{_BOUND}(?: {_BOUND}){{0,2}}"
    r"|(?:没有|没带|没|不见|不是|并非|也无)[^，。；：！？]{1,6}?(?=[，。；：！？]|的|在|$|而是|只)"
    r"|(?:没有|没带|没|不见|看不见|看不到)[^，。；：！？]{1,4}|空无一人|一个人(?:也|都)没有|无[人声]"
    r"|不再[^，。；：！？的]{1,4}?(?=[了，。；！？]|$)|\bno more \w+"
    r"|除了[^，。；：！？]{1,8}?(?:什么|谁|哪)[^，。；：！？]*没有|(?:当成|当作|当做|看成|看作|比作)[^，。；：！？]{1,4}",
    re.I,
)
_TILL = r"[^,.;:!?—]*"
_GONE = re.compile(  # *the cat is gone and so is the dog*
    r"\b(?:the|an?|his|her|their|its|my|our|your)\s+(?:[\w-]+\s+){1,4}?"
    r"(?:(?:is|are|was|were|has|have) (?:long )?(?:gone|vanished|died|dead)|is missing|are missing|"
    r"(?:has|have|had) (?:left|departed|fled|(?:run|flown|sailed|gone) away)(?= *[,.;:!?—]|$)|"
    r"(?:that|who) never (?:came|comes|come) (?:back|home)|(?:dead|gone|missing)(?= *[,.;:!?—]|$)|"
    r"no longer (?:here|there|lives?|comes?))\b(?: and so (?:is|are|has|have) [^,.;:!?—]*)?"
    rf"|(?:^|(?<=[,.;:!?—])){_TILL}\b(?:used to|once|years ago|long ago)\b{_TILL}"
    r"(?=[,.;:!?—] *(?:now|today|but|yet|nothing|only|these days)\b)"
    rf"|\bonce there (?:was|were|had been)\b{_TILL}|\bthey say (?:that )?{_TILL}|\bit is said (?:that )?{_TILL}"
    rf"|\b(?:legend|rumou?r) has it (?:that )?{_TILL}|\bwhere (?!\w+ing\b){_TILL}?\b(?:once|used to)\b{_TILL}"
    rf"|\bif (?={_TILL}\b(?:could|were|was|had|would|wished)\b){_TILL}"
    r"|(?:^|(?<=[，。；：！？]))(?:听说|据说|书上说|有人说|传说|相传|人们说|都说)[^，。；：！？]*"
    r"|(?<![^，。；：！？])[^，。；：！？]{1,8}(?:不见了|消失了|没了|不在了?|不见踪影|无影无踪|已经离开)(?=[，。；！？]|$)"
    r"|[^，。；：！？]{1,6}(?:已经|早就|早已|都|全)(?:开走|飞走|走光|走远|走|跑光|跑掉|离开|散|飞|游走|溜走)了?(?=[，。；！？]|$)"
    r"|(?<![^，。；：！？])[^，。；：！？]{1,4}(?:落尽|谢尽|散尽|不在家)"
    r"|[^，。；：！？]*(?:已经开走|已经走了|早已不在|不在了|飞走了|离去后)[^，。；：！？]*",
    re.I,
)
_ASKED = (
    r"(?:paintings?|pictures?|drawings?|portraits?|sketch|illustrations?|photo|photograph|image|poster|cover|card|page|"
    "mural|logo)"
)
_ASKING = (
    r"(?:my \w+ (?:wants|needs|would like) )?(?:(?:please|can|could|would|you|i|we|need|want|like|draw|paint|make|"
    r"create|give|show|me|us|an?|the|new|nice|\w+y) )*"
)
_OPENING = re.compile(  # a small oil painting of a fox asks for one
    r"^[^，。：]{0,8}(?:封面|插图|插画|海报|绘本|卡片|贺卡|配图)[^，。：]{0,4}[：，]"
    r"|^(?:请|帮我|给我|我|能不能|麻烦)*(?:给[^，。：]{1,4})?(?:想要|想|需要|要|画|生成|做|来)+一?[幅张副个](?:关于)?|"
    rf"^[^,.;:!?—–]{{0,40}}\b{_ASKED}(?: [^,.;:!?—–]{{0,40}})?(?::| [-—–] )"
    rf"|^\W*{_ASKING}{_ASKED} (?:of|showing) "
    r"|^\W*(?:(?:an?|the|my|\w+ing|\w+y|small|large|little|oil|old|watercolou?r|ink|pencil|line) )*"
    r"(?:paintings?|pictures?|drawings?|portraits?|sketch|illustration|photo|photograph) of ",
    re.I,
)
_SHOWN = re.compile(  # what is only painted, said, or a trace of somebody
    r"(?<=\w )(?:(?:an?|the|his|her|its|their|my|old|framed|faded|little|small|torn|huge|giant) )*"
    r"(?:paintings?|pictures?|portraits?|drawings?|sketch(?:es)?|photos?|photographs?|posters?|statues?|sculptures?|"
    r"figurines?|tattoos?|maps?|footprints?|tracks|pawprints?|shadows?|sounds?|voices?|cries|cry|roar|call|"
    r"ghosts?|names?|souls?|spirits?|pattern|memory|shape|costume|mask|print) of "
    r"(?:(?!(?:on|in|at|by|over|under|near|beside|behind|through|across|from)\b)[\w'’-]+ ?){1,5}"
    r"|\b(?:carved|painted|drawn|printed|embroidered|disguised|dressed(?: up)?) "
    r"(?:with|as|like) (?:(?:an?|the|some|two|three) )?\w+"
    r"|\bthe \w+ (?:in|on) the (?:painting|picture|photograph|photo|poster|portrait|mural|tapestry|map)\b"
    r"|\b(?:says?|saying|said|reads?|reading|called|titled|entitled|named|marked|labelled)\s+[\"“‘'][^\"”’]*[\"”’']"
    r"|\b(?:called|named|christened|nicknamed)(?: [A-Z]\w+){1,3}"
    r"|\b\w+-(?:shaped|sized|hearted|headed|faced|like|coloured|colored)\b|\b\w+ shaped\b(?! like)"
    r"|\b\w+ of (?=an? (?:man|woman|boy|girl|house|place|day)\b)|\bfar from (?:the|an?|any) \w+"
    r"|(?:画|照片|相片|屏幕|电视|书|故事|童话|邮票|海报)(?:上|里|中)的[^，。；：！？]{1,4}|(?:名叫|叫做?|外号)[^，。；：！？“「的]{1,3}的"
    r"|一[幅张帧][^，。；：！？]{1,6}的(?:画|照片|画像|插图|年画|剪纸)"
    r"|《[^》]*》|(?:写着|说|喊|叫做|名叫|念着|唱着)[：，]?[“「『\"][^”」』\"]*[”」』\"]"
    r"|(?:画着|画了|画上|印着|绣着|刻着|雕着|写着|剪出|捏了|捏着|折成|扮成|装扮成|打扮成)"
    r"(?:一|两|三|几)?[只条头个匹幅朵枝艘]?[^，。；：！？的]{1,5}"
    r"|[\u4e00-\u9fff]{1,3}的(?=脚印|足迹|影子|叫声|吼声|气味|味道|照片|画像|雕像|故事|传说|梦(?!里|中)|标本|模型|面具)",
    re.I,
)
_THOUGHT = re.compile(
    r"\b(?:dream(?:s|t|ed|ing)?|think(?:s|ing)?|thought|daydream(?:s|ing)?|memor(?:y|ies)|remind(?:s|ed)?|long(?:s|ed|ing)?|"
    r"wish(?:es|ed|ing)?|hop(?:e|es|ed|ing)|yearn(?:s|ed|ing)?|tired|afraid|scared|stor(?:y|ies)|tales?|songs?|talk(?:s|ed|ing)?|"
    r"search(?:es|ed|ing)?|(?:look|ask|pray|wait)(?:s|ed|ing)?(?= for)|in search|"
    r"fond|proud|sick|books?|lesson|lessons|legends?|rumou?rs?|news)"
    r"(?: \w+)? (?:of|about|for) [^,.;:!?—]*"
    r"|\b(?:remember(?:s|ed|ing)?|imagin(?:e|es|ed|ing)|forg(?:et|ets|ot)|miss(?:es|ed|ing)?|loses|"
    r"(?:has|have|had|who|he|she) lost|recall(?:s|ed)?|needs?|wants?|wishes|would love|"
    r"pretend(?:s|ed|ing)?)\s[^,.;:!?—]*"
    r"|(?<=[\u4e00-\u9fff])(?<![在正])(?:想起|梦见|梦到|想念|怀念|回忆|记得)[^，。；：！？]*"
    r"|(?:梦见|梦到|梦想|想起|想念|思念|怀念|回忆|记得|忘记|忘了|想要|想着|渴望|害怕|怕|等待|盼着|盼|寻找|找|讲着|讲|听说|属|姓|"
    r"等(?!在|着[，。]))[^，。；：！？的]*",
    re.I,
)

_OWNERS = re.compile(r"(?<![\w'’‘])\w+s['’](?= \w)(?![^.;!?]*\w['’](?:\W|$))")  # the soldiers' boots


@cache
def _said() -> re.Pattern[str]:
    drawn = {word for subject in subjects().values() for word in subject.words}
    said = [saying for saying in sayings() if saying.isascii() and saying not in drawn]
    words = [r"[^\w]+".join(map(re.escape, saying.split())) for saying in said]
    return re.compile(r"\b(?:" + "|".join(sorted(words, key=len, reverse=True)) + r")\b", re.I)


def present(text: str) -> str:
    """Return *text* with what isn't there blanked out; as long as before, so that its other words keep their
    places."""
    text = _OPENING.sub(lambda m: " " * len(m[0]), text)
    for away in (_said(), _LIKENESS, _BEFORE, _GONE, _SHOWN, _MISSING, _THOUGHT, _OWNERS):
        text = away.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    return text
