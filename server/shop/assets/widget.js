/**
 * Opens the shop's event pages in a window above the page that links to them, where the organiser allows that site;
 * elsewhere in a new tab. Without this script the links are links.
 */
;(() => {
  const { shop, frameOrigins } = SETTINGS
  // The page may be in another language than its visitor; the button speaks the page's.
  const isGerman = document.documentElement.lang.startsWith('de')

  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[data-foyer]')
    const isPlainClick = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey
    if (!link || !isPlainClick || new URL(link.href).origin !== shop) return
    event.preventDefault()
    if (frameOrigins.includes(location.origin)) openWindow(link)
    else open(link.href, '_blank', 'noopener')
  })

  function openWindow(link) {
    const dialog = make('dialog', {
      width: 'min(60rem, 100vw)',
      height: 'min(56rem, 100vh)',
      maxWidth: '100vw',
      maxHeight: '100vh',
      padding: '0',
      border: '0',
      borderRadius: '0.75rem',
      overflow: 'hidden',
      display: 'flex',
      flexDirection: 'column',
      background: 'Canvas',
    })
    const frame = make('iframe', { width: '100%', flex: '1', border: '0' })
    const close = make('button', {
      alignSelf: 'flex-end',
      margin: '0.5rem',
      font: '600 1rem system-ui, sans-serif',
      padding: '0.4rem 1rem',
      color: 'ButtonText',
      background: 'ButtonFace',
      border: '1px solid',
      borderRadius: '2rem',
      cursor: 'pointer',
    })
    dialog.setAttribute('aria-label', link.textContent.trim())
    frame.title = link.textContent.trim()
    frame.src = link.href
    close.type = 'button'
    close.textContent = isGerman ? 'Schließen' : 'Close'
    close.addEventListener('click', () => dialog.close())
    dialog.addEventListener('close', () => {
      dialog.remove()
      link.focus()
    })
    dialog.append(close, frame)
    document.body.append(dialog)
    dialog.showModal()
  }

  /** Styles are set one by one: a site whose policy forbids inline styles allows that. */
  function make(name, style) {
    const element = document.createElement(name)
    Object.assign(element.style, style)
    return element
  }
})()
