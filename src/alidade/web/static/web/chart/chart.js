// The link chart: one state, drawn by the canvas, told by the panel and the tables. Every change is a step that can be
// undone; what needs more of the picture is asked of the server, which answers with what this officer may see.

import { Canvas, MANY } from './canvas.js'
import { Refused, counts, download, given, h, number, post, say } from './dom.js'
import { History } from './history.js'
import { Later, painted } from './later.js'
import { Overview, outline, whole } from './overview.js'
import { Panel } from './panel.js'
import { printed } from './picture.js'
import { FIRM, PAPER, colours } from './signs.js'
import { inSight, unpacked } from './sight.js'
import { RowsTable } from './tables.js'

/** @typedef {{chart: import('./sight.js').Chart, state: any}} Step */

export class LinkChart {
  /** @param {import('./sight.js').Chart} first @param {import('./dom.js').Words} words @param {Record<string, string>} addresses @param {any} piece
   * @param {{overview: Overview, view: import('./overview.js').View}} [begun] the first picture of a large chart */
  constructor (first, words, addresses, piece, begun) {
    this.words = words
    this.addresses = addresses
    this.piece = piece
    this.history = /** @type {History<Step>} */ (new History({ chart: first, state: first.state }))
    this.known = new Map()
    this.wayStart = ''
    this.dirty = false
    this.status = /** @type {HTMLElement} */ (document.getElementById('chart-status'))
    this.place = /** @type {HTMLElement} */ (document.getElementById('chart-canvas'))
    this.later = new Later()
    this.sight = inSight(first, first.state)
    this.canvas = new Canvas(this.place, {
      chosen: (id, what) => this.chosen(id, what), moved: places => this.moved(places),
      opened: (id, what) => what === 'group' ? this.toggleGroup(this.group(id)) : what === 'thing' && this.open(id, null),
    }, begun)
    this.panel = new Panel(this, words)
    this.draw()
    this.listen()
  }

  get chart () { return this.history.now.chart }
  get state () { return this.history.now.state }

  // -- what is shown ----------------------------------------------------------------------------------------------

  tables () {
    const { words } = this
    const choose = (/** @type {string} */ id, /** @type {string} */ label) => h('button', { type: 'button', class: 'plain', onclick: () => { this.canvas.choose(id); this.place.scrollIntoView({ block: 'nearest' }) } }, label)
    const [things, ties] = ['chart-things', 'chart-ties'].map(id => /** @type {HTMLElement} */ (document.getElementById(id)))
    this.thingRows = new RowsTable(things, [
      { key: 'name', title: words.name, text: row => row.label || words.notKnown, cell: row => choose(row.id, row.label || words.notKnown) },
      { key: 'what', title: words.whatItIs, text: row => row.word },
      { key: 'ties', title: words.ties, text: row => number(this.degree.get(row.id) ?? 0), sort: row => this.degree.get(row.id) ?? 0, end: true },
      { key: 'by', title: words.givenBy, text: row => row.ownerNames.join(', ') },
      { key: 'codes', title: words.handling, text: row => row.codes || 'H0' },
      { key: 'note', title: words.noteOn, text: row => this.noteOn(row.id) ?? '' },
    ], '-ties', words, row => row.id)
    this.tieRows = new RowsTable(ties, [
      { key: 'from', title: words.from, text: row => this.nameOf(row.source), cell: row => choose(row.source, this.nameOf(row.source)) },
      { key: 'kind', title: words.tie, text: row => row.label, cell: row => choose(row.id, row.label) },
      { key: 'to', title: words.to, text: row => this.nameOf(row.target), cell: row => choose(row.target, this.nameOf(row.target)) },
      { key: 'grade', title: words.evaluation, text: row => row.grade || words.notEvaluated },
      { key: 'since', title: words.since, text: row => row.from },
      { key: 'until', title: words.until, text: row => row.to },
      { key: 'by', title: words.givenBy, text: row => row.ownerNames.join(', ') },
      { key: 'codes', title: words.handling, text: row => row.codes || 'H0' },
    ], 'from', words, row => row.id)
  }

