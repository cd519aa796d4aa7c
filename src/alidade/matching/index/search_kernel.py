"""The search of one segment, in compiled code.

1. Each word of the question is led to the words of the segment that agree with it: the same, within one or two slips,
   of the same group of spellings, of the same sound, two written as one, one written as two, an initial.
2. The lists of units of these words are read, the shortest first. What a unit can score at best is known before it is
   looked at (how much of the question the lists not yet read can hold, how heavy the unit is), so that tails and whole
   lists fall away.
3. What remains is scored in full, and the best are kept.

Which units are found depends on nothing but the question and the unit: bounds only leave out what cannot be among the
best. So a search with rights gives what a search without them would give after a filter.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

from alidade.matching.index.segment import WEIGHT_CLASSES
from alidade.matching.index.unit_kernel import (
    TINY,
    Room,
    first_row,
    full_score,
    keep,
    last_class,
    limits_of,
    most_score,
    ranked,
)
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
#: Lists of one word this many times longer than those of all others together are not marked.
_FAR_LONGER: Final = 8.0
#: So many units are asked for before the first of them is looked at.
_AHEAD: Final = 32
#: What the second turn looks for: scores from here.
_GOOD: Final = 0.65
#: By how much the bar must rise before the limits are worked out anew.
_RAISED: Final = 0.02


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
    rows = np.empty((3, MOST_LETTERS + 2), np.int32)
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
def _weigh_lists(seg, work, n, count, single, found, singles, firsts, seconds, kind, heaviest, sizes, masks):
    """Fill in, for each word of the question, its heaviest counterpart by kind of name and how long its lists are.

    masks  for each entry the words of the question it may stand for, as bits
    """
    for place in range(count):
        word = np.int64(work.entry[place])
        size = seg.posting_start[word + 1] - seg.posting_start[word]
        masks[place] = 0
        for asked in range(n):
            if work.bound[place, asked] <= 0.0:
                continue
            masks[place] |= 1 << asked
            for thing in range(4):
                heaviest[thing, asked] = max(heaviest[thing, asked], seg.weight[thing, word])
            if work.driver[place, asked] == 1:
                sizes[asked] += size
    for asked in range(n):
        for thing in range(4):
            if single[asked] > 0:
                heaviest[thing, asked] = max(heaviest[thing, asked], _HEAVIEST)
            for k in range(found):
                if kind[k] == 1 and singles[k] == asked:
                    both = seg.weight[thing, firsts[k]] + seg.weight[thing, seconds[k]]
                    heaviest[thing, asked] = max(heaviest[thing, asked], both)


@njit(cache=True, nogil=True)
def _mark_lists(seg, work, masks, order, ranks, count, unmarked, first, marked):
    """Mark every unit with the words in whose lists it stands, and list those of several; -1 where there is no room.

    first, marked  units from here to there are marked
    """
    several = np.int64(0)
    mark = work.mark
    for rank in range(count):
        place = order[rank]
        if ranks[place] >= 9.0:
            break
        if masks[place] == unmarked:
            continue
        word = np.int64(work.entry[place])
        last = seg.posting_start[word + 1]
        bits = np.uint16(masks[place])
        for at in range(first_at_least(seg.postings, seg.posting_start[word], last, first), last):
            unit = np.int64(seg.postings[at])
            if unit >= marked:
                break
            before = mark[unit]
            after = before | bits
            mark[unit] = after
            if before & (before - 1) == 0 and after & (after - 1) != 0:
                if several >= work.several.shape[0]:
                    # The search ends here for want of room, and no mark may outlive it.
                    mark[:] = 0
                    return np.int64(-1)
                work.several[several] = unit
                several += 1
    return several


@njit(cache=True, nogil=True)
def _wipe_marks(seg, work, masks, order, ranks, count, unmarked, first, marked):
    """Take away what _mark_lists marked."""
    for rank in range(count):
        place = order[rank]
        if ranks[place] >= 9.0:
            break
        if masks[place] == unmarked:
            continue
        word = np.int64(work.entry[place])
        last = seg.posting_start[word + 1]
        for at in range(first_at_least(seg.postings, seg.posting_start[word], last, first), last):
            unit = np.int64(seg.postings[at])
            if unit >= marked:
                break
            work.mark[unit] = 0


@njit(cache=True, nogil=True)
def _last_class_of_list(n, assumed, own, weights, heaviest, weight, credit, least, scale, doubt, found, kind, singles):
    """The first class of weight in which no unit of a list can reach `least` by this list's word alone.

    assumed  words of the question that may be met: those of the list (own) and those that are not marked
    weight, credit  of the list's word
    """
    held, lacking, other = 0.0, 0.0, 0.0
    for asked in range(n):
        if assumed >> asked & 1 == 0:
            lacking += weights[asked]
            continue
        held += weights[asked]
        if own >> asked & 1 == 0:
            other += heaviest[asked]
    one = weight
    for k in range(found):
        # A word of the question written as two: the list's word is only one of them.
        if kind[k] == 1 and own >> singles[k] & 1 == 1:
            one = max(one, heaviest[singles[k]])
    loss = (1.0 - min(1.0, credit)) * weight
    return last_class(held, lacking, other + one, loss, least, scale, doubt)


@njit(cache=True, nogil=True)
def _read_lists(seg, number, n, x, xs, weights, things, floor, allowed, dead, scales, work, best, count, found,
                singles, firsts, seconds, worth, kind):  # fmt: skip
    """Mark in which lists each unit stands, then look at those that stand in enough of them."""
    single = np.zeros(n, np.uint8)
    initials, always = False, 0
    for asked in range(n):
        if xs[asked + 1] - xs[asked] == 1 and x[xs[asked]] >= 97:
            single[asked] = x[xs[asked]]
            initials = True
            always |= 1 << asked
    sizes, heaviest = np.zeros(n), np.zeros((4, n))
    masks, order = np.empty(count, np.int64), np.empty(count, np.int64)
    _weigh_lists(seg, work, n, count, single, found, singles, firsts, seconds, kind, heaviest, sizes, masks)
    # Where one word of the question has nearly all that is to be read, its lists are not marked: whether a unit holds
    # it is seen when the unit is looked at, and of its own lists only the light units are read.
    longest = 0
    for asked in range(n):
        if sizes[asked] > sizes[longest]:
            longest = asked
    unmarked = 1 << longest if n > 1 and sizes[longest] > _FAR_LONGER * (sizes.sum() - sizes[longest]) else 0
    if work.clock[1] >= 65535:
        work.stamp[:] = 0
        work.clock[1] = 0
    work.clock[1] += 1
    epoch = np.uint16(work.clock[1])
    room = Room(
        np.zeros((n, MOST_WORDS)), np.zeros(MOST_WORDS), np.empty((16, 2), np.int32), np.empty((16, 2), np.int32),
        np.empty(16), np.empty(n, np.int32), np.empty(MOST_WORDS, np.int32),
    )  # fmt: skip
    x_best, limits = np.empty(n), np.empty(1 << n, np.int64)
    slot, bound, credit, stamp, mark = work.slot, work.bound, work.credit, work.stamp, work.mark
    unit_start, unit_word, postings = seg.unit_start, seg.unit_word, seg.postings
    record, unit_handling = seg.record, seg.unit_handling
    has_rights = allowed.shape[0] > 0
    doubt, size = scales.word[10], best.score.shape[0]
    ranks = np.empty(count)
    for place in range(count):
        top, leads = 0.0, False
        for asked in range(n):
            top = max(top, work.bound[place, asked])
            leads = leads or work.driver[place, asked] == 1
        word = np.int64(work.entry[place])
        # The best agreements first, the shorter lists first: good answers raise the bar for what follows.
        ranks[place] = -top + 1e-9 * (seg.posting_start[word + 1] - seg.posting_start[word]) if leads else 9.0
    ranked(ranks, order, count)
    son, son_word = son_place(x, xs, n), np.int64(-1)
    if son >= 0:
        son_word = word_of(seg, bits_of(seg), x, xs[son], xs[son + 1])
    queue, begins, ends = np.empty(_AHEAD, np.int64), np.empty(_AHEAD, np.int64), np.empty(_AHEAD, np.int64)
    whole = (1 << n) - 1
    touched = np.int64(0)
    looked = np.int64(0)
    for thing in range(4):
        classes = seg.class_start[thing]
        if things[thing] == 0 or classes[0] == classes[WEIGHT_CLASSES]:
            continue
        weight, scale, asked_weights = seg.weight[thing], scales.thing[thing], weights[thing]
        least = floor
        if best.held[0] == size and best.score[0] > floor:
            least = best.score[0]
        bar = least
        limits_of(n, asked_weights, heaviest[thing], bar, scale, doubt, classes, limits)
        marked = limits[whole]
        several = _mark_lists(seg, work, masks, order, ranks, count, unmarked, classes[0], marked)
        if several < 0:
            return np.int64(-1)
        # First the units that stand in the lists of every word, then those of several that may be good, then all of
        # several, then those of one, of which only light ones can reach the bar. Each turn raises the bar for the next.
        for turn in range(3 + count):
            assumed = np.int64(always | unmarked)
            if turn < 3:
                source = work.several[:several]
                end = marked
                if turn > 0:
                    bar = max(least, _GOOD if turn == 1 else floor)
                    limits_of(n, asked_weights, heaviest[thing], bar, scale, doubt, classes, limits)
            else:
                place = order[turn - 3]
                if ranks[place] >= 9.0:
                    break
                word = np.int64(work.entry[place])
                last = seg.posting_start[word + 1]
                source = postings[first_at_least(postings, seg.posting_start[word], last, classes[0]) : last]
                assumed |= masks[place]
                top = 0.0
                for asked in range(n):
                    top = max(top, bound[place, asked])
                end = classes[
                    _last_class_of_list(
                        n, assumed, masks[place], asked_weights, heaviest[thing], np.float64(weight[word]), top, bar,
                        scale, doubt, found, kind, singles,
                    )
                ]  # fmt: skip
            at, last = 0, source.shape[0]
            while at < last:
                ahead = 0
                while at < last and ahead < _AHEAD:
                    unit = np.int64(source[at])
                    if turn >= 3 and unit >= end:
                        last = at
                        break
                    at += 1
                    met = np.int64(mark[unit]) | assumed
                    if unit >= limits[met] or (turn == 0 and met != whole) or stamp[unit] == epoch:
                        continue
                    if has_rights and allowed[unit_handling[unit]] == 0:
                        continue
                    stamp[unit] = epoch
                    queue[ahead] = unit
                    ahead += 1
                # Memory is slow to answer and answers many at once: ask for all before the first is needed.
                for step in range(ahead):
                    begins[step] = unit_start[queue[step]]
                    ends[step] = min(unit_start[queue[step] + 1], begins[step] + MOST_WORDS)
                for step in range(ahead):
                    touched += unit_word[begins[step]]
                looked += ahead
                for step in range(ahead):
                    words = unit_word[begins[step] : ends[step]]
                    most = most_score(
                        words, slot, bound, weight, asked_weights, n, record, single, initials, x_best,
                        scale, scales.word,
                    )  # fmt: skip
                    if most + TINY < least:
                        continue
                    score = full_score(
                        words, slot, credit, weight, asked_weights, n, record, single, found, singles,
                        firsts, seconds, worth, kind, room, son, son_word, scale, scales.word,
                    )  # fmt: skip
                    if score < floor:
                        continue
                    unit = queue[step]
                    row = first_row(seg.row_start[unit], seg.row_start[unit + 1], seg.rows, dead)
                    if row >= 0:
                        keep(best, score, row, number, unit)
                        if best.held[0] == size and best.score[0] > least:
                            least = best.score[0]
            if turn >= 3 and least > bar + _RAISED:
                bar = least
                limits_of(n, asked_weights, heaviest[thing], bar, scale, doubt, classes, limits)
        _wipe_marks(seg, work, masks, order, ranks, count, unmarked, classes[0], marked)
    best.held[1] = touched
    return looked
