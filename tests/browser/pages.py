"""Every page that can be looked at, and who may: a page that stands in no list here fails the tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from house import Visit
from rehearsed import ADMIN, ANALYST, CASE, HARBOUR, LIAISON, PERSON, POLICY, PRIVACY, STREET, WORDS

Act = Callable[[Visit], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A page to look at: whose, where (an address, or the name under which the rehearsal kept one), and after what."""

    name: str  # of the page in the addresses
    officer: str | None = ANALYST
    address: str = ""
    kept: str = ""
    after: Act | None = None  # what is done on that address first
    then: Act | None = None  # and on the page to which that leads
    status: int = 200
    title: str = ""  # to tell several sights of one page apart
    empty: bool = False  # at a node that has not begun

    def __str__(self) -> str:
        return f"{self.name} {self.title}".strip().replace(" ", "-")

    def open(self, visit: Visit) -> int:
        """Go there; the status of the answer."""
        status = visit.go(self.address or visit.house.made["addresses"][self.kept or self.name])
        for act in (self.after, self.then):
            if act is not None:
                assert status == 200
                with visit.page.expect_navigation() as coming:
                    act(visit)
                status = coming.value.status
        return status


def _typed(**fields: str) -> Act:
    """Fill fields of the page, then send their form."""

    def act(visit: Visit) -> None:
        for name, value in fields.items():
            where = visit.page.locator(f"main [name={name}]").first
            where.evaluate("field => { const more = field.closest('details'); if (more) more.open = true }")
            if where.evaluate("field => field.tagName") == "SELECT":
                where.select_option(value)
            else:
                where.fill(value)
        where.evaluate("field => field.form.requestSubmit()")

    return act


def _looked(**fields: str) -> Act:
    """Fill fields of the form of a step, and look at what will be sent."""

    def act(visit: Visit) -> None:
        for name, value in fields.items():
            visit.page.locator(f"main [name={name}]").first.fill(value)
        _pressed("preview")(visit)

    return act


def _pressed(act: str) -> Act:
    """Press the button of a form that says what to do."""
    return lambda visit: visit.page.locator(f"main button[name=do][value={act}]:not(.visually-hidden)").first.click()


def _chosen(visit: Visit) -> None:
    """Choose the first of what was found, and send the form."""
    found = visit.page.locator("main input[name=record]").first
    found.check()
    found.evaluate("field => field.form.requestSubmit()")


def _begun(choice: str) -> Act:
    """The set-up code typed in and a choice made."""

    def act(visit: Visit) -> None:
        visit.page.fill("#id_code", visit.house.made["code"])
        visit.page.click(f"button[value={choice}]")

    return act


def _jump(text: str) -> Act:
    def act(visit: Visit) -> None:
        visit.page.fill("#jump", text)
        visit.page.press("#jump", "Enter")

    return act