  draw () {
    const { chart, state } = this
    this.sight = inSight(chart, state)
    this.names = new Map(chart.things.map(each => [each.id, each.label || `${each.word}, ${this.words.notKnown}`]))
    this.degree = new Map()
    for (const tie of this.sight.ties) for (const end of [tie.source, tie.target]) this.degree.set(end, (this.degree.get(end) ?? 0) + 1)
    this.canvas.show(this.sight, state, chart.symbols, each => 'members' in each || 'kinds' in each ? this.groupName(each) : this.nameOf(each.id))
    this.beside(chart, state)
    for (const [tool, can] of /** @type {[string, boolean][]} */ ([['undo', this.history.canUndo], ['redo', this.history.canRedo]])) {
      const button = /** @type {HTMLButtonElement|null} */ (document.querySelector(`[data-tool=${tool}]`))
      if (button) button.disabled = !can
    }
    const away = chart.things.length - this.sight.things.length
    this.tell([counts(this.words.thingsInSight, this.sight.things.length), counts(this.words.tiesInSight, this.sight.ties.length),
      away ? say(this.words.outOfSight, { count: number(away) }) : '', chart.cut ? this.words.cut : ''].filter(Boolean).join(' '))
  }

  /** What stands beside the picture comes after it; until then the tables that the server made stay. @param {any} chart @param {any} state */
  beside (chart, state) {
    const { later } = this
    later.do('hidden', () => {
      const out = new Set((state.hidden ?? []).map(/** @param {any} each */ each => each.record))
      this.panel.hidden([...chart.hidden, ...chart.things].filter(each => out.has(each.id)).map(each => ({ id: each.id, label: each.label || this.nameOf(each.id) })))
    })
    later.do('filters', () => this.panel.filters(chart, state))
    later.do('things', () => { if (!this.thingRows) this.tables(); this.thingRows?.show(this.sight.things) })
    later.do('ties', () => this.tieRows?.show(this.sight.ties))
    later.do('legend', () => this.panel.legend(chart))
    later.do('names', () => {
      const labels = new Set(this.sight.things.map(each => each.label).filter(Boolean))
      document.getElementById('chart-names')?.replaceChildren(...[...labels].slice(0, 2000).map(value => h('option', { value })))
    })
  }

  /** @param {string} text */
  tell (text) { this.status.textContent = text }

  /** @param {any} problem */
  problem (problem) { return problem instanceof Refused && problem.message ? problem.message : this.words.failed }

  /** @param {string} id */
  nameOf (id) { return this.names?.get(id) ?? this.words.notKnown }

  /** @param {any} group */
  groupName (group) {
    const [kind] = group.kinds[0] ?? ['']
    return group.label ? say(this.words.group, { label: group.label, count: number(group.count) }) : say(this.words.groupUnnamed, { kind, count: number(group.count) })
  }

  /** @param {string} key */
  group (key) { return this.chart.groups.find(each => each.key === key) }

  // -- what is done -----------------------------------------------------------------------------------------------

  /** A step that needs nothing new. @param {any} changes @param {boolean} [passing] while a slider moves: no step yet */
  change (changes, passing = false) {
    const step = { chart: this.chart, state: { ...this.state, ...changes } }
    if (passing || this.passing) this.history.replace(step)
    else this.history.add(step)
    this.passing = false
    this.touched()
    this.draw()
  }

  /** A step for which the server is asked. @param {any} changes */
  async ask (changes) {
    this.tell(this.words.working)
    this.place.classList.add('busy')
    try {
      const chart = unpacked(await post(this.addresses.draw, { ...this.state, ...changes }), this.addresses.thing)
      this.history.add({ chart, state: chart.state })
      this.known.clear()
      this.touched()
      this.draw()
      return true
    } catch (problem) {
      this.tell(this.problem(problem))
      return false
    } finally { this.place.classList.remove('busy') }
  }

