"""Rehearsal of the analysis: invented sayings that do not agree, counts of people, and a figure that was taken."""

from __future__ import annotations

import datetime as dt
from typing import Any

from alidade.model.ids import OfficerId
from alidade.model.viewer import Actor
from alidade.programme.register import Counting, Entry, Figure, Source, Verification
from alidade.services.acting import act_as
from alidade.services.node import Node
from alidade.services.programme.register import add_entry, verify
from alidade.services.programme.taking import take_figure

NL, ES, PT, BE = ("nl-police", "es-gendarmerie", "pt-judicial", "be-customs")


def rehearse_analysis(node: Node, plan: str, round_: str) -> None:
    """Say of the plan what an analysis must find: it stays invented, and goes through the real use cases."""
    today = node.store.clock.now().date()
    day, paper = today - dt.timedelta(days=12), Source(document="INV 102/26", paragraph="4")

    def officer(authority: str) -> Actor:
        return act_as(node, OfficerId(f"{authority}/policy"), purpose="18.2.a")

    def said(by: str, measure: str, state: str, kind: str = "result", **more: Any) -> str:
        entry = Entry(instrument=plan, measure=measure, kind=kind, state=state, **({"day": day} | more))
        return add_entry(node, officer(by), entry)

    def counted(by: str, state: str, value: int, unit: str, of: str = "") -> None:
        said(by, "2", state, figure=Figure(value=value, unit=unit, of=of, source=paper))

    said(BE, "2", "BEL", "status", status="under_way")
    done = said(PT, "3", "PRT", "status", status="done", day=today - dt.timedelta(days=160))
    against = Verification(entry=done, ruling="contested", reason="Two terminals have not answered.")
    verify(node, officer(ES), against)
    for by, state, arrests in ((BE, "BEL", 2), (NL, "NLD", 14), (ES, "ESP", 9)):
        counted(by, state, arrests, "arrests")
    counted(BE, "BEL", 1200, "containers", "scanned")
    counted(NL, "BEL", 1150, "containers", "scanned")
    texts = {"en": "Replies to our round so far.", "fr": "Réponses à notre cycle à ce jour."}
    draft = Entry(instrument=plan, measure="1", kind="result", text=texts)
    take_figure(node, officer(NL), draft, Counting(kind="round", of=round_, what="answered"))
