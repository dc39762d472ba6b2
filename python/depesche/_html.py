"""How a document shows itself in a notebook: the text with coloured mentions, events and statements under it.

Plain HTML with a style of its own and no script. Whatever comes from the text or its metadata is escaped.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._objects import Document, Entity, Event, Statement

# Colours of mentions lie over the notebook's own background and serve light and dark themes alike; those of words need
# two sets. Blue is cooperation and red is conflict, as in the pictures of a corpus.
_DARK = ".depesche{--cooperation:#8ab4f8;--conflict:#f28b82}"
_STYLE = f"""
.depesche{{line-height:1.6;max-width:60em;--cooperation:#1a5fb4;--conflict:#b3261e}}
@media (prefers-color-scheme:dark){{{_DARK}}}
[data-jp-theme-light=true] .depesche,.vscode-light .depesche{{--cooperation:#1a5fb4;--conflict:#b3261e}}
[data-jp-theme-light=false] {_DARK}
.vscode-dark {_DARK}
.depesche mark{{color:inherit;border-radius:.25em;padding:0 .15em;background:rgba(128,128,128,.25)}}
.depesche mark.person{{background:rgba(66,133,244,.3)}}
.depesche mark.state,.depesche mark.igo{{background:rgba(52,168,83,.3)}}
.depesche mark.org,.depesche mark.group{{background:rgba(251,188,5,.35)}}
.depesche mark.place{{background:rgba(171,71,188,.3)}}
.depesche u.trigger{{text-decoration-thickness:.15em;text-underline-offset:.2em}}
.depesche u.cooperation{{text-decoration-color:var(--cooperation)}}
.depesche u.conflict{{text-decoration-color:var(--conflict)}}
.depesche .text{{white-space:pre-wrap}}
.depesche .card{{border-left:.25em solid;border-color:var(--cooperation);padding:.1em .7em;margin:.3em 0}}
.depesche .card.conflict{{border-color:var(--conflict)}}
.depesche .card b,.depesche .arrow{{color:var(--cooperation)}}
.depesche .card.conflict b,.depesche .card.conflict .arrow{{color:var(--conflict)}}
.depesche .said{{border-left:.25em solid rgba(128,128,128,.5);padding:.1em .7em;margin:.3em 0}}
.depesche .dim,.depesche summary{{opacity:.7}}
.depesche details pre{{margin:.2em 0;background:none;color:inherit;white-space:pre-wrap}}
"""


def render(doc: Document) -> str:
    """Return the document as an HTML fragment."""
    head = escape(doc.title or doc.id)
    if doc.date:
        head += f' <span class="dim">{escape(doc.date)}</span>'
    parts = [f'<style>{_STYLE}</style><div class="depesche"><strong>{head}</strong>']
    parts.append(f'<p class="text">{_marked_text(doc)}</p>')
    parts += [_event(event) for event in doc.events]
    parts += [_statement(statement) for statement in doc.statements]
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


def _event(event: Event) -> str:
    """A card: type, who, an arrow to whom, and what else is known in small print."""
    what = escape(" ".join(x for x in (event.type, event.mode) if x))
    whom = f' <span class="arrow">→</span> {_people(event.recipients)}' if event.recipients else ""
    details = [
        f"“{event.text}”",
        event.status if event.status != "actual" else None,
        f"in {event.place.name}" if event.place else None,
        event.date,
        f"according to {event.statement.speaker.name}" if event.statement and event.statement.speaker else None,
        event.label,
        "reported before" if event.same_as else None,
    ]
    small = escape(" · ".join(x for x in details if x))
    tip = escape(f"{event.quad}, score {event.score:g}, CAMEO {event.cameo}, confidence {event.confidence:.2f}")
    why = f"<details><summary>why</summary><pre>{escape(str(event.why))}</pre></details>" if event.why else ""
    return (
        f'<div class="card {_tone(event)}" title="{tip}"><b>{what}</b> {_people(event.actors)}{whom}'
        f' <span class="dim">{small}</span>{why}</div>'
    )


def _statement(statement: Statement) -> str:
    speaker = escape(statement.speaker.name) if statement.speaker else "—"
    how = escape(f"{statement.kind}, {statement.stance}")
    whom = f" to {escape(statement.addressee.name)}" if statement.addressee else ""
    return (
        f'<div class="said"><strong>{speaker}</strong>{whom} <span class="dim">{how}</span> '
        f"{escape(statement.text)}</div>"
    )


def _people(entities: tuple[Entity, ...]) -> str:
    return ", ".join(f'<span title="{escape(_label(e))}">{escape(e.name)}</span>' for e in entities) or "—"


def _label(entity: Entity) -> str:
    words: list[str | None] = [entity.type, entity.code, entity.sector]
    return " ".join(w for w in words if w)


def _tone(event: Event) -> str:
    return "cooperation" if event.quad.endswith("cooperation") else "conflict"