  touched () {
    this.dirty = true
    const note = document.getElementById('chart-kept')
    if (note && this.piece) note.textContent = this.words.notKept
  }

  /** @param {string} id @param {string[]|null} kinds */
  async open (id, kinds) {
    if (!this.chart.things.some(each => each.id === id)) return
    const opened = (this.state.opened ?? []).filter(/** @param {any} each */ each => each.record !== id || (kinds && each.kinds))
    if (await this.ask({ opened: [...opened, kinds ? { record: id, kinds } : { record: id }] })) this.canvas.choose(id)
  }

  /** @param {any} group */
  async toggleGroup (group) {
    if (!group) return
    const groups = (this.state.groups ?? []).filter(/** @param {string} each */ each => each !== group.key)
    if (await this.ask({ groups: group.open ? groups : [...groups, group.key] })) this.chosen(group.key, 'group')
  }

  /** @param {string[]} ids */
  hide (ids) {
    if (!ids.length) return
    this.panel.none()
    this.change({ hidden: [...(this.state.hidden ?? []), ...ids.map(record => ({ record }))] })
  }

  /** @param {string} id */
  unhide (id) {
    const hidden = (this.state.hidden ?? []).filter(/** @param {any} each */ each => each.record !== id)
    if (this.chart.things.some(each => each.id === id)) this.change({ hidden })
    else this.ask({ hidden })
  }

  /** @param {{id: string, x: number, y: number, kind: string}[]} moved */
  moved (moved) {
    const round = (/** @type {number} */ n) => Math.round(n * 10) / 10
    const free = [...(this.state.free_notes ?? [])]
    const at = new Map()
    for (const each of moved) {
      if (each.kind === 'note') free[Number(each.id)] = { ...free[Number(each.id)], x: round(each.x), y: round(each.y) }
      else if (each.kind === 'thing') at.set(each.id, { record: each.id, x: round(each.x), y: round(each.y), by_hand: true })
    }
    const places = (this.state.places ?? []).map(/** @param {any} each */ each => at.get(each.record) ?? each)
    this.change({ places, free_notes: free })
  }

  /** @param {any} changes @param {boolean} [passing] */
  filter (changes, passing = false) {
    if (passing && !this.sliding) { this.sliding = true; this.history.add(this.history.now) }
    const filters = changes ? { ...(this.state.filters ?? {}), ...changes } : {}
    if (this.sliding) { this.change({ filters }, true); if (!passing) this.sliding = false } else this.change({ filters })
  }

  /** @param {string} id @returns {string|undefined} */
  noteOn (id) { return (this.state.notes ?? []).find(/** @param {any} each */ each => each.record === id)?.text }

  /** @param {string} id @returns {string|undefined} */
  tieNoteOn (id) { return (this.state.tie_notes ?? []).find(/** @param {any} each */ each => each.tie === id)?.text }

  /** @param {string} id @param {string} text */
  noteThing (id, text) {
    const notes = (this.state.notes ?? []).filter(/** @param {any} each */ each => each.record !== id)
    this.change({ notes: text ? [...notes, { record: id, text }] : notes })
    this.chosen(id, 'thing')
  }

  /** @param {any} tie @param {string} text */
  noteTie (tie, text) {
    const notes = (this.state.tie_notes ?? []).filter(/** @param {any} each */ each => each.tie !== tie.id)
    this.change({ tie_notes: text ? [...notes, { tie: tie.id, record: tie.source, other: tie.target, text }] : notes })
    this.chosen(tie.id, 'tie')
  }

  /** @param {number} index @param {string} text */
  noteFree (index, text) {
    const notes = [...(this.state.free_notes ?? [])]
    if (!text) notes.splice(index, 1)
    else if (notes[index]) notes[index] = { ...notes[index], text }
    else notes.push({ ...this.canvas.free(text), text })
    this.panel.none()
    this.change({ free_notes: notes })
    if (text) this.canvas.bring(this.canvas.cy.getElementById('note-' + index))
  }

  // -- ways -------------------------------------------------------------------------------------------------------

