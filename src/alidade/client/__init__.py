"""A small client for programs that use a node over the network: the standard library and nothing else.

from alidade.client import Client
client = Client("https://node.example", token="alidade_...")
answer = client.check("Jan Vermeulen", birth_date="1964-07")
"""

from alidade.client.client import Client
from alidade.client.errors import ClientError, NoAnswer, Refused

__all__ = ["Client", "ClientError", "NoAnswer", "Refused"]
