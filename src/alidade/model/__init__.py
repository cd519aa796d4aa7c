"""The words of the platform as immutable values: statement, handling, contribution, record, judgement.

Nothing here touches a disk, a network or a clock: time and chance come in through `ports`.
"""