  /** @param {string} id */
  beginWay (id) {
    this.wayStart = id
    document.querySelector('[data-tool=way]')?.setAttribute('aria-pressed', 'true')
    this.tell(this.words.wayTo)
  }

  endWay () {
    this.wayStart = ''
    document.querySelector('[data-tool=way]')?.setAttribute('aria-pressed', 'false')
  }

  /** @param {string} start @param {string} end */
  async findWays (start, end) {
    this.tell(this.words.working)
    try {
      const found = await post(this.addresses.ways, { start, end })
      this.tell(found.ways.length ? say(this.words.waysFound, { count: number(found.ways.length), length: number(found.ways[0].ties.length) }) : this.words.noWay)
      this.panel.ways(found)
      if (found.ways.length) this.showWay(found.ways[0], true)
    } catch (problem) { this.tell(this.problem(problem)) }
  }

  /** @param {any} way @param {boolean} [onlyIfHere] */
  async showWay (way, onlyIfHere = false) {
    const things = way.things.map(/** @param {any} each */ each => each.id)
    const there = new Set(this.sight.things.map(each => each.id))
    const missing = things.filter(/** @param {string} id */ id => !there.has(id))
    if (missing.length && onlyIfHere) return
    if (missing.length) {
      const hidden = (this.state.hidden ?? []).filter(/** @param {any} each */ each => !missing.includes(each.record))
      const added = [...(this.state.added ?? []), ...missing.map(/** @param {string} record */ record => ({ record }))]
      if (!await this.ask({ added, hidden })) return
    }
    this.canvas.way(things, way.ties.map(/** @param {any} each */ each => each.id))
  }

  // -- what is chosen ---------------------------------------------------------------------------------------------

  /** @param {string} id */
  async openings (id) {
    if (!this.known.has(id)) this.known.set(id, (await post(this.addresses.openings, { record: id })).openings)
    return this.known.get(id)
  }

  /** @param {string} id @param {string} what */
  chosen (id, what) {
    this.thingRows?.choose(what === 'thing' ? id : '')
    this.tieRows?.choose(what === 'tie' ? id : '')
    if (what === 'thing' && this.wayStart && this.wayStart !== id) {
      const start = this.wayStart
      this.endWay()
      this.findWays(start, id)
      return
    }
    const thing = what === 'thing' && this.chart.things.find(each => each.id === id)
    const tie = what === 'tie' && this.chart.ties.find(each => each.id === id)
    const group = what === 'group' && this.group(id)
    if (thing) {
      this.tell(say(this.words.selected, { label: this.nameOf(id), word: thing.word, ties: number(this.degree?.get(id) ?? 0) }))
      this.panel.thing(thing)
    } else if (tie) this.panel.tie(tie)
    else if (group) this.panel.group(group)
    else if (what === 'note') this.panel.freeNote(Number(id), this.state.free_notes[Number(id)]?.text ?? '')
    else this.panel.none()
  }

  // -- keys, tools, keeping ---------------------------------------------------------------------------------------

  listen () {
    this.place.addEventListener('keydown', event => this.key(event))
    document.addEventListener('keydown', event => {
      if (!(event.ctrlKey || event.metaKey) || /** @type {HTMLElement} */ (event.target).matches('input, textarea, select')) return
      const key = event.key.toLowerCase()
      if (key === 'z' && !event.shiftKey) { event.preventDefault(); this.step('undo') }
      if (key === 'y' || (key === 'z' && event.shiftKey)) { event.preventDefault(); this.step('redo') }
    })
    document.getElementById('chart-tools')?.addEventListener('click', event => {
      const tool = /** @type {HTMLElement} */ (event.target).closest('button')?.dataset.tool
      if (tool) this.tool(tool)
    })
    const find = /** @type {HTMLInputElement|null} */ (document.getElementById('chart-find'))
    find?.addEventListener('change', () => {
      const wanted = find.value.trim().toLocaleLowerCase()
      const found = wanted && (this.sight.things.find(each => each.label.toLocaleLowerCase() === wanted) ?? this.sight.things.find(each => each.label.toLocaleLowerCase().includes(wanted)))
      if (found) { this.canvas.choose(found.id); this.canvas.cy.center(this.canvas.cy.getElementById(found.id)) }
    })
    document.getElementById('chart-keep')?.addEventListener('submit', event => { event.preventDefault(); this.keep(false) })
    document.querySelector('[data-keep=copy]')?.addEventListener('click', () => this.keep(true))
    document.getElementById('chart-export')?.addEventListener('submit', event => this.takeOut(/** @type {SubmitEvent} */ (event)))
    addEventListener('beforeunload', event => { if (this.dirty && this.piece?.ours) event.preventDefault() })
  }

