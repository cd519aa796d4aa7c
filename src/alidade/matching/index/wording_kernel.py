"""From the words of a question to the words of a segment that agree with them, in compiled code.

The same word; within one or two slips; of the same group of spellings; of the same sound; its initial; two written as
one, and one written as two.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from alidade.matching.index.segment_kernel import LETTERS, MOST_KEYS, RECORD, slip_keys
from alidade.matching.name_kernel import strongest_group
from alidade.matching.word_kernel import MOST_LETTERS, agreement, edit_cost, same_letters, word_hash_without

#: Words of a question that are searched with; what follows them is not looked for.
MOST_ASKED: Final = 12
#: Pairs of words written together that are followed up in one search.
MOST_TOGETHER: Final = 64


class Scratch(NamedTuple):
    """What a thread writes while it searches one segment; nothing in it outlives the search but its room.

    slot     int32 (V): place of a word among the entries, plus one; all 0 between searches
    seen     int32 (V): the last word of a question for which a word was looked at
    near     int32: words to be looked at for one word of the question
    mark     uint32 (B): what each unit of a block of B meets, see bound_kernel; all 0 between searches
    marked   int32 (B + 1): the units of a block that have a mark
    chosen   int32 (U): the units that may be good
    turn     uint8 (U): the turn of each of these
    line     int32 (U): these in the order of their turns
    clock    int64 (3): last used value of seen, a sum that keeps the compiler from leaving out reads made ahead of
             need, number of entries
    entry    int32 (E): words of the segment that agree with a word of the question
    credit   float32 (E, MOST_ASKED): how well, as a pair of words
    bound    float32 (E, MOST_ASKED): at most how well, words written together included
    driver   uint8 (E, MOST_ASKED): whether units are looked for in this word's list
    """

    slot: NDArray[np.int32]
    seen: NDArray[np.int32]
    near: NDArray[np.int32]
    mark: NDArray[np.uint32]
    marked: NDArray[np.int32]
    chosen: NDArray[np.int32]
    turn: NDArray[np.uint8]
    line: NDArray[np.int32]
    clock: NDArray[np.int64]
    entry: NDArray[np.int32]
    credit: NDArray[np.float32]
    bound: NDArray[np.float32]
    driver: NDArray[np.uint8]


@njit(cache=True, nogil=True)
def first_at_least(values, start, end, wanted):
    while start < end:
        middle = (start + end) // 2
        if values[middle] < wanted:
            start = middle + 1
        else:
            end = middle
    return start


@njit(cache=True, nogil=True)
def bits_of(seg):
    """How many high bits of a hash choose the bucket."""
    bits = 0
    while (1 << bits) + 1 < seg.slip_bucket.shape[0]:
        bits += 1
    return bits


@njit(cache=True, nogil=True)
def word_of(seg, bits, letters, start, end):
    """The word of the segment with these letters, or -1."""
    key = word_hash_without(letters, start, end, -1, -1)
    number = np.int64(key >> np.uint64(64 - bits))
    for place in range(seg.slip_bucket[number], seg.slip_bucket[number + 1]):
        if seg.slip_print[place] == np.uint32(key & np.uint64(0xFFFFFFFF)):
            word = np.int64(seg.slip_word[place])
            first = word * RECORD + LETTERS
            if same_letters(seg.record, first, first + seg.record[word * RECORD], letters, start, end):
                return word
    return np.int64(-1)


@njit(cache=True, nogil=True)
def _entry_of(work, word):
    """The place of a word among the entries, made where it has none; -1 where there is no room."""
    place = np.int64(work.slot[word]) - 1
    if place >= 0:
        return place
    count = work.clock[2]
    if count >= work.entry.shape[0]:
        return np.int64(-1)
    work.slot[word] = count + 1
    work.entry[count] = word
    for asked in range(MOST_ASKED):
        work.credit[count, asked] = 0.0
        work.bound[count, asked] = 0.0
        work.driver[count, asked] = 0
    work.clock[2] = count + 1
    return count


@njit(cache=True, nogil=True)
def _notice(work, word, count):
    """Put a word on the list of those to be looked at, once; -1 where there is no room."""
    if count < 0 or work.seen[word] == work.clock[0]:
        return count
    if count >= work.near.shape[0]:
        return np.int64(-1)
    work.seen[word] = work.clock[0]
    work.near[count] = word
    return count + 1


@njit(cache=True, nogil=True)
def _near(seg, work, bits, x, start, end, sound, length, groups, many, sound_classes, keys):
    """List the words of the segment that may agree with one of the question; returns their number, -1 without room.

    By slips, by groups of spellings, by sound, and the initial of the word.
    """
    work.clock[0] += 1
    count = np.int64(0)
    size = end - start
    letters = x[start] >= 97
    if letters:
        initial = word_of(seg, bits, x, start, start + 1)
        if initial >= 0:
            count = _notice(work, initial, count)
        if size == 1:
            # Every word that it begins is met when units are looked at.
            return count
    for probe in range(slip_keys(x, start, end, keys, MOST_KEYS)):
        number = np.int64(keys[probe] >> np.uint64(64 - bits))
        wanted = np.uint32(keys[probe] & np.uint64(0xFFFFFFFF))
        for place in range(seg.slip_bucket[number], seg.slip_bucket[number + 1]):
            if seg.slip_print[place] == wanted:
                count = _notice(work, np.int64(seg.slip_word[place]), count)
    for at in range(many):
        place = first_at_least(seg.member_group, 0, seg.member_group.shape[0], groups[at])
        if place < seg.member_group.shape[0] and seg.member_group[place] == groups[at]:
            for member in range(seg.member_start[place], seg.member_start[place + 1]):
                count = _notice(work, np.int64(seg.members[member]), count)
    if length >= sound_classes:
        place = first_at_least(seg.sound_code, 0, seg.sound_code.shape[0], sound)
        if place < seg.sound_code.shape[0] and seg.sound_code[place] == sound:
            for member in range(seg.sound_start[place], seg.sound_start[place + 1]):
                word = np.int64(seg.sounding[member])
                if abs(np.int64(seg.record[word * RECORD]) - size) <= 4:
                    count = _notice(work, word, count)
    return count


@njit(cache=True, nogil=True)
def expand(seg, work, bits, n, x, xs, sounds, lengths, known, groups, many, strength, scales, rows, keys):
    """Lead every word of the question to the words that agree with it; False where there is no room."""
    places, sounds_there = seg.record.view(np.int32), seg.record.view(np.int64)
    for asked in range(n):
        count = _near(
            seg, work, bits, x, xs[asked], xs[asked + 1], sounds[asked], lengths[asked], groups[asked], many[asked],
            scales.word[6], keys,
        )  # fmt: skip
        if count < 0:
            return False
        # Memory is slow to answer and answers many at once: ask for all before the first is needed.
        for at in range(count):
            work.clock[1] += seg.record[np.uint64(work.near[at]) * np.uint64(RECORD)]
        for at in range(count):
            word = np.int64(work.near[at])
            at_record = word * RECORD
            first = at_record + LETTERS
            of_groups = np.int64(seg.record[at_record + 3])
            shared = np.int64(0)
            if of_groups > 0 and many[asked] > 0:
                begin = np.int64(places[at_record // 4 + 1])
                own = seg.groups[begin : begin + of_groups]
                shared = strongest_group(groups[asked], many[asked], own, of_groups, strength)
            credit, _ = agreement(
                x, xs[asked], xs[asked + 1], seg.record, first, first + seg.record[at_record],
                sounds[asked], sounds_there[at_record // 8 + 1], lengths[asked], known[asked] == 1,
                seg.record[at_record + 1] == 1, shared,
                scales.word, scales.exchange, scales.gap, scales.edit, rows,
            )  # fmt: skip
            if credit <= 0.0:
                continue
            place = _entry_of(work, word)
            if place < 0:
                return False
            work.credit[place, asked] = credit
            work.bound[place, asked] = max(credit, work.bound[place, asked])
            work.driver[place, asked] = 1
    return True


@njit(cache=True, nogil=True)
def written_together(seg, work, bits, n, x, xs, scales, rows, keys, joined, singles, firsts, seconds, worth, kind):
    """Words written together: two of the question as one of the segment (kind 0), one as two (kind 1).

    singles, firsts, seconds: for kind 0 the word of the segment and two places of the question; for kind 1 the place
    of the question and two words of the segment. Returns how many; -1 where there is no room.
    """
    found = np.int64(0)
    for a in range(n):
        for b in range(n):
            if a == b or (n > 4 and abs(a - b) > 1):
                continue
            whole = xs[a + 1] - xs[a] + xs[b + 1] - xs[b]
            if whole < 4 or whole > MOST_LETTERS:
                continue
            at = 0
            for place in range(xs[a], xs[a + 1]):
                joined[at] = x[place]
                at += 1
            for place in range(xs[b], xs[b + 1]):
                joined[at] = x[place]
                at += 1
            probes = slip_keys(joined, 0, at, keys, whole + 1 if b == a + 1 and whole >= 8 else 1)
            work.clock[0] += 1
            for probe in range(probes):
                number = np.int64(keys[probe] >> np.uint64(64 - bits))
                wanted = np.uint32(keys[probe] & np.uint64(0xFFFFFFFF))
                for place in range(seg.slip_bucket[number], seg.slip_bucket[number + 1]):
                    word = np.int64(seg.slip_word[place])
                    if seg.slip_print[place] != wanted or work.seen[word] == work.clock[0]:
                        continue
                    work.seen[word] = work.clock[0]
                    first = word * RECORD + LETTERS
                    last = first + seg.record[word * RECORD]
                    if abs(last - first - at) > 1 or last - first < 4:
                        continue
                    cost = edit_cost(joined, 0, at, seg.record, first, last, scales.exchange, scales.gap, scales.edit,
                                     10, rows)  # fmt: skip
                    if cost > 10 or (cost > 0 and last - first < 8) or found >= MOST_TOGETHER:
                        continue
                    entry = _entry_of(work, word)
                    if entry < 0:
                        return np.int64(-1)
                    credit = scales.word[9] - cost / (10.0 * (last - first))
                    singles[found], firsts[found], seconds[found] = word, a, b
                    worth[found], kind[found] = credit, 0
                    found += 1
                    work.bound[entry, a] = max(work.bound[entry, a], credit)
                    work.bound[entry, b] = max(work.bound[entry, b], credit)
                    work.driver[entry, a] = 1
                    work.driver[entry, b] = 1
    for asked in range(n):
        for cut in range(2, xs[asked + 1] - xs[asked] - 1):
            middle = xs[asked] + cut
            left = word_of(seg, bits, x, xs[asked], middle)
            right = word_of(seg, bits, x, middle, xs[asked + 1]) if left >= 0 else np.int64(-1)
            if right < 0 or left == right or found >= MOST_TOGETHER:
                continue
            one, other = _entry_of(work, left), _entry_of(work, right)
            if one < 0 or other < 0:
                return np.int64(-1)
            singles[found], firsts[found], seconds[found] = asked, left, right
            worth[found], kind[found] = scales.word[9], 1
            found += 1
            work.bound[one, asked] = max(work.bound[one, asked], scales.word[9])
            work.bound[other, asked] = max(work.bound[other, asked], scales.word[9])
            # A unit must hold both: the shorter list leads to all of them.
            left_many = seg.posting_start[left + 1] - seg.posting_start[left]
            right_many = seg.posting_start[right + 1] - seg.posting_start[right]
            work.driver[one if left_many <= right_many else other, asked] = 1
    return found
