import { useEffect } from 'preact/hooks'
import { asking, dialog } from '../state/asking.ts'
import { book } from '../state/desk.ts'
import { accountId, choose, mayTrade, me } from '../state/session.ts'
import { show, view } from '../state/view.ts'

/** All keys of the page, for the list under `?`. */
export const keyList: [keys: string, does: string][] = [
  ['j, k', 'next and previous position'],
  ['o', 'scale out the focused position'],
  ['c', 'close it'],
  ['s, t, r, b', 'its stop, target, trail, breakeven'],
  ['1 … 9', 'the account with this place'],
  ['/', 'say a sentence to the desk'],
  ['a', 'to the activity'],
  ['v', 'the screeners, and back'],
  ['n', 'notices'],
  ['?', 'this list'],
  ['Esc', 'close a dialog'],
]

const acts = { o: 'scaleout', c: 'close', s: 'stop', t: 'target', r: 'trail', b: 'breakeven' } as const

/** Listens for the keys of the page, outside of fields. */
export function Keys() {
  useEffect(() => {
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
  return null
}

function press(event: KeyboardEvent): void {
  const { key, target } = event
  if (event.ctrlKey || event.metaKey || event.altKey || asking.value) return
  if (target instanceof HTMLElement && target.closest('input, select, textarea')) return
  if (key === '?') dialog({ kind: 'keys' })
  else if (key === 'n') dialog({ kind: 'notices' })
  else if (key === '/') document.querySelector<HTMLElement>('#say-text')?.focus()
  else if (key === 'a') document.querySelector<HTMLElement>('.rows')?.focus()
  else if (key === 'v') show(view.value === 'screeners' ? 'desk' : 'screeners')
  else if (key === 'j' || key === 'k') step(key === 'j' ? 1 : -1)
  else if (/^[1-9]$/.test(key)) {
    const account = me.value?.accounts[Number(key) - 1]
    if (!account || account.id === accountId.value) return
    choose(account.id)
  } else if (key in acts && mayTrade.value && book.value) {
    const symbol = (document.activeElement?.closest('[data-symbol]') as HTMLElement | null)?.dataset.symbol
    if (!symbol) return
    const button = document
      .activeElement!.closest('[data-symbol]')!
      .querySelector<HTMLButtonElement>(`[data-act=${acts[key as keyof typeof acts]}]`)
    button?.click()
  } else return
  event.preventDefault()
}

function step(by: number): void {
  const all = [...document.querySelectorAll<HTMLElement>('.position .symbol')]
  const at = all.findIndex((one) => one.closest('.position')?.contains(document.activeElement))
  all[Math.min(all.length - 1, Math.max(0, at + by))]?.focus()
}
