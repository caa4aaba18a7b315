/** Makes the shop's pages a little kinder. Every one of them works without it. */

countDown()
sendOnce()
showProblems()
awaitPayment()

/** Says each minute how long the places are still kept, and each minute only, so that nobody is interrupted. */
function countDown() {
  for (const place of document.querySelectorAll('[data-countdown]')) {
    const end = Date.now() + Number(place.dataset.countdown) * 1000
    let shown
    const tick = () => {
      const left = Math.max(0, end - Date.now())
      const minutes = Math.ceil(left / 60_000)
      const text =
        left === 0 ? place.dataset.over : minutes <= 1 ? place.dataset.last : place.dataset.left.replace('#', minutes)
      if (text !== shown) place.textContent = text
      shown = text
      if (left > 0) setTimeout(tick, 1000)
    }
    tick()
  }
}

/** A second press while the first is on its way does nothing. Coming back by the back button makes the form fresh. */
function sendOnce() {
  for (const form of document.querySelectorAll('form')) {
    let isSent = false
    const button = form.querySelector('button[type=submit]')
    form.addEventListener('submit', (event) => {
      if (isSent) return event.preventDefault()
      isSent = true
      button?.setAttribute('aria-disabled', 'true')
    })
    addEventListener('pageshow', () => {
      isSent = false
      button?.removeAttribute('aria-disabled')
    })
  }
}

/** What is wrong is read out and can be left by the Tab key. */
function showProblems() {
  document.querySelector('[data-focus]')?.focus()
}

/** Asks every few seconds what became of a payment; goes on where the answer is another page than this one. */
function awaitPayment() {
  const place = document.querySelector('[data-await]')
  if (!place) return
  const ask = async () => {
    const answer = await fetch(place.dataset.await, { headers: { accept: 'text/html' } }).catch(() => undefined)
    const isStillWaiting = !answer?.ok || (await answer.text()).includes('data-await=')
    if (isStillWaiting) setTimeout(ask, 3000)
    else location.assign(answer.url)
  }
  setTimeout(ask, 3000)
}
