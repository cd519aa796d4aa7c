// History: what was done to the chart, to be undone and done again. The server keeps versions; this keeps steps.

const MOST = 100

/** @template Step */
export class History {
  /** @param {Step} first */
  constructor (first) {
    /** @type {Step[]} */
    this.steps = [first]
    this.at = 0
  }

  get now () { return this.steps[this.at] }
  get canUndo () { return this.at > 0 }
  get canRedo () { return this.at < this.steps.length - 1 }

  /** @param {Step} step */
  add (step) {
    this.steps = [...this.steps.slice(0, this.at + 1), step].slice(-MOST)
    this.at = this.steps.length - 1
  }

  /** The step that stands now is told anew, without a step of its own. @param {Step} step */
  replace (step) { this.steps[this.at] = step }

  undo () { if (this.canUndo) this.at -= 1; return this.now }
  redo () { if (this.canRedo) this.at += 1; return this.now }
}
