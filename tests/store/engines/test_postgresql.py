"""The server: what it must promise, who must work there, and what happens when it goes."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "services"))  # the cast of the services serves here too

from django.db import DatabaseError
from personas import DE, NL, Office, SetClock, draft, opened, template, words

from alidade.model.errors import Damaged
from alidade.services.correcting import erase_record
from alidade.services.ledger import verify_ledger
from alidade.services.node import Node
from alidade.store import models
from alidade.store.engines import postgresql
from databases import ACTIVE, address_of

pytestmark = pytest.mark.postgresql_only


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(template(tmp_path_factory), tmp_path / "node", "postgresql") as found:
        yield found


def _open(folder: Path, address: str | None = None) -> Node:
    return Node.open(folder, clock=SetClock(), vocabulary=words(), database=address)


# -- what the server promises ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "value"), [("synchronous_commit", "off")])
def test_a_setting_by_which_what_was_acknowledged_may_be_lost_refuses_the_server(
    office: Office, name: str, value: str
) -> None:
    database = ACTIVE[0].name(office.store.folder)
    ACTIVE[0].run(f"alter database {database} set {name} = {value}")
    with pytest.raises(Damaged, match=name) as refused:
        _open(office.store.folder)
    assert refused.value.code == "database_settings"


@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "data_checksums", "server_encoding"])
def test_so_does_one_of_the_whole_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The server of the tests has them on; so what is accepted is changed instead."""
    changed = tuple((one, ("never",) if one == name else accepted) for one, accepted in postgresql._SETTINGS)
    monkeypatch.setattr(postgresql, "_SETTINGS", changed)
    with pytest.raises(Damaged, match=name):
        _open(tmp_path / "node")
    assert dict(changed).keys() >= {"fsync", "full_page_writes", "synchronous_commit", "data_checksums"}


def test_a_master_of_the_server_is_refused(tmp_path: Path) -> None:
    address = address_of(tmp_path / "node")
    assert address is not None
    with pytest.raises(Damaged) as refused:
        _open(tmp_path / "node", address.replace("alidade@", "postgres@"))
    assert refused.value.code == "database_superuser"


# -- who works there ---------------------------------------------------------------------------------------------------


def test_a_user_who_may_make_no_roles_is_told_what_an_administrator_must_run(tmp_path: Path) -> None:
    ACTIVE[0].run("drop role if exists plain_reader, plain_writer, plain")
    ACTIVE[0].run("create role plain login")
    folder = tmp_path / "node"
    address = ACTIVE[0].empty(folder).replace("alidade@", "plain@")
    ACTIVE[0].run(f"alter database {ACTIVE[0].name(folder)} owner to plain")
    with pytest.raises(Damaged) as refused:
        _open(folder, address)
    assert refused.value.code == "database_roles"
    assert refused.value.remedy is not None
    statements = refused.value.remedy.partition("in this database: ")[2]
    with ACTIVE[0].master(folder) as master:
        for statement in statements.rstrip(";").split("; "):
            master.execute(statement)
    node = _open(folder, address)
    assert verify_ledger(node).problems == ()
    node.close()
    with ACTIVE[0].master(folder) as master:
        master.execute("revoke plain_reader from plain")
    with pytest.raises(Damaged):
        _open(folder, address)


def test_a_user_who_owns_nothing_can_work_but_not_change_the_tables(office: Office) -> None:
    folder = office.store.folder
    ACTIVE[0].run("drop role if exists desk")
    ACTIVE[0].run("create role desk login in role alidade_writer, alidade_reader")
    address = address_of(folder)
    assert address is not None
    office.give(draft("1", name="Jan Vermeulen"))
    node = _open(folder, address.replace("alidade@", "desk@"))
    try:
        assert Office(node, office.clock).ask(DE, "Jan Vermeulen").kind == "hit"
        with pytest.raises(DatabaseError, match="must be owner"), node.store.transaction() as tx:
            tx.rows("alter table statement disable row level security", [])
    finally:
        node.close()
        ACTIVE[0].run("drop role desk")


# -- one after the other -----------------------------------------------------------------------------------------------


