"""The REST face, asked over HTTP without a server: what it answers, and how it refuses."""

import base64
import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from gradio.context import LocalContext
from PIL import Image
from starlette.testclient import TestClient

from catalog import Catalog, open_image
from common.assets import REPORTS
from library import Library, Opened
from retrieval import ImageSource, ItemSource, Query, Term, ValueSource
from tests.ui.conftest import COLORS, draw_garment, library_on, ready
from ui.bodies import LARGEST_BODY
from ui.operations import OPERATIONS
from ui.programs import Programs
from ui.query_questions import SearchQuestion
from ui.rest import rest_app


@pytest.fixture(scope="module")
def rest(library: Library) -> Iterator[TestClient]:
    with TestClient(
        rest_app(Programs(library)), base_url="http://shop.example", raise_server_exceptions=False
    ) as client:
        yield client


def picture(color: str = "blue", kind: str = "PNG") -> bytes:
    written = io.BytesIO()
    draw_garment(COLORS[color], stripes=False).save(written, kind)
    return written.getvalue()


def hits(response: httpx.Response) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    return response.json()["hits"]


def error(response: httpx.Response, status: int = 422) -> str:
    assert response.status_code == status, response.text
    assert list(response.json()) == ["error"]
    return response.json()["error"]


def test_an_item_by_get_and_by_post(rest: TestClient) -> None:
    query = "item=g0&attributes=COLOR&attributes=pattern%3D0.5&k=4&beta=0.5&filters=Pattern%3DStripe"
    asked = {
        "item": "g0",
        "attributes": ["color", "pattern=0.5"],
        "k": 4,
        "beta": 0.5,
        "filters": {"pattern": ["stripe"]},
    }
    found = hits(rest.get(f"/v1/search?{query}"))
    assert (
        found
        == hits(rest.post("/v1/search", json=asked))
        == hits(
            rest.post(
                "/v1/search",
                data={
                    "item": "g0",
                    "attributes": ["color", "pattern=0.5"],
                    "k": "4",
                    "beta": "0.5",
                    "filters": "pattern=stripe",
                },
            )
        )
    )
    assert len(found) == 4 and "g0" not in [hit["id"] for hit in found]
    assert set(found[0]["shares"]) == {"color", "pattern"}
    assert {hit["labels"]["pattern"] for hit in found} == {"stripe"}


@pytest.mark.parametrize("way", ["file", "base64", "data URL"])
def test_a_picture(rest: TestClient, way: str) -> None:
    text = base64.b64encode(picture()).decode()
    if way == "file":
        form = {"attributes": ["color", "pattern"], "k": "2"}
        response = rest.post("/v1/search", data=form, files={"image": ("shirt.png", picture(), "image/png")})
    else:
        image = text if way == "base64" else f"data:image/png;base64,{text}"
        response = rest.post("/v1/search", json={"image": image, "attributes": ["color", "pattern"], "k": 2})
    assert {hit["id"] for hit in hits(response)} == {"g1", "g7"}


def test_addresses_of_thumbnails_are_the_callers_and_show_no_path(rest: TestClient, opened: Opened) -> None:
    first = hits(rest.get("/v1/search?item=g0&attributes=color"))[0]["image"]
    assert first.startswith("http://shop.example/thumbnails/")
    assert str(opened.settings.home) not in first and "file=" not in first
    response = rest.get(first)
    assert response.status_code == 200 and response.headers["content-type"] == "image/webp"
    assert "max-age" in response.headers["cache-control"]
    forwarded = {"x-forwarded-host": "lapel.example", "x-forwarded-proto": "https"}
    through = rest.get("/v1/search?item=g0&attributes=color", headers=forwarded).json()
    assert through["hits"][0]["image"].startswith("https://lapel.example/thumbnails/")
    door, name = first.split("/")[-2:]
    strange = ("0" * 24 + "-" + "0" * 10 + "-256.webp", "..%2f..%2fapp.py", "blank-256.webp")
    for place in (*(f"{door}/{other}" for other in strange), name, f"nobodys/{name}", f"..%2f{door}/{name}"):
        assert error(rest.get(f"/thumbnails/{place}"), 404)


