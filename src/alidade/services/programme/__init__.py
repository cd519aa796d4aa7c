"""The follow-up of measures: papers, what authorities say of each measure, rounds of questions, and reports."""
