// Keys of the pages that judge: s same, d different, u unsure, n next pair, r to the reason, Enter to the first pair.
const form = document.querySelector('form[data-judge]')
for (const hint of document.querySelectorAll('.judge-keys')) hint.hidden = false

function typing (target) {
  return target.closest('input, textarea, select, [contenteditable]') !== null
}

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return
  const reason = form?.querySelector('textarea[name="reason"]')
  if (event.key === 'r' && reason) {
    event.preventDefault()
    reason.focus()
    return
  }
  if (event.key === 'Enter' && event.target.closest('a, button, summary')) return
  const wanted = [...document.querySelectorAll('[data-key]')].find(each => each.dataset.key === event.key)
  if (!wanted) return
  event.preventDefault()
  // A judgement needs its reason: without one the key leads there.
  if (wanted.name === 'ruling' && !reason.value.trim()) reason.focus()
  else wanted.click()
})