def test_k_above_the_cap_gives_the_cap_and_says_so(rest: TestClient) -> None:
    answer = rest.get("/v1/search?item=g0&attributes=color&k=201").json()
    assert answer["notes"] == ["k is 201; at most 200 are given at once"]
    assert len(answer["hits"]) == 11
    assert rest.get("/v1/search?item=g0&attributes=color&k=200").json()["notes"] == []
    assert rest.get("/v1/items?limit=999").json()["notes"] == ["limit is 999; at most 200 are given at once"]


def test_attributes_with_values_and_counts(rest: TestClient, opened: Opened) -> None:
    answer = rest.get("/v1/attributes").json()
    assert answer["items"] == 12
    listed = {attribute["name"]: attribute for attribute in answer["attributes"]}
    assert list(listed) == opened.embedder.attributes
    assert listed["color"]["embedded"] and listed["color"]["labelled"] == 11
    values = {value["value"]: value["items"] for value in listed["color"]["values"]}
    assert values == {"red": 4, "blue": 4, "green": 3}
    other = listed[opened.unlabelled[0]]
    assert not other["embedded"] and other["labelled"] == 0 and other["values"]
    columns = {column["name"]: column for column in answer["columns"]}
    assert {value["value"] for value in columns["split"]["values"]} == {"test", "train"}
    assert columns["title"]["distinct"] == 12


def test_items_page_by_page_and_filtered(rest: TestClient) -> None:
    first = rest.get("/v1/items?limit=5").json()
    assert [item["id"] for item in first["items"]] == [f"g{number}" for number in range(5)]
    assert (first["total"], first["offset"], first["next"]) == (12, 0, 5)
    last = rest.get("/v1/items?limit=5&offset=10").json()
    assert [item["id"] for item in last["items"]] == ["g10", "g11"] and last["next"] is None
    assert rest.get("/v1/items?offset=99").json()["items"] == []
    red = rest.get("/v1/items", params={"filters": '{"COLOR": ["Red"], "split": "test"}'}).json()
    assert [item["id"] for item in red["items"]] == ["g0", "g3"]
    assert red["items"][0]["labels"]["color"] == "red" and red["items"][0]["columns"] == {"title": "number 0"}


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"k": "12"}, 'k is the text "12"'),
        ({"image": "/etc/passwd", "item": None}, "image is a text that is not base64, such as a path"),
        ({"image": "https://example.com/a.jpg", "item": None}, "image is a web address, and these are not fetched"),
        ({"image": "data:image/png,abc", "item": None}, "without ';base64,'"),
        ({"image": "aGVsbG8gd29ybGQ=", "item": None}, "is not a JPEG"),
        ({"image": "aGVsbG8gd29ybGQ="}, "either an image or the id"),
        ({"item": None}, "either an image or the id"),
        ({"attributes": ["wings"]}, "wings"),
        ({"attributes": ["color", "COLOR=2"]}, "'color' is given twice"),
        ({"attributes": ["color=nan"]}, "the weight of 'color' is nan"),
        ({"attributes": ["color=-inf"]}, "the weight of 'color' is -inf"),
        ({"filters": {"sizes": ["L"]}}, "no column 'sizes'; it has: split, color, pattern, title"),
        ({"filters": {"color": ["mauve"]}}, "no value 'mauve'; it has: red, blue, green"),
        ({"colour": 1}, "no parameter 'colour'"),
    ],
)
def test_what_cannot_be_answered_is_said(rest: TestClient, parameters: dict[str, Any], said: str) -> None:
    assert said in error(rest.post("/v1/search", json={"item": "g0", "attributes": ["color"], **parameters}))


def texts(answer: dict[str, Any]) -> list[str]:
    return [term["text"] for term in answer["terms"]]


