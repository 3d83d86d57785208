import { computed, effect } from '@preact/signals'
import { unheld } from '../words/unheld.ts'
import { call } from './call.ts'
import { charted } from './chart.ts'
import { book, positions, takePrice } from './desk.ts'

/** Prices that no stream brings are asked for this often, in milliseconds. */
const askMs = 3000
const watched = computed(() => unheld(charted.value, book.value?.orders.value ?? [], positions.value ?? []))

async function ask(): Promise<void> {
  const into = book.value
  const symbols = watched.value
  if (!into || symbols === '' || document.hidden) return
  try {
    const { items } = await call('quotes', { query: { symbols } })
    for (const { symbol, bid, ask, last, mark, at, stale } of items) {
      takePrice(into, symbol, { bid, ask, last: mark ?? last, at, stale })
    }
  } catch {
    // They are asked for again, and what has no price says so.
  }
}

/** Keeps the prices of what is shown and not held. Returns a function that ends it. */
export function keepWatched(): () => void {
  const end = effect(() => {
    if (watched.value !== '') void ask()
  })
  const timer = setInterval(() => void ask(), askMs)
  return () => {
    end()
    clearInterval(timer)
  }
}
