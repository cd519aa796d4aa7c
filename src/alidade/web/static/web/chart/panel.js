// The panel beside the canvas: what is chosen and what can be done with it, filters and time, legend, what is hidden.

import { h, number, say } from './dom.js'
import { ORDER, legendLine, symbolElement } from './signs.js'
import { counted, span } from './sight.js'

/** @typedef {import('./sight.js').Thing} Thing */
/** @typedef {import('./sight.js').Tie} Tie */

export class Panel {
  /** @param {import('./chart.js').LinkChart} chart @param {import('./dom.js').Words} words */
  constructor (chart, words) {
    this.chart = chart
    this.words = words
    const by = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id))
    this.place = by('chart-chosen')
    this.empty = [...this.place.childNodes]
    this.filterPlace = /** @type {HTMLElement} */ (by('chart-filters').lastElementChild)
    this.legendPlace = /** @type {HTMLElement} */ (by('chart-legend').lastElementChild)
    this.hiddenPlace = by('chart-hidden')
    this.asked = 0
    this.drawnFor = null
  }

  none () { this.place.replaceChildren(...this.empty) }

  /** @param {Node[]} children */
  fill (...children) {
    this.place.replaceChildren(...children)
    this.place.parentElement?.scrollTo(0, 0)
  }

  /** @param {[string, string|Node|null][]} pairs */
  facts (pairs) {
    return h('dl', { class: 'facts' }, ...pairs.filter(([, value]) => value).flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]))
  }

  /** @param {Thing} thing */
  thing (thing) {
    const { words, chart } = this
    const ties = chart.sight.ties.filter(tie => tie.source === thing.id || tie.target === thing.id).length
    const links = h('ul', { class: 'openings' }, h('li', { class: 'small' }, words.working))
    const note = chart.noteOn(thing.id)
    this.fill(
      h('h2', {}, thing.label || h('span', { class: 'unknown' }, words.notKnown)),
      this.facts([
        [words.whatItIs, h('span', { class: 'with-symbol' }, symbolElement(chart.chart.symbols[thing.type] ?? ''), ' ', thing.word)],
        [words.givenBy, thing.ownerNames.join(', ')], [words.handling, thing.codes || 'H0'], [words.ties, number(ties)],
      ]),
      thing.start ? h('p', { class: 'small' }, words.start) : h('span'),
      h('p', { class: 'actions' },
        thing.address ? h('a', { class: 'button', href: thing.address }, words.openPage) : null,
        h('button', { type: 'button', onclick: () => chart.hide([thing.id]) }, words.hide),
        h('button', { type: 'button', onclick: () => chart.beginWay(thing.id) }, words.wayFrom),
        h('button', { type: 'button', onclick: () => this.writeNote(thing) }, words.addNote)),
      note ? this.noteBlock(note, () => chart.noteThing(thing.id, '')) : h('span'),
      links,
    )
    this.openings(thing, links)
  }

  /** @param {Thing} thing @param {HTMLElement} place */
  async openings (thing, place) {
    const { words, chart } = this
    const turn = ++this.asked
    let found
    try {
      found = await chart.openings(thing.id)
    } catch (problem) { place.replaceChildren(h('li', {}, chart.problem(problem))); return }
    if (turn !== this.asked) return
    const there = new Set(chart.sight.things.map(each => each.id))
    if (!found.length) { place.replaceChildren(h('li', { class: 'small' }, words.nothingMore)); return }
    const rows = found.map(each => {
      const here = each.leadsTo.filter(/** @param {string} id */ id => there.has(id)).length
      const what = each.things.map(/** @param {[string, number]} pair */ pair => `${pair[0]} ${pair[1]}`).join(', ')
      return h('li', {}, h('span', {}, say(words.tiesTo, { label: each.label, count: number(each.count) }), h('br'),
        h('span', { class: 'small' }, `${what} · ${say(words.here, { count: number(here) })}`)),
      here < each.count ? h('button', { type: 'button', 'aria-label': `${words.openKind}: ${each.label}`, onclick: () => chart.open(thing.id, [each.kind]) }, words.openKind) : null)
    })
    const more = found.some(each => each.leadsTo.some(/** @param {string} id */ id => !there.has(id)))
    place.replaceChildren(...rows)
    if (more) place.append(h('li', {}, h('button', { type: 'button', class: 'main', onclick: () => chart.open(thing.id, null) }, words.openAll)))
  }

  /** @param {Tie} tie */
  tie (tie) {
    const { words, chart } = this
    const note = chart.tieNoteOn(tie.id)
    this.fill(
      h('h2', {}, tie.label),
      this.facts([
        [words.from, chart.nameOf(tie.source)], [words.to, chart.nameOf(tie.target)],
        [words.evaluation, tie.grade || words.notEvaluated], [words.since, tie.from], [words.until, tie.to],
        [words.givenBy, tie.ownerNames.join(', ')], [words.handling, tie.codes || 'H0'],
      ]),
      h('p', { class: 'actions' }, h('button', { type: 'button', onclick: () => this.writeTieNote(tie) }, words.addNote)),
      note ? this.noteBlock(note, () => chart.noteTie(tie, '')) : h('span'),
    )
  }

  /** @param {import('./sight.js').Group} group */
  group (group) {
    const { words, chart } = this
    this.fill(
      h('h2', {}, chart.groupName(group)),
      h('ul', {}, ...group.kinds.map(([word, count]) => h('li', {}, h('span', {}, word), h('span', {}, number(count))))),
      h('p', { class: 'actions' }, h('button', { type: 'button', class: 'main', onclick: () => chart.toggleGroup(group) }, group.open ? words.closeGroup : words.openGroup)),
    )
  }

  /** @param {number} index @param {string} text */
  freeNote (index, text) {
    this.noteForm(text, written => this.chart.noteFree(index, written), () => this.chart.noteFree(index, ''))
  }

  /** @param {string} text @param {() => void} remove */
  noteBlock (text, remove) {
    return h('div', {}, h('blockquote', {}, text), h('button', { type: 'button', onclick: remove }, this.words.removeNote))
  }

  /** @param {Thing} thing */
  writeNote (thing) { this.noteForm(this.chart.noteOn(thing.id) ?? '', text => this.chart.noteThing(thing.id, text)) }

  /** @param {Tie} tie */
  writeTieNote (tie) { this.noteForm(this.chart.tieNoteOn(tie.id) ?? '', text => this.chart.noteTie(tie, text)) }

  /** @param {string} text @param {(text: string) => void} keep @param {() => void} [remove] */
  noteForm (text, keep, remove) {
    const { words } = this
    const field = /** @type {HTMLTextAreaElement} */ (h('textarea', { maxlength: '1000', id: 'chart-note' }))
    field.value = text
    const form = h('form', {
      onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); keep(field.value.trim()) },
    }, h('div', { class: 'field' }, h('label', { for: 'chart-note' }, words.noteText), field),
    h('p', { class: 'actions' }, h('button', { class: 'main' }, words.keepNote),
      remove ? h('button', { type: 'button', onclick: remove }, words.removeNote) : null))
    this.fill(form)
    field.focus()
  }

  /** @param {any} found */
  ways (found) {
    const { words, chart } = this
    if (!found.ways.length) { this.fill(h('p', {}, words.noWay), found.givenUp ? h('p', { class: 'small' }, words.wayGivenUp) : h('span')); return }
    this.fill(
      h('p', {}, say(words.waysFound, { count: number(found.ways.length), length: number(found.ways[0].ties.length) }), found.more ? ' ' + words.moreWays : ''),
      h('ol', {}, ...found.ways.map(/** @param {any} way */ way => h('li', {}, h('span', {}, way.things.map(/** @param {any} each */ each => each.label).join(' → ')),
        h('button', { type: 'button', onclick: () => chart.showWay(way) }, words.showWay)))))
  }

  /** Filters, once for each answer of the server: their counts are of what it gave. @param {any} chart @param {any} state */
  filters (chart, state) {
    const { words } = this
    const filters = state.filters ?? {}
    if (this.drawnFor !== chart) {
      this.drawnFor = chart
      const types = counted(chart.things, /** @param {Thing} each */ each => [[each.type, each.word]])
      const kinds = counted(chart.ties, /** @param {Tie} each */ each => [[each.kind, each.label]])
      const owners = counted(chart.things, /** @param {Thing} each */ each => each.owners.map((one, place) => [one, each.ownerNames[place]]))
      const days = span(chart)
      this.filterPlace.replaceChildren(
        this.boxes('things', words.types, types), this.boxes('kinds', words.kinds, kinds), this.boxes('owners', words.providers, owners),
        h('div', { class: 'field' }, h('label', { for: 'chart-least' }, `${words.evaluation}: ${words.least}`),
          h('select', { id: 'chart-least', onchange: (/** @type {any} */ event) => this.chart.filter({ least: event.target.value }) },
            h('option', { value: '' }, words.all), ...ORDER.slice(0, 3).map(firm => h('option', { value: firm }, words[firm])))),
        days ? this.slider(days) : h('span'),
        h('p', { class: 'actions' }, h('button', { type: 'button', onclick: () => this.chart.filter(null) }, words.noFilters)),
      )
    }
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (this.filterPlace.querySelectorAll('input[type=checkbox]'))) {
      box.checked = !(filters[box.name] ?? []).includes(box.value)
    }
    const least = /** @type {HTMLSelectElement|null} */ (this.filterPlace.querySelector('select'))
    if (least) least.value = filters.least ?? ''
    this.setSlider?.(filters)
  }

  /** @param {string} name @param {string} title @param {{key: string, label: string, count: number}[]} rows */
  boxes (name, title, rows) {
    if (rows.length < 2) return h('span')
    return h('fieldset', {}, h('legend', {}, title), ...rows.map(row => h('label', { class: 'box' },
      h('input', { type: 'checkbox', name, value: row.key, onchange: () => this.boxed(name) }),
      h('span', {}, row.label, ' ', h('span', { class: 'small' }, number(row.count))))))
  }

  /** @param {string} name */
  boxed (name) {
    const off = [.../** @type {NodeListOf<HTMLInputElement>} */ (this.filterPlace.querySelectorAll(`input[name=${name}]`))]
      .filter(box => !box.checked).map(box => box.value)
    this.chart.filter({ [name]: off })
  }

  /** Two sliders from the first day to the last. @param {string[]} days */
  slider ([first, last]) {
    const { words } = this
    const day = 86_400_000
    const [low, high] = [Date.parse(first) / day, Date.parse(last) / day]
    const written = (/** @type {string|number} */ n) => new Date(Number(n) * day).toISOString().slice(0, 10)
    const shown = h('output', { class: 'small' })
    const make = (/** @type {string} */ label, /** @type {number} */ at) => /** @type {HTMLInputElement} */ (h('input', {
      type: 'range', min: String(low), max: String(high), step: '1', value: String(at), 'aria-label': label,
    }))
    const [since, until] = [make(words.since, low), make(words.until, high)]
    const tell = () => {
      shown.textContent = `${written(since.value)} – ${written(until.value)}`
      since.setAttribute('aria-valuetext', written(since.value))
      until.setAttribute('aria-valuetext', written(until.value))
    }
    const values = () => ({
      since: Number(since.value) > low ? written(since.value) : '', until: Number(until.value) < high ? written(until.value) : '',
    })
    for (const [field, other, sign] of /** @type {[HTMLInputElement, HTMLInputElement, number][]} */ ([[since, until, 1], [until, since, -1]])) {
      field.addEventListener('input', () => {
        if (sign * (Number(field.value) - Number(other.value)) > 0) other.value = field.value
        tell()
        this.chart.filter(values(), true)
      })
      field.addEventListener('change', () => this.chart.filter(values()))
    }
    this.setSlider = (/** @type {any} */ filters) => {
      since.value = String(filters.since ? Date.parse(filters.since) / day : low)
      until.value = String(filters.until ? Date.parse(filters.until) / day : high)
      tell()
    }
    return h('fieldset', {}, h('legend', {}, words.times), since, until, shown, h('p', { class: 'small' }, words.undated))
  }

  /** @param {any} chart */
  legend (chart) {
    const { words } = this
    const types = counted(chart.things, /** @param {Thing} each */ each => [[each.type, each.word]])
    this.legendPlace.replaceChildren(h('ul', { class: 'legend' },
      ...types.map(row => h('li', {}, symbolElement(chart.symbols[row.key] ?? ''), row.label)),
      ...ORDER.map(firm => h('li', {}, ...legendLine(firm, words[firm]))),
      h('li', {}, h('span', { class: 'legend-ring' }), words.legendStart),
      h('li', {}, h('span', { class: 'legend-ring noted' }), words.legendNoted),
      h('li', {}, h('span', { class: 'legend-tab' }, 'H1'), words.legendTab)))
  }

  /** @param {{id: string, label: string}[]} hidden */
  hidden (hidden) {
    const { words } = this
    this.hiddenPlace.replaceChildren(...(hidden.length
      ? [h('h3', {}, say(words.outOfSight, { count: number(hidden.length) })), h('ul', {}, ...hidden.slice(0, 50).map(each => h('li', {}, h('span', {}, each.label),
          h('button', { type: 'button', onclick: () => this.chart.unhide(each.id) }, words.showHidden))))]
      : []))
  }
}
