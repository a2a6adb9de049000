"""The figures of the pages as SVG, drawn without a browser: same content, nothing that acts."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from andon import stats
from andon.stats.drawing.control import Look, drawn
from andon.stats.drawing.figure import Words
from andon.stats.tests.test_drawing import FIGURES
from andon.ui import charts
from andon.ui.drawing import PAPER, svg_of
from andon.ui.tests.pseudo import _messages

SVG = "{http://www.w3.org/2000/svg}"
THEME = Path(__file__).resolve().parents[4] / "frontend" / "src" / "theme.css"
HOSTILE = [
    "<script>alert(1)</script>",
    "</text></svg><script>alert(1)</script>",
    "a ]]> b",
    "<![CDATA[ x",
    "<!-- x",
    "\" onload='alert(1)",
    "&lt;b&gt; &amp; &#0;",
    '<image href="file:///etc/passwd"/>',
    "url(http://127.0.0.1/x)",
    "javascript:alert(1)",
    "{b} ${data} $limit %s",
    "</style><style>*{fill:red}",
]


def texts(svg):
    return ["".join(one.itertext()) for one in ET.fromstring(svg).iter(f"{SVG}text")]


def a_chart(name="Flow"):
    return drawn(stats.imr_chart([1, 2, 3, 2, 1, 2, 9]), "Values", Look(name=name))[0].figure


@pytest.mark.parametrize("kind", FIGURES)
def test_the_same_option_is_drawn_with_the_texts_of_axes_legend_and_marks(kind):
    figure = FIGURES[kind][0]()

    found = texts(svg_of(figure))

    marks = [m for one in figure.option["series"] for m in one.get("markLine", {}).get("data", ())]
    axes = [figure.option["xAxis"], figure.option["yAxis"]]
    axes = [axis for one in axes for axis in (one if isinstance(one, list) else [one])]
    legend = figure.option["legend"]["data"] if figure.option["legend"].get("show", True) else []
    wanted = {mark["name"] for mark in marks} | {axis.get("name", "") for axis in axes}
    assert wanted | set(legend) - {""} <= {*found, ""}


@pytest.mark.parametrize("kind", FIGURES)
def test_it_is_drawn_in_the_colours_of_paper_alone(kind):
    root = ET.fromstring(svg_of(FIGURES[kind][0]()))
    colours = {*PAPER.values(), "none", None}

    for one in root.iter():
        if one.get("stroke-width") != "0":
            assert one.get("stroke") in colours
        if one.tag == f"{SVG}text":
            assert one.get("fill") in colours
        elif one.get("fill-opacity") != "0":
            # The lines of the legend have a fill, but nothing to fill.
            assert one.get("fill") in colours | {"#000"}


@pytest.mark.parametrize("kind", FIGURES)
def test_a_drawing_has_no_script_no_reference_and_no_name_of_a_colour_left(kind):
    svg = svg_of(FIGURES[kind][0]())

    assert "$" not in svg
    for one in ET.fromstring(svg).iter():
        assert one.tag.removeprefix(SVG) in {
            "svg", "g", "path", "rect", "text", "tspan", "defs", "clipPath", "style",
        }  # fmt: skip
        assert not any(name.endswith("href") or name.startswith("on") for name in one.attrib)
        assert all("url(" not in v or v.startswith("url(#") for v in one.attrib.values())


def test_paper_has_the_light_colours_of_the_theme():
    said = re.findall(r"--andon-chart-(\w+): light-dark\((#\w+),", THEME.read_text("utf-8"))

    assert dict(said) == PAPER


@pytest.mark.parametrize("name", HOSTILE)
def test_EX3_a_hostile_name_is_text_wherever_it_stands(name):
    control = a_chart(name)
    bars = charts.bar([name, "other"], [1, 2], name=name, names_name=name, unit=name, caption=name)
    plane = FIGURES["curve"][0]()
    plane.option["xAxis"]["name"] = plane.option["series"][0]["markLine"]["data"][0]["name"] = name

    for figure in (control, bars, plane):
        svg = svg_of(figure)
        root = ET.fromstring(svg)
        tags = {one.tag.removeprefix(SVG) for one in root.iter()}
        assert tags.isdisjoint({"script", "image", "foreignObject", "a", "use"})
        assert not any(
            attribute.startswith("on") for one in root.iter() for attribute in one.attrib
        )
        assert name.split("\n")[0] in [text.replace("\xa0", " ") for text in texts(svg)]


@pytest.mark.parametrize("name", ["\x00\x07\x1b", "\ud800", "\ufffe", "x" * 10_000, "漢字 x̄ ü 🙂"])
def test_EX3_what_no_drawing_can_hold_is_left_out_and_never_breaks_it(name):
    for figure in (a_chart(name), charts.bar([name], [1], caption="c")):
        ET.fromstring(svg_of(figure))


def test_several_threads_at_once_each_get_their_own_drawing():
    names = [f"Flow {at}" for at in range(24)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda name: texts(svg_of(a_chart(name))), names))

    for name, found in zip(names, answers, strict=True):
        assert [text for text in found if text.startswith("Flow")] == [name]


def test_after_an_option_that_cannot_be_drawn_the_next_one_is():
    broken = replace(a_chart(), option={"series": [{"type": "line", "data": 3}], "xAxis": 7})

    with pytest.raises(Exception, match=r"\S"):
        svg_of(broken)

    assert "Flow" in texts(svg_of(a_chart()))


def test_a_value_that_is_no_number_is_refused_before_it_is_drawn():
    figure = a_chart()
    figure.option["series"][0]["data"][0] = float("nan")

    with pytest.raises(ValueError, match="JSON"):
        svg_of(figure)


def test_a_drawing_has_the_size_that_was_asked_for():
    root = ET.fromstring(svg_of(a_chart(), width=400, height=200))

    assert (root.get("width"), root.get("height")) == ("400", "200")


def test_translators_are_given_everything_that_a_figure_says():
    asked = set()
    words = Words(lambda text: (asked.add(text), text)[1])

    for make, _points in FIGURES.values():
        make(words)
    for chart in (
        stats.imr_chart([1, 2, 3, 2, 1, 2, 9, None]), stats.imr_chart([1]),
        stats.xbar_r_chart([[1, 2], [2, 3]] * 5), stats.xbar_s_chart([[1, 2], [2, 3]] * 5),
        stats.p_chart([1, 2, 3], [10, 20, 30]), stats.imr_chart([2, 2, 2, 2]),
    ):  # fmt: skip
        drawn(chart, "Values", Look(words=words))
    for result in (
        stats.cusum_chart([1, 2, 3, 2, 1]), stats.pareto(["a", "b"], [2, 1]),
        stats.oc_curve(50, 1), stats.histogram([1, 2, 2, 3]), stats.probability_plot([1, 2, 4, 7]),
        stats.linearity_study([1, 2, 3] * 3, [1.1, 2, 3.2, 1, 2.1, 3, 1.2, 2, 3.1]),
        stats.weibull_fit([1, 2, 3, 4, 6]),
    ):  # fmt: skip
        assert stats.figures(result, stats.Look(words=words))

    assert len(asked) > 15
    assert asked - {message for message, _context in _messages()} == set()
