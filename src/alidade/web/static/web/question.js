// Questions: a change shows itself in the sentence, and a button changes the form, without the page being drawn anew.
const form = document.querySelector('form[data-question]')
const HERE = ['add', 'remove', 'find', 'refresh']
let turn = 0

async function renew (what) {
  const mine = ++turn
  const sent = new FormData(form)
  sent.set('do', what)
  sent.set('fragment', 'yes')
  const at = document.activeElement
  const focus = at?.name && at.tagName !== 'BUTTON' ? at.name : null
  const answer = await fetch(location.pathname, { method: 'POST', body: sent, credentials: 'same-origin' }).catch(() => null)
  if (!answer?.ok || mine !== turn) return
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('question-builder')
  if (!fresh) return
  const known = new Set([...form.querySelectorAll('[name]')].map(each => each.name))
  document.getElementById('question-builder').replaceWith(fresh)
  const added = [...fresh.querySelectorAll('select[name], input[name]:not([type=hidden])')].find(each => !known.has(each.name))
  const next = (what.startsWith('add') && added) || (focus && form.elements[focus])
  if (next?.focus) next.focus()
}

if (form) {
  form.addEventListener('click', event => {
    const button = event.target.closest('button[name=do]')
    if (!button || !HERE.includes(button.value.split(' ')[0])) return
    event.preventDefault()
    renew(button.value)
  })
  form.addEventListener('change', event => {
    if (event.target.name !== 'title' && !event.target.name.endsWith('.find')) renew('refresh')
  })
  form.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.target.tagName !== 'INPUT') return
    const name = event.target.name
    if (!name.endsWith('.find')) return
    event.preventDefault()
    renew(`find ${name.slice(0, -5)}`)
  })
}
