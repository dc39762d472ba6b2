"""Pictures drawn with Matplotlib: for print, and where no Altair is."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ._charts import CONFLICT, COOPERATION, GREY, Bars, Dots, Graph, tone


class Picture(Figure):
    """A figure that Jupyter shows also where pyplot was never loaded."""

    def _repr_png_(self) -> bytes:
        out = BytesIO()
        self.savefig(out, format="png", dpi=80)
        return out.getvalue()


def draw(picture: Bars | Graph | Dots) -> Figure:
    """Return the picture as a Matplotlib figure."""
    if isinstance(picture, Bars):
        figure = _bars(picture) if picture.rows else _empty(picture.empty)
    elif isinstance(picture, Graph):
        figure = _graph(picture) if picture.nodes else _empty(picture.empty)
    else:
        figure = _dots(picture) if picture.rows else _empty(picture.empty)
    figure.suptitle(picture.title)
    return figure


def _figure(width: float, height: float) -> tuple[Figure, Any]:
    figure = Picture(figsize=(width, height), layout="constrained", facecolor="white")
    return figure, figure.add_subplot()


def _empty(message: str) -> Figure:
    figure, axes = _figure(6, 1.4)
    axes.set_axis_off()
    axes.text(0.5, 0.5, message, ha="center", va="center", color=GREY)
    return figure


def _bars(picture: Bars) -> Figure:
    order = picture.axis
    value = {(row["x"], row["group"]): row["value"] for row in picture.rows}
    figure, axes = _figure(max(4.0, min(12.0, 1.5 + 0.35 * len(order))), 4)
    floor = [0.0] * len(order)
    width = 0.85 if picture.stacked else 0.85 / len(picture.groups)
    for i, group in enumerate(picture.groups):
        heights = [value.get((x, group), 0) for x in order]
        shift = 0 if picture.stacked else (i - (len(picture.groups) - 1) / 2) * width
        places = [place + shift for place in range(len(order))]
        axes.bar(places, heights, width, bottom=floor, label=group, color=picture.colours[group])
        if picture.stacked:
            floor = [a + b for a, b in zip(floor, heights)]
    step = 1 + len(order) // 25
    axes.set_xticks(range(0, len(order), step), order[::step], rotation=45, ha="right")
    axes.set_xlabel(picture.x)
    axes.set_ylabel(picture.y)
    axes.legend(frameon=False)
    return figure


def _graph(picture: Graph) -> Figure:
    figure, axes = _figure(7, 7)
    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.set_xlim(-1.35, 1.35)
    axes.set_ylim(-1.3, 1.3)
    most = max(arc.edge.events for arc in picture.arcs)
    for arc in picture.arcs:
        colour = tone(arc.edge.mean)
        xs, ys = zip(*arc.points)
        axes.plot(xs, ys, color=colour, alpha=0.7, linewidth=1 + 5 * arc.edge.events / most)
        head = {"arrowstyle": "-|>", "color": colour, "mutation_scale": 14}
        axes.annotate("", xy=arc.points[-1], xytext=arc.points[-2], arrowprops=head)
    heaviest = max(node.events for node in picture.nodes)
    for node in picture.nodes:
        axes.scatter([node.x], [node.y], s=30 + 200 * node.events / heaviest, color="#333333", zorder=3)
        axes.text(node.x * 1.14, node.y * 1.1, node.name, ha="center", va="center", fontsize=9)
    lines = [Line2D([], [], color=colour, label=name) for colour, name in _TONES]
    axes.legend(handles=lines, frameon=False, loc="lower right")
    return figure


_TONES = ((COOPERATION, "cooperation"), (CONFLICT, "conflict"))


def _dots(picture: Dots) -> Figure:
    figure, axes = _figure(10, 5)
    for ring in picture.land:
        xs, ys = zip(*ring)
        axes.plot(xs, ys, color="#bbbbbb", linewidth=0.5, zorder=1)
    colours = LinearSegmentedColormap.from_list("tone", [CONFLICT, "#dddddd", COOPERATION])
    most = max(row["events"] for row in picture.rows)
    dots = axes.scatter(
        [row["lon"] for row in picture.rows], [row["lat"] for row in picture.rows],
        s=[30 + 300 * row["events"] / most for row in picture.rows], c=[row["score"] for row in picture.rows],
        cmap=colours, vmin=-10, vmax=10, alpha=0.85, zorder=2,
    )  # fmt: skip
    for row in picture.rows[:15]:
        axes.annotate(row["place"], (row["lon"], row["lat"]), xytext=(0, 7), textcoords="offset points", fontsize=8)
    axes.set_xlim(*picture.lon)
    axes.set_ylim(*picture.lat)
    axes.set_xlabel("longitude")
    axes.set_ylabel("latitude")
    figure.colorbar(dots, ax=axes, label="mean score")
    return figure
