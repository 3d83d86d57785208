import { signal } from '@preact/signals'

/** The present second, in milliseconds of this machine's clock; it stands still while the page is hidden. */
export const second = signal(Date.now())

let timer: ReturnType<typeof setInterval> | undefined

function keep(): void {
  clearInterval(timer)
  if (document.hidden) return
  second.value = Date.now()
  timer = setInterval(() => {
    second.value = Date.now()
  }, 1000)
}

/** Starts the clock of the page. */
export function startClock(): void {
  document.addEventListener('visibilitychange', keep)
  keep()
}
