"""The one decoder of texts."""

import pytest

from catalog import CatalogError, load_catalog
from catalog.text import DAMAGED, decode
from tests.catalog.support import encoded, picture

JAPANESE = [
    "黒",
    "id,image,color,柄\n1,画像/シャツ1.jpg,黒,無地\n",
    "商品番号,色\nA-1,赤\nA-2,紺色\n",
    "画像/ジャケット襟が.png",
    "T字ネックのセーター",
    "ﾌﾞﾗｯｸ,ﾎﾜｲﾄ",
    "id,襟\n1,テーラードカラー\n2,スタンド\n",
    "説明\n麻100％、手洗い可。サイズはM～L\n",
    "袖丈,長袖\n袖丈,七分袖\n",
]
WESTERN = [
    "id;image;color;Größe\n1;images/1.jpg;black;groß\n",
    "id,couleur\n1,beige rosé\n2,crème\n",
    "robe d’été",
    "men’s shirt,women’s shirt\n",
    "Größe",
    "café",
    "naïve béige, noël, façon\n",
    "Übergröße,weiß,schön\n",
    "price\n12 €\n9 £\n",
    "color,señal\nmarrón,niño\n",
    "“linen” – washed",
    "Åke,Øst,blå,grøn\n",
    "Camiseta rayón\nAlgodão, não lavar à máquina\n",
    "100 % coton, à laver à 30°\n",
]


@pytest.mark.parametrize("text", JAPANESE)
def test_japanese_windows(text):
    assert decode(text.encode("cp932")) == (text, "cp932")


@pytest.mark.parametrize("text", WESTERN)
def test_western_windows(text):
    assert decode(text.encode("cp1252")) == (text, "cp1252")


@pytest.mark.parametrize("text", [*JAPANESE, *WESTERN])
@pytest.mark.parametrize(
    ("written", "told"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("utf-16-be", None)],
)
def test_unicode_with_and_without_a_mark(text, written, told):
    content = text.encode(written)
    if told is None:
        content, told = b"\xfe\xff" + content, "utf-16"
    assert decode(content) == (text, told)
    assert not decode(content).guessed


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_found_and_told(encoding):
    for text in ("id,color,襟\n1,黒い靴下,丸\n", "id;Größe\n1;groß\n"):
        found = decode(text.encode(encoding))
        assert found == (text, encoding)
        assert found.guessed


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0", b"a\0\0\0b", b"\xff\xfea", b"\xef\xbb\xbf\xff"]
)
def test_what_is_no_text_is_refused_by_name(content):
    with pytest.raises(CatalogError, match=r"notes\.csv is"):
        decode(content, "notes.csv")


def test_nothing_is_a_text():
    assert decode(b"") == ("", "utf-8")


def test_one_wrong_byte_does_not_make_the_rest_another_encoding():
    content = "id,color\n1,黒い靴下\n2,青いシャツ\n".encode() + b"3,\xff\n"
    assert decode(content) == (content[:-2].decode() + "\ufffd\n", DAMAGED)
    assert decode(content).guessed


def test_halves_of_letters_in_json_leave_out_no_more_than_their_row(tmp_path):
    rows = r'{"file_name": "a.png", "color": "r\ud83d\ude00"}', r'{"file_name": "\ud800.png", "color": "\udcff"}'
    (tmp_path / "metadata.jsonl").write_text("\n".join(rows))
    (tmp_path / "a.png").write_bytes(encoded(picture()))
    catalog = load_catalog(tmp_path)
    assert [item.labels for item in catalog] == [{"color": "r😀"}]
    assert "\ufffd.png" in " ".join(catalog.warnings)
    " ".join(catalog.warnings).encode()