SIGHTS = (
    Sight(name="my-day", address="/my-day/"),
    Sight(name="my-day", address="/my-day/", officer=PRIVACY, title="of the data-protection officer"),
    Sight(name="my-day", address="/my-day/", officer=ADMIN, title="of the administrator"),
    Sight(name="my-day.deputies", address="/my-day/deputies/"),
    Sight(name="my-day.reviews", address="/my-day/reviews/"),
    Sight(name="jump", address="/my-day/", after=_jump("nothing of the kind?"), officer=ADMIN, status=404),
    Sight(name="jump", address="/my-day/", after=_jump(PERSON), title="to the check"),
    Sight(name="feedback", address="/feedback/"),
    Sight(name="feedback.one", officer=LIAISON),
    Sight(name="check", address="/check/", officer=STREET),
    Sight(
        name="check", address="/check/", after=_typed(text=PERSON, birth_date="31.31.1970"), status=422, title="wrong"
    ),
    Sight(name="check.answer", kept="check.answer", title="hit"),
    Sight(name="check.answer", kept="hit without content", title="hit without content"),
    Sight(name="check.answer", kept="no hit", title="no hit"),
    Sight(name="check.mine", address="/check/mine/"),
    Sight(name="check-list", address="/check-list/"),
    Sight(name="check-list", address="/check-list/", after=_typed(lines=f"{PERSON}\nIMO 2004177\nx"), title="answers"),
    Sight(name="hits", address="/hits/"),
    Sight(name="standing", address="/standing/"),
    Sight(name="standing.news", address="/standing/news/"),
    Sight(name="notices", address="/notices/"),
    Sight(name="grounds", address="/grounds/"),
    Sight(name="help", address="/help/"),
    Sight(name="help", address="/help/", officer=None, title="of nobody"),
    Sight(name="directory", address="/directory/"),
    Sight(name="directory.edit", address="/directory/our/edit/", officer=LIAISON),
    Sight(name="directory.entry", address="/directory/br-federal/"),
    Sight(name="contribute", address="/contribute/"),
    Sight(name="contribute.form"),
    Sight(name="contribute.form", after=_pressed("look"), status=422, title="wrong"),
    Sight(name="contribute.text"),
    Sight(name="contribute.text", after=_typed(text=WORDS), title="found"),
    Sight(name="contribute.look"),
    Sight(name="import", address="/import/"),
    Sight(name="import.file"),
    Sight(name="import.file", after=_pressed("look"), title="tried"),
    Sight(name="import.job"),
    Sight(name="contributions", address="/contributions/", officer=LIAISON),
    Sight(name="contributions.given", officer=LIAISON),
    Sight(name="quarantine", address="/quarantine/"),
    Sight(name="records", address="/records/"),
    Sight(name="record"),
    Sight(name="record", kept="own record", officer=LIAISON, title="of our own"),
    Sight(name="records.who", officer=LIAISON),
    Sight(name="records.why", officer=LIAISON),
    Sight(name="records.release", officer=LIAISON),
    Sight(name="records.correct", officer=LIAISON),
    Sight(name="picture", address="/picture/"),
    Sight(name="picture", address="/picture/", after=_typed(text=PERSON), title="found"),
    Sight(name="picture", kept="chart begun", title="drawn"),
    Sight(name="question", address="/question/"),
    Sight(name="chart"),
    Sight(name="chart.share"),
    Sight(name="chart.versions"),
    Sight(name="dossiers", address="/dossiers/"),
    Sight(name="dossiers.new", address="/dossiers/new/"),
    Sight(name="dossiers.mappings", address="/dossiers/mappings/?from=2024&to=2026"),
    Sight(name="dossiers.nominations", address="/dossiers/nominations/"),
    Sight(name="dossiers.round-new", address="/dossiers/nominations/new/"),
    Sight(name="dossiers.product"),
    Sight(name="dossier"),
    Sight(name="dossier.change"),
    Sight(name="dossier.share"),
    Sight(name="dossier.versions"),
    Sight(name="dossier.compare"),
    Sight(name="dossier.measures"),
    Sight(name="dossier.product-new"),
    Sight(name="picture.map", address="/picture/map/"),
    Sight(name="picture.map", address="/picture/map/?since=yesterday", status=422, title="wrong"),
    Sight(name="picture.timeline", address="/picture/timeline/"),
    Sight(name="picture.matrix", address="/picture/matrix/"),
    Sight(name="picture.matrix", address="/picture/matrix/?from=NL&to=NL", title="behind a figure"),
    Sight(name="inbox", address="/inbox/?folder=all", officer=LIAISON),
    Sight(name="inbox", address="/inbox/?folder=closed", title="empty"),
    Sight(name="inbox.awaited", address="/inbox/awaited/"),
    Sight(name="inbox.approve", address="/inbox/approve/", officer=LIAISON),
    Sight(name="inbox.desk", address="/inbox/desk/", officer=LIAISON),
    Sight(name="inbox.rules", address="/inbox/desk/rules/", officer=ADMIN),
    Sight(name="inbox.performance", address="/inbox/performance/", officer=LIAISON),
    Sight(name="inbox.search", address="/inbox/search/"),
    Sight(name="inbox.search", address="/inbox/search/", after=_typed(text="vessel"), title="found"),
    Sight(name="thread", officer=LIAISON),
    Sight(name="thread", kept="paused thread", officer=LIAISON, title="paused"),
    Sight(name="thread", kept="overdue thread", officer=LIAISON, title="overdue"),
    Sight(name="thread.print", officer=LIAISON),
    Sight(name="thread.step", officer=LIAISON),
    Sight(name="thread.step", officer=LIAISON, after=_pressed("preview"), status=422, title="wrong"),
    Sight(name="thread.step", kept="translation", officer=LIAISON, title="translation"),
    Sight(
        name="thread.step",
        kept="translation",
        officer=LIAISON,
        after=_looked(note="The vessel changed its name twice."),
        title="preview",
    ),
    Sight(name="thread.draft", officer=LIAISON),
    Sight(name="thread.open", address="/threads/new/"),
    Sight(name="thread.compose", address="/threads/new/information_request/"),
    Sight(
        name="thread.compose",
        address="/threads/new/information_request/",
        after=_pressed("preview"),
        status=422,
        title="wrong",
    ),
    Sight(name="thread.follow"),
    Sight(name="procedures", address="/procedures/"),
    Sight(name="procedures.manage", address="/procedures/all/", officer=ADMIN),
    Sight(name="procedures.editor", address="/procedures/editor/?from=hit_follow_up&version=1", officer=ADMIN),
    Sight(
        name="procedures.editor",
        address="/procedures/editor/?from=hit_follow_up&version=1",
        officer=ADMIN,
        after=_pressed("rehearse"),
        title="played through",
    ),
    Sight(name="exchange-status", address="/exchange-status/", officer=ADMIN),
    Sight(name="tokens", address="/tokens/"),
    Sight(name="protect", address="/protect/", officer=PRIVACY),
    Sight(name="protect", address="/protect/", officer=ADMIN, title="of the administrator"),
    Sight(name="protect.entries", address="/protect/entries/", officer=PRIVACY),
    Sight(name="queries", address="/queries/", officer=PRIVACY),
    Sight(name="queries.list", address="/queries/list/", officer=PRIVACY),
    Sight(name="queries.facts", address="/queries/facts/", officer=PRIVACY),
    Sight(name="queries.question", officer=PRIVACY),
    Sight(name="second-look", address="/second-look/", officer=PRIVACY),
    Sight(name="second-look.check", officer=PRIVACY),
    Sight(name="second-look.asked", address="/second-look/asked/"),
    Sight(name="person-export", address="/person-export/", officer=PRIVACY),
    Sight(
        name="person-export",
        address="/person-export/",
        officer=PRIVACY,
        after=_typed(names="Branislav Kovac"),
        title="found",
    ),
    Sight(
        name="person-export.made",
        address="/person-export/",
        officer=PRIVACY,
        after=_typed(names="Branislav Kovac"),
        then=_chosen,
    ),
    Sight(name="person-export.letter", address="/person-export/letter/", officer=PRIVACY),
    Sight(name="erasures", address="/erasures/", officer=PRIVACY),
    Sight(name="erasures.check", officer=CASE),
    Sight(name="erasures.record", officer=CASE),
    Sight(name="rights", address="/rights/", officer=ADMIN),
    Sight(name="rights.new", address="/rights/new/", officer=ADMIN),
    Sight(name="rights.officer", officer=ADMIN),
    Sight(name="rights.officer", kept="own officer", officer=ADMIN, title="oneself"),
    Sight(name="rights.end", officer=ADMIN),
    Sight(name="consent", address="/consent/", officer=ADMIN),
    Sight(name="consent.proposal", officer=ADMIN),
    Sight(name="consent.membership", address="/consent/membership/", officer=ADMIN),
    Sight(name="consent.authority", address="/consent/authority/", officer=ADMIN),
    Sight(name="consent.agreement", address="/consent/agreement/", officer=ADMIN),
    Sight(name="entity"),
    Sight(name="judgements", address="/judgements/"),
    Sight(name="judgements.of"),
    Sight(name="judgements.pair"),
    Sight(name="judgements.ruled", address="/judgements/ruled/"),
    Sight(name="judgements.rules", address="/judgements/rules/", officer=LIAISON),
    Sight(name="programme", address="/programme/", officer=POLICY),
    Sight(name="programme.begin", address="/programme/new/", officer=POLICY),
    Sight(name="programme.paper", officer=POLICY),
    Sight(name="programme.carry", officer=POLICY),
    Sight(name="programme.matrix", address="/progress/", officer=POLICY),
    Sight(name="analysis", address="/analysis/", officer=POLICY),
    Sight(name="analysis.paper", officer=POLICY),
    Sight(name="analysis.paper", kept="analysis counts", officer=POLICY, title="counts"),
    Sight(name="analysis.paper", kept="analysis findings", officer=POLICY, title="findings"),
    Sight(name="analysis.paper", kept="analysis said", officer=POLICY, title="obstacles"),
    Sight(name="analysis.paper", kept="analysis figures", officer=POLICY, title="figures"),
    Sight(name="analysis.round", officer=POLICY),
    Sight(name="measure.take", officer=POLICY),
    Sight(name="programme.reports", address="/reports/", officer=POLICY),
    Sight(name="report.write", address="/reports/", officer=POLICY, after=_typed(template="progress_report")),
    Sight(name="programme.calendar", address="/calendar/", officer=POLICY),
    Sight(name="measure", officer=POLICY),
    Sight(name="measure.new", officer=POLICY),
    Sight(name="measure.change", officer=POLICY),
    Sight(name="paper.read", address="/paper/", officer=POLICY),
    Sight(name="paper.proposal", officer=POLICY),
    Sight(name="rounds", address="/rounds/", officer=POLICY),
    Sight(name="round.begin", address="/rounds/new/", officer=POLICY),
    Sight(name="round", officer=POLICY),
    Sight(name="round.answer", officer=POLICY),
    Sight(name="round.shares", officer=POLICY),
    Sight(name="round.share", officer=POLICY),
    Sight(name="round.replies", officer=POLICY),
    Sight(name="round.translations", address="/translations/", officer=POLICY),
    Sight(name="round.arrived", address="/round-exchange/", officer=POLICY),
    Sight(name="round.travel", officer=POLICY),
    Sight(name="evaluations", address="/evaluations/", officer=POLICY),
    Sight(name="evaluations.begin", officer=POLICY),
    Sight(name="evaluation", officer=POLICY),
    Sight(name="evaluation", kept="before its visit", officer=POLICY, title="before its visit"),
    Sight(name="evaluation.print", officer=POLICY),
    Sight(name="evaluation.move", officer=POLICY),
    Sight(name="evaluation.plan", officer=POLICY),
    Sight(name="evaluation.draft", officer=POLICY),
    Sight(name="evaluation.follow-up", officer=POLICY),
    Sight(name="account_login", address="/sign-in/", officer=None),
    Sight(name="account_inactive", address="/sign-in/ended/", officer=None),
    Sight(name="account_change_password", address="/sign-in/password/", officer=STREET),
    Sight(name="account_logout", address="/sign-out/"),
    Sight(name="secure", address="/sign-in/secure/"),
    Sight(name="secure.done", address="/sign-in/secure/done/"),
    Sight(name="mfa_index", address="/sign-in/factor/"),
    Sight(name="mfa_index", address="/sign-in/factor/", officer=HARBOUR, title="with codes"),
    Sight(name="mfa_list_webauthn", address="/sign-in/factor/webauthn/"),
    Sight(name="mfa_add_webauthn", address="/sign-in/factor/webauthn/add/"),
    Sight(name="mfa_activate_totp", address="/sign-in/factor/totp/activate/"),
    Sight(name="mfa_deactivate_totp", address="/sign-in/factor/totp/deactivate/", officer=HARBOUR),
    Sight(name="mfa_view_recovery_codes", address="/sign-in/factor/recovery-codes/", officer=HARBOUR),
    Sight(name="mfa_generate_recovery_codes", address="/sign-in/factor/recovery-codes/generate/", officer=HARBOUR),
    Sight(name="begin", address="/begin/", officer=None, empty=True),
    Sight(name="begin.real", address="/begin/", officer=None, empty=True, after=_begun("real")),
    Sight(name="absent", address="/nothing/here/", status=404),
    Sight(name="absent", address="/nothing/here/", officer=None, status=404, title="to nobody"),
)

