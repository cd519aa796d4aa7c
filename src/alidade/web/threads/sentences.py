"""Sentences of the exchange that use cases hand over as plain objects, so that they are translated like all others."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

# What is wrong with a step, and what to do about it; and why a step is without effect.
SENTENCES: Final = (
    gettext_noop("The form has no such field."),
    gettext_noop("Leave it out."),
    gettext_noop("A reason from the list is required."),
    gettext_noop("Words of explanation are required."),
    gettext_noop("A message needs words, a file or a record."),
    gettext_noop("The language is not in the list."),
    gettext_noop("This authority is not in the directory."),
    gettext_noop("There is no hit like this."),
    gettext_noop("A file is not here, or not checked yet."),
    gettext_noop("There are too many files."),
    gettext_noop("Your authority made no check like this."),
    gettext_noop("The thread has no such step to translate."),
    gettext_noop("This is not asked here."),
    gettext_noop("Leave it empty."),
    gettext_noop("An answer is required."),
    gettext_noop("Fill it in."),
    gettext_noop("Only one answer is possible."),
    gettext_noop("Give one."),
    gettext_noop("With this answer the form cannot be sent."),
    gettext_noop("Read the explanation of the field."),
    gettext_noop("The answer is yes or no."),
    gettext_noop("Choose one of the two."),
    gettext_noop("Write or choose an answer."),
    gettext_noop("This is not a number."),
    gettext_noop("Write figures, with a point before decimals."),
    gettext_noop("Shorten it."),
    gettext_noop("This is not a day."),
    gettext_noop("Write it as year-month-day, such as 2026-11-22."),
    gettext_noop("This is not a day and time."),
    gettext_noop("Choose day and time."),
    gettext_noop("This is not a reference."),
    gettext_noop("Choose it from the list."),
    gettext_noop("This is not an authority."),
    gettext_noop("This is not in the list."),
    gettext_noop("Choose from the list."),
    gettext_noop("Only one line is possible."),
    gettext_noop("Write it in one line."),
    gettext_noop("The thread had moved on when this step met it."),
    gettext_noop("The part that this authority plays does not include this step."),
    gettext_noop("A reason from the closed list is missing."),
    gettext_noop("The words of explanation are missing."),
    gettext_noop("The approval of a second officer is missing."),
    gettext_noop("This authority is not a party to the thread."),
    gettext_noop("It does not follow the first step of the thread."),
    gettext_noop("The first step does not fit the procedure."),
    gettext_noop("It had been done already."),
    gettext_noop("Its author had already used this number for another step."),
    gettext_noop("Steps that its author had seen are not here yet."),
)
