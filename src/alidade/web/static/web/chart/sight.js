// What of a chart is in sight: what was hidden and what the filters hide is left out. The server has the same rule.

import { ORDER } from './signs.js'

/** The order of texts; one for all, since to make it takes longer than to use it. */
export const inOrder = new Intl.Collator(document.documentElement.lang || undefined)

/**
 * @typedef {{id: string, type: string, word: string, label: string, owners: string[], ownerNames: string[],
 *   codes: string, classification: string, x: number|null, y: number|null, start: boolean, group: string,
 *   address: string}} Thing
 * @typedef {{id: string, kind: string, label: string, source: string, target: string, directed: boolean,
 *   grade: string, firm: string, from: string, to: string, owners: string[], ownerNames: string[], codes: string}} Tie
 * @typedef {{node: string, key: string, label: string, count: number, kinds: [string, number][], open: boolean,
 *   x: number|null, y: number|null}} Group
 * @typedef {{source: string, target: string, count: number, firm: string}} Bundle
 * @typedef {{state: any, things: Thing[], ties: Tie[], groups: Group[], bundles: Bundle[],
 *   hidden: {id: string, label: string}[], symbols: Record<string, string>, cut: boolean, classification: string}} Chart
 * @typedef {{things: Thing[], ties: Tie[], groups: Group[], bundles: Bundle[]}} Sight
 */

/**
 * A chart as the server sent it, with what it says once in every place where it is read.
 * @param {any} sent @param {string} address of the page of a thing, with 32 zeros in place of its reference
 * @returns {Chart}
 */
export function unpacked (sent, address) {
  if (!sent) return sent
  const owners = (/** @type {number[]} */ numbers = [], /** @type {number} */ part) => numbers.map(each => sent.owners[each][part])
  const things = sent.things.map(/** @param {any} each */ each => ({
    codes: '', start: false, group: '', x: null, y: null, ...each, word: sent.words[each.type] ?? each.type,
    owners: owners(each.owners, 0), ownerNames: owners(each.owners, 1), address: address.replace('0'.repeat(32), each.id),
  }))
  const ties = sent.ties.map(/** @param {any} each */ each => ({
    directed: false, grade: '', from: '', to: '', codes: '', ...each, label: sent.labels[each.label],
    source: sent.things[each.source].id, target: sent.things[each.target].id,
    owners: owners(each.owners, 0), ownerNames: owners(each.owners, 1),
  }))
  return { ...sent, things, ties }
}

/**
 * @param {Chart} chart @param {any} state
 * @returns {Sight}
 */
export function inSight (chart, state) {
  const hidden = new Set((state.hidden ?? []).map(/** @param {any} each */ each => each.record))
  const filters = state.filters ?? {}
  const types = new Set(filters.things ?? [])
  const kinds = new Set(filters.kinds ?? [])
  const owners = new Set(filters.owners ?? [])
  const least = filters.least ? ORDER.indexOf(filters.least) : ORDER.length
  const near = chart.things.filter(thing => !hidden.has(thing.id))
  const there = new Set(near.map(thing => thing.id))
  const every = chart.ties.filter(tie => there.has(tie.source) && there.has(tie.target))
  const stay = near.filter(thing => !types.has(thing.type) && !(thing.owners.length && thing.owners.every(one => owners.has(one))))
  const staying = new Set(stay.map(thing => thing.id))
  const ties = every.filter(tie => staying.has(tie.source) && staying.has(tie.target) && !kinds.has(tie.kind) &&
    ORDER.indexOf(tie.firm) <= least && inTime(tie, filters.since ?? '', filters.until ?? '') &&
    !tie.owners.every(one => owners.has(one)))
  const tied = ends(every)
  const still = ends(ties)
  const things = stay.filter(thing => still.has(thing.id) || !tied.has(thing.id) || thing.start)
  return { things, ties, groups: chart.groups, bundles: chart.bundles }
}

/** @param {Tie[]} ties */
function ends (ties) {
  const found = new Set()
  for (const tie of ties) { found.add(tie.source); found.add(tie.target) }
  return found
}

/** @param {Tie} tie @param {string} since @param {string} until */
function inTime (tie, since, until) {
  const ended = tie.to || tie.from
  const began = tie.from || tie.to
  return !(ended && since && ended < since.slice(0, ended.length)) && !(began && until && began.slice(0, until.length) > until)
}

/** The first and last day of the ties, or null where none has a date. @param {Chart} chart */
export function span (chart) {
  let first = ''
  let last = ''
  for (const tie of chart.ties) {
    for (const day of [tie.from, tie.to]) {
      if (!day) continue
      const full = (day + '-01-01').slice(0, 10)
      if (!first || full < first) first = full
      if (!last || full > last) last = full
    }
  }
  return first && first < last ? [first, last] : null
}

/**
 * How many of each there are, most first.
 * @template T
 * @param {Iterable<T>} every @param {(each: T) => [string, string][]} keys
 * @returns {{key: string, label: string, count: number}[]}
 */
export function counted (every, keys) {
  const found = new Map()
  for (const each of every) {
    for (const [key, label] of keys(each)) {
      const held = found.get(key) ?? { key, label, count: 0 }
      held.count += 1
      found.set(key, held)
    }
  }
  return [...found.values()].sort((one, other) => other.count - one.count || inOrder.compare(one.label, other.label))
}
