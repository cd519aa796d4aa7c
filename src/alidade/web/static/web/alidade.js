// Small behaviour of every page: keys, lists, drop zones, drafts, progress. Each page works without it.
// Nothing that stands on a page is kept in the browser but which columns of a list are shown.

const typing = () => document.activeElement?.matches('input, textarea, select, [contenteditable]')

function keys (event) {
  const jump = document.getElementById('jump')
  if ((event.key === '/' && !typing()) || (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey))) {
    if (jump) { event.preventDefault(); jump.focus(); jump.select() }
    return
  }
  if (event.key === 'Escape') {
    document.querySelectorAll('details.menu[open], details.handling[open]').forEach(menu => {
      menu.open = false
      menu.querySelector('summary')?.focus()
    })
    return
  }
  if (typing() || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === '?') { document.getElementById('keys')?.showModal(); return }
  const rows = [...document.querySelectorAll('.list tbody tr:not([hidden])')]
  if (!rows.length) return
  const here = rows.findIndex(row => row.classList.contains('here'))
  if (event.key === 'j' || event.key === 'k') {
    const next = Math.min(rows.length - 1, Math.max(0, here + (event.key === 'j' ? 1 : -1)))
    rows[here]?.classList.remove('here')
    rows[next].classList.add('here')
    rows[next].scrollIntoView({ block: 'nearest' })
    rows[next].querySelector('a, button, input')?.focus({ preventScroll: true })
    event.preventDefault()
  } else if (event.key === 'x' && here >= 0) {
    const box = rows[here].querySelector('td.choose input')
    if (box) box.checked = !box.checked
  } else if (event.key === 'Enter' && here >= 0 && rows[here].dataset.address && document.activeElement === document.body) {
    window.location.assign(rows[here].dataset.address)
  }
}

/** On a narrow screen the leaves do not all fit: the one where we are comes into view. */
function leaf () {
  const [bar, here] = ['.leaves', '.leaves [aria-current]'].map(each => document.querySelector(each))
  if (bar && here && bar.scrollWidth > bar.clientWidth) bar.scrollLeft = here.offsetLeft - (bar.clientWidth - here.offsetWidth) / 2
}

function list (root) {
  const filter = root.querySelector('[data-filter]')
  const columns = root.querySelector('details.columns')
  if (filter) {
    filter.closest('.filter').hidden = false
    filter.addEventListener('input', () => {
      const wanted = filter.value.toLocaleLowerCase()
      root.querySelectorAll('tbody tr').forEach(row => { row.hidden = !row.textContent.toLocaleLowerCase().includes(wanted) })
    })
  }
  if (!columns) return
  columns.hidden = false
  const name = `columns:${root.dataset.list}`
  const kept = JSON.parse(localStorage.getItem(name) ?? '{}')
  columns.querySelectorAll('input[data-column]').forEach(box => {
    const key = box.dataset.column
    const show = () => root.querySelectorAll(`th[data-column="${CSS.escape(key)}"], td[data-column="${CSS.escape(key)}"]`)
      .forEach(cell => { cell.hidden = !box.checked })
    if (key in kept) { box.checked = kept[key]; show() }
    box.addEventListener('change', () => {
      kept[key] = box.checked
      localStorage.setItem(name, JSON.stringify(kept))
      show()
    })
  })
}

// <div class="drop"> around a file field: a file may be dropped on it.
function drop (zone) {
  const field = zone.querySelector('input[type=file]')
  if (!field) return
  for (const name of ['dragenter', 'dragover']) {
    zone.addEventListener(name, event => { event.preventDefault(); zone.classList.add('over') })
  }
  zone.addEventListener('dragleave', () => zone.classList.remove('over'))
  zone.addEventListener('drop', event => {
    event.preventDefault()
    zone.classList.remove('over')
    if (event.dataTransfer.files.length) {
      field.files = event.dataTransfer.files
      field.dispatchEvent(new Event('change', { bubbles: true }))
    }
  })
}

// <form data-draft="address">: saves itself there some seconds after the last change.
function draft (form) {
  let timer
  const note = form.querySelector('[data-draft-note]')
  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(async () => {
      const answer = await fetch(form.dataset.draft, { method: 'POST', body: new FormData(form), credentials: 'same-origin' })
        .catch(() => null)
      if (note) note.textContent = answer?.ok ? note.dataset.saved : note.dataset.failed
    }, 2000)
  })
}

// <section data-poll="address" data-every="2">: replaced by what the address answers, until that says it is done.
async function poll (section) {
  const wait = Number(section.dataset.every || 2) * 1000
  await new Promise(resolve => setTimeout(resolve, wait))
  const answer = await fetch(section.dataset.poll, { credentials: 'same-origin' }).catch(() => null)
  if (!answer?.ok) return poll(section)
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-poll], [data-done]')
  if (!fresh) return
  section.replaceWith(fresh)
  if (fresh.dataset.poll !== undefined) poll(fresh)
}

// <button data-copy="id">: copies the text of an element. <button data-print>: prints the page.
function click (event) {
  const button = event.target.closest('[data-copy], [data-print]')
  if (!button) {
    document.querySelectorAll('details.menu[open], details.handling[open]').forEach(menu => {
      if (!menu.contains(event.target)) menu.open = false
    })
    return
  }
  if (button.dataset.print !== undefined) { window.print(); return }
  navigator.clipboard?.writeText(document.getElementById(button.dataset.copy)?.textContent.trim() ?? '')
}

document.addEventListener('keydown', keys)
document.addEventListener('click', click)
leaf()
document.querySelectorAll('.list').forEach(list)
document.querySelectorAll('.drop').forEach(drop)
document.querySelectorAll('form[data-draft]').forEach(draft)
document.querySelectorAll('[data-poll]').forEach(poll)
// A form is sent once, however often the button is pressed.
document.querySelectorAll('form').forEach(form => form.addEventListener('submit', event => {
  if (form.dataset.sent) event.preventDefault()
  form.dataset.sent = 'yes'
  setTimeout(() => delete form.dataset.sent, 4000)
}))
