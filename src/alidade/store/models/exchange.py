"""Exchange: who our peers are, what is on its way to them, what came from them, and what is owed on either side.

`own` is the authority of this node whose exchange a row belongs to. What may hold content is sealed with a field key.
"""

from django.db import models

_CODE = 64  # characters of the code of an authority


class Peer(models.Model):
    """An authority of another node, as the people of this node have entered it; who said yes, and to which key."""

    authority = models.CharField(primary_key=True, max_length=_CODE)
    root = models.BinaryField()
    state = models.CharField(max_length=12)  # proposed, active, ended
    manifest = models.BinaryField()  # the one that was compared, byte by byte
    entry = models.JSONField()  # name, function, State and contact, as entered
    said = models.JSONField(default=list)  # who compared the fingerprint: authority, officer, moment
    proposed_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    reached_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=40, default="")  # a code word, never an address or a text of the other side
    relay = models.JSONField(default=dict)  # where it is reached by a relay: address, certificate (base64 of DER)

    class Meta:
        db_table = "peer"


class ExchangePeer(models.Model):
    """What the exchange of one authority knows of one peer."""

    id = models.BigAutoField(primary_key=True)
    own = models.CharField(max_length=_CODE)
    authority = models.CharField(max_length=_CODE)
    root = models.BinaryField()
    number = models.BigIntegerField()
    last_word_at = models.DateTimeField()
    paused = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "exchange_peer"
        constraints = [models.UniqueConstraint(fields=["own", "authority"], name="exchange_peer_once")]


class PeerManifest(models.Model):
    """A key manifest as it was received, for ever: old public keys are evidence."""

    id = models.BigAutoField(primary_key=True)
    own = models.CharField(max_length=_CODE)
    authority = models.CharField(max_length=_CODE)
    number = models.BigIntegerField()
    raw = models.BinaryField()
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "peer_manifest"
        constraints = [models.UniqueConstraint(fields=["own", "authority", "number"], name="peer_manifest_once")]


class ExchangeSequence(models.Model):
    """How far the messages of a thread to one recipient have been counted."""

    id = models.BigAutoField(primary_key=True)
    own = models.CharField(max_length=_CODE)
    recipient = models.CharField(max_length=_CODE)
    thread = models.CharField(max_length=200)
    last = models.BigIntegerField()

    class Meta:
        db_table = "exchange_sequence"
        constraints = [models.UniqueConstraint(fields=["own", "recipient", "thread"], name="exchange_sequence_once")]


class ExchangeBody(models.Model):
    """An encrypted body, kept once for all its recipients; the key to it lies sealed in the outbox."""

    id = models.BigAutoField(primary_key=True)
    own = models.CharField(max_length=_CODE)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        db_table = "exchange_body"
        constraints = [models.UniqueConstraint(fields=["own", "sha256"], name="exchange_body_once")]


class Outbox(models.Model):
    """A message on its way to one recipient. `slip`, which opens the body, is sealed with a key of its own."""

    id = models.BigAutoField(primary_key=True)
    own = models.CharField(max_length=_CODE)
    recipient = models.CharField(max_length=_CODE)
    message_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    thread = models.CharField(max_length=200)
    sequence = models.BigIntegerField()
    priority = models.IntegerField()
    acknowledged = models.BooleanField()
    posted_at = models.DateTimeField()
    next_at = models.DateTimeField()
    bucket = models.BigIntegerField()
    body_sha256 = models.CharField(max_length=64)
    slip = models.BinaryField(null=True)
    field_key = models.CharField(max_length=32)
    attempts = models.IntegerField(default=0)
    state = models.CharField(max_length=12)  # queued, settled, voided
    sealing_key = models.CharField(max_length=80, default="")
    signing_key = models.CharField(max_length=80, default="")
    front = models.BinaryField(default=b"")
    digests = models.JSONField(default=list)
    items = models.JSONField(default=list)
    settled_at = models.DateTimeField(null=True)
    receipt = models.BinaryField(default=b"")
    disposition = models.CharField(max_length=12, null=True)
    reason = models.CharField(max_length=80, default="")

    class Meta:
        db_table = "outbox"
        constraints = [models.UniqueConstraint(fields=["own", "recipient", "message_id"], name="outbox_once")]
        indexes = [
            models.Index(fields=["own", "recipient", "next_at"], name="outbox_due", condition=models.Q(state="queued")),
            models.Index(
                # Holds all that the choice of the next portion needs, so that a long queue is not read for it.
                fields=["own", "recipient", "priority", "thread", "sequence", "posted_at", "next_at"],
                name="outbox_order",
                condition=models.Q(state="queued"),
            ),
            models.Index(
                fields=["own", "recipient", "thread", "sequence"],
                name="outbox_unsettled",
                condition=models.Q(state="queued"),
            ),
            models.Index(fields=["own", "recipient", "thread", "sequence"], name="outbox_place"),
            models.Index(fields=["own", "body_sha256"], name="outbox_body"),
        ]


