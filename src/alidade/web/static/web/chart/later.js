// Later: what is not the picture itself waits until the picture stands, and gives way to the person.

/** After the next picture of the page; at once where the page is not in view and no picture comes. @returns {Promise<void>} */
export function painted () {
  return new Promise(resolve => {
    if (document.visibilityState !== 'visible') { resolve(); return }
    requestAnimationFrame(() => setTimeout(resolve, 0))
  })
}

/** @param {() => void} act @param {number} [most] milliseconds after which it is done although the page is busy */
const idle = (act, most = 400) => 'requestIdleCallback' in window ? requestIdleCallback(act, { timeout: most }) : setTimeout(act, 30)

/** Acts that are done one by one when there is time; one that is asked for again before is done once. */
export class Later {
  constructor () {
    /** @type {Map<string, () => void>} */
    this.waiting = new Map()
    this.asked = false
  }

  /** @param {string} name @param {() => void} act */
  do (name, act) {
    this.waiting.delete(name)
    this.waiting.set(name, act)
    if (!this.asked) { this.asked = true; idle(() => this.next()) }
  }

  next () {
    this.asked = false
    const [first] = this.waiting
    if (!first) return
    this.waiting.delete(first[0])
    if (this.waiting.size) { this.asked = true; idle(() => this.next()) }
    first[1]()
  }
}