def test_terms_have_sources_of_their_own(rest: TestClient, opened: Opened) -> None:
    query = Query(
        (
            Term("pattern", ItemSource("g0")),
            Term("color", ValueSource("blue"), 0.5),
            Term("color", ItemSource("g3"), -1.0),
        )
    )
    expected = opened.engine.search(query, 5, exclude=["g0"])
    asked = {"item": "g0", "attributes": ["Pattern"], "k": 5}
    written = ["COLOR=Blue*0.5", "-color@g3"]
    objects = [
        {"attribute": "color", "value": "BLUE", "weight": 0.5},
        {"attribute": "color", "item": "g3", "weight": -1},
    ]
    for terms in (written, objects, [written[0], objects[1]]):
        answer = rest.post("/v1/search", json={**asked, "terms": terms}).json()
        assert texts(answer) == ["pattern@g0", "color=blue*0.5", "-color@g3"]
        assert [term["given"] for term in answer["terms"]] == ["attributes", "terms", "terms"]
        assert [(hit["id"], tuple(hit["term_shares"])) for hit in answer["hits"]] == [
            (hit.id, hit.term_shares) for hit in expected
        ]
    by_address = rest.get(
        "/v1/search",
        params={**asked, "attributes": "pattern", "terms": [written[0], json.dumps(objects[1])]},
    )
    assert by_address.json() == answer


def test_a_part_of_a_picture_is_another_picture(rest: TestClient, opened: Opened) -> None:
    form = {"terms": ['{"attribute": "color", "box": [0.3, 0.3, 0.7, 0.8], "turn": 1}'], "k": "3"}
    answer = rest.post("/v1/search", data=form, files={"image": ("shirt.png", picture())}).json()
    whole = open_image(picture()).transpose(Image.Transpose.ROTATE_270)
    left, top, right, bottom = (
        round(part * side) for part, side in zip((0.3, 0.3, 0.7, 0.8), whole.size * 2, strict=True)
    )
    part = Query((Term("color", ImageSource(whole.crop((left, top, right, bottom)))),))
    assert [(hit["id"], hit["score"]) for hit in answer["hits"]] == [
        (hit.id, hit.score) for hit in opened.engine.search(part, 3)
    ]
    assert (
        answer["terms"][0] | {"text": None, "image": True, "box": [0.3, 0.3, 0.7, 0.8], "turn": 1} == answer["terms"][0]
    )


def test_words_say_what_was_made_of_them(rest: TestClient) -> None:
    answer = rest.get("/v1/search?words=stripes, not blue, wings&k=3").json()
    assert texts(answer) == ["pattern=stripe", "-color=blue*0.5"]
    assert [(one["words"], one["weight"]) for one in answer["words"]["understood"]] == [("stripes", 1), ("blue", -0.5)]
    assert [one["words"] for one in answer["words"]["unknown"]] == ["wings"]
    assert answer["words"]["unknown"][0]["suggestions"]
    assert {hit["labels"]["pattern"] for hit in answer["hits"]} == {"stripe"}
    assert texts(rest.get("/v1/search?words=青以外 赤").json()) == ["-color=blue*0.5", "color=red"]
    both = rest.get("/v1/search?words=wings&terms=color=red").json()
    assert texts(both) == ["color=red"] and "none of the words 'wings' names a value" in both["notes"][0]


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"terms": ["color"]}, "'color' is no term; write ATTRIBUTE=VALUE or ATTRIBUTE@ITEM"),
        ({"terms": ["wings=red"]}, "wings"),
        ({"terms": ["color=mauve"]}, "'color' has no value 'mauve' in this catalog; it has: blue, green, red"),
        ({"terms": [{"attribute": "color"}]}, "in term 1: give one of value, item and image"),
        ({"terms": ["color=red", {"attribute": "color", "weight": "x"}]}, "in term 2: weight is the text"),
        ({"terms": [{"attribute": "color", "value": "red", "item": "g1"}]}, "in term 1: give one of value, item"),
        ({"terms": [{"attribute": "color", "value": "red", "turn": 1}]}, "a value has no picture to cut or turn"),
        ({"terms": [{"attribute": "color", "item": "g1", "box": [0.5, 0, 0.2, 1]}]}, "is no part of a picture"),
        ({"terms": [{"attribute": "color", "image": "https://example.com/a.jpg"}]}, "these are not fetched"),
        ({"terms": ["color=red*0"]}, "every weight is 0"),
        ({"terms": ["color=red"] * 33}, "the query has 33 terms; give 32 at most"),
        ({"terms": ["color=red"], "item": "g0"}, "no attribute of the image or item is asked for"),
        ({"terms": ["color=red"], "attributes": ["color"]}, "give one of these, or leave attributes out"),
        ({"terms": []}, "either an image or the id"),
        ({"words": "wings"}, "none of the words 'wings' names a value of this catalog; try "),
        ({"words": "  "}, "either an image or the id"),
        ({"words": "red", "least": 0.5}, "'color' has no match level here"),
    ],
)
def test_terms_that_cannot_be_asked_are_told(rest: TestClient, parameters: dict[str, Any], said: str) -> None:
    assert said in error(rest.post("/v1/search", json=parameters))


