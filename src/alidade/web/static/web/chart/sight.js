// What of a chart is in sight: what was hidden and what the filters hide is left out. The server has the same rule.

import { ORDER } from './signs.js'

/**
 * @typedef {{id: string, type: string, word: string, label: string, owners: string[], ownerNames: string[],
 *   codes: string, classification: string, x: number|null, y: number|null, start: boolean, group: string,
 *   notes: string[], address: string, records: string[], flat: boolean}} Thing
 * @typedef {{id: string, kind: string, label: string, source: string, target: string, directed: boolean,
 *   grade: string, firm: string, from: string, to: string, owners: string[], ownerNames: string[], codes: string,
 *   notes: string[]}} Tie
 * @typedef {{node: string, key: string, label: string, count: number, kinds: [string, number][], open: boolean,
 *   x: number|null, y: number|null}} Group
 * @typedef {{source: string, target: string, count: number, firm: string}} Bundle
 * @typedef {{state: any, things: Thing[], ties: Tie[], groups: Group[], bundles: Bundle[],
 *   hidden: {id: string, label: string}[], symbols: Record<string, string>, cut: boolean, classification: string}} Chart
 * @typedef {{things: Thing[], ties: Tie[], groups: Group[], bundles: Bundle[]}} Sight
 */

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
  return [...found.values()].sort((one, other) => other.count - one.count || one.label.localeCompare(other.label))
}
