// Shows desktop notices: a page on a phone may not, and its worker may. A press on one brings the desk to the front.
/** @type {any} */
const worker = self
worker.addEventListener('notificationclick', (/** @type {any} */ event) => {
  event.notification.close()
  event.waitUntil(
    worker.clients
      .matchAll({ type: 'window' })
      .then((/** @type {any[]} */ pages) => pages[0]?.focus() ?? worker.clients.openWindow('/')),
  )
})
