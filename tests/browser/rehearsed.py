"""The invented scenario made ready for the browser: the node, a session for each officer, and something in each room.

    python rehearsed.py FOLDER                 make it; what was made is described in FOLDER/made.json
    python rehearsed.py FOLDER --empty         only the tables of accounts: the first run

The folder is then served by served.py. It is a process of its own since the framework keeps to one folder for life.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filled import filled

if TYPE_CHECKING:
    from django.test import Client

    from alidade.services.rehearsal_programme import RehearsedProgramme
    from alidade.services.rehearsal_threads import RehearsedThreads

MADE = "made.json"
DAY = "2026-11-21"  # the day after the last of the scenario, whatever the day of the test
STREET, ANALYST, LIAISON, PRIVACY = "nl-police/street", "nl-police/analyst", "nl-police/liaison", "nl-police/privacy"
POLICY = "nl-police/policy"
CASE, ADMIN, HARBOUR = "es-gendarmerie/case", "eu-centre/admin", "cv-judicial/harbour"
PERSON, PHONE, VESSEL, NOBODY = (
    "Josue Piragibe Telles",
    "+46 70-174 06 31",
    "IMO 2004177",
    "contact@nobody-knows.example",
)
LIST = (
    "name,birth date,nationality,passport,telephone\n"
    "Arvid Lindqvist,1980-02-03,SE,AA1234567,+46701740699\n"
    "Branislav Kovac,1975-11-30,SK,BB7654321,+421905000111\n"
    "Chiara Esposito,31.12.1990,IT,,\n"
)
WORDS = "Seen at the gate with Branislav Kovac, telephone +46 70-174 06 99, IBAN NL91 ABNA 0417 1643 00."
GROUNDS = {
    "purpose": "18.2.c",
    "case": "RH-2026-004",
    "legal_ground": "criminal_investigation",
    "justification": "who stands behind the loads found in two ports",
}
REFERENCE = "[0-9a-f]{32}"
PAPER = """Brussels, 3 June 2024
300/24
Subject: Progress report on an invented plan

Measure 1: Visit ports together

The Commission shall report by 31 December 2026. See document 100/25.

Measure 2: Scan more containers

Member States seized 12 tonnes in 2023.
"""


def set_up(folder: Path) -> None:
    """The framework with its settings for this folder."""
    os.environ.update(
        ALIDADE_HOME=str(folder),
        ALIDADE_PLAIN_HTTP="1",
        ALIDADE_HOSTS="localhost,127.0.0.1,testserver",
        DJANGO_SETTINGS_MODULE="alidade.web.settings",
    )
    import django

    django.setup()


def make(folder: Path, *, empty: bool) -> None:
    """Everything, in the order in which it happens."""
    folder.mkdir(parents=True, exist_ok=True)
    set_up(folder)
    from alidade.web import setup_code
    from alidade.web.accounts import make_tables

    make_tables()
    if empty:
        _write(folder, {"code": setup_code.make(folder)})
        return
    from alidade.services import serving
    from alidade.services.node import Node
    from alidade.services.rehearsal import RehearsalClock, load
    from alidade.services.rehearsal_programme import rehearse_programme
    from alidade.services.rehearsal_threads import rehearse_threads
    from alidade.simulation import cocaine_route

    scenario = cocaine_route()
    clock = RehearsalClock(min(seed.day for seed in scenario.contributions))
    node = Node.open(folder, clock=clock)
    load(node, clock, scenario, lambda done, total: None)
    threads = rehearse_threads(node, clock, scenario, datetime.fromisoformat(f"{DAY}T04:00:00+00:00"))
    programme = rehearse_programme(node)
    serving.serve(node)
    officers = [officer.id for seed in scenario.authorities for officer in seed.officers]
    cookies = {officer: _sign_in(officer) for officer in officers}
    _write(folder, {"cookies": cookies, "addresses": Happenings(threads, programme).all()})
    serving.serve(None)
    node.close()


def _write(folder: Path, made: dict[str, Any]) -> None:
    (folder / MADE).write_text(json.dumps(made, indent=1))


def _sign_in(officer: str) -> str:
    from django.conf import settings

    return str(desk_of(officer).cookies[settings.SESSION_COOKIE_NAME].value)


def desk_of(officer: str) -> Client:
    """A client of that officer, signed in for the length of the tests, with purpose and case."""
    import time

    from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
    from django.contrib.auth.models import User
    from django.test import Client

    user, is_new = User.objects.get_or_create(username=officer)
    if is_new and officer == STREET:
        user.set_password("a password of his own")
        user.save()
    if is_new and officer == HARBOUR:
        _codes(user)
    client = Client()
    client.force_login(user)
    session = client.session
    session["grounds"] = GROUNDS
    # He has just shown who he is, so that the pages of passkeys and codes can be opened.
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time(), "username": officer}]
    session.set_expiry(6 * 3600)
    session.save()
    return client


def _codes(user: Any) -> None:
    """An app for codes, and the codes for when it is lost."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)


