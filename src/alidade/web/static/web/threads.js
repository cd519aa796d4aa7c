// Exchange: letter keys of steps, fields that are asked only sometimes, words counted, drafts that save themselves,
// files in pieces, the editor of procedures. Every page works without it; whether something may be sent the server says.

const typing = () => document.activeElement?.matches('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]')
const token = () => document.querySelector('input[name=csrfmiddlewaretoken]')?.value ?? ''

// In a list j, k and x move; the steps that have these letters are taken with Shift.
function keys (event) {
  if (typing() || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return
  const letter = event.key.toLowerCase()
  if (!/^[a-z]$/.test(letter)) return
  const inList = document.querySelector('[data-keys]')
  if (inList && ('jkx'.includes(letter) !== event.shiftKey)) return
  const scope = inList ? inList.querySelector('tr.here') : document.querySelector('.may-do')
  const link = scope?.querySelector(`a[data-key="${letter}"]`)
  if (link) { event.preventDefault(); window.location.assign(link.href) }
}

// The first row is chosen when the page opens, so that one key is enough.
function chooseFirst () {
  if (window.location.hash || typing()) return
  document.querySelector('[data-keys] tbody tr')?.classList.add('here')
}

function holds (condition, values) {
  if (!condition) return true
  if (condition.all) return condition.all.every(each => holds(each, values))
  if (condition.any) return condition.any.some(each => holds(each, values))
  if (condition.no) return !holds(condition.no, values)
  const value = values[condition.field]
  const filled = Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== ''
  if (!condition.is) return filled
  return Array.isArray(value) ? value.some(each => condition.is.includes(each)) : condition.is.includes(value)
}

function answers (form, facts) {
  const found = { ...facts }
  form.querySelectorAll('[data-field]').forEach(box => {
    const code = box.dataset.field
    const several = [...box.querySelectorAll('input[type=checkbox]:checked, select[multiple] option:checked')].map(each => each.value)
    const radio = box.querySelector('input[type=radio]:checked')
    const one = box.querySelector('input:not([type=radio]):not([type=checkbox]), textarea, select:not([multiple])')
    if (radio) found[code] = radio.value === 'yes'
    else if (several.length) found[code] = several
    else if (one && one.value !== '') found[code] = one.value
  })
  return found
}

function conditions (form) {
  const facts = JSON.parse(document.getElementById('facts')?.textContent ?? '{}') ?? {}
  const boxes = [...form.querySelectorAll('[data-shown-if], [data-required-if]')]
  const look = () => {
    for (const box of boxes) {
      const values = answers(form, facts)
      const shown = holds(box.dataset.shownIf && JSON.parse(box.dataset.shownIf), values)
      box.hidden = !shown
      box.querySelectorAll('input, select, textarea').forEach(field => { field.disabled = !shown })
      if (box.dataset.requiredIf) box.classList.toggle('required', holds(JSON.parse(box.dataset.requiredIf), values))
    }
  }
  form.addEventListener('input', look)
  look()
}

function words (field) {
  const most = Number(field.dataset.words)
  const told = document.createElement('span')
  told.className = 'words-left'
  told.setAttribute('aria-hidden', 'true')
  field.before(told)
  const count = () => {
    const now = field.value.trim() ? field.value.trim().split(/\s+/).length : 0
    told.textContent = `${now} / ${most}`
    told.classList.toggle('over', now > most)
  }
  field.addEventListener('input', count)
  count()
}

// Saves itself some seconds after the last change; the draft in which it lies comes back, so that there is only one.
function draft (form) {
  let timer, saving = Promise.resolve()
  const note = form.querySelector('[data-draft-note]')
  const save = async () => {
    const body = new FormData(form)
    body.delete('file')
    const answer = await fetch(form.dataset.keep, { method: 'POST', body, credentials: 'same-origin' }).catch(() => null)
    if (answer?.ok) form.elements.draft.value = (await answer.json()).draft
    note.textContent = answer?.ok ? note.dataset.saved : note.dataset.failed
  }
  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(() => { saving = saving.then(save) }, 2000)
  })
  form.addEventListener('submit', () => clearTimeout(timer))
}

async function sent (address, body, headers = {}) {
  const answer = await fetch(address, { method: 'POST', body, credentials: 'same-origin', headers: { 'X-CSRFToken': token(), ...headers } })
  const said = await answer.json()
  if (!answer.ok) throw Object.assign(new Error([said.message, said.remedy].filter(Boolean).join(' ')), { final: answer.status < 500 })
  return said
}

