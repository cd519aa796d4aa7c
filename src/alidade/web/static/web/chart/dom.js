// Small pieces of a page made by script: elements, words with places in them, and requests to our own server.

/** @typedef {Record<string, string>} Words */

/**
 * An element with attributes, listeners ("onclick") and children. Text is always text, never markup.
 * @param {string} tag
 * @param {Record<string, any>} [given]
 * @param {...(Node|string|null|undefined|false)} children
 * @returns {HTMLElement}
 */
export function h (tag, given = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else if (value === true) element.setAttribute(name, '')
    else element.setAttribute(name, value)
  }
  element.append(...children.filter(child => child !== null && child !== undefined && child !== false))
  return element
}

/** A sentence with its places filled: say("%(n)s things", {n: 3}). @param {string} text @param {Record<string, any>} values */
export function say (text, values = {}) {
  return text.replace(/%\((\w+)\)s/g, (whole, name) => name in values ? String(values[name]) : whole)
}

/** The contents of <script type="application/json" id="...">. @param {string} id */
export function given (id) {
  const element = document.getElementById(id)
  return element ? JSON.parse(element.textContent ?? 'null') : null
}

/** A whole number with thin spaces. @param {number} n */
export const number = n => String(n).replace(/\B(?=(\d{3})+$)/g, '\u202f')

const plural = new Intl.PluralRules(document.documentElement.lang || undefined)

/** A sentence with its number, from the two lines for one and for many. @param {string} both @param {number} n */
export function counts (both, n) {
  const [one, many] = both.split('\n')
  return say(plural.select(n) === 'one' ? one : many ?? one, { n: number(n) })
}

/** What went wrong, in words that the server gave. */
export class Refused extends Error {
  /** @param {number} status @param {string} message @param {string} code */
  constructor (status, message, code) { super(message); this.status = status; this.code = code }
}

/**
 * Post JSON to one of our own addresses; what it answers, or a Refused.
 * @param {string} address @param {any} body @param {'json'|'blob'} [as]
 */
export async function post (address, body, as = 'json') {
  const token = /** @type {HTMLInputElement|null} */ (document.querySelector('[name=csrfmiddlewaretoken]'))
  const answer = await fetch(address, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRFToken': token?.value ?? '' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({}))
    throw new Refused(answer.status, told.told ?? '', told.code ?? '')
  }
  if (as === 'blob') {
    const name = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? 'alidade-chart'
    return { blob: await answer.blob(), name }
  }
  return answer.json()
}

/** Hand a file to the person. @param {Blob} blob @param {string} name */
export function download (blob, name) {
  const address = URL.createObjectURL(blob)
  h('a', { href: address, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
