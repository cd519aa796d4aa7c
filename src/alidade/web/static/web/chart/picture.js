// The picture of the chart: what the canvas shows, with classification above and below and the joined handling printed.

const LINE = 22
const MARGIN = 24

/**
 * @param {Blob} drawn @param {{heading: string, terms: string[], title: string, ink: string, ground: string}} said
 * @returns {Promise<Blob>}
 */
export async function printed (drawn, said) {
  const image = await createImageBitmap(drawn)
  const canvas = document.createElement('canvas')
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
  const width = Math.max(image.width, 900)
  pen.font = '15px system-ui, sans-serif'
  const lines = said.terms.flatMap(text => wrapped(pen, text, width - 2 * MARGIN))
  const above = (said.heading ? LINE + 8 : 0) + (said.title ? LINE + 8 : 0) + MARGIN
  const below = lines.length * LINE + (said.heading ? LINE + 8 : 0) + MARGIN
  canvas.width = width
  canvas.height = above + image.height + below
  pen.fillStyle = said.ground
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.drawImage(image, Math.round((width - image.width) / 2), above)
  pen.fillStyle = said.ink
  let top = LINE
  pen.textAlign = 'center'
  pen.font = '700 16px system-ui, sans-serif'
  if (said.heading) {
    pen.fillText(said.heading.toUpperCase(), width / 2, top)
    pen.fillText(said.heading.toUpperCase(), width / 2, canvas.height - 10)
    top += LINE + 8
  }
  pen.textAlign = 'left'
  if (said.title) { pen.font = '600 18px system-ui, sans-serif'; pen.fillText(said.title, MARGIN, top) }
  pen.font = '15px system-ui, sans-serif'
  lines.forEach((line, index) => pen.fillText(line, MARGIN, above + image.height + (index + 1) * LINE))
  return new Promise((resolve, reject) => canvas.toBlob(blob => blob ? resolve(blob) : reject(new Error('no picture')), 'image/png'))
}

/** @param {CanvasRenderingContext2D} pen @param {string} text @param {number} width @returns {string[]} */
function wrapped (pen, text, width) {
  const lines = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line ? line + ' ' + word : word
    if (line && pen.measureText(longer).width > width) { lines.push(line); line = word } else line = longer
  }
  return line ? [...lines, line] : lines
}
