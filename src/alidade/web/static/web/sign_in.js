// Passkeys: <form data-passkey="create"> makes one, <form data-passkey="get"> uses one. What the device answers goes
// into the field "credential" and the form is sent. The conversions come from the sign-in library (webauthnJSON).

function tell (form, kind) {
  form.querySelectorAll('[data-problem]').forEach(line => { line.hidden = line.dataset.problem !== kind })
}

async function optionsOf (form) {
  if (form.dataset.options) {
    const answer = await fetch(form.dataset.options, { headers: { Accept: 'application/json' }, credentials: 'same-origin' })
    if (!answer.ok) throw new Error('no options')
    return (await answer.json()).request_options
  }
  const given = JSON.parse(document.getElementById('passkey-options').textContent)
  return given.creation_options ?? given.request_options
}

async function answerOf (form) {
  const options = await optionsOf(form)
  if (form.dataset.passkey === 'get') return window.webauthnJSON.get(options)
  const wanted = options.publicKey.authenticatorSelection ??= {}
  Object.assign(wanted, { residentKey: 'required', requireResidentKey: true, userVerification: 'required' })
  return window.webauthnJSON.create(options)
}

function passkey (form) {
  const button = form.querySelector('button[type=button].main')
  const field = form.querySelector('input[name$=credential]')
  button.addEventListener('click', async () => {
    if (!window.webauthnJSON?.supported()) { tell(form, 'unsupported'); return }
    tell(form, '')
    button.disabled = true
    try {
      field.value = JSON.stringify(await answerOf(form))
      form.submit()
    } catch (problem) {
      tell(form, problem.name === 'SecurityError' ? 'unsupported' : 'refused')
      button.disabled = false
    }
  })
}

document.querySelectorAll('form[data-passkey]').forEach(passkey)
