"""What must not stand in a text that others read: patients' names, numbers that reach a person."""

from __future__ import annotations

import re

_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)[\s-]?\d{4}[\s-]?(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3})[-—]\d{3,4}(\d{4})(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?![0-9A-Za-z])")
_RECORD = re.compile(r"((?:住院号|病历号|门诊号|床号|就诊卡号)[:：为]?\s*)[A-Za-z0-9-]{3,}")
_FAMILY_NAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅皮卞齐康伍余元卜顾孟平黄穆萧尹姚邵湛汪祁毛禹狄米贝臧伏成戴谈宋茅庞熊纪舒屈项"
    "祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万柯昝卢莫房裘缪干宗丁宣贲邓郁单杭洪包诸左石崔吉"
    "钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲封芮羿储靳汲邴糜松段富巫乌焦巴弓牧隗侯宓蓬郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙"
    "叶司韶郜黎蓟薄宿白怀蒲邰鄂索咸籍赖卓蔺屠蒙池乔阴鬱胥苍闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍郤璩桑桂濮牛寿边扈燕冀郏浦尚农温别"
    "庄晏柴瞿阎充慕连茹习宦艾鱼容古易慎戈廖庾暨衡耿弘匡文寇禄阙东欧殳沃蔚夔隆巩厍聂晁勾敖融訾辛阚饶曾毋沙乜鞠丰巢关蒯荆竺逯盖"
    "桓肖"
)
_NOT_A_NAME = "某的在因对将被为等及和与或向从到于就未已不多太"
_WORDS = (
    " 金额 安全 安排 平均 平时 高血 高龄 高度 高峰 方便 方面 关系 强烈 常常 于是 毛病 黄疸 温度 何时 何处 "
    "任何 单独 单位 包括 许多 白天 石膏 易燃 费用 左侧 左手 甘愿 幸好 郁闷 宁愿 成功 成年 米饭 车辆 施工 曾经 "
    "祝愿 严重 文化 焦虑 元旦 伏案 应当 古稀 顾虑 习惯 宿舍 欧洲 连续 连夜 充分 充值 尚未 农村 牛奶 乐意 季度 "
    "安心 关心 关注 关怀 时常 时而 常年 常常 于昨 于今 于上 于下 于本 于当 于前 于近 于周 于每 "
)
_ADDRESSES = frozenset({"女士", "先生", "大爷", "阿姨", "奶奶", "师傅", "老人"})
TWO_SIGNS = (
    " 欧阳 司马 上官 诸葛 夏侯 皇甫 尉迟 公孙 慕容 令狐 端木 东方 南宫 司徒 司空 宇文 "
    "长孙 轩辕 呼延 赫连 澹台 濮阳 淳于 单于 申屠 闻人 西门 东郭 百里 独孤 完颜 拓跋 "
)
"""Family names of two signs."""
_PATIENT = re.compile(
    r"(患者|病人|患儿|产妇|家属|就诊者|联系人|来电人|来访人|投诉人|反映人|举报人)"
    r"((?:[:：]|姓名[:：]?|名叫)?\s*)"
    rf"({'|'.join(TWO_SIGNS.split())}|[{_FAMILY_NAMES}])([\u4e00-\u9fff]{{1,2}})"
    r"(?=[,，。;；、:：()（）\s\d]|$|(?:在|因|于|的|反映|投诉|来|到|称|说|就诊|住院|女士|先生|家属|等|"
    r"致|表示|要求|提出|认为|拨打|打电话|再次|又|多次|曾))"
)
SOMEBODY = "某"


def without_private_data(text: str) -> str:
    """The text with what identifies a patient, or reaches a person, made unreadable.

    Mobile and other phone numbers keep beginning and end (138****1234), numbers of identity cards
    the first six and last four signs, numbers of records nothing. A name is known as a patient's by
    the word before it (患者李小明 → 患者李某某) and is then taken out wherever it stands; other names
    are nobody's here to recognise.
    """
    text = _IDENTITY.sub(r"\1********\2", text)
    text = _MOBILE.sub(r"\1****\2", text)
    text = _LANDLINE.sub(r"\1-****\2", text)
    text = _RECORD.sub(r"\1***", text)
    hidden: dict[str, str] = {}

    def without_given_name(found: re.Match[str]) -> str:
        who, between, family, given = found.groups()
        is_a_word = given[0] in _NOT_A_NAME or f" {family}{given[0]} " in _WORDS
        if is_a_word or given in _ADDRESSES:
            return found[0]
        hidden[family + given] = family + SOMEBODY * len(given)
        return who + between + hidden[family + given]

    text = _PATIENT.sub(without_given_name, text)
    for name in sorted(hidden, key=len, reverse=True):
        text = text.replace(name, hidden[name])  # also where he is named without the word
    return text