class Inbox(models.Model):
    """A message that came in. `raw` is kept only while it waits or is parked, sealed with a key of its own."""

    id = models.BigAutoField(primary_key=True)
    own = models.CharField(max_length=_CODE)
    sender = models.CharField(max_length=_CODE)
    message_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    thread = models.CharField(max_length=200)
    sequence = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12)  # applied, waiting, parked, void
    reason = models.CharField(max_length=80, default="")
    raw = models.BinaryField(null=True)
    field_key = models.CharField(max_length=32, default="")
    items = models.JSONField(default=list)
    receipt_due = models.BooleanField(default=False)
    receipt = models.BinaryField(default=b"")
    entry_index = models.BigIntegerField(default=-1)
    entry_leaf = models.BinaryField(default=b"")

    class Meta:
        db_table = "inbox"
        constraints = [models.UniqueConstraint(fields=["own", "sender", "message_id"], name="inbox_once")]
        indexes = [
            models.Index(fields=["own", "sender", "thread", "sequence"], name="inbox_place"),
            models.Index(fields=["own", "sender", "received_at"], name="inbox_received"),
            models.Index(fields=["own", "sender"], name="inbox_receipt_due", condition=models.Q(receipt_due=True)),
            models.Index(
                fields=["own", "sender", "thread"],
                name="inbox_held",
                condition=models.Q(state__in=("waiting", "parked")),
            ),
        ]


class ExchangeItem(models.Model):
    """Which message names which item ("owner/id"), so that an erasure finds all of them."""

    id = models.BigAutoField(primary_key=True)
    own = models.CharField(max_length=_CODE)
    direction = models.CharField(max_length=3)  # in, out
    peer = models.CharField(max_length=_CODE)
    message_id = models.CharField(max_length=64)
    item = models.CharField(max_length=200)

    class Meta:
        db_table = "exchange_item"
        indexes = [
            models.Index(fields=["own", "item", "direction"], name="exchange_item_item"),
            models.Index(fields=["own", "direction", "peer", "message_id"], name="exchange_item_message"),
        ]


class Disclosed(models.Model):
    """The register of disclosures: what an authority gave to which peer, for ever (LED Art. 24, 25). Ids only."""

    id = models.BigAutoField(primary_key=True)
    own = models.CharField(max_length=_CODE)
    peer = models.CharField(max_length=_CODE)
    record = models.CharField(max_length=32)
    statement = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        db_table = "disclosed"
        constraints = [models.UniqueConstraint(fields=["own", "peer", "statement"], name="disclosed_once")]
        indexes = [models.Index(fields=["own", "record"], name="disclosed_record")]


class ExchangeCursor(models.Model):
    """The next message expected of a thread of one sender."""

    id = models.BigAutoField(primary_key=True)
    own = models.CharField(max_length=_CODE)
    sender = models.CharField(max_length=_CODE)
    thread = models.CharField(max_length=200)
    expected = models.BigIntegerField()

    class Meta:
        db_table = "exchange_cursor"
        constraints = [models.UniqueConstraint(fields=["own", "sender", "thread"], name="exchange_cursor_once")]


class Tombstone(models.Model):
    """An item that its owner had erased: should it arrive later, it is not taken."""

    id = models.BigAutoField(primary_key=True)
    own = models.CharField(max_length=_CODE)
    item = models.CharField(max_length=300)
    order = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        db_table = "tombstone"
        constraints = [models.UniqueConstraint(fields=["own", "item"], name="tombstone_once")]