def test_items_that_are_not_there_are_404_in_terms_too(rest: TestClient) -> None:
    for term in ("color@g99", '{"attribute": "color", "item": "g99"}'):
        assert "no item 'g99'" in error(rest.get("/v1/search", params={"terms": term}), 404)
    assert "no item 'g99'" in error(rest.get("/v1/explain?terms=color=red&about=g99"), 404)


def test_an_explanation_is_that_of_the_engine(rest: TestClient, opened: Opened) -> None:
    query = Query((Term("color", ItemSource("g0")), Term("pattern", ValueSource("solid"), -0.5)))
    expected = opened.engine.why_not(query, "g1", 2, exclude=["g0"])
    asked = "/v1/explain?item=g0&attributes=color&terms=-pattern=solid*0.5&about=g1&k=2"
    answer = rest.get(asked).json()
    item = answer["item"]
    assert (item["rank"], item["among"], item["score"]) == (expected.rank, expected.among, expected.score)
    assert [term["share"] for term in answer["terms"]] == list(expected.term_shares)
    assert [term["gap"] for term in answer["terms"]] == list(expected.gaps)
    assert answer["held_back_by"] == expected.held_back_by == 0 and not item["found"]
    assert answer["against"]["id"] == expected.against.id and answer["against"]["rank"] == 2
    every = hits(rest.get("/v1/search?item=g0&attributes=color&terms=-pattern=solid*0.5&k=12"))
    itself = next(hit for hit in every if hit["id"] == "g1")
    assert {name: item[name] for name in ("score", "chances", "hidden")} == {
        name: itself[name] for name in ("score", "chances", "hidden")
    }
    said = {label["attribute"]: (label["wanted"], label["unwanted"], label["agrees"]) for label in answer["labels"]}
    assert said == {"color": (["red"], [], False), "pattern": ([], ["solid"], False)}
    seen = opened.embedder.explain(opened.catalog.open(opened.catalog.item("g1")), "color")
    look = answer["attention"]["item"]
    assert np.allclose(look["grid"], seen.attention, atol=1e-4) and np.shape(look["grid"]) == (14, 14)
    assert np.allclose(look["box"], np.array(seen.box) / (120, 150, 120, 150), atol=1e-4)
    assert answer["attention"]["query"]["grid"] != look["grid"]
    by_value = rest.get(f"{asked}&attention=Pattern").json()["attention"]
    assert by_value["attribute"] == "pattern" and by_value["query"] is None
    assert "'title' is not asked for; attention is given for one of: color, pattern" in error(
        rest.get(f"{asked}&attention=title")
    )
    assert rest.get(asked.replace("about=g1", "about=g0")).json()["item"]["rank"] is None


