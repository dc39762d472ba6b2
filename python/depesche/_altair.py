"""Pictures drawn with Altair: they show details on hovering."""

from __future__ import annotations

import math
from typing import Any

import altair

from ._charts import CONFLICT, COOPERATION, GREY, Bars, Dots, Graph, summary, tone

alt: Any = altair
_TONES = {COOPERATION: "cooperation", CONFLICT: "conflict"}


def draw(picture: Bars | Graph | Dots) -> Any:
    """Return the picture as an Altair chart."""
    if isinstance(picture, Bars):
        chart = _bars(picture) if picture.rows else _empty(picture.empty)
    elif isinstance(picture, Graph):
        chart = _graph(picture) if picture.nodes else _empty(picture.empty)
    else:
        chart = _dots(picture) if picture.rows else _empty(picture.empty)
    room = {"left": 8, "top": 8, "right": 40, "bottom": 8}
    chart = chart.properties(title=picture.title, background="white", padding=room)
    return chart.configure_view(stroke=None) if isinstance(picture, Graph) else chart


def _empty(message: str) -> Any:
    text = alt.Chart(alt.Data(values=[{"text": message}])).mark_text(size=14, color=GREY)
    return text.encode(text="text:N").properties(width=420, height=80)


def _bars(picture: Bars) -> Any:
    colour = alt.Color(
        "group:N", title=None, sort=picture.groups,
        scale=alt.Scale(domain=picture.groups, range=[picture.colours[group] for group in picture.groups]),
    )  # fmt: skip
    number = alt.Tooltip("value:Q", title=picture.y, format="" if picture.stacked else ".1f")
    channels = {
        "x": alt.X(
            "x:O",
            title=picture.x,
            scale=alt.Scale(domain=picture.axis),
            axis=alt.Axis(labelAngle=-45, labelOverlap="greedy"),
        ),
        "y": alt.Y("value:Q", title=picture.y),
        "color": colour,
        "tooltip": [alt.Tooltip("x:O", title=picture.x), alt.Tooltip("group:N", title="group"), number],
    }
    if not picture.stacked:
        channels["xOffset"] = alt.XOffset("group:N", sort=picture.groups)
    chart = alt.Chart(alt.Data(values=picture.rows)).mark_bar().encode(**channels)
    wide = len(picture.axis) * (1 if picture.stacked else len(picture.groups))
    return chart.properties(width=max(160, min(900, 24 * wide)), height=260)


def _graph(picture: Graph) -> Any:
    lines, heads = [], []
    for number, arc in enumerate(picture.arcs):
        about = {"arc": number, "tone": tone(arc.edge.mean), **summary(arc.edge)}
        lines += [{**about, "order": i, "x": x, "y": y} for i, (x, y) in enumerate(arc.points)]
        (x0, y0), (x1, y1) = arc.points[-2:]
        heads.append({**about, "x": x1, "y": y1, "angle": math.degrees(math.atan2(x1 - x0, y1 - y0))})
    nodes = [
        {"name": node.name, "events": node.events, "x": node.x, "y": node.y, "tx": node.x * 1.13, "ty": node.y * 1.1}
        for node in picture.nodes
    ]
    scale = alt.Scale(domain=[-1.3, 1.3])
    x, y = alt.X("x:Q", axis=None, scale=scale), alt.Y("y:Q", axis=None, scale=scale)
    colour = alt.Color(
        "tone:N", title=None,
        scale=alt.Scale(domain=[COOPERATION, GREY, CONFLICT], range=[COOPERATION, GREY, CONFLICT]),
        legend=alt.Legend(labelExpr=f"{_TONES}[datum.label] || 'balanced'"),
    )  # fmt: skip
    tip = ["who:N", "whom:N", "events:Q", alt.Tooltip("score:Q", title="mean score"), "types:N"]
    line = alt.Chart(alt.Data(values=lines)).mark_line(opacity=0.7).encode(
        x=x, y=y, detail="arc:N", order="order:Q", color=colour, tooltip=tip,
        strokeWidth=alt.StrokeWidth("events:Q", scale=alt.Scale(range=[1, 6]), legend=None),
    )  # fmt: skip
    head = alt.Chart(alt.Data(values=heads)).mark_point(shape="triangle", filled=True, size=60, opacity=1).encode(
        x=x, y=y, color=colour, angle=alt.Angle("angle:Q", scale=None), tooltip=tip,
    )  # fmt: skip
    dot = alt.Chart(alt.Data(values=nodes)).mark_circle(color="#333333", opacity=1).encode(
        x=x, y=y, size=alt.Size("events:Q", scale=alt.Scale(range=[40, 400]), legend=None),
        tooltip=["name:N", "events:Q"],
    )  # fmt: skip
    name = alt.Chart(alt.Data(values=nodes)).mark_text(size=11).encode(
        x=alt.X("tx:Q", axis=None, scale=scale), y=alt.Y("ty:Q", axis=None, scale=scale), text="name:N",
    )  # fmt: skip
    return alt.layer(line, head, dot, name).properties(width=520, height=520)


def _dots(picture: Dots) -> Any:
    land = [
        {"ring": i, "order": j, "lon": lon, "lat": lat}
        for i, ring in enumerate(picture.land)
        for j, (lon, lat) in enumerate(ring)
    ]
    x = alt.X("lon:Q", title="longitude", scale=alt.Scale(domain=picture.lon, nice=False))
    y = alt.Y("lat:Q", title="latitude", scale=alt.Scale(domain=picture.lat, nice=False))
    coast = alt.Chart(alt.Data(values=land)).mark_line(color="#bbbbbb", strokeWidth=0.7, clip=True).encode(
        x=x, y=y, detail="ring:N", order="order:Q",
    )  # fmt: skip
    dots = alt.Chart(alt.Data(values=picture.rows)).mark_circle(opacity=0.8, clip=True).encode(
        x=x, y=y, size=alt.Size("events:Q", scale=alt.Scale(range=[40, 600])),
        color=alt.Color(
            "score:Q", title="mean score",
            scale=alt.Scale(domain=[-10, 0, 10], range=[CONFLICT, "#dddddd", COOPERATION]),
        ),
        tooltip=["place:N", "events:Q", alt.Tooltip("score:Q", title="mean score"), "types:N"],
    )  # fmt: skip
    names = alt.Chart(alt.Data(values=picture.rows[:15])).mark_text(dy=-11, size=10, clip=True).encode(
        x=x, y=y, text="place:N",
    )  # fmt: skip
    return alt.layer(coast, dots, names).properties(width=720, height=360)
