import { signal } from '@preact/signals'
import { NotANumber } from '../words/typed.ts'
import { newKey, Refused, Unreachable } from './call.ts'
import { refresh } from './desk.ts'
import { tell } from './notices.ts'

/** The state of one act: nothing is shown as done before the desk has committed it. */
export type Acting =
  | { state: 'ready' }
  | { state: 'sent' }
  | { state: 'done'; said: string[] }
  /** The desk asks first, as in chat; nothing was done. */
  | { state: 'asked'; question: string }
  | { state: 'refused'; message: string; hint: string | null }
  /** The outcome is not known. Sending again does it once, whether or not it was done already. */
  | { state: 'unknown'; message: string }

/** An act that a button sends: `send` gets the idempotency key, and whether the member has confirmed. */
export type Sends = (key: string, confirm: boolean) => Promise<{ said: string[] }>

/** An act with its state. */
export function createAct(send: Sends) {
  const acting = signal<Acting>({ state: 'ready' })
  let key = newKey()
  let confirmed = false

  async function go(confirm = false): Promise<void> {
    if (acting.value.state === 'sent') return
    // An answer that never came is asked for again under the same key; anything else is a new act.
    if (acting.value.state !== 'unknown') {
      key = newKey()
      confirmed = confirm
    }
    acting.value = { state: 'sent' }
    try {
      const { said } = await send(key, confirmed)
      acting.value = { state: 'done', said }
      tell({ tone: 'plain', title: 'Done', text: said[0] ?? 'Done.' })
      refresh()
    } catch (cause) {
      if (cause instanceof Refused && cause.code === 'CONFIRM_FIRST') {
        acting.value = { state: 'asked', question: cause.message }
      } else if (cause instanceof Refused) {
        acting.value = { state: 'refused', message: cause.message, hint: cause.hint }
      } else if (cause instanceof NotANumber) {
        acting.value = { state: 'refused', message: cause.message, hint: null }
      } else if (cause instanceof Unreachable) {
        acting.value = {
          state: 'unknown',
          message: 'The desk did not answer, so it is not known whether this was done.',
        }
      } else throw cause
    }
  }
  return { acting, go }
}