  /** @param {KeyboardEvent} event */
  key (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const arrows = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] })
    const [chosen] = this.canvas.chosen()
    const group = this.canvas.cy.nodes('.group:selected, .open:selected').first()
    if (arrows[event.key]) this.canvas.step(...arrows[event.key])
    else if (event.key === 'Enter' && chosen) this.open(chosen, null)
    else if (event.key === 'Enter' && group.nonempty()) this.toggleGroup(this.group(group.data('key')))
    else if (event.key === 'Delete' || event.key === 'Backspace') this.hide(this.canvas.chosen())
    else if (event.key === '+') this.canvas.zoom(1.25)
    else if (event.key === '-') this.canvas.zoom(0.8)
    else if (event.key === '0') this.canvas.fit()
    else if (event.key === 'n' && chosen) this.panel.writeNote(/** @type {any} */ (this.chart.things.find(each => each.id === chosen)))
    else if (event.key === 'w' && chosen) this.beginWay(chosen)
    else if (event.key === 'Escape') { this.endWay(); this.canvas.cy.elements().unselect(); this.panel.none() } else if (event.key === '?') /** @type {HTMLDialogElement|null} */ (document.getElementById('chart-keys'))?.showModal()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  /** @param {string} tool */
  tool (tool) {
    if (tool === 'undo' || tool === 'redo') this.step(tool)
    else if (tool === 'in') this.canvas.zoom(1.25)
    else if (tool === 'out') this.canvas.zoom(0.8)
    else if (tool === 'fit') this.canvas.fit()
    else if (tool === 'note') this.panel.noteForm('', text => text && this.noteFree((this.state.free_notes ?? []).length, text))
    else if (tool === 'way') {
      const [chosen] = this.canvas.chosen()
      if (this.wayStart) { this.endWay(); this.draw() } else if (chosen) this.beginWay(chosen)
      else this.tell(this.words.chooseFirst)
    }
  }

  /** @param {'undo'|'redo'} way */
  step (way) {
    this.history[way]()
    this.touched()
    this.panel.none()
    this.draw()
  }

  /** @param {boolean} copy */
  async keep (copy) {
    const note = /** @type {HTMLElement} */ (document.getElementById('chart-kept'))
    const title = /** @type {HTMLInputElement} */ (document.getElementById('chart-name')).value
    const held = this.piece?.ours && !copy ? { piece: this.piece.piece, version: this.piece.version } : {}
    note.textContent = this.words.working
    try {
      const saved = await post(this.addresses.keep, { state: this.state, title, ...held })
      const again = Boolean(held.piece)
      this.piece = { piece: saved.piece, version: saved.version, ours: true }
      this.dirty = false
      history.replaceState(null, '', saved.address)
      const heading = document.getElementById('chart-title')
      if (heading) heading.textContent = title
      note.replaceChildren(say(again ? this.words.keptAgain : this.words.kept, { version: number(saved.version) }), ' ')
      const button = document.querySelector('#chart-keep button.main')
      if (button) button.textContent = this.words.keepVersion
      const actions = document.querySelector('#chart-page .head .actions')
      if (actions && !again) {
        for (const [address, label] of [[saved.share, this.words.share], [saved.versions, this.words.versions]]) {
          actions.prepend(h('a', { class: 'button', href: address }, label), ' ')
        }
      }
    } catch (problem) {
      const conflict = problem instanceof Refused && problem.status === 409
      note.replaceChildren(conflict ? this.words.conflict : this.problem(problem), ' ')
      if (conflict) note.append(h('a', { href: location.pathname }, this.words.openNewest))
    }
  }

  /** @param {SubmitEvent} event */
  async takeOut (event) {
    event.preventDefault()
    const form = /** @type {HTMLFormElement} */ (event.target)
    const field = /** @type {HTMLInputElement} */ (form.querySelector('[name=state]'))
    field.value = JSON.stringify(this.state)
    const wanted = /** @type {HTMLSelectElement} */ (form.querySelector('select')).value
    this.tell(this.words.working)
    try {
      if (wanted === 'png') await this.takePicture()
      else {
        const answer = await fetch(form.action, { method: 'POST', credentials: 'same-origin', headers: { Accept: 'application/json' }, body: new FormData(form) })
        const disposition = answer.headers.get('Content-Disposition')
        if (answer.ok && disposition) download(await answer.blob(), /filename="([^"]+)"/.exec(disposition)?.[1] ?? 'alidade-chart')
        else if (answer.ok) { form.submit(); return } // a page that asks for the passkey first
        else throw new Refused(answer.status, (await answer.json().catch(() => ({}))).told ?? '', '')
      }
      this.tell(this.words.exported)
    } catch (problem) { this.tell(this.problem(problem)) }
  }

  async takePicture () {
    const said = await post(this.addresses.drawing, this.state)
    const drawn = await this.canvas.picture(new Set(said.things.map(/** @param {[string, string]} pair */ pair => pair[0])), new Set(said.ties))
    const title = /** @type {HTMLInputElement|null} */ (document.getElementById('chart-name'))?.value ?? ''
    download(await printed(drawn, { heading: said.heading, terms: said.terms, title, ink: PAPER.ink, ground: PAPER.ground }), 'alidade-chart.png')
  }
}

