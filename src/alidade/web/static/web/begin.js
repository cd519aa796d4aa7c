// Proposes the short code of the authority while State and name are filled in; what is typed there stays.
const [state, name, code] = ['state', 'name', 'code'].map(field => document.getElementById(`id_${field}`))
let own = code.value !== ''

function propose () {
  if (own) return
  const words = name.value.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, ' ').trim().split(' ').slice(0, 4)
  code.value = [state.value.toLowerCase(), ...words].filter(Boolean).join('-').slice(0, 64)
}

code.addEventListener('input', () => { own = code.value !== '' })
for (const field of [state, name]) field.addEventListener('input', propose)
