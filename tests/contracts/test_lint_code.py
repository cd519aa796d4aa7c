"""The checker of the house rules: each rule here has a sample that it refuses, and samples that pass."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "script" / "lint_code.py"


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lint_code", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["lint_code"] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module


lint_code = _load()
PURE, STORE, MACHINE = (f"src/alidade/{name}.py" for name in ("policy/may", "store/rows", "services/machine"))


def rules(path: str, text: str) -> list[str]:
    return [breach.rule for breach in lint_code.breaches(path, text)]


REFUSED = [
    ("database", PURE, "import sqlite3\n"),
    ("database", PURE, "from django.db import models\n"),
    ("logging", PURE, "import logging\n"),
    ("logging", STORE, "from logging import getLogger\n"),
    ("clock and chance", PURE, "from datetime import datetime, UTC\nnow = datetime.now(UTC)\n"),
    ("clock and chance", PURE, "import datetime as d\nnow = d.datetime.utcnow()\n"),
    ("clock and chance", PURE, "from datetime import date\nday = date.today()\n"),
    ("clock and chance", PURE, "import time\ndef wait(clock=time.time):\n    return clock()\n"),
    ("clock and chance", PURE, "from uuid import uuid4 as fresh\nkey = fresh()\n"),
    ("clock and chance", PURE, "import random\npick = random.choice([1, 2])\n"),
    ("clock and chance", PURE, "import random\nrng = random.Random()\n"),
    ("clock and chance", PURE, "import secrets\nkey = secrets.token_bytes(16)\n"),
    ("clock and chance", STORE, "import os\nkey = os.urandom(16)\n"),
    ("clock and chance", STORE, "from django.utils import timezone\nnow = timezone.now()\n"),
    ("SQL", STORE, "def f(c, t):\n    c.execute(f'select 1 from {t}')\n"),
    ("SQL", STORE, "def f(c, t):\n    c.executemany('select 1 from %s' % t, [])\n"),
    ("SQL", STORE, "def f(c, t):\n    c.execute('select 1 from ' + t)\n"),
    ("SQL", STORE, "def f(c, t):\n    c.execute('select 1 from {}'.format(t))\n"),
    ("SQL", STORE, "def f(c, t):\n    text = f'select 1 from {t}'\n    c.execute(text)\n"),
    ("bare except", PURE, "try:\n    f()\nexcept:\n    g()\n"),
    ("swallowed error", PURE, "try:\n    f()\nexcept Exception:\n    pass\n"),
    ("swallowed error", PURE, "try:\n    f()\nexcept (ValueError, BaseException):\n    pass\n"),
    ("swallowed error", PURE, "import contextlib\nwith contextlib.suppress(Exception):\n    f()\n"),
    ("empty name", PURE, "data = 1\n"),
    ("empty name", PURE, "def f(info: int) -> int:\n    return 1\n"),
    ("empty name", PURE, "class A:\n    data: int\n"),
    ("empty name", PURE, "def f(a):\n    a.info = 1\n"),
    ("ORM", STORE, "def f(rows, given):\n    return rows.filter(**given)\n"),
    ("ORM", STORE, "def f(rows, key):\n    return rows.get(**{key: 1})\n"),
    ("file name", "src/alidade/store/managers.py", "x = 1\n"),
    ("file name", "tests/utils.py", "x = 1\n"),
    ("module length", PURE, "x = 1\n" * 501),
    ("function length", PURE, "def f():\n" + "    x = 1\n" * 60),
]

ALLOWED = [
    (STORE, "import sqlite3\nfrom django.db import models\n"),
    ("tests/store/test_x.py", "import sqlite3\ndata = 1\n"),
    (MACHINE, "import time, os\nfrom uuid import uuid4\nnow, key = time.time(), os.urandom(16)\n"),
    ("src/alidade/cli/check.py", "from datetime import datetime, UTC\nnow = datetime.now(UTC)\n"),
    (PURE, "import random\ndef f(rng: random.Random) -> float:\n    return rng.random()\n"),
    (PURE, "import random\ndef f(seed: int) -> random.Random:\n    return random.Random(seed)\n"),
    (PURE, "from uuid import UUID\nkey = UUID(int=1)\n"),
    (PURE, "import secrets\nsame = secrets.compare_digest(b'a', b'b')\n"),
    (PURE, "from datetime import datetime\nmoment = datetime.fromisoformat('2026-11-22')\n"),
    (STORE, "def f(c, v):\n    c.execute('select 1 from t where v = ?', [v])\n"),
    (STORE, "def f(c, t):\n    # sql: constant parts only\n    c.execute(f'select 1 from {t}')\n"),
    (STORE, "def f(c, t):\n    c.execute(f'select {t}')  # sql: constant parts only\n"),
    (STORE, "def f(c, t):\n    text = f'a {t}'\n    text = 'select 1'\n    c.execute(text)\n"),
    (STORE, "def f(rows):\n    return rows.filter(**{'owner__in': [1]})\n"),
    (PURE, "def f(known, more):\n    known.update(**more)\n"),
    (PURE, "def f(a):\n    return a.data\n"),
    (PURE, "try:\n    f()\nexcept ValueError:\n    pass\n"),
    (PURE, "try:\n    f()\nexcept Exception as e:\n    raise RuntimeError from e\n"),
    (PURE, "x = 1\n" * 500),
    (PURE, "def f():\n" + "    x = 1\n" * 59),
]


@pytest.mark.parametrize(("rule", "path", "text"), REFUSED)
def test_each_rule_refuses_its_sample(rule: str, path: str, text: str) -> None:
    assert rules(path, text) == [rule]


@pytest.mark.parametrize(("path", "text"), ALLOWED)
def test_what_is_in_order_passes(path: str, text: str) -> None:
    assert rules(path, text) == []


def test_a_breach_is_printed_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "src" / "alidade" / "policy" / "may.py"
    bad.parent.mkdir(parents=True)
    bad.write_text("ready = True\nimport logging\n", encoding="utf-8")
    monkeypatch.setattr(lint_code, "ROOT", tmp_path)

    assert lint_code.main([]) == 1
    assert capsys.readouterr().out.startswith("src/alidade/policy/may.py:2: logging: ")

    bad.write_text("ready = True\n", encoding="utf-8")
    assert lint_code.main([str(bad)]) == 0
