"""Address: where the database server is, as one text that holds no secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from alidade.model.errors import Invalid
from alidade.store.engines.engine import PLAIN_SETTINGS

_SCHEMES = ("postgresql://", "postgres://")
_SECRETS = frozenset({"password", "sslpassword", "oauth_client_secret"})
_OWN_SETTINGS = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT"}
# As long as a writer waits for the file (20 s); nobody waits for ever behind a transaction that hangs.
_SESSION = "-c search_path=public -c lock_timeout=20s -c default_transaction_isolation=read\\ committed"


def settings_of(address: str) -> dict[str, Any]:
    """The framework's settings for a server. Raises Invalid for an address that is none, or that holds a password.

    Form: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS. What it leaves out is taken
    from the service file and the pass file of libpq.
    """
    parts = _parts(address)
    options: dict[str, Any] = {key: value for key, value in parts.items() if key not in _OWN_SETTINGS}
    options["options"] = " ".join(filter(None, (str(options.get("options", "")), _SESSION)))  # ours last
    options.setdefault("application_name", "alidade")
    own = {setting: str(parts[key]) for key, setting in _OWN_SETTINGS.items() if key in parts}
    return PLAIN_SETTINGS | {"ENGINE": "django.db.backends.postgresql", "NAME": "", "OPTIONS": options} | own


def place_of(address: str) -> str:
    """The address for people: server and database."""
    parts = _parts(address)
    if "host" not in parts and "hostaddr" not in parts and "service" in parts:
        return f"service {parts['service']}"
    host = parts.get("host") or parts.get("hostaddr") or "this machine"
    port = f":{parts['port']}" if "port" in parts else ""
    return f"database {parts.get('dbname') or parts.get('user') or ''} at {host}{port}".replace("  ", " ")


def _parts(address: str) -> Mapping[str, Any]:
    try:
        if not address.startswith(_SCHEMES):
            raise ValueError
        parts = conninfo_to_dict(address)
    except (ProgrammingError, ValueError):
        # The driver's own words quote the address, and a password may stand in it.
        raise Invalid(
            "The address of the database cannot be read.",
            remedy="Write it as postgresql://USER@HOST/DATABASE or postgresql://?service=NAME.",
            code="database_address",
        ) from None
    if any(parts.get(secret) for secret in _SECRETS):
        raise Invalid(
            "The address of the database holds a password; no secret is taken from the environment.",
            remedy="Leave it out, and put it into the pass file (~/.pgpass, mode 600) or use a certificate.",
            code="database_password",
        )
    if not (parts.get("dbname") or parts.get("service")):
        raise Invalid(
            "The address of the database names no database.",
            remedy="Write it as postgresql://USER@HOST/DATABASE or postgresql://?service=NAME.",
            code="database_address",
        )
    return parts
