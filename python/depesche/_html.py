"""How a document shows itself in a notebook: the text with coloured mentions, events and statements beside it.

Plain HTML with a style of its own and no script. Whatever comes from the text or its metadata is escaped.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._objects import Document, Entity, Event, Statement

# Colours lie over the notebook's own background, so that they serve light and dark themes alike.
_STYLE = """
.depesche{line-height:1.6;max-width:60em}
.depesche mark{color:inherit;border-radius:.25em;padding:0 .15em;background:rgba(128,128,128,.25)}
.depesche mark.person{background:rgba(66,133,244,.3)}
.depesche mark.state,.depesche mark.igo{background:rgba(52,168,83,.3)}
.depesche mark.org,.depesche mark.group{background:rgba(251,188,5,.35)}
.depesche mark.place{background:rgba(171,71,188,.3)}
.depesche u.trigger{text-decoration-thickness:.15em;text-underline-offset:.2em}
.depesche .cooperation{color:#188038}
.depesche .conflict{color:#d93025}
.depesche table{border-collapse:collapse;margin:.5em 0}
.depesche td,.depesche th{text-align:left;vertical-align:top;padding:.15em .8em .15em 0}
.depesche .dim{opacity:.65}
"""


def render(doc: Document) -> str:
    """Return the document as an HTML fragment."""
    head = escape(doc.title or doc.id)
    if doc.date:
        head += f' <span class="dim">{escape(doc.date)}</span>'
    parts = [f'<style>{_STYLE}</style><div class="depesche"><strong>{head}</strong>']
    parts.append(f'<p style="white-space:pre-wrap">{_marked_text(doc)}</p>')
    if doc.events:
        rows = "".join(_event_row(event) for event in doc.events)
        parts.append(f"<table><tr><th>what</th><th>who</th><th>to whom</th><th>where and when</th></tr>{rows}</table>")
    if doc.statements:
        rows = "".join(_statement_row(statement) for statement in doc.statements)
        parts.append(f"<table><tr><th>who said</th><th>how</th><th>what</th></tr>{rows}</table>")
    if not (doc.events or doc.statements or doc.entities):
        parts.append('<p class="dim">Nothing was found in this text.</p>')
    parts.append("</div>")
    return "".join(parts)


def _marked_text(doc: Document) -> str:
    """The text with mentions and triggers marked; where two overlap, the one that begins first and is longest wins."""
    marks: list[tuple[int, int, str, str]] = []
    for entity in doc.entities:
        for mention in entity.mentions:
            tip = f"{entity.name} ({_label(entity)})"
            marks.append(
                (mention.start, mention.end, f'<mark class="{escape(entity.type)}" title="{escape(tip)}">', "</mark>")
            )
    for event in doc.events:
        tip = f"{event.type} {event.mode or ''} {event.status}"
        opening = f'<u class="trigger {_tone(event)}" title="{escape(tip)}">'
        marks.extend((span.start, span.end, opening, "</u>") for span in event.trigger)
    out, at = [], 0
    for start, end, opening, closing in sorted(marks, key=lambda m: (m[0], -m[1])):
        if start < at or end <= start:
            continue
        out += [escape(doc.text[at:start]), opening, escape(doc.text[start:end]), closing]
        at = end
    out.append(escape(doc.text[at:]))
    return "".join(out)


def _event_row(event: Event) -> str:
    what = escape(" ".join(x for x in (event.type, event.mode) if x))
    if event.status != "actual":
        what += f' <span class="dim">{escape(event.status)}</span>'
    details = ", ".join(x for x in (event.place.name if event.place else None, event.date) if x)
    return (
        f'<tr><td class="{_tone(event)}">{what}</td><td>{_people(event.actors)}</td>'
        f'<td>{_people(event.recipients)}</td><td class="dim">{escape(details)}</td></tr>'
    )


def _statement_row(statement: Statement) -> str:
    speaker = escape(statement.speaker.name) if statement.speaker else "—"
    how = escape(f"{statement.kind}, {statement.stance}")
    return f'<tr><td>{speaker}</td><td class="dim">{how}</td><td>{escape(statement.text)}</td></tr>'


def _people(entities: tuple[Entity, ...]) -> str:
    return ", ".join(f'<span title="{escape(_label(e))}">{escape(e.name)}</span>' for e in entities) or "—"


def _label(entity: Entity) -> str:
    words: list[str | None] = [entity.type, entity.code, entity.sector]
    return " ".join(w for w in words if w)


def _tone(event: Event) -> str:
    return "cooperation" if event.quad.endswith("cooperation") else "conflict"
