// Signs of the chart: the symbol of each type of thing with its handling tab, and how firm a line is drawn.

/** @param {string} name */
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** The colours of the page as they are now, light or dark. */
export function colours () {
  return {
    ground: colour('--ground'), sheet: colour('--sheet'), line: colour('--line'), strong: colour('--line-strong'),
    ink: colour('--ink'), ink2: colour('--ink-2'), ink3: colour('--ink-3'), sea: colour('--sea'),
    seaGround: colour('--sea-ground'), brick: colour('--brick'), ochre: colour('--ochre'),
    ochreGround: colour('--ochre-ground'),
  }
}

/** @typedef {ReturnType<typeof colours>} Colours */

/** The colours of a picture that goes out: it will lie on paper. @type {Colours} */
export const PAPER = {
  ground: '#ffffff', sheet: '#ffffff', line: '#d9d4c7', strong: '#5f5b52', ink: '#16191b', ink2: '#3c4144', ink3: '#5c6063',
  sea: '#0f6e5c', seaGround: '#e3f0ec', brick: '#a33a22', ochre: '#7a5600', ochreGround: '#f7eed6',
}

/** @type {Map<string, string>} */
const drawn = new Map()

/**
 * The picture of a thing: its symbol, and the letters of its handling on a tab at the left edge.
 * @param {string} path strokes in a box of 24 x 24 @param {string} codes such as "H1 H3" @param {Colours} c
 */
export function symbol (path, codes, c) {
  const key = [path, codes, c.ink, c.ochreGround].join('|')
  const known = drawn.get(key)
  if (known) return known
  const letters = codes.split(' ').map((code, index) => index ? code.slice(1) : code).join('·')
  const wide = 5.6 * letters.length + 6
  const tab = codes
    ? `<rect x="1" y="1" width="${wide}" height="11.5" fill="${c.ochreGround}" stroke="${c.ochre}"/>` +
      `<rect x="1" y="1" width="3" height="11.5" fill="${c.ochre}"/>` +
      `<text x="6" y="10" font-family="system-ui,sans-serif" font-size="9" font-weight="700" fill="${c.ink}">${letters}</text>`
    : ''
  // Twice as wide as the thing, so that the tab stands outside of its ring.
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="160" viewBox="0 0 80 80">` +
    `<g transform="translate(30.4 30.4) scale(.8)"><path d="${path}" fill="none" stroke="${c.ink}" stroke-width="1.9" ` +
    `stroke-linecap="round" stroke-linejoin="round"/></g><g transform="translate(10 8)">${tab}</g></svg>`
  const address = 'data:image/svg+xml;utf8,' + encodeURIComponent(text)
  drawn.set(key, address)
  return address
}

/** Weight and dash of a line by the strength of its evaluation; the same as on the printed picture. */
export const FIRM = {
  strong: { width: 3.2, style: 'solid' },
  good: { width: 2.2, style: 'solid' },
  weak: { width: 1.4, style: 'dashed' },
  open: { width: 1.2, style: 'dotted' },
}
export const ORDER = ['strong', 'good', 'weak', 'open']

/** A line for the legend. @param {string} firm @param {string} label */
export function legendLine (firm, label) {
  const space = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(space, 'svg')
  svg.setAttribute('viewBox', '0 0 48 8')
  svg.setAttribute('width', '48')
  svg.setAttribute('height', '8')
  svg.setAttribute('aria-hidden', 'true')
  const line = document.createElementNS(space, 'path')
  line.setAttribute('d', 'M0 4H48')
  const { width, style } = FIRM[/** @type {keyof typeof FIRM} */ (firm)]
  line.setAttribute('stroke-width', String(width))
  if (style !== 'solid') line.setAttribute('stroke-dasharray', style === 'dashed' ? '7 5' : '1 4')
  svg.append(line)
  return [svg, ' ', label]
}

/** The symbol of a type as an element, for lists. @param {string} path */
export function symbolElement (path) {
  const space = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(space, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('width', '18')
  svg.setAttribute('height', '18')
  svg.setAttribute('aria-hidden', 'true')
  const stroke = document.createElementNS(space, 'path')
  stroke.setAttribute('d', path)
  svg.append(stroke)
  return svg
}