class ErasureDuty(models.Model):
    """Somebody was told to erase and owes an answer."""

    id = models.BigAutoField(primary_key=True)
    own = models.CharField(max_length=_CODE)
    direction = models.CharField(max_length=8)  # asked, owed
    order = models.CharField(max_length=300)
    peer = models.CharField(max_length=_CODE)
    message_id = models.CharField(max_length=64)
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.CharField(max_length=8, default="")  # done, kept
    because = models.CharField(max_length=200, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "erasure_duty"
        constraints = [models.UniqueConstraint(fields=["own", "direction", "order", "peer"], name="erasure_duty_once")]
        indexes = [models.Index(fields=["own", "due_at"], name="erasure_duty_due", condition=models.Q(answer=""))]


class ErasureHold(models.Model):
    """A record of an authority elsewhere that one here must keep by law, whatever its owner orders. Ids only."""

    id = models.BigAutoField(primary_key=True)
    own = models.CharField(max_length=_CODE)
    record = models.CharField(max_length=32)
    because = models.CharField(max_length=40)  # a code of the closed list
    officer = models.CharField(max_length=128)
    at = models.DateTimeField()
    until = models.DateField()

    class Meta:
        db_table = "erasure_hold"
        constraints = [models.UniqueConstraint(fields=["own", "record"], name="erasure_hold_once")]


class ErasureWaiting(models.Model):
    """An order to erase that a person must answer, because what it names is kept by law here. Ids only."""

    id = models.BigAutoField(primary_key=True)
    own = models.CharField(max_length=_CODE)
    order = models.CharField(max_length=300)
    peer = models.CharField(max_length=_CODE)
    owner = models.CharField(max_length=_CODE)
    ground = models.CharField(max_length=200)
    targets = models.JSONField(default=list)
    at = models.DateTimeField()
    answer = models.CharField(max_length=8, default="")
    officer = models.CharField(max_length=128, default="")

    class Meta:
        db_table = "erasure_waiting"
        constraints = [models.UniqueConstraint(fields=["own", "order", "peer"], name="erasure_waiting_once")]


class ExchangeStart(models.Model):
    """That the exchange of this node began anew from a backup; streams of messages are named by it from then on."""

    id = models.BigAutoField(primary_key=True)
    number = models.IntegerField(unique=True)  # by chance: the same backup may be restored twice
    at = models.DateTimeField()
    renewed = models.JSONField(default=list)  # the authorities that have published new keys since

    class Meta:
        db_table = "exchange_start"


class PeerHead(models.Model):
    """A seal of another node's ledger that was found to lead on from the one before."""

    id = models.BigAutoField(primary_key=True)
    own = models.CharField(max_length=_CODE)
    origin = models.CharField(max_length=200)
    size = models.BigIntegerField()
    root = models.BinaryField()
    at = models.DateTimeField()
    signature = models.BinaryField()
    key_id = models.CharField(max_length=80)
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "peer_head"
        constraints = [models.UniqueConstraint(fields=["own", "origin", "size"], name="peer_head_once")]


class Cosignature(models.Model):
    """What a peer knows of our own ledger, with its countersignature."""

    id = models.BigAutoField(primary_key=True)
    own = models.CharField(max_length=_CODE)
    peer = models.CharField(max_length=_CODE)
    origin = models.CharField(max_length=200)
    size = models.BigIntegerField()
    at = models.DateTimeField()
    signature = models.BinaryField()
    key_id = models.CharField(max_length=80)

    class Meta:
        db_table = "cosignature"
        constraints = [models.UniqueConstraint(fields=["own", "peer", "origin"], name="cosignature_once")]


class Promise(models.Model):
    """A line of a ledger that a receipt promised and that was not proven yet."""

    id = models.BigAutoField(primary_key=True)
    own = models.CharField(max_length=_CODE)
    direction = models.CharField(max_length=8)  # given, got
    peer = models.CharField(max_length=_CODE)
    message_id = models.CharField(max_length=64)
    origin = models.CharField(max_length=200)
    index = models.BigIntegerField()
    leaf = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "promise"
        constraints = [models.UniqueConstraint(fields=["own", "direction", "peer", "message_id"], name="promise_once")]
        indexes = [models.Index(fields=["own", "direction", "peer", "index"], name="promise_index")]


class WitnessAlarm(models.Model):
    """Something about a peer that a person must look at: a ledger that was changed, a promise not kept, silence."""

    id = models.BigAutoField(primary_key=True)
    own = models.CharField(max_length=_CODE)
    peer = models.CharField(max_length=_CODE)
    kind = models.CharField(max_length=40)
    evidence = models.BinaryField(default=b"")
    at = models.DateTimeField()
    seen = models.BooleanField(default=False)

    class Meta:
        db_table = "witness_alarm"
        indexes = [models.Index(fields=["own", "peer"], name="witness_alarm_peer")]


class StatementProof(models.Model):
    """Where a statement of another node's authority stands in the contribution that its owner signed, and the path."""

    id = models.BigAutoField(primary_key=True)
    statement_id = models.BigIntegerField(unique=True)
    path = models.BinaryField()

    class Meta:
        db_table = "statement_proof"
