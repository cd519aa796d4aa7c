"""The ledger's tables: entries with salted leaves, complete nodes of the tree, signed heads."""

from django.db import models


class LedgerEntry(models.Model):
    """One act or read. `body` is sealed with a key of its own; after erasure only the leaf remains."""

    sequence = models.BigIntegerField(primary_key=True)
    leaf = models.BinaryField()
    salt = models.BinaryField(null=True)
    body = models.BinaryField(null=True)
    field_key = models.CharField(max_length=32)
    at = models.CharField(max_length=40)
    act = models.CharField(max_length=40)
    authority = models.CharField(max_length=64)

    class Meta:
        db_table = "ledger_entry"
        indexes = [
            models.Index(fields=["authority", "sequence"], name="ledger_authority"),
            models.Index(fields=["authority", "at"], name="ledger_authority_at"),
        ]


class LedgerNode(models.Model):
    """A complete subtree's hash."""

    pk = models.CompositePrimaryKey("level", "position")
    level = models.SmallIntegerField()
    position = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "ledger_node"


class LedgerHead(models.Model):
    """A signed head of the tree, one at each commit."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    at = models.CharField(max_length=40)
    key_id = models.CharField(max_length=64)
    signature = models.BinaryField()

    class Meta:
        db_table = "ledger_head"