def test_acts_of_several_processes_make_one_ledger(office: Office) -> None:
    """Each thread has connections of its own, as a process has."""
    count = 12
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            node = _open(office.store.folder)
            try:
                other = Office(node, office.clock)
                for turn in range(count):
                    other.give(draft(f"{number}-{turn}", name="Jan Vermeulen"))
            finally:
                node.close()
        except BaseException as error:
            failed.append(error)

    before = office.ledger_size()
    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert office.ledger_size() == before + 3 * count
    assert verify_ledger(office.node).problems == ()
    assert models.Statement.objects.using(office.store.alias).count() == 3 * count


# -- when the server goes ----------------------------------------------------------------------------------------------


def test_a_connection_that_is_lost_is_made_anew_and_the_act_was_not_done(office: Office) -> None:
    database = ACTIVE[0].name(office.store.folder)

    def act() -> None:
        with office.store.transaction() as tx:
            models.Agreement.objects.using(tx.alias).create(code="lost", content={})
            ACTIVE[0].run("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", database)
            tx.rows("select 1", [])

    with pytest.raises(Damaged) as refused:
        act()
    assert refused.value.code == "connection_lost"
    assert not office.store.stopped
    office.give(draft("1", name="Jan Vermeulen"))
    assert office.ask(NL, "Jan Vermeulen").kind == "hit"
    assert not models.Agreement.objects.using(office.store.alias).filter(code="lost").exists()


def test_a_server_that_was_started_anew_between_two_acts_is_not_noticed(office: Office) -> None:
    database = ACTIVE[0].name(office.store.folder)
    ACTIVE[0].run("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", database)
    office.give(draft("1", name="Jan Vermeulen"))
    assert office.ask(NL, "Jan Vermeulen").kind == "hit"


@pytest.mark.parametrize("state", ["53100", "58030", "XX001"])
def test_an_error_of_the_servers_disk_stops_the_store(office: Office, state: str) -> None:
    raising = f"do $$ begin raise exception 'of the disk' using errcode = '{state}'; end $$"
    with pytest.raises(Damaged) as refused, office.store.transaction() as tx:
        tx.rows(raising, [])
    assert refused.value.code == "disk"
    assert office.store.stopped


def test_what_is_erased_is_in_no_sample_that_the_server_takes(office: Office) -> None:
    office.give(*[draft(str(n), name=f"Wilhelmina {n}", phone=f"+316123456{n:02}") for n in range(60)])
    with ACTIVE[0].master(office.store.folder) as master:
        master.execute("analyze")
        rows = master.execute(
            "select s.attname, s.most_common_vals::text, s.histogram_bounds::text from pg_stats s"
            " where s.tablename in ('statement', 'record')"
        ).fetchall()
    sampled = {name for name, common, bounds in rows if common or bounds}
    assert sampled
    assert sampled.isdisjoint({"value", "original", "source_key", "fingerprint"})


def test_two_nodes_that_begin_on_one_server_at_once_both_get_their_roles(tmp_path: Path) -> None:
    """Roles belong to the server; two databases of one owner make the same ones."""
    ACTIVE[0].run("drop role if exists twin_reader, twin_writer, twin")
    ACTIVE[0].run("create role twin login createrole")
    failed: list[BaseException] = []
    addresses = {}
    for name in ("one", "two", "three"):
        addresses[name] = ACTIVE[0].empty(tmp_path / name).replace("alidade@", "twin@")
        ACTIVE[0].run(f"alter database {ACTIVE[0].name(tmp_path / name)} owner to twin")

    def begin(name: str) -> None:
        try:
            _open(tmp_path / name, addresses[name]).close()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=begin, args=(name,)) for name in addresses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_what_somebody_else_kept_the_server_from_removing_goes_when_he_has_ended(office: Office) -> None:
    import psycopg

    address = address_of(office.store.folder)
    assert address is not None
    record = office.give(draft("1", name="Wilhelmina Oosterhuis")).records["1"]
    other = psycopg.connect(address)
    other.execute("set transaction isolation level repeatable read")
    other.execute("select 1")  # looks at no table, but at a state in which the value was there
    timer = threading.Timer(0.4, other.close)
    timer.start()
    erase_record(office.node, office.officer(NL), record, "unlawful")
    timer.join()
    assert b"Oosterhuis" not in office.files()
