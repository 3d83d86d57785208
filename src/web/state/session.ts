import { batch, computed, effect, signal } from '@preact/signals'
import type { Me } from '../../api/contract/access.ts'
import { call, Refused } from './call.ts'

/** The member at this page: undefined until the desk has answered, null for nobody. */
export const me = signal<Me | null | undefined>(undefined)
/** The name of another member who has signed in in this browser since: nothing of the first one is shown any more. */
export const replacedBy = signal<string | undefined>(undefined)
/** The id of the account that is shown; null while the member has none. */
export const accountId = signal<number | null>(null)

export const account = computed(() => me.value?.accounts.find(({ id }) => id === accountId.value))
/** Minutes of the market in a minute of the clock: 1, but in a demonstration. */
export const timeScale = computed(() => me.value?.timeScale ?? 1)
export const zone = computed(() => me.value?.zone ?? 'America/New_York')
/** May the member trade in the shown account? */
export const mayTrade = computed(() => me.value?.trades === true && account.value?.role !== 'viewer')

const chosen = 'deskhand.account'

/** Asks who is here; the shown account stays the same while it is the member's. */
export async function findMe(): Promise<void> {
  try {
    take(await call('me'))
  } catch (cause) {
    if (!(cause instanceof Refused)) throw cause
    me.value = null
  }
}

/** Turns the token of a link into a session. Throws the refusal of a link that is used or expired. */
export async function logIn(token: string): Promise<void> {
  take(await call('login', { body: { token } }))
  others.postMessage('look')
}

export async function logOut(): Promise<void> {
  await call('logout').catch(() => {})
  me.value = null
  others.postMessage('look')
}

/** Other pages of this browser, which have the same cookie: they look who is here now. */
const others = new BroadcastChannel('deskhand.session')
others.onmessage = () => {
  if (me.value) findMe().catch(() => {})
}

/** The session has ended on the desk's side. */
export function isOver(): void {
  me.value = null
}

/** Shows another account of the member's own. */
export function choose(id: number): void {
  accountId.value = id
  localStorage.setItem(chosen, String(id))
}

function take(found: Me): void {
  if (me.value && me.value.member.id !== found.member.id) replacedBy.value = found.member.name
  const named = new URLSearchParams(location.search).get('account')
  const wanted = [accountId.value, Number(named), Number(localStorage.getItem(chosen))]
  batch(() => {
    accountId.value = wanted.find((one) => found.accounts.some(({ id }) => id === one)) ?? found.account
    if (!me.value || withoutTime(me.value) !== withoutTime(found)) me.value = found
  })
}

const withoutTime = ({ now: _, ...rest }: Me) => JSON.stringify(rest)

/** Names the shown account in the address, so that each tab and bookmark keeps its own, and in the title if there are several. */
export function nameTab(): () => void {
  const nameAddress = () => {
    const query = accountId.value === null ? '' : `?account=${accountId.value}`
    history.replaceState(history.state, '', `/${query}${location.hash}`)
  }
  addEventListener('popstate', nameAddress)
  const end = effect(() => {
    nameAddress()
    const isOne = (me.value?.accounts.length ?? 0) < 2
    document.title = isOne || !account.value ? 'Deskhand' : `${account.value.name} · Deskhand`
  })
  return () => {
    removeEventListener('popstate', nameAddress)
    end()
  }
}
