"""The search of one segment, in compiled code.

1. Each word of the question is led to the words of the segment that agree with it: the same, within one or two slips,
   of the same group of spellings, of the same sound, two written as one, one written as two, an initial.
2. The lists of units of these words are read once, block by block of units, and each unit is marked with how well it
   meets each word of the question and what the words met weigh. With its own weight that bounds its score, so that
   all but a few units, and the tails of most lists, fall away unseen.
3. What remains is looked at, the most promising first, and scored in full, until nothing left can be among the best.

Which units are found depends on nothing but the question and the unit: bounds only leave out what cannot be among the
best. So a search with rights gives what a search without them would give after a filter.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

from alidade.matching.index.bound_kernel import (
    ANY_WEIGHT,
    MOST_STEPS,
    REMEMBERED,
    TINY,
    Bounds,
    Known,
    limit_of_mark,
    memory_place,
    most_of_mark,
    step_bits,
    step_of,
    steps_of,
    tops_of,
    weight_bits,
)
from alidade.matching.index.segment import WEIGHT_CLASSES
from alidade.matching.index.unit_kernel import Room, first_row, full_score, keep, most_score
from alidade.matching.index.wording_kernel import (
    MOST_ASKED,
    MOST_TOGETHER,
    bits_of,
    expand,
    first_at_least,
    word_of,
    written_together,
)
from alidade.matching.name_kernel import son_place, unpack
from alidade.matching.word_kernel import MOST_LETTERS
from alidade.matching.words import MOST_GROUPS, MOST_WORDS

#: No word weighs more than this.
_HEAVIEST: Final = 1.3
#: So many units are asked for before the first of them is looked at.
_AHEAD: Final = 32
#: Units are looked at in this many turns by what they can score at most.
_TURNS: Final = 128


@njit(cache=True, nogil=True)
def search_segment(seg, number, packed, things, floor, allowed, dead, strength, scales, work, best):
    """Search a segment and keep the best units; returns how many units were looked at, -1 where the room is too small.

    number   of the segment, kept with each unit
    packed   the question (see words.packed)
    things   uint8 (4): which kinds of name are asked for
    floor    least score kept
    allowed  uint8 by place in seg.handlings; empty for no rights
    dead     uint8 by place in seg.rows; empty where nothing was removed
    """
    room = MOST_WORDS
    x = np.empty(room * MOST_LETTERS, np.uint8)
    xs = np.empty(room + 1, np.int32)
    sounds, lengths = np.empty(room, np.int64), np.empty(room, np.int64)
    known, many = np.empty(room, np.uint8), np.empty(room, np.int32)
    weights, groups = np.empty((4, room)), np.empty((room, MOST_GROUPS), np.int32)
    n = min(unpack(packed, x, xs, sounds, lengths, known, weights, groups, many), MOST_ASKED)
    rows = np.empty((5, MOST_LETTERS + 2), np.int32)
    keys = np.empty(256, np.uint64)
    joined = np.empty(2 * MOST_LETTERS, np.uint8)
    singles, firsts = np.empty(MOST_TOGETHER, np.int64), np.empty(MOST_TOGETHER, np.int64)
    seconds, kind = np.empty(MOST_TOGETHER, np.int64), np.empty(MOST_TOGETHER, np.int64)
    worth = np.empty(MOST_TOGETHER)
    bits = bits_of(seg)
    work.clock[2] = 0
    looked, found = np.int64(-1), np.int64(-1)
    if expand(seg, work, bits, n, x, xs, sounds, lengths, known, groups, many, strength, scales, rows, keys):
        found = written_together(
            seg, work, bits, n, x, xs, scales, rows, keys, joined, singles, firsts, seconds, worth, kind
        )
    if found >= 0:
        looked = _read_lists(seg, number, n, x, xs, weights, things, floor, allowed, dead, scales, work, best,
                             work.clock[2], found, singles, firsts, seconds, worth, kind)  # fmt: skip
    for place in range(work.clock[2]):
        work.slot[work.entry[place]] = 0
    return looked


@njit(cache=True, nogil=True)
def _weigh_words(
    seg, work, n, count, steps, single, initial, found, singles, firsts, seconds, worth, kind, heavy, most
):
    """Fill in how heavy the counterparts of each word of the question are, by kind of name and step.

    most  filled with the most credit of each step
    """
    for place in range(count):
        word = np.int64(work.entry[place])
        for asked in range(n):
            credit = np.float64(work.bound[place, asked])
            if credit <= 0.0:
                continue
            step = step_of(credit, steps)
            most[step] = max(most[step], credit)
            for thing in range(4):
                heavy[thing, asked, step] = max(heavy[thing, asked, step], np.float64(seg.weight[thing, word]))
    for k in range(found):
        if kind[k] == 1:
            step = step_of(worth[k], steps)
            most[step] = max(most[step], worth[k])
            for thing in range(4):
                both = np.float64(seg.weight[thing, firsts[k]]) + np.float64(seg.weight[thing, seconds[k]])
                heavy[thing, singles[k], step] = max(heavy[thing, singles[k], step], both)
    for asked in range(n):
        if single[asked] > 0:
            step = step_of(initial, steps)
            most[step] = max(most[step], initial)
            for thing in range(4):
                heavy[thing, asked, step] = max(heavy[thing, asked, step], _HEAVIEST)
        for thing in range(4):
            for step in range(1, steps + 1):
                heavy[thing, asked, step] = max(heavy[thing, asked, step], heavy[thing, asked, step - 1])


@njit(cache=True, nogil=True)
def _weigh_partners(seg, work, found, firsts, seconds, kind, partner):
    """Fill in for each entry what the word weighs that stands beside it where one of the question is written as two."""
    for k in range(found):
        if kind[k] != 1:
            continue
        for thing in range(4):
            first, second = work.slot[firsts[k]] - 1, work.slot[seconds[k]] - 1
            partner[thing, first] = max(partner[thing, first], np.float64(seg.weight[thing, seconds[k]]))
            partner[thing, second] = max(partner[thing, second], np.float64(seg.weight[thing, firsts[k]]))


@njit(cache=True, nogil=True)
def _marks_of_lists(work, n, count, steps, marks):
    """For each entry what it adds to the mark of a unit; 0 for those whose lists are not read. Returns all together."""
    whole = np.int64(0)
    for place in range(count):
        mark, leads = np.int64(0), False
        for asked in range(n):
            if work.bound[place, asked] > 0.0:
                mark |= step_bits(asked, step_of(np.float64(work.bound[place, asked]), steps), steps)
                leads = leads or work.driver[place, asked] == 1
        marks[place] = mark if leads else 0
        whole |= marks[place]
    return whole


@njit(cache=True, nogil=True)
def _open_lists(seg, work, bounds, marks, partner, weight, count, whole, least, known, lists):
    """Find for each list the part in which a unit can reach `least`.

    lists  int64 (4, count): filled with first place, last place, steps and weight for the mark of its units
    Returns how many lists there are, and the unit after the last of all.
    """
    first, end = bounds.classes[0], 0
    opened = np.int64(0)
    n, steps = bounds.weights.shape[0], bounds.steps
    field = np.int64((1 << steps) - 1)
    for place in range(count):
        bits = marks[place]
        if bits == 0:
            continue
        # At best every other word of the question is met as well as any is.
        met = whole
        for asked in range(n):
            own = field << (asked * steps)
            if bits & own:
                met &= ~own
        met |= bits | ANY_WEIGHT
        at = memory_place(met)
        if known.seen[at] != met:
            known.seen[at], known.limits[at] = met, limit_of_mark(bounds, met, least, known.counterparts)
        limit = known.limits[at]
        word = np.int64(work.entry[place])
        start, last = seg.posting_start[word], seg.posting_start[word + 1]
        if first > 0:
            start = first_at_least(seg.postings, start, last, first)
        last = first_at_least(seg.postings, start, last, limit)
        if start == last:
            continue
        end = max(end, int(seg.postings[last - 1]) + 1)
        lists[0, opened], lists[1, opened] = start, last
        lists[2, opened], lists[3, opened] = bits, weight_bits(np.float64(weight[word]) + partner[place])
        opened += 1
    return opened, end


@njit(cache=True, nogil=True)
def _mark_block(postings, lists, opened, base, mark, marked):
    """Mark the units of a block, from `base` on; returns how many, and how many lists go on behind it."""
    many = np.uint64(0)
    end = base + mark.shape[0]
    place = 0
    while place < opened:
        at, last = np.uint64(lists[0, place]), np.uint64(lists[1, place])
        bits, more = np.uint32(lists[2, place]), np.uint32(lists[3, place])
        while at < last:
            unit = postings[at]
            if unit >= end:
                break
            within = np.uint64(unit - base)
            before = mark[within]
            mark[within] = (before | bits) + more
            marked[many] = within
            many += np.uint64(before == 0)
            at += np.uint64(1)
        lists[0, place] = at
        if at < last:
            place += 1
            continue
        opened -= 1
        for field in range(4):
            lists[field, place] = lists[field, opened]
    return many, opened


@njit(cache=True, nogil=True)
def _choose(work, bounds, base, many, allowed, unit_handling, least, known, turns, left):
    """Take the marks of a block away and choose the units that may reach `least`, with the turn of each.

    turns  counts the units of each turn, one place further on
    left   how many were chosen before; returns how many there are now
    """
    marked, mark, seen, limits = work.marked, work.mark, known.seen, known.limits
    has_rights = allowed.shape[0] > 0
    for at in range(np.uint64(many)):
        within = np.uint64(marked[at])
        met = mark[within]
        mark[within] = 0
        unit = base + np.int64(within)
        place = memory_place(met)
        if seen[place] != met:
            seen[place], limits[place] = met, limit_of_mark(bounds, np.int64(met), least, known.counterparts)
        if unit >= limits[place]:
            continue
        if has_rights and allowed[unit_handling[unit]] == 0:
            continue
        most = most_of_mark(bounds, np.int64(met), unit, known.counterparts)
        if most + TINY < least:
            continue
        turn = _TURNS - 1 - min(_TURNS - 1, int(most * _TURNS))
        work.chosen[left] = unit
        work.turn[left] = turn
        left += 1
        turns[turn + 1] += 1
    return left


@njit(cache=True, nogil=True)
def _line_up(work, left, turns):
    """Put the chosen units into the order of their turns; `turns` becomes the places where each turn ends."""
    for turn in range(_TURNS):
        turns[turn + 1] += turns[turn]
    for at in range(left):
        turn = work.turn[at]
        work.line[turns[turn]] = work.chosen[at]
        turns[turn] += 1


@njit(cache=True, nogil=True)
def _read_lists(seg, number, n, x, xs, weights, things, floor, allowed, dead, scales, work, best, count, found,
                singles, firsts, seconds, worth, kind):  # fmt: skip
    """Mark what each unit meets, then look at those that may be good, the most promising first."""
    steps = steps_of(n)
    single, initials, always, beside = np.zeros(n, np.uint8), False, 0, 0.0
    for asked in range(n):
        if xs[asked + 1] - xs[asked] == 1 and x[xs[asked]] >= 97:
            single[asked] = x[xs[asked]]
            initials = True
            beside += _HEAVIEST
            always |= int(step_bits(asked, step_of(scales.word[8], steps), steps))
    heavy, most = np.zeros((4, n, MOST_STEPS + 1)), np.zeros(MOST_STEPS + 1)
    _weigh_words(seg, work, n, count, steps, single, scales.word[8], found, singles, firsts, seconds, worth, kind,
                 heavy, most)  # fmt: skip
    marks = np.empty(count, np.int64)
    whole = _marks_of_lists(work, n, count, steps, marks)
    partner = np.zeros((4, count))
    _weigh_partners(seg, work, found, firsts, seconds, kind, partner)
    room = Room(
        np.zeros((n, MOST_WORDS)), np.zeros(MOST_WORDS), np.empty((16, 2), np.int32), np.empty((16, 2), np.int32),
        np.empty(16), np.empty(n, np.int32), np.empty(MOST_WORDS, np.int32),
    )  # fmt: skip
    x_best, turns, lists = np.empty(n), np.empty(_TURNS + 1, np.int64), np.empty((4, count), np.int64)
    known = Known(np.empty(REMEMBERED, np.int64), np.empty(REMEMBERED, np.int64), np.empty(MOST_STEPS + 1))
    top = np.empty(MOST_STEPS + 1)
    slot, bound, credit = work.slot, work.bound, work.credit
    unit_start, unit_word, record = seg.unit_start, seg.unit_word, seg.record
    size = best.score.shape[0]
    son, son_word = son_place(x, xs, n), np.int64(-1)
    if son >= 0:
        son_word = word_of(seg, bits_of(seg), x, xs[son], xs[son + 1])
    begins, ends = np.empty(_AHEAD, np.int64), np.empty(_AHEAD, np.int64)
    touched, looked = np.int64(0), np.int64(0)
    for thing in range(4):
        classes = seg.class_start[thing]
        if things[thing] == 0 or classes[0] == classes[WEIGHT_CLASSES]:
            continue
        weight, scale, asked_weights = seg.weight[thing], scales.thing[thing], weights[thing, :n]
        least = floor
        if best.held[0] == size and best.score[0] > floor:
            least = best.score[0]
        tops_of(steps, most, scale, scales.word[10], top)
        bounds = Bounds(steps, top, asked_weights, heavy[thing], always, beside, scale, scales.word[10], classes)
        known.seen[:] = -1
        turns[:] = 0
        left = np.int64(0)
        opened, end = _open_lists(seg, work, bounds, marks, partner[thing], weight, count, whole, least, known, lists)
        for base in range(classes[0], end, work.mark.shape[0]):
            many, opened = _mark_block(seg.postings, lists, opened, base, work.mark, work.marked)
            left = _choose(work, bounds, base, many, allowed, seg.unit_handling, least, known, turns, left)
        _line_up(work, left, turns)
        at = np.int64(0)
        while at < left:
            # Nothing that follows can score more than the turn of the first that is left.
            if _beyond(work, turns, at, least):
                break
            ahead = min(_AHEAD, int(left - at))
            # Memory is slow to answer and answers many at once: ask for all before the first is needed.
            for step in range(ahead):
                unit = np.int64(work.line[at + step])
                begins[step] = unit_start[unit]
                ends[step] = min(unit_start[unit + 1], begins[step] + MOST_WORDS)
            for step in range(ahead):
                touched += unit_word[begins[step]]
            looked += ahead
            for step in range(ahead):
                words = unit_word[begins[step] : ends[step]]
                reach = most_score(
                    words, slot, bound, weight, asked_weights, n, record, single, initials, x_best, scale, scales.word,
                )  # fmt: skip
                if reach + TINY < least:
                    continue
                score = full_score(
                    words, slot, credit, weight, asked_weights, n, record, single, found, singles,
                    firsts, seconds, worth, kind, room, son, son_word, scale, scales.word,
                )  # fmt: skip
                if score < floor:
                    continue
                unit = np.int64(work.line[at + step])
                row = first_row(seg.row_start[unit], seg.row_start[unit + 1], seg.rows, dead)
                if row >= 0:
                    keep(best, score, row, number, unit)
                    if best.held[0] == size and best.score[0] > least:
                        least = best.score[0]
            at += ahead
    best.held[1] = touched
    return looked


@njit(cache=True, nogil=True, inline="always")
def _beyond(work, turns, at, least):
    """Whether no unit of the line from a place on can reach `least`."""
    turn = 0
    while turns[turn] <= at:
        turn += 1
    return (_TURNS - turn) / _TURNS + TINY < least
