"""Standing questions: a kept question that is asked again until a day, and of which things its officer was told."""

from django.db import models


class StandingQuestion(models.Model):
    """One officer's standing question. What is asked lies in the piece of work; here are only grounds and times."""

    id = models.BigAutoField(primary_key=True)
    reference = models.CharField(max_length=32, unique=True)
    piece = models.CharField(max_length=32)
    authority = models.CharField(max_length=64)
    officer = models.CharField(max_length=128)
    grounds = models.BinaryField()  # sealed: purpose, case, legal ground, justification
    field_key = models.CharField(max_length=32)
    made_at = models.DateTimeField()
    until = models.CharField(max_length=10)
    ended_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    asked_with = models.CharField(max_length=64, default="")  # how far the tables and the rights went then

    class Meta:
        db_table = "standing_question"
        indexes = [models.Index(fields=["officer"], name="standing_question_officer")]


class StandingAnswer(models.Model):
    """A thing (the public id of a record) of which the officer of a standing question was told, so that it is once."""

    id = models.BigAutoField(primary_key=True)
    standing = models.ForeignKey(StandingQuestion, on_delete=models.CASCADE)
    record = models.CharField(max_length=32)
    told_at = models.DateTimeField()
    seen = models.BooleanField(default=False)

    class Meta:
        db_table = "standing_answer"
        constraints = [models.UniqueConstraint(fields=["standing", "record"], name="standing_answer_once")]
