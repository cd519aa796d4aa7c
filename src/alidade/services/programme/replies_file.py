"""The replies to a round in words, as a workbook: each text a row, with its language and how far it is approved."""

from __future__ import annotations

import io
from typing import Final

import xlsxwriter  # type: ignore[import-untyped]

from alidade.programme.answer_kinds import answer_kinds
from alidade.programme.reply_fields import said
from alidade.services.programme.translating import Replies

__all__ = ["replies_workbook"]

_HEAD: Final = ("question", "state", "kind", "field", "text", "language", "original", "made", "approval", "by")


def replies_workbook(found: Replies, language: str) -> bytes:
    """The replies as a workbook; what nobody approved says so in its row."""
    out = io.BytesIO()
    # Texts stay texts: nothing that somebody typed becomes a formula or a link.
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, wrapped = book.add_worksheet("replies"), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_row(0, 0, _HEAD, book.add_format({"bold": True}))
    sheet.set_column(0, 3, 16)
    sheet.set_column(4, 4, 80, wrapped)
    sheet.freeze_panes(1, 2)
    row = 1
    for each in found.said:
        kind = answer_kinds().get(each.kind)
        head = (each.question, each.state, each.kind if kind is None else kind.label.in_(language))
        field = said(each.field, language)
        for tag, text in each.texts.items():
            sheet.write_row(row, 0, (*head, field, text, tag, "original", "", "", each.state))
            row += 1
        for one in each.translations:
            words = one.kept.translation
            ruled = one.standing if one.ruling is None else f"{one.standing} ({one.ruling.authority})"
            approval = "NOT APPROVED" if one.standing == "waiting" else ruled
            cells = (field, words.text, words.language, "translation", words.made, approval, one.kept.authority)
            sheet.write_row(row, 0, (*head, *cells))
            row += 1
    book.close()
    return out.getvalue()
