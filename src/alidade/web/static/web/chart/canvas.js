// The canvas of the chart: things, ties, groups and notes drawn by Cytoscape at the places that the server gave.

import { FAR, LARGEST, Overview, whole } from './overview.js'
import { FIRM, PAPER, colours, symbol } from './signs.js'

/** @typedef {import('./sight.js').Sight} Sight */

const LABELS = 120 // ties whose kind is written on each; above that only on those of the chosen thing
export const MANY = 400 // things or ties of a chart that is drawn as a large one
const LETTER = 6.1 // pixels of a letter of a note, about
const WIDEST = 220
const SYMBOLS = 400 // milliseconds in which the symbols take their new colour

/** @param {string} text @param {number} most */
const short = (text, most) => text.length > most ? text.slice(0, most - 1) + '…' : text

export class Canvas {
  /**
   * @param {HTMLElement} place
   * @param {{chosen: (id: string, kind: string) => void, moved: (places: {id: string, x: number, y: number, kind: string}[]) => void,
   *   opened: (id: string, kind: string) => void}} tell
   * @param {{overview: Overview, view: import('./overview.js').View|null}} [begun] what stands already of a large chart
   */
  constructor (place, tell, begun) {
    this.place = place
    this.tell = tell
    this.symbols = /** @type {Record<string, string>} */ ({})
    this.colours = colours()
    const cytoscape = /** @type {any} */ (window).cytoscape
    this.cy = cytoscape({
      container: place, layout: { name: 'preset' }, style: this.style(), minZoom: 0.01, maxZoom: 4, pixelRatio: 'auto',
      boxSelectionEnabled: true, ...(begun?.view ?? {}), textureOnViewport: Boolean(begun?.view), hideLabelsOnViewport: Boolean(begun?.view),
    })
    this.view = begun?.view ?? null
    this.overview = begun?.overview ?? new Overview(place, this.colours)
    this.overview.stand()
    this.farAsked = false
    this.cy.on('viewport resize drag select unselect', () => this.far())
    this.listen()
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.recolour())
  }

  listen () {
    const cy = this.cy
    cy.on('tap', (/** @type {any} */ event) => {
      if (event.target === cy) { cy.elements().unselect(); this.tell.chosen('', '') }
    })
    cy.on('select', 'node, edge', (/** @type {any} */ event) => {
      const element = event.target
      this.near(element)
      this.tell.chosen(element.data('key'), element.data('what'))
    })
    cy.on('dbltap', 'node', (/** @type {any} */ event) => this.tell.opened(event.target.data('key'), event.target.data('what')))
    let moved = /** @type {any[]} */ ([])
    cy.on('dragfree', 'node', (/** @type {any} */ event) => {
      const node = event.target
      const nodes = node.isParent() ? node.children().toArray() : [node]
      for (const each of nodes) moved.push({ id: each.data('key'), kind: each.data('what'), ...each.position() })
      if (moved.length === nodes.length) setTimeout(() => { this.tell.moved(moved); moved = [] }, 0)
    })
  }

  /** Seen from afar the overview lies beneath, with what is chosen and found on it. */
  far () {
    if (this.farAsked) return
    this.farAsked = true
    requestAnimationFrame(() => {
      this.farAsked = false
      if (this.cy.zoom() >= FAR) this.overview.clear()
      else { const { dots, lines } = this.outline(); this.overview.draw(dots, lines, { zoom: this.cy.zoom(), pan: this.cy.pan() }) }
    })
  }

  /** What is drawn now, as dots and lines. @returns {{dots: import('./overview.js').Dot[], lines: import('./overview.js').Line[]}} */
  outline () {
    const found = /** @type {Map<string, import('./overview.js').Dot>} */ (new Map())
    this.cy.nodes('.thing, .group').forEach((/** @type {any} */ node) => {
      const kind = node.selected() ? 'chosen' : node.hasClass('way') ? 'way' : node.hasClass('start') ? 'start' : node.data('what')
      found.set(node.id(), { ...node.position(), kind })
    })
    const lines = /** @type {import('./overview.js').Line[]} */ ([])
    this.cy.edges().forEach((/** @type {any} */ edge) => {
      const { source, target, firm, what } = edge.data()
      const [from, to] = [found.get(source), found.get(target)]
      const kind = edge.hasClass('way') ? 'way' : edge.hasClass('near') || edge.selected() ? 'near' : what
      if (from && to) lines.push({ from, to, width: FIRM[/** @type {keyof typeof FIRM} */ (firm)].width, kind })
    })
    return { dots: [...found.values()], lines }
  }

  /** @param {import('./signs.js').Colours} [given] */
  recolour (given = colours()) {
    this.colours = given
    this.overview.colours = given
    this.far()
    this.cy.style(this.style())
    this.cy.nodes('.thing').forEach((/** @type {any} */ node) => {
      node.data('image', symbol(this.symbols[node.data('type')] ?? '', node.data('codes'), this.colours))
    })
  }

  style () {
    const c = this.colours
    const words = { 'font-family': 'system-ui, sans-serif', color: c.ink, 'min-zoomed-font-size': 4.5 }
    // Only for the lines that are labelled: each property of a style costs its time on each of some thousand lines.
    const told = {
      'font-size': 9, color: c.ink2, 'text-rotation': 'autorotate', 'text-background-color': c.ground,
      'text-background-opacity': 0.9, 'text-background-padding': 1, 'min-zoomed-font-size': 7,
    }
    return [
      { selector: 'node', style: { ...words, 'font-size': 11, label: 'data(label)', 'text-wrap': 'wrap', 'text-max-width': 130, 'overlay-opacity': 0 } },
      {
        selector: '.thing',
        style: {
          width: 40, height: 40, shape: 'ellipse', 'background-color': c.sheet, 'border-width': 1.4, 'border-color': c.strong,
          'background-image': 'data(image)', 'background-width': '200%', 'background-height': '200%', 'background-clip': 'none',
          'background-image-containment': 'over', 'bounds-expansion': 14, 'text-valign': 'bottom', 'text-margin-y': 4,
          'text-background-color': c.ground, 'text-background-opacity': 0.85, 'text-background-padding': 2,
        },
      },
      { selector: '.start', style: { 'border-width': 3, 'border-color': c.sea, 'font-weight': 600 } },
      { selector: '.long', style: { 'text-overflow-wrap': 'anywhere' } },
      { selector: '.unnamed', style: { 'font-style': 'italic', color: c.ink3 } },
      { selector: '.noted', style: { 'border-style': 'double', 'border-width': 4, 'border-color': c.ochre } },
      {
        selector: '.group',
        style: {
          shape: 'round-rectangle', width: 'data(size)', height: 'data(size)', 'background-color': c.seaGround,
          'border-width': 1.6, 'border-color': c.sea, 'text-valign': 'center', 'text-max-width': 'data(size)', 'text-overflow-wrap': 'anywhere', 'font-size': 11,
        },
      },
      {
        selector: '.open',
        style: {
          shape: 'round-rectangle', 'background-color': c.seaGround, 'background-opacity': 0.35, 'border-width': 1,
          'border-color': c.sea, 'border-style': 'dashed', 'text-valign': 'top', 'text-margin-y': -4, padding: 18, 'font-size': 12,
        },
      },
      {
        selector: '.note',
        style: {
          shape: 'rectangle', width: 'data(wide)', height: 'data(high)', 'background-color': c.ochreGround, 'border-width': 1,
          'border-color': c.ochre, 'text-valign': 'center', 'text-max-width': WIDEST, 'text-justification': 'left',
        },
      },
      { selector: 'node:selected', style: { 'border-width': 4, 'border-color': c.sea, 'background-color': c.seaGround } },
      {
        selector: 'edge',
        style: {
          width: 1.2, 'line-color': c.ink3, 'curve-style': 'bezier', 'control-point-step-size': 34,
          'target-arrow-color': c.ink3, 'arrow-scale': 0.9, 'overlay-opacity': 0,
        },
      },
      ...Object.entries(FIRM).map(([firm, { width, style }]) => ({ selector: 'edge.' + firm, style: { width, 'line-style': style, ...(style === 'dashed' ? { 'line-dash-pattern': [7, 4] } : {}) } })),
      { selector: 'edge.many', style: { 'curve-style': 'straight', 'line-opacity': 0.7 } },
      { selector: 'edge.directed', style: { 'target-arrow-shape': 'triangle' } },
      { selector: 'edge.bundle', style: { width: 'data(width)', 'line-color': c.strong, label: 'data(label)' } },
      { selector: 'edge.bundle, edge.told, edge.near, edge:selected', style: { ...words, ...told } },
      { selector: 'edge.told, edge.near, edge:selected', style: { label: 'data(label)' } },
      { selector: 'edge.near', style: { 'line-color': c.sea, 'target-arrow-color': c.sea } },
      { selector: 'edge:selected', style: { 'line-color': c.sea, 'target-arrow-color': c.sea, 'z-index': 9 } },
      { selector: '.way', style: { 'border-color': c.brick, 'border-width': 3, 'line-color': c.brick, 'target-arrow-color': c.brick } },
      { selector: '.faint', style: { opacity: 0.25 } },
    ]
  }

  /** Mark what a thing is tied to. @param {any} element */
  near (element) {
    this.cy.batch(() => {
      this.cy.edges('.near').removeClass('near')
      if (element?.isNode?.()) element.connectedEdges().addClass('near')
    })
  }

  /**
   * Draw what is in sight; what stands already stays where it is unless the server says otherwise.
   * @param {Sight} sight @param {any} state @param {Record<string, string>} symbols @param {(n: any) => string} called
   */
  show (sight, state, symbols, called) {
    this.symbols = symbols
    const wanted = this.elements(sight, state, called)
    const cy = this.cy
    const first = cy.elements().length === 0
    cy.batch(() => {
      if (first) { cy.add(wanted); return }
      const ids = new Set(wanted.map(each => each.data.id))
      cy.elements().filter((/** @type {any} */ each) => !ids.has(each.id())).remove()
      for (const each of wanted) {
        const held = cy.getElementById(each.data.id)
        if (held.empty()) { cy.add(each); continue }
        if (each.data.parent !== held.data('parent') && held.isNode()) held.move({ parent: each.data.parent ?? null })
        held.data(each.data)
        held.classes(each.classes)
        if (each.position && !held.isParent()) held.position(each.position)
      }
    })
    if (first && !this.view) this.fit()
    this.far()
    this.place.dispatchEvent(new CustomEvent('drawn', { detail: { things: sight.things.length } }))
  }

  /** @param {Sight} sight @param {any} state @param {(n: any) => string} called @returns {any[]} */
  elements (sight, state, called) {
    const places = new Map((state.places ?? []).map(/** @param {any} each */ each => [each.record, each]))
    const open = new Set(sight.groups.filter(group => group.open).map(group => group.key))
    const there = new Set()
    const found = []
    const noted = by(state.notes ?? [], 'record')
    const tieNoted = by(state.tie_notes ?? [], 'tie')
    for (const group of sight.groups) {
      const size = Math.round(46 + 14 * Math.log2(1 + group.count))
      found.push({
        group: 'nodes',
        data: { id: group.node, key: group.key, what: 'group', size, label: short(called(group), 44) },
        classes: group.open ? 'open' : 'group',
        position: group.open ? undefined : { x: group.x ?? 0, y: group.y ?? 0 },
      })
      there.add(group.node)
    }
    for (const thing of sight.things) {
      if (thing.group && !open.has(thing.group)) continue
      const at = places.get(thing.id) ?? thing
      there.add(thing.id)
      const notes = noted.get(thing.id) ?? []
      const lines = notes.map(/** @param {any} each */ each => '✎ ' + short(each.text, 60))
      found.push({
        group: 'nodes',
        data: {
          id: thing.id, key: thing.id, what: 'thing', type: thing.type, codes: thing.codes,
          label: [short(called(thing), 48), ...lines].join('\n'),
          image: symbol(this.symbols[thing.type] ?? '', thing.codes, this.colours),
          parent: thing.group ? 'group-' + thing.group : undefined,
        },
        classes: ['thing', thing.start ? 'start' : '', thing.label ? '' : 'unnamed', /\S{20}/.test(thing.label) ? 'long' : '', notes.length ? 'noted' : ''].filter(Boolean).join(' '),
        position: { x: at.x ?? 0, y: at.y ?? 0 },
      })
    }
    const many = sight.ties.length > MANY
    for (const tie of sight.ties) {
      if (!there.has(tie.source) || !there.has(tie.target)) continue
      const notes = tieNoted.get(tie.id) ?? []
      found.push({
        group: 'edges',
        data: {
          id: 'tie-' + tie.id, key: tie.id, what: 'tie', source: tie.source, target: tie.target, firm: tie.firm,
          label: [tie.label, tie.grade, notes.length ? '✎ ' + short(notes[0].text, 40) : ''].filter(Boolean).join(' '),
        },
        classes: [tie.firm, tie.directed ? 'directed' : '', many ? 'many' : '', sight.ties.length <= LABELS || notes.length ? 'told' : ''].filter(Boolean).join(' '),
      })
    }
    for (const bundle of sight.bundles) {
      if (!there.has(bundle.source) || !there.has(bundle.target)) continue
      const id = `bundle-${bundle.source}-${bundle.target}`
      found.push({
        group: 'edges',
        data: { id, key: id, what: 'bundle', source: bundle.source, target: bundle.target, firm: bundle.firm, width: Math.min(8, 1 + Math.log2(bundle.count)), label: String(bundle.count) },
        classes: bundle.firm + ' bundle',
      })
    }
    for (const [index, note] of (state.free_notes ?? []).entries()) {
      found.push({
        group: 'nodes', data: { id: 'note-' + index, key: String(index), what: 'note', label: note.text, ...roomFor(note.text) },
        classes: 'note', position: { x: note.x, y: note.y },
      })
    }
    return found
  }

  /** @param {string} id */
  choose (id) {
    const element = this.cy.getElementById(id).union(this.cy.getElementById('tie-' + id))
    this.cy.elements(':selected').unselect()
    if (element.nonempty()) { element.select(); this.bring(element) }
  }

  /** Into the window, where it is outside of it. @param {any} element */
  bring (element) {
    const box = element.renderedBoundingBox()
    if (box.x1 < 0 || box.y1 < 0 || box.x2 > this.cy.width() || box.y2 > this.cy.height()) {
      this.cy.center(element)
    }
  }

  /** The keys of the chosen things. @returns {string[]} */
  chosen () { return this.cy.nodes('.thing:selected').map((/** @type {any} */ node) => node.data('key')) }

  /** The thing that lies nearest in a direction of the arrows. @param {number} dx @param {number} dy */
  step (dx, dy) {
    const nodes = this.cy.nodes('.thing, .group')
    if (nodes.empty()) return
    const here = this.cy.nodes(':selected').first()
    if (here.empty()) { this.choose((this.cy.nodes('.start').first().nonempty() ? this.cy.nodes('.start') : nodes).first().id()); return }
    const from = here.position()
    let best = null
    let least = Infinity
    nodes.forEach((/** @type {any} */ node) => {
      if (node.id() === here.id()) return
      const at = node.position()
      const along = (at.x - from.x) * dx + (at.y - from.y) * dy
      const aside = Math.abs((at.x - from.x) * dy) + Math.abs((at.y - from.y) * dx)
      if (along <= 0) return
      const cost = along + 2 * aside
      if (cost < least) { least = cost; best = node }
    })
    if (best) this.choose(/** @type {any} */ (best).id())
  }

  /** @param {string[]} things @param {string[]} ties */
  way (things, ties) {
    this.cy.batch(() => {
      this.cy.elements('.way').removeClass('way')
      for (const id of things) this.cy.getElementById(id).addClass('way')
      for (const id of ties) this.cy.getElementById('tie-' + id).addClass('way told')
    })
  }

  fit () {
    const nodes = this.cy.nodes()
    if (nodes.length > MANY) {
      this.cy.viewport(whole(nodes.map((/** @type {any} */ node) => node.position()), this.cy.width(), this.cy.height()))
      return
    }
    this.cy.fit(undefined, 30)
    if (this.cy.zoom() > LARGEST) { this.cy.zoom(LARGEST); this.cy.center() }
  }

  /** @param {number} factor */
  zoom (factor) {
    this.cy.zoom({ level: this.cy.zoom() * factor, renderedPosition: { x: this.cy.width() / 2, y: this.cy.height() / 2 } })
  }

  /** Where a new note comes: below all that is drawn, so that it hides nothing. @param {string} text */
  free (text) {
    const box = this.cy.elements().boundingBox()
    const { wide, high } = roomFor(text)
    return { x: Math.round(box.x1 + wide / 2), y: Math.round(box.y2 + 24 + high / 2) }
  }

  /** The whole chart as a picture on paper, without what may not be taken out. @param {Set<string>} things @param {Set<string>} ties */
  async picture (things, ties) {
    const { cy } = this
    const chosen = cy.elements(':selected').unselect()
    const removed = cy.elements().filter((/** @type {any} */ each) => {
      const what = each.data('what')
      return (what === 'thing' && !things.has(each.data('key'))) || (what === 'tie' && !ties.has(each.data('key')))
    }).remove()
    this.recolour(PAPER)
    await new Promise(resolve => setTimeout(resolve, SYMBOLS))
    const scale = Math.min(2, 6000 / Math.max(1, cy.elements().boundingBox().w))
    const blob = await cy.png({ full: true, scale, output: 'blob-promise', bg: PAPER.ground })
    removed.restore()
    this.recolour()
    chosen.select()
    return blob
  }
}

/** @param {any[]} rows @param {string} key @returns {Map<string, any[]>} */
function by (rows, key) {
  const found = new Map()
  for (const row of rows) found.set(row[key], [...(found.get(row[key]) ?? []), row])
  return found
}

/** How much room a note takes. @param {string} text */
function roomFor (text) {
  const lines = text.split('\n')
  const wide = Math.min(WIDEST, Math.max(...lines.map(line => line.length)) * LETTER)
  const rows = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length * LETTER * 1.12 / wide)), 0)
  return { wide: wide + 16, high: rows * 14 + 12 }
}
