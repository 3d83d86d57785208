import { computed, signal } from '@preact/signals'
import type { Me } from '../../api/contract/access.ts'
import { call, Refused } from './call.ts'

/** The member at this page: undefined until the desk has answered, null for nobody. */
export const me = signal<Me | null | undefined>(undefined)
/** The id of the account that is shown; null while the member has none. */
export const accountId = signal<number | null>(null)

export const account = computed(() => me.value?.accounts.find(({ id }) => id === accountId.value))
export const zone = computed(() => me.value?.zone ?? 'America/New_York')
/** May the member trade in the shown account? */
export const mayTrade = computed(() => me.value?.trades === true && account.value?.role !== 'viewer')

const chosen = 'deskhand.account'

/** Asks who is here. */
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
}

export async function logOut(): Promise<void> {
  await call('logout').catch(() => {})
  me.value = null
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
  const kept = Number(localStorage.getItem(chosen))
  accountId.value = found.accounts.some(({ id }) => id === kept) ? kept : found.account
  me.value = found
}