class Happenings:
    """Does in each room what leaves something to look at, through the pages themselves; keeps the addresses."""

    def __init__(self, threads: RehearsedThreads, programme: RehearsedProgramme) -> None:
        self.threads = threads
        self.programme = programme
        self.found: dict[str, str] = {}

    def all(self) -> dict[str, str]:
        """The addresses, by name."""
        self._checks()
        self._charts()
        self._dossiers()
        self._entities()
        self._programme()
        self._contributions()
        self._imports()
        self._protection()
        self._administration()
        self._exchange()
        return self.found

    def _exchange(self) -> None:
        threads = self.threads
        self.found |= {
            "thread": f"/threads/{threads.translated}/",
            "paused thread": f"/threads/{threads.suspended}/",
            "overdue thread": f"/threads/{threads.overdue}/",
            "thread.print": f"/threads/{threads.answered}/print/",
            "thread.step": f"/threads/{threads.urgent}/step/refuse/",
            "translation": f"/threads/{threads.translated}/step/message/?translates=es-gendarmerie/1",
        }
        self.found["thread.draft"] = _linked(desk_of(LIAISON), "/inbox/approve/", rf"/threads/drafts/{REFERENCE}/")
        asked = _read(desk_of(ANALYST), self.found["hit without content"])
        self.found["thread.follow"] = re.findall(rf"/threads/follow/{REFERENCE}/", asked)[0]

    def _checks(self) -> None:
        desk = desk_of(ANALYST)
        self.found["check.answer"] = hit = _asked(desk, PERSON)
        self.found["hit without content"] = _asked(desk, VESSEL)
        self.found["no hit"] = _asked(desk, NOBODY)
        _asked(desk, PHONE)
        _sent(desk, f"{hit}keep/", until="2026-12-31")
        _sent(desk, "/standing/", text="ZQXU 417203-3", kind="container", until="2026-12-31")
        shown = _read(desk, hit)
        met = sorted(set(re.findall(rf"/records/{REFERENCE}/", shown)))
        self.found["record"] = max(met, key=lambda record: _read(desk, record).count('class="value-line"'))
        _sent(desk, re.findall(rf"/hits/{REFERENCE}/rule/", shown)[-1], reason="unsure_too_little", note="")
        for officer in (HARBOUR, CASE):
            _asked(desk_of(officer), PERSON)
            _asked(desk_of(officer), PHONE)
        self.found["erasures.check"] = _asked(desk_of(CASE), NOBODY).replace("/check/", "/erasures/check/")

    def _charts(self) -> None:
        desk = desk_of(ANALYST)
        reference = self.found["record"].split("/")[2]
        body = {"state": {"starts": [{"record": reference}], "depth": 2}, "title": "Around the load"}
        kept = desk.post("/picture/chart/keep/", json.dumps(body), content_type="application/json").json()
        self.found |= {"chart": kept["address"], "chart.share": kept["share"], "chart.versions": kept["versions"]}
        self.found["chart begun"] = f"/picture/?record={reference}"

    def _dossiers(self) -> None:
        desk = desk_of(ANALYST)
        record = self.found["record"].split("/")[2]
        begun = desk.post("/dossiers/new/", {"name": "Harbour ring", "rounds": "2026", "countries": ["NL"]})["Location"]
        desk.post(f"{begun}member/", {"record": record, "certainty": "B2"})
        desk.post(f"{begun}gap/", {"question": "Who copies the seals?"})
        sent = {"title": "Fruit as cover", "above": "Look for changed seals.", "below": "Only for the dossier.",
                "h-hit": "visible", "h-classification": "BPL", "h-content": "strategic",
                "h-purposes": ["18.2.a"]}  # fmt: skip
        self.found["dossiers.product"] = desk.post(f"{begun}product/", sent)["Location"]
        self.found["dossier"] = begun
        for leaf in ("change", "share", "versions", "measures"):
            self.found[f"dossier.{leaf}"] = f"{begun}{leaf}/"
        self.found["dossier.product-new"] = f"{begun}product/"
        self.found["dossier.compare"] = f"{begun}compare/?from=1&to=3"

    def _entities(self) -> None:
        record = self.found["record"].split("/")[2]
        self.found["entity"] = f"/entity/{record}/"
        self.found["judgements.of"] = f"/judgements/of/{record}/"
        records = re.findall(rf"/records/({REFERENCE})/", _read(desk_of(ANALYST), self.found["check.answer"]))
        other = next(each for each in records if each != record)
        self.found["judgements.pair"] = f"/judgements/pair/{record}/{other}/"

    def _programme(self) -> None:
        plan = f"/programme/{self.programme.plan}/"
        self.found |= {
            "programme.paper": plan,
            "analysis.paper": f"/analysis/{self.programme.plan}/",
            "analysis counts": f"/analysis/{self.programme.plan}/?view=counts",
            "analysis findings": f"/analysis/{self.programme.plan}/?view=findings",
            "analysis said": f"/analysis/{self.programme.plan}/?view=said",
            "analysis figures": f"/analysis/{self.programme.plan}/?view=figures",
            "analysis.round": f"/analysis/round/{self.programme.evaluations.questionnaire}/",
            "measure.take": f"{plan}measures/1/figure/",
            "programme.carry": f"{plan}carry/{self.programme.successor}/",
            "measure": f"{plan}measures/1/",
            "measure.new": f"{plan}measures/new/",
            "measure.change": f"{plan}measures/2/change/",
            "round": f"/rounds/{self.programme.round}/",
            "round.answer": f"/rounds/{self.programme.round}/answer/",
            "round.shares": f"/rounds/{self.programme.round}/shares/",
            "round.share": f"/shares/{self.programme.rounds.task}/",
            "round.replies": f"/rounds/{self.programme.round}/replies/",
            "evaluation": f"/evaluations/{self.programme.evaluations.followed_up}/",
            "evaluation.print": f"/evaluations/{self.programme.evaluations.followed_up}/print/",
            "evaluation.follow-up": f"/evaluations/{self.programme.evaluations.followed_up}/follow-up/",
            "evaluation.move": f"/evaluations/{self.programme.evaluations.before_visit}/stage/",
            "evaluation.plan": f"/evaluations/{self.programme.evaluations.before_visit}/plan/",
            "evaluation.draft": f"/evaluations/{self.programme.evaluations.before_visit}/draft/",
            "before its visit": f"/evaluations/{self.programme.evaluations.before_visit}/",
            "evaluations.begin": f"/evaluations/new/?round={self.programme.evaluations.questionnaire}",
            "round.travel": f"/rounds/{self.programme.round}/exchange/",
        }
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = SimpleUploadedFile("paper.txt", PAPER.encode(), "text/plain")
        self.found["paper.proposal"] = desk_of(POLICY).post("/paper/", {"file": file})["Location"]

    def _contributions(self) -> None:
        desk = desk_of(ANALYST)
        self.found["contribute.form"] = _sent(desk, "/contribute/", thing="Person")
        self.found["contribute.text"] = _sent(desk, "/contribute/", by="text")
        self.found["contribute.look"] = self._looked(desk, "Jaroslav Neumann")
        desk = desk_of(LIAISON)
        given = _sent(desk, self._looked(desk, "Branislav Kovac"))
        self.found["contributions.given"] = given
        self.found["own record"] = record = _linked(desk, given, rf"/records/{REFERENCE}/")
        self.found |= {f"records.{leaf}": f"{record}{leaf}/" for leaf in ("who", "why", "release", "correct")}
        self.found["feedback.one"] = f"/feedback/{given.split('/')[-2]}/"
        gave = _linked(desk_of(CASE), "/contributions/", rf"/contributions/{REFERENCE}/")
        record = _linked(desk_of(CASE), gave, rf"/records/{REFERENCE}/")
        self.found["erasures.record"] = record.replace("/records/", "/erasures/record/")

    def _looked(self, desk: Client, name: str) -> str:
        """A contribution about a person, ready to be given."""
        form = _sent(desk, "/contribute/", thing="Person")
        stated = {
            "title": "Control at the ferry",
            "evaluation": "B2",
            "v_0_0_value": name,
            "v_0_3_value": "1975-11-30",
            "communities": "all",
            "purposes": "18.2.c",
            "subject_category": "suspect_or_convicted",
            "do": "look",
        }
        return _sent(desk, form, **filled(_read(desk, form), **stated))

    def _imports(self) -> None:
        desk = desk_of(ANALYST)
        self.found["import.file"] = self._brought(desk)
        file = self._brought(desk)
        stated = {"source_list": "Seen at the ferry", "communities": "all", "do": "start"}
        self.found["import.job"] = _sent(desk, file, **filled(_read(desk, file), **stated))
        from alidade.services import serving
        from alidade.services.jobs import run_next

        run_next(serving.node())
        _read(desk, self.found["import.job"])

    def _brought(self, desk: Client) -> str:
        from django.core.files.uploadedfile import SimpleUploadedFile

        return _sent(desk, "/import/", file=SimpleUploadedFile("seen.csv", LIST.encode(), "text/csv"))

    def _protection(self) -> None:
        desk = desk_of(PRIVACY)
        _sent(desk, "/second-look/", since="2026-10-01", until="2026-12-31", size="5")
        self.found["second-look.check"] = drawn = _linked(desk, "/second-look/", rf"/second-look/{REFERENCE}/")
        _sent(desk, drawn, finding="to_explain", note="Which control was this?")
        self.found["queries.question"] = _linked(desk, "/queries/list/", rf"/queries/{REFERENCE}/")

    def _administration(self) -> None:
        desk = desk_of(ADMIN)
        own, *others = dict.fromkeys(re.findall(rf"/rights/{REFERENCE}/", _read(desk, "/rights/")))
        self.found |= {"own officer": own, "rights.officer": others[0], "rights.end": f"{others[0]}end/"}
        self.found["consent.proposal"] = _sent(desk, "/consent/membership/", community="AM-CONDOR")


def _asked(desk: Client, text: str) -> str:
    return _sent(desk, "/check/", text=text)


def _sent(desk: Client, address: str, **fields: Any) -> str:
    """Where a form that was sent leads; it must not have been refused."""
    answer = desk.post(address, fields)
    if answer.status_code != 302:
        raise SystemExit(f"{address} was refused with {answer.status_code}: {_said(answer.content.decode())}")
    return str(answer["Location"])


def _read(desk: Client, address: str) -> str:
    answer = desk.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status_code}: {_said(answer.content.decode())}")
    return str(answer.content.decode())


def _linked(desk: Client, address: str, pattern: str) -> str:
    """The first address of this pattern on a page."""
    found: list[str] = re.findall(pattern, _read(desk, address))
    if not found:
        raise SystemExit(f"{address} leads to nothing like {pattern}")
    return found[0]


def _said(page: str) -> str:
    """The words of a page, without its frame."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.partition("<main")[2]))[:800]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--empty", action="store_true")
    told = parser.parse_args()
    make(told.folder, empty=told.empty)
    sys.exit(0)