_ACT, _FILE = "an act: it leads to a page", "gives a file"
_PASSKEY, _LIBRARY = "needs a passkey that was made in this browser", "a name that the sign-in library needs: absent"
# Named addresses at which there is no page to look at, each with the reason.
NO_SIGHT = {
    "question.chart": "the page of the chart, by a form",
    "question.run": "in the tests of the pages: needs a store that is large",
    "question.kept": "the page of the question, filled",
    "question.share": "the form of sharing a chart, of a question",
    "question.standing": "in the tests of the pages",
    "question.withdraw": "leads to the question",
    "question.begin-standing": "leads to the standing question",
    "home": "leads to the day",
    "hits.hit": "leads to the answer",
    "records.one": "leads to the record",
    "health": "for machines",
    "health.live": "for machines",
    "health.ready": "for machines",
    "begin.invented": "in the test of the first run",
    "begin.ready": "in the test of the first run",
    "account_reauthenticate": "leads to the page of the second factor",
    "mfa_authenticate": "in the middle of a sign-in with codes",
    "mfa_reauthenticate": "only for one who signed in long ago",
    "mfa_reauthenticate_webauthn": _PASSKEY,
    "mfa_login_webauthn": _PASSKEY,
    "mfa_edit_webauthn": _PASSKEY,
    "mfa_remove_webauthn": _PASSKEY,
    "account_signup": _LIBRARY,
    "account_reset_password": _LIBRARY,
    "account_set_password": _LIBRARY,
    "account_email": _LIBRARY,
    "mfa_download_recovery_codes": _LIBRARY,
    "protect.file": _FILE,
    "check-list.answers": _FILE,
    "import.rejects": _FILE,
    "records.take-out": _FILE,
    "inbox.figures": _FILE,
    "thread.file": _FILE,
    "thread.export": _FILE,
    "thread.file-begin": "for the script of the page",
    "thread.file-piece": "for the script of the page",
    "thread.file-end": "for the script of the page",
    "thread.keep": "for the script of the page",
    "chart.draw": "for the script of the page",
    "chart.openings": "for the script of the page",
    "chart.ways": "for the script of the page",
    "chart.keep": "for the script of the page",
    "chart.drawing": "for the script of the page",
    "chart.export": _FILE,
    "entity.take-out": _FILE,
    "entity.threads": "the page of the entity, with the exchanges that quote it",
    "judgements.choose": "leads to the two records",
    "judgements.looks": "for the script of the page",
    "judgements.revoke": "in the tests of the pages",
    "programme.feed": _FILE,
    "report.file": _FILE,
    "analysis.file": _FILE,
    "analysis.round-file": _FILE,
    "evaluation.adopt": "in the tests of the pages: nothing is rehearsed at that stage",
    "evaluation.comment": "in the tests of the pages: nothing is rehearsed at that stage",
    "round.form": _FILE,
    "round.document": _FILE,
    "round.replies-file": _FILE,
    "round.settle": "leads to the shares of the round",
    "round.translate": "leads to the replies in words",
    "round.rule": "leads to what waits",
    "round.thread": "needs another node: in the tests of the pages",
    "picture.take-out": _FILE,
    "procedures.look": "for the script of the page",
    "thread.key": "leads to the form of a step",
} | dict.fromkeys(
    (
        "begin.go_on",
        "chart.bring-back",
        "chart.withdraw",
        "dossier.bring-back",
        "dossier.event",
        "dossier.gap",
        "dossier.member",
        "dossier.rule",
        "entity.take-back",
        "judgements.confirm",
        "judgements.look",
        "judgements.stop",
        "measure.rule",
        "measure.withdraw",
        "programme.meeting.withdraw",
        "evaluation.take-back",
        "round.close",
        "round.remind",
        "round.send",
        "round.send-answer",
        "round.take",
        "round.take-answer",
        "round.tell",
        "dossier.withdraw",
        "dossiers.product-withdraw",
        "dossiers.put",
        "dossiers.round-close",
        "dossiers.take-back",
        "check.keep",
        "consent.account",
        "consent.agree",
        "consent.end",
        "consent.leave",
        "consent.refuse",
        "consent.withdraw",
        "contribute.keep",
        "directory.confirm",
        "grounds-put-away",
        "hits.rule",
        "language",
        "my-day.again",
        "my-day.end-deputy",
        "protect.head",
        "protect.verify",
        "queries.narrow",
        "rights.account",
        "rights.again",
        "secure.passkey",
        "standing.end",
        "standing.forget",
        "thread.assign",
        "thread.erase",
        "thread.note",
        "thread.take",
        "tokens.end",
    ),
    _ACT,
)
