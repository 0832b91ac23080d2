"""The words that say how the others belong together: not, and, mostly, particles. They are the same for every catalog;
the words for attributes and values are in `vocabulary.csv`."""

from dataclasses import dataclass
from functools import lru_cache

from retrieval.wording.text import read, read_word

PASS, LINK, WALL, AND, OR, TOO, NOT, EXCEPT, NOT_AFTER, WEIGHT, WEIGHT_AFTER = (
    "pass link wall and or too not except not-after weight weight-after".split()
)
"""Roles. Pass: says nothing. Link: ties an attribute to its value ("sleeves are long"). Wall: begins something new. And,
or: go on, too: go on if the next is of the same attribute (a comma). Not: what follows is unwanted; except: so is a
whole list; not after: what stands before. Weight, weight after: how much the next or the last one counts."""

_ENGLISH = {
    PASS: """
        i / im / i am / i'd / id / i'll / we / you / a / an / the / of / on / to / for / me / my / would like /
        want / wants / wanted / need / needs / looking / look / looks / looking for / search / search for /
        searching / find / finding / show / showing / give / get / see / please / pls / some / something /
        someone / any / anything / all / every / everything / each / item / items / garment / garments /
        clothes / clothing / piece / pieces / thing / things / one / ones / that / thats / this / these /
        those / which / who / there / be / been / has / have / having / its / it / style / styles / styled /
        type / types / kind / kinds / sort / made / design / designs / wear / wears / wearing / worn / only /
        just / really / very / quite / also / as / from / can / could / do / does / at / by / after / end / ends /
        shape / shaped / them / they /
        stuff / product / products / picture / pictures / photo / photos / hi / hello / thanks / thank you /
        down / so / must / should / if / like / too / not only / not just / not without / nothing but /
        no matter / nothing else than
    """,
    LINK: "is / are / being",
    WALL: "but / with / in / plus / while / instead / then / having a / together with / but with / and with / and in",
    AND: "and / & / as well as / and also",
    OR: "or / nor / and not / or not / and no / and neither / and/or",
    NOT: """
        not / no / without / w/o / wo / non / neither / never / isn't / isnt / is not / are not / arent /
        aren't / doesn't / doesnt / does not / don't / dont / do not / don't want / dont want / do not want /
        minus / lacking / free of / sans / hate / dislike / rather than / instead of / but not / but no /
        but without / without any / nothing / not any / not in / not with / doesn't have / don't like /
        dont like / cannot be / must not be / should not be
    """,
    EXCEPT: """
        except / except for / excluding / exclude / excludes / other than / anything but / everything but /
        all but / any but / avoid / avoiding / apart from / aside from / besides / skip / leave out /
        anything except / everything except / but for / anything other than / everything other than
    """,
}
_JAPANESE = {
    PASS: """
        の / を / に / な / い / く / ね / よ / から / まで / へ / です / ます / だ / である / でいい / がいい /
        が良い / がよい / いい / 良い / もの / 物 / やつ / 服 / の服 / 洋服 / 衣服 / アイテム / 商品 / 感じ /
        っぽい / っぽく / 風 / 系 / 系の / 系統 / タイプ / タイプの / 用 / 用の / 向け / 向き / 向けの /
        ください / 下さい / をください / を探しています / 探しています / 探してます / 探している / 探して /
        探す / さがして / さがしています / ほしい / 欲しい / が欲しい / がほしい / 見せて / 見たい / を見せて /
        検索 / 検索して / お願いします / お願い / おねがいします / なら / なら何でも / 何でも / なんでも /
        ならなんでも / あり / ある / あるもの / が付いた / が付いている / のついた / がついた / のある /
        がある / のあるもの / した / している / をした / をしている / を着た / 着た / 着ている / を巻いた /
        を巻いている / 全部 / すべて / 全て / すべての / 全ての / こと / という / ような / みたいな / のような /
        とても / すごく / もっと / 一番 / ほう / 方 / の方 / 付き / つき / 入り / 入りの / だけ / それ / この /
        その / あの / 人 / 写真 / 画像 / 下 / たち / だけじゃなく / ばかり / って / かな / でしょうか /
        ませんか / ありますか / はありますか / はある / 希望 / 希望です / な感じ / 感じの / 色の服 / 形 / 形の
    """,
    LINK: "は / が / : / =",
    WALL: """
        で / くて / て / だけど / けど / ですが / だが / で、 / しかし / でも、 / ただし / ではなく / じゃなく /
        に / かつ / それと / そして / かわりに
    """,
    AND: "と / それに / および / 及び / あと",
    OR: "や / か / も / でも / または / もしくは / あるいは / とか / やら / ・ / もしくわ / か、 / や、 / も、",
    NOT: "非 / not / ノー",
    NOT_AFTER: """
        入っていない / が入っていない / の入っていない / 入ってない / が入ってない /
        以外 / 以外の / 以外なら / 以外で / ではない / じゃない / でない / ではなく / じゃなく / でなく /
        じゃなくて / ではなくて / でなくて / じゃないもの / でもない / でもなく / を除く / 除く / を除いて /
        除いて / は除いて / を除いた / 除いた / のぞく / をのぞく / のぞいて / 除外 / は除外 / を除外 /
        除外して / 抜き / ぬき / 抜きで / なし / ナシ / 無し / なしで / なしの / 無しの / ない / 無い / なく /
        なくて / のない / の無い / がない / が無い / がなく / いらない / はいらない / 要らない / 不要 / は不要 /
        嫌 / は嫌 / 嫌い / が嫌い / は嫌い / いや / はいや / イヤ / はイヤ / 避けたい / は避けたい /
        を避けたい / 避けて / を避けて / は避けて / 避ける / を避ける / NG / はNG / ダメ / はダメ / だめ /
        はだめ / やめて / はやめて / していない / をしていない / してない / をしてない / のしていない /
        着ていない / 巻いていない / を巻いていない / 巻いてない / つけていない / 付いていない / が付いていない /
        ついていない / がついていない / は入れない / ではありません / じゃありません / 禁止 / 外して /
        を外して / は外して / ではないもの / じゃないの / を着ていない / は無し / はなし / もなし / もない /
        もいらない / も不要 / も嫌 / もいや / も避けたい / も除く / のない服 / 嫌です / 不可 / は不可
    """,
}
_WEIGHTS = {
    2.0: """
        mostly / mainly / especially / particularly / definitely / strongly / primarily / above all /
        essentially / absolutely / first of all / most of all / importantly / most importantly / 主に / おもに /
        特に / とくに / 絶対 / 絶対に / 必ず / とりわけ / メインは / メインで / 何より / 何よりも / 一番は /
        重点的に / 最優先で
    """,
    0.5: """
        slightly / somewhat / a bit / a bit of / a little / a little bit / a little bit of / preferably /
        ideally / maybe / perhaps / possibly / if possible / a touch of / a hint of / some hint of / できれば /
        出来れば / なるべく / 少し / すこし / ちょっと / やや / 多少 / 可能なら / 可能であれば / できたら /
        少しだけ / ちょっとだけ / 控えめに
    """,
}
_WEIGHTS_AFTER = {
    2.0: "重視 / 重視で / を重視 / をメインに / メイン / メインで / 優先 / を優先 / 中心 / 中心に",
    0.5: "気味 / 少なめに",
}


@dataclass(frozen=True)
class Function:
    """A word of grammar: its role, and the weight that it gives (1 where it gives none)."""

    role: str
    weight: float = 1.0


@lru_cache(maxsize=1)
def functions() -> dict[str, Function]:
    """`Text.plain` of a word → what it does. A word in two roles keeps the first one read: walls before joins."""
    found: dict[str, Function] = {}
    for roles in (_ENGLISH, _JAPANESE):
        for role, words in roles.items():
            for word in _split(words):
                found.setdefault(word, Function(role))
    for role, weights in ((WEIGHT, _WEIGHTS), (WEIGHT_AFTER, _WEIGHTS_AFTER)):
        for weight, words in weights.items():
            for word in _split(words):
                found.setdefault(word, Function(role, weight))
    found.update({word: Function(NOT_AFTER) for word in _split(_JAPANESE[NOT_AFTER])})
    return found


@lru_cache(maxsize=1)
def longest_function() -> int:
    return max(map(len, functions()))


def is_function(word: str) -> bool:
    """Whether a word means nothing but grammar, so that no value may be called by it alone ("あり", "no")."""
    return read_word(word).plain in functions()


def _split(words: str) -> list[str]:
    return [read(word).plain for word in " ".join(words.split()).split(" / ") if word]