def test_similar_items_reach_the_level(rest: TestClient, levelled: Opened) -> None:
    every = hits(rest.get("/v1/similar?item=g0&attributes=pattern&level=0"))
    assert len(every) == 11
    for level, least in (("likely", 0.5), ("very likely", 0.8), ("0.9", 0.9)):
        found = hits(rest.get("/v1/similar", params={"item": "g0", "attributes": "pattern", "level": level}))
        assert found == [hit for hit in every if hit["chances"]["pattern"] >= least]
    assert 0 < len(hits(rest.get("/v1/similar?item=g0&attributes=pattern"))) < 11
    assert "either an image or the id" in error(rest.get("/v1/similar?attributes=color"))
    assert "choose at least one" in error(rest.get("/v1/similar?item=g0"))


def test_values_say_how_to_ask_for_them(rest: TestClient) -> None:
    listed = {entry["name"]: entry for entry in rest.get("/v1/attributes").json()["attributes"]}
    values = {value["value"]: value for value in listed["color"]["values"]}
    assert values["blue"] == {"value": "blue", "items": 4, "term": "color=blue", "example": "g1"}
    assert (
        hits(rest.get("/v1/search", params={"terms": values["blue"]["term"], "k": 1}))[0]["labels"]["color"] == "blue"
    )
    unlabelled = next(entry for entry in listed.values() if not entry["labelled"])
    assert {value["term"] for value in unlabelled["values"]} == {None}


def test_reports_of_the_weights_are_listed_and_given_whole(rest: TestClient) -> None:
    listed = {entry["id"]: entry for entry in rest.get("/v1/reports").json()["reports"]}
    shipped = json.loads((REPORTS / "field.json").read_text())
    field = listed["field.json"]
    assert (field["of"], field["map"], field["queries"]) == ("weights", shipped["overall"]["map"], 180)
    assert field["baseline"] == json.loads((REPORTS / field["baseline_report"]).read_text())["overall"]["map"]
    assert not any(name.endswith("-global.json") for name in listed)
    whole = rest.get("/v1/reports?report=field.json").json()["report"]
    assert whole["overall"] == shipped["overall"] and list(whole["attributes"]) == list(shipped["attributes"])
    for strange in ("nothing.json", "../reports/field.json", "%2e%2e/x", "foreground/street.json", ""):
        answer = rest.get(f"/v1/reports?report={strange}")
        assert answer.json()["report"] is None if not strange else "there is no" in error(answer, 404)


