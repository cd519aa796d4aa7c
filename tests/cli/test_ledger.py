"""The ledger at the command line: verify, carry a head elsewhere, read one's own entries."""

from __future__ import annotations

from desk import ADMIN, ANALYST, DPO, GROUNDS, PORTUGUESE, Desk

from databases import alter


def test_a_head_kept_elsewhere_shows_that_the_ledger_was_cut(desk: Desk) -> None:
    head = desk.folder / "head.json"
    written = desk.run("ledger", "head", "--out", str(head))
    desk.run("record", "list", "--as", ANALYST)
    whole = desk.run("ledger", "verify", "--since", str(head))
    last = "(select max(size) from ledger_head) - 4"
    alter(
        desk.home, f"delete from ledger_entry where sequence >= {last}", f"delete from ledger_head where size > {last}"
    )
    cut = desk.run("ledger", "verify", "--since", str(head))

    assert (written.code, whole.code, cut.code) == (0, 0, 6)
    assert "Stop working with this node" in cut.out


def test_a_head_never_overwrites_a_file(desk: Desk) -> None:
    path = desk.table("precious.txt", "precious")
    said = desk.run("ledger", "head", "--out", str(path))

    assert said.code == 5
    assert path.read_text(encoding="utf-8") == "precious"


def test_what_is_no_head_is_refused(desk: Desk) -> None:
    for text in ("", "{}", "[]", "no json", '{"size": -1}', "\x00"):
        assert desk.run("ledger", "verify", "--since", str(desk.table("no.json", text))).code == 2
    assert desk.run("ledger", "verify", "--since", str(desk.folder)).code == 2


def test_a_new_node_has_no_head(desk: Desk) -> None:
    empty = Desk(home=desk.folder / "empty", folder=desk.folder)

    assert empty.run("ledger", "head").code == 4


def test_each_sees_the_entries_of_his_own_authority(desk: Desk) -> None:
    entries = [each["entry"] for each in desk.ask("ledger", "list", "--newest", "1000", officer=DPO)]
    checks = [entry for entry in entries if entry["act"] == "check"]

    assert {entry["authority"] for entry in entries} == {"nl-politie"}
    assert [entry["justification"] for entry in checks] == ["name on a bill of lading"]
    assert all("Vermeer" not in str(entry) for entry in entries), "the ledger holds a commitment, not the question"
    for officer in (ANALYST, ADMIN, PORTUGUESE):
        assert desk.run("ledger", "list", "--as", officer).code == 3


def test_every_answer_leaves_an_entry_and_a_refusal_no_answer(desk: Desk) -> None:
    def entries() -> int:
        return int(desk.ask("ledger", "verify")["entries"])

    for arguments in (
        ("check", "Johannes Vermeer", *GROUNDS),
        ("check", "Nobody Atall", *GROUNDS),
        ("record", "show", desk.names["Vermeer"]),
        ("record", "show", "0" * 32),
        ("record", "list"),
        ("record", "suggest", "x"),
        ("notices",),
        ("export", "--out", str(desk.folder / "e.csv")),
    ):
        before = entries()
        desk.run(*arguments, "--as", ANALYST)
        assert entries() == before + 1, arguments


def test_a_file_of_entries_verifies_without_the_node(desk: Desk) -> None:
    path, head = desk.folder / "entries.jsonl", desk.folder / "early.json"
    assert desk.run("ledger", "head", "--out", str(head)).code == 0
    desk.run("check", "Vermeer", "--as", ANALYST, *GROUNDS)
    written = desk.run("ledger", "export", "--out", str(path), "--head", str(head), "--as", DPO)
    empty = Desk(home=desk.folder / "nowhere", folder=desk.folder)
    alone = empty.run("ledger", "verify-file", str(path))
    with_head = empty.run("ledger", "verify-file", str(path), "--head", str(head))
    assert (written.code, alone.code, with_head.code) == (0, 0, 0)
    assert "vouches for itself alone" in alone.out
    assert "vouches for itself alone" not in with_head.out
    assert empty.run("ledger", "verify-file", str(path), "--key", "00" * 32).code == 6
    for wrong in ("no", "00"):
        assert empty.run("ledger", "verify-file", str(path), "--key", wrong).code in (2, 6)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("allowed", "refused", 1), encoding="utf-8")
    assert empty.run("ledger", "verify-file", str(path)).code == 6
    path.write_text("{}", encoding="utf-8")
    assert empty.run("ledger", "verify-file", str(path)).code == 2
    assert desk.run("ledger", "export", "--out", str(path), "--as", DPO).code == 5
    assert desk.run("ledger", "export", "--out", str(desk.folder / "x"), "--as", ADMIN).code == 3
    assert not list(desk.folder.glob("*.partial"))
    assert not (desk.folder / "x").exists()
