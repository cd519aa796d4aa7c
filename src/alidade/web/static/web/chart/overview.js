// The overview: things and ties as dots and lines of a width that can be seen from afar. It is the first picture of a
// large chart, drawn before the library is there, and lies beneath the library's picture while that is too far away.

/** @typedef {{zoom: number, pan: {x: number, y: number}}} View */
/** @typedef {{x: number, y: number, kind: string}} Dot kind: thing, start, group, chosen, way, faint */
/** @typedef {{from: Dot, to: Dot, width: number, kind: string}} Line kind: tie, bundle, way, near */

export const FAR = 0.3 // below this the rings and lines of the library are thinner than what an eye can see
export const LARGEST = 1.1
const ROOM = 50 // pixels between the outermost things and the edge of the window
const RING = 20
const LEAST = 2.4
const LEAST_LINE = 0.8

/**
 * The view in which all dots are in the window.
 * @param {Iterable<{x: number, y: number}>} dots @param {number} wide @param {number} high @returns {View}
 */
export function whole (dots, wide, high) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { x, y } of dots) {
    left = Math.min(left, x); right = Math.max(right, x); top = Math.min(top, y); bottom = Math.max(bottom, y)
  }
  if (left > right) return { zoom: 1, pan: { x: wide / 2, y: high / 2 } }
  const zoom = Math.min(LARGEST, Math.max(40, wide - 2 * ROOM) / Math.max(1, right - left), Math.max(40, high - 2 * ROOM) / Math.max(1, bottom - top))
  return { zoom, pan: { x: wide / 2 - zoom * (left + right) / 2, y: high / 2 - zoom * (top + bottom) / 2 } }
}

export class Overview {
  /** @param {HTMLElement} place @param {import('./signs.js').Colours} colours */
  constructor (place, colours) {
    this.place = place
    this.colours = colours
    this.canvas = document.createElement('canvas')
    this.canvas.className = 'chart-overview'
    this.canvas.setAttribute('aria-hidden', 'true')
    this.stand()
    this.empty = true
  }

  /** The library empties its place: stand in it again. */
  stand () { this.place.prepend(this.canvas) }

  clear () {
    if (this.empty) return
    this.canvas.getContext('2d')?.clearRect(0, 0, this.canvas.width, this.canvas.height)
    this.empty = true
  }

  /** @param {Iterable<Dot>} dots @param {Iterable<Line>} lines @param {View} view */
  draw (dots, lines, { zoom, pan }) {
    const pen = this.canvas.getContext('2d')
    if (!pen) return
    const sharp = window.devicePixelRatio || 1
    const [wide, high] = [Math.round(this.place.clientWidth * sharp), Math.round(this.place.clientHeight * sharp)]
    if (this.canvas.width !== wide || this.canvas.height !== high) { this.canvas.width = wide; this.canvas.height = high }
    pen.setTransform(1, 0, 0, 1, 0, 0)
    pen.clearRect(0, 0, wide, high)
    this.empty = false
    pen.setTransform(sharp, 0, 0, sharp, pan.x * sharp, pan.y * sharp)
    const c = this.colours
    const strokes = /** @type {Record<string, [string, number]>} */ ({ tie: [c.ink3, 0.6], bundle: [c.strong, 0.9], near: [c.sea, 1], way: [c.brick, 1] })
    for (const [key, path] of this.paths(lines, zoom)) {
      const [kind, width] = key.split(' ')
      const [colour, alpha] = strokes[kind] ?? strokes.tie
      pen.strokeStyle = colour
      pen.globalAlpha = alpha
      pen.lineWidth = Math.max(kind === 'way' ? 2 : LEAST_LINE, Number(width) * zoom)
      pen.stroke(path)
    }
    pen.globalAlpha = 1
    const radius = Math.max(LEAST, RING * zoom)
    const ring = radius > 4
    const fills = /** @type {Record<string, string>} */ ({ thing: c.strong, start: c.sea, chosen: c.sea, way: c.brick, group: c.sea })
    const found = /** @type {Record<string, Path2D>} */ ({})
    for (const { x, y, kind } of dots) {
      const path = found[kind] ??= new Path2D()
      const [across, down] = [x * zoom, y * zoom]
      const size = kind === 'chosen' ? radius + 2 : kind === 'start' || kind === 'group' ? radius + 1 : radius
      if (kind === 'group') path.rect(across - size, down - size, 2 * size, 2 * size)
      else { path.moveTo(across + size, down); path.arc(across, down, size, 0, 2 * Math.PI) }
    }
    for (const [kind, path] of Object.entries(found)) {
      pen.fillStyle = ring && kind === 'thing' ? c.sheet : fills[kind] ?? c.strong
      pen.fill(path)
      if (!ring) continue
      pen.strokeStyle = fills[kind] ?? c.strong
      pen.lineWidth = 1.2
      pen.stroke(path)
    }
  }

  /** Lines of one look in one path. @param {Iterable<Line>} lines @param {number} zoom */
  paths (lines, zoom) {
    const found = /** @type {Map<string, Path2D>} */ (new Map())
    for (const { from, to, width, kind } of lines) {
      const key = `${kind} ${width}`
      let path = found.get(key)
      if (!path) { path = new Path2D(); found.set(key, path) }
      path.moveTo(from.x * zoom, from.y * zoom)
      path.lineTo(to.x * zoom, to.y * zoom)
    }
    return found
  }
}

/**
 * Dots and lines of what is in sight, by the places that the server gave.
 * @param {import('./sight.js').Sight} sight @param {any} state @param {Record<string, {width: number}>} firm
 * @returns {{dots: Dot[], lines: Line[]}}
 */
export function outline (sight, state, firm) {
  const places = new Map((state.places ?? []).map(/** @param {any} each */ each => [each.record, each]))
  const open = new Set(sight.groups.filter(group => group.open).map(group => group.key))
  const found = /** @type {Map<string, Dot>} */ (new Map())
  for (const group of sight.groups) if (!group.open) found.set(group.node, { x: group.x ?? 0, y: group.y ?? 0, kind: 'group' })
  for (const thing of sight.things) {
    if (thing.group && !open.has(thing.group)) continue
    const at = places.get(thing.id) ?? thing
    found.set(thing.id, { x: at.x ?? 0, y: at.y ?? 0, kind: thing.start ? 'start' : 'thing' })
  }
  const lines = []
  for (const tie of [...sight.ties, ...sight.bundles]) {
    const [from, to] = [found.get(tie.source), found.get(tie.target)]
    if (from && to) lines.push({ from, to, width: firm[tie.firm]?.width ?? 1, kind: 'count' in tie ? 'bundle' : 'tie' })
  }
  return { dots: [...found.values()], lines }
}
