// The same chart as tables: things and ties in sight, sortable by each head, every thing a button that chooses it.

import { counts, h } from './dom.js'
import { inOrder } from './sight.js'

const FIRST = 100

/**
 * @typedef {{key: string, title: string, text: (row: any) => string, sort?: (row: any) => string|number,
 *   cell?: (row: any) => Node|string, end?: boolean}} Column
 */

export class RowsTable {
  /**
   * @param {HTMLElement} place a section whose first child is its title; the rest is replaced
   * @param {Column[]} columns @param {string} sorted @param {import('./dom.js').Words} words
   * @param {(row: any) => string} id
   */
  constructor (place, columns, sorted, words, id) {
    this.place = place
    this.columns = columns
    this.words = words
    this.id = id
    this.sorted = sorted.replace('-', '')
    this.down = sorted.startsWith('-')
    this.whole = false
    /** @type {any[]} */
    this.rows = []
    this.chosen = ''
    while (place.children.length > 1) place.lastElementChild?.remove()
    this.count = h('p', { class: 'small', role: 'status' })
    this.body = h('tbody')
    this.heads = h('tr')
    this.more = h('button', { type: 'button', onclick: () => { this.whole = true; this.draw() } }, words.showAll)
    const title = place.firstElementChild?.textContent ?? ''
    place.append(this.count, h('div', { class: 'scroll list', tabindex: '0', role: 'region', 'aria-label': title },
      h('table', {}, h('caption', { class: 'visually-hidden' }, title), h('thead', {}, this.heads), this.body)), this.more)
  }

  /** @param {any[]} rows */
  show (rows) { this.rows = rows; this.draw() }

  /** @param {string} id */
  choose (id) {
    this.chosen = id
    for (const row of this.body.children) row.classList.toggle('here-on-chart', row.getAttribute('data-key') === id && id !== '')
  }

  draw () {
    const by = this.columns.find(column => column.key === this.sorted) ?? this.columns[0]
    const value = by.sort ?? by.text
    const rows = this.rows.map(row => ({ row, by: value(row) }))
      .sort(({ by: a }, { by: b }) => typeof a === 'number' && typeof b === 'number' ? a - b : inOrder.compare(String(a), String(b)))
      .map(({ row }) => row)
    if (this.down) rows.reverse()
    this.count.textContent = counts(this.words.rows, rows.length)
    this.heads.replaceChildren(...this.columns.map(column => h('th', {
      scope: 'col', class: column.end ? 'end' : null, 'aria-sort': column.key === this.sorted ? (this.down ? 'descending' : 'ascending') : null,
    }, h('button', {
      type: 'button',
      onclick: () => {
        this.down = this.sorted === column.key ? !this.down : Boolean(column.end)
        this.sorted = column.key
        this.draw()
        this.heads.querySelectorAll('button')[this.columns.indexOf(column)]?.focus()
      },
    }, column.title))))
    const shown = this.whole ? rows : rows.slice(0, FIRST)
    this.body.replaceChildren(...shown.map(row => h('tr', { 'data-key': this.id(row), class: this.id(row) === this.chosen ? 'here-on-chart' : null },
      ...this.columns.map(column => h('td', { 'data-title': column.title, class: column.end ? 'end' : null }, column.cell ? column.cell(row) : column.text(row))))))
    this.more.hidden = shown.length === rows.length
  }
}