/** The library of the canvas; it is there soon, since the page has asked for it. @returns {Promise<boolean>} */
function library () {
  const address = /** @type {HTMLLinkElement|null} */ (document.getElementById('chart-library'))?.href
  return new Promise(resolve => {
    if ('cytoscape' in window) { resolve(true); return }
    if (!address) { resolve(false); return }
    document.head.append(h('script', { src: address, onload: () => resolve(true), onerror: () => resolve(false) }))
  })
}

/** The picture first, then the canvas that answers to the hand, then all that stands beside it. */
async function begin () {
  const addresses = given('chart-addresses')
  const first = unpacked(given('chart'), addresses.thing)
  if (!first) return
  const shown = ['chart-tools', 'chart-body', 'chart-keep'].map(id => document.getElementById(id))
  const place = /** @type {HTMLElement} */ (document.getElementById('chart-canvas'))
  const tools = /** @type {HTMLElement} */ (shown[0])
  const show = (/** @type {boolean} */ yes) => { for (const each of shown) each?.toggleAttribute('hidden', !yes) }
  show(true)
  tools.inert = true
  place.setAttribute('aria-busy', 'true')
  const sight = inSight(first, first.state)
  let begun
  if (sight.things.length > MANY) {
    const { dots, lines } = outline(sight, first.state, FIRM)
    const overview = new Overview(place, colours())
    const view = whole(dots, place.clientWidth, place.clientHeight)
    overview.draw(dots, lines, view)
    begun = { overview, view }
    place.dispatchEvent(new CustomEvent('drawn', { detail: { things: sight.things.length } }))
    await painted()
  }
  // Without the library the tables are all there is: what belongs to the canvas stays out of the way.
  if (!await library()) { show(false); return }
  const chart = new LinkChart(first, given('chart-words'), addresses, given('chart-piece'), begun)
  chart.canvas.cy.one('render', () => {
    tools.inert = false
    place.removeAttribute('aria-busy')
    place.dispatchEvent(new CustomEvent('ready'))
  })
}

begin()
