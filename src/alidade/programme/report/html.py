"""A report as one HTML page: complete in itself, without script, and without anything fetched."""

from __future__ import annotations

from html import escape
from itertools import zip_longest

from alidade.programme.report.bars import bars_svg
from alidade.programme.report.content import TONES, Bars, Block, Content, Heading, Note, Paragraph, TableBlock

__all__ = ["body_html", "html"]

_STYLE = (
    "body{font:16px/1.5 serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1d2328;background:#fffdf8}"
    "h1,h2,h3{line-height:1.25}.marking{text-align:center;border:1px solid;padding:.2rem}"
    ".paragraph{display:flex;gap:1rem}"
    ".paragraph>.number{min-width:2rem}.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:1rem 0}"
    "caption{text-align:left;font-weight:bold}"
    "th,td{border-bottom:1px solid #b9b4a6;padding:.25rem .5rem;text-align:left}"
    "td{font-variant-numeric:tabular-nums}"
    + "".join(f"td.{tone.replace('_', '-')}{{background:{ground}}}" for tone, ground in TONES.items())
    + "tr.total{font-weight:bold}.source,.conditions,footer{font-size:.85em}"
)


def html(content: Content) -> bytes:
    """The page, in UTF-8."""
    marking = f'<p class="marking">{escape(content.classification)}</p>' if content.classification else ""
    return (
        f'<!doctype html><html lang="{content.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(content.title)}</title><style>{_STYLE}</style></head><body>{marking}"
        f"<main>{body_html(content)}</main>{marking}</body></html>\n"
    ).encode()


def body_html(content: Content, top: int = 1) -> str:
    """What stands in the page: title, blocks, notes. Every text is escaped; `top` is the rank of the title."""
    notes: list[Note] = []
    parts = [
        f"<h{top}>{escape(content.title)}</h{top}><p>{escape(content.subtitle)}</p>",
        f'<p class="conditions">{escape(content.conditions)}</p>' if content.conditions else "",
        *(_block(block, notes, top) for block in content.blocks),
    ]
    if notes:
        items = "".join(
            f'<li id="note-{number}">{escape(note.text)} <a href="#mark-{number}" aria-label="{number}">↩</a></li>'
            for number, note in enumerate(notes, 1)
        )
        parts.append(f"<footer><ol>{items}</ol></footer>")
    return "".join(parts)


def _block(block: Block, notes: list[Note], top: int) -> str:
    match block:
        case Heading():
            level = block.level + top
            return f"<h{level}{_lang(block.language)}>{escape(block.text)}</h{level}>"
        case Paragraph():
            marks = "".join(_mark(note, notes) for note in block.notes)
            return (
                f'<div class="paragraph"><span class="number">{block.number}.</span>'
                f"<p{_lang(block.language)}>{escape(block.text)}{marks}</p></div>"
            )
        case TableBlock():
            head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in block.head)
            rows = "".join(
                f'<tr{" class=total" if row.total else ""}><th scope="row">{escape(row.name)}</th>'
                + "".join(
                    f"<td{_tone(tone)}>{escape(cell)}</td>"
                    for cell, tone in zip_longest(row.cells, row.tones, fillvalue="")
                )
                + "</tr>"
                for row in block.rows
            )
            # On a narrow window the table moves inside its frame; the keyboard must reach the frame for that.
            return (
                f'<div class="wide" tabindex="0" role="region" aria-label="{escape(block.title)}"><table>'
                f"<caption>{escape(block.title)}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
                f'</div><p class="source">{escape(block.source)}</p>'
            )
        case Bars():
            return f'<figure>{bars_svg(block)}<figcaption class="source">{escape(block.source)}</figcaption></figure>'


def _mark(note: Note, notes: list[Note]) -> str:
    notes.append(note)
    number = len(notes)
    return f'<sup id="mark-{number}"><a href="#note-{number}">{number}</a></sup>'


def _tone(tone: str) -> str:
    return f' class="{tone.replace("_", "-")}"' if tone in TONES else ""


def _lang(language: str) -> str:
    return f' lang="{language.replace("_", "-")}"' if language else ""