async function inPieces (list, row, file) {
  const bar = row.querySelector('progress')
  const address = list.dataset.uploads
  const hash = [...new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))].map(byte => byte.toString(16).padStart(2, '0')).join('')
  let state = await sent(address, JSON.stringify({ name: file.name, size: file.size, sha256: hash }), { 'Content-Type': 'application/json' })
  let tries = 0
  while (state.next >= 0) {
    const begin = state.next * state.piece
    try {
      state = await sent(`${address}${state.reference}/${state.next}/`, file.slice(begin, begin + state.piece), { 'Content-Type': 'application/octet-stream' })
      tries = 0
    } catch (error) {
      if (error.final || ++tries > 20) throw error
      row.querySelector('.small').textContent = list.dataset.failed
      await new Promise(resolve => setTimeout(resolve, Math.min(30, 2 ** tries) * 1000))
    }
    bar.value = state.received
  }
  return sent(`${address}${state.reference}/end/`, new URLSearchParams())
}

function hidden (name, value) {
  const field = document.createElement('input')
  Object.assign(field, { type: 'hidden', name, value })
  return field
}

function uploads (list) {
  const form = list.closest('form')
  const field = form.querySelector('input[type=file]')
  if (!window.crypto?.subtle) return
  // What is still on its way would be left behind without a word.
  form.addEventListener('submit', event => {
    const busy = list.querySelector('li[data-busy] .small')
    if (!busy) return
    event.preventDefault()
    busy.textContent = list.dataset.wait
    busy.classList.add('late')
    busy.scrollIntoView({ block: 'center' })
    setTimeout(() => delete form.dataset.sent)
  })
  field.addEventListener('change', () => {
    for (const file of [...field.files]) {
      const row = document.createElement('li')
      const name = document.createElement('span')
      const bar = document.createElement('progress')
      const told = document.createElement('span')
      name.textContent = file.name
      Object.assign(bar, { max: file.size, value: 0 })
      bar.setAttribute('aria-label', file.name)
      told.className = 'small'
      told.textContent = list.dataset.busy
      row.append(name, bar, told)
      row.dataset.busy = 'yes'
      list.append(row)
      const go = () => inPieces(list, row, file).then(done => {
        const drop = document.createElement('button')
        Object.assign(drop, { type: 'button', className: 'plain', textContent: list.dataset.drop })
        drop.addEventListener('click', () => {
          sent(`${list.dataset.uploads}${done.reference}/end/`, new URLSearchParams({ do: 'discard' })).catch(() => null)
          row.remove()
        })
        told.textContent = list.dataset.done
        told.classList.remove('late')
        delete row.dataset.busy
        row.append(drop, hidden('attachment', done.reference), hidden('attachment-name', `${done.reference} ${file.name}`))
        form.dispatchEvent(new Event('input', { bubbles: true }))
      }).catch(error => {
        told.textContent = error.message
        told.classList.add('late')
        delete row.dataset.busy
        if (error.final) return
        const again = document.createElement('button')
        Object.assign(again, { type: 'button', className: 'plain', textContent: list.dataset.again })
        again.addEventListener('click', () => { again.remove(); told.classList.remove('late'); row.dataset.busy = 'yes'; go() })
        row.append(again)
      })
      go()
    }
    field.value = ''
  })
}

// The editor of procedures: what is wrong, while one writes.
function look (field) {
  const shown = document.querySelector('#findings')
  const said = JSON.parse(field.dataset.wordsOf)
  let timer
  const line = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text })
  const ask = async () => {
    const body = new FormData(field.form)
    const answer = await fetch(field.dataset.look, { method: 'POST', body, credentials: 'same-origin' }).catch(() => null)
    if (!answer?.ok) return
    const found = await answer.json()
    const head = shown.querySelector('h2')
    const list = document.createElement('ul')
    for (const each of found.findings) {
      const entry = document.createElement('li')
      entry.append(line('span', each.severity, said[each.severity]), each.line ? ` · ${said.line} ${each.line} ` : ' ', line('code', '', each.path), document.createElement('br'), `${each.message} ${each.remedy}`)
      list.append(entry)
    }
    shown.replaceChildren(head, found.wrong ? line('p', 'error', found.wrong) : found.findings.length ? list : line('p', '', said.clean))
  }
  field.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(ask, 800) })
}

document.addEventListener('keydown', keys)
chooseFirst()
document.querySelectorAll('form.writing').forEach(conditions)
document.querySelectorAll('[data-words]').forEach(words)
document.querySelectorAll('form[data-keep]').forEach(draft)
document.querySelectorAll('[data-uploads]').forEach(uploads)
document.querySelectorAll('textarea[data-look]').forEach(look)
document.getElementById('preview')?.focus({ preventScroll: true })
