"""Matching: what makes two records speak of the same person, company, vessel or number.

`identifiers` reads numbers and addresses; `names` folds, indexes and compares names; `comparison` weighs all
evidence on two things and shows each share. Pure functions of their arguments and of the dated tables
in `data/`.
"""