def test_status_codes_tell_the_kinds_of_refusal_apart(rest: TestClient) -> None:
    assert "no item 'g99'" in error(rest.get("/v1/search?item=g99&attributes=color"), 404)
    assert "give it once" in error(rest.get("/v1/search?item=g0&item=g1&attributes=color"))
    assert "has no '='" in error(rest.get("/v1/search?item=g0&attributes=color&filters=red"))
    assert "not JSON" in error(
        rest.post("/v1/search", content=b"{'item'}", headers={"content-type": "application/json"})
    )
    assert "give a JSON object" in error(rest.post("/v1/search", json=[1]))
    assert "send JSON" in error(rest.post("/v1/search", content=b"<a/>", headers={"content-type": "text/xml"}), 415)
    assert "send the picture as 'image'" in error(rest.post("/v1/search", files={"photo": ("a.png", picture())}))
    two = [("image", ("a.png", picture())), ("image", ("b.png", picture()))]
    assert "one file named 'image'" in error(rest.post("/v1/search", files=two), 400)
    assert "docs" in error(rest.get("/v1/nothing"), 404)
    assert error(rest.delete("/v1/search"), 405)
    assert hits(
        rest.post(
            "/v1/search",
            content=b'{"item": "g0", "attributes": ["color"]}',
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
    )  # what `curl -d` sends


def test_a_request_of_too_many_bytes_is_refused_before_it_is_read(rest: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(LARGEST_BODY // (1 << 20) + 2):
            yield bytes(1 << 20)

    headers = {"content-type": "application/json"}
    assert "larger than" in error(rest.post("/v1/search", content=endless(), headers=headers), 413)


def test_the_catalog_is_embedded_on_request_only_where_the_host_allows_it(
    library: Library, opened: Opened, tmp_path: Path
) -> None:
    name = opened.unlabelled[0]
    with TestClient(rest_app(Programs(library))) as client:
        said = error(client.post("/v1/search", json={"item": "g0", "attributes": [name]}), 403)
    assert name in said and "ask for: pattern, color; " in said and "--embed-on-request" in said
    assert opened.engine.attributes == ["pattern", "color"]
    willing = ready(library_on(opened.catalog, tmp_path, embed_on_request=True))
    with TestClient(rest_app(Programs(willing))) as client:
        assert hits(client.post("/v1/search", json={"item": "g0", "attributes": [name]}))
    assert name in willing.opened("").engine.attributes


def test_a_search_knows_whose_request_it_is(library: Library, opened: Opened) -> None:
    """ZeroGPU finds the quota of a caller by the request that Gradio's context holds, in whatever thread."""

    class Asking(Programs):
        def search(self, asked: Any, *rest: Any) -> dict[str, Any]:
            request = LocalContext.request.get()
            return {"hits": [], "notes": [request.headers["x-ip-token"]]}

    with TestClient(rest_app(Asking(library))) as client:
        found = client.post("/v1/search", json={"item": "g0"}, headers={"x-ip-token": "mine"}).json()
    assert found["notes"] == ["mine"]


def test_health_and_what_is_said_before_the_app_is_ready(
    library: Library, small_catalog: Catalog, tmp_path: Path
) -> None:
    with TestClient(rest_app(Programs(library))) as client:
        assert client.get("/v1/health").json() == {"status": "ready", "items": 12, "done": 0}
    broken = library_on(small_catalog, tmp_path, device="abacus")
    with TestClient(rest_app(Programs(broken))) as client:
        assert client.get("/v1/health").status_code == 503
        assert broken.opened("").wait(60)
        assert client.get("/v1/health").json()["status"] == "failed"
        assert "abacus" in error(client.get("/v1/search?item=g0&attributes=color"), 503)


def test_the_description_has_every_endpoint_with_its_parameters(rest: TestClient) -> None:
    assert rest.get("/docs").status_code == 200
    paths = rest.get("/openapi.json").json()["paths"]
    ours = [f"/v1/{name}" for name in (*OPERATIONS, "health")]
    told = {parameter["name"]: parameter["description"] for parameter in paths["/v1/search"]["get"]["parameters"]}
    assert {*told, "image"} == set(SearchQuestion.model_fields) and all(told.values())
    body = paths["/v1/search"]["post"]["requestBody"]["content"]
    assert body["multipart/form-data"]["schema"]["properties"]["image"]["format"] == "binary"
    assert all(schema["description"] for schema in body["application/json"]["schema"]["properties"].values())
    for path in (paths[name] for name in ours):
        for operation in path.values():
            assert operation["responses"]["200"]["content"]["application/json"]["schema"]


@pytest.mark.parametrize("few", [0, 10**6], ids=["large catalog", "small catalog"])
def test_answers_are_the_same_in_a_thread_and_on_the_event_loop(
    few: int, rest: TestClient, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = opened.engine.search(Query((Term("color", ItemSource("g0")),)), 3, exclude=["g0"])
    threads: list[str] = []
    search = Programs.search
    monkeypatch.setattr("ui.programs.FEW_ITEMS", few)
    monkeypatch.setattr(
        Programs, "search", lambda *given: threads.append(threading.current_thread().name) or search(*given)
    )
    for _ in range(3):
        found = hits(rest.get("/v1/search?item=g0&attributes=color&k=3"))
        assert [(hit["id"], hit["score"]) for hit in found] == [(hit.id, hit.score) for hit in expected]
    assert all(("worker" in name) == (few == 0) for name in threads), threads
