import { signal } from '@preact/signals'
import type { Problem } from '../../api/contract/shapes.ts'
import { NotANumber } from '../words/typed.ts'
import { newKey, Refused, Unreachable } from './call.ts'
import { refresh } from './desk.ts'
import { tell } from './notices.ts'

/** A wrong part of a request: `body.parameters.min_score`. */
type WrongPart = Pick<Required<Problem>, 'field' | 'message'>

/** The state of one act: nothing is shown as done before the desk has committed it. */
export type Acting =
  | { state: 'ready' }
  | { state: 'sent' }
  | { state: 'done'; said: string[] }
  /** The desk asks first, as in chat; nothing was done. */
  | { state: 'asked'; question: string }
  | { state: 'refused'; message: string; hint: string | null; wrong?: WrongPart[] }
  /** The outcome is not known. Sending again does it once, whether or not it was done already. */
  | { state: 'unknown'; message: string }

/** An act that a button sends: `send` gets the idempotency key, and whether the member has confirmed. */
export type Sends = (key: string, confirm: boolean) => Promise<{ said: string[] }>

/** Refusals that come before the desk looks at the key: they say nothing of an earlier attempt. */
const beforeKey = new Set([401, 403, 429])

/** Does an answer leave open whether the act was done? `isRepeat`: an earlier attempt under the same key had no answer. */
export function leavesOpen(cause: Refused, isRepeat: boolean): boolean {
  return cause.status >= 500 || cause.code === 'STILL_UNDER_WAY' || (isRepeat && beforeKey.has(cause.status))
}

/** An act with its state. Its key is dropped only after an answer that says what became of this very request. */
export function createAct(send: Sends) {
  const acting = signal<Acting>({ state: 'ready' })
  let key = newKey()
  let confirmed = false

  async function go(confirm = false): Promise<void> {
    if (acting.value.state === 'sent') return
    // An answer that never came is asked for again under the same key; anything else is a new act.
    const isRepeat = acting.value.state === 'unknown'
    if (!isRepeat) {
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
      } else if (cause instanceof Refused && leavesOpen(cause, isRepeat)) {
        acting.value = { state: 'unknown', message: `${cause.message} Ask again: nothing is done twice.` }
      } else if (cause instanceof Refused) {
        const { message, hint, field, also } = cause
        const wrong = field === undefined ? [] : [{ field, message }, ...also]
        acting.value = { state: 'refused', message, hint, wrong }
        // The pressed button may be from before.
        refresh()
      } else if (cause instanceof NotANumber) {
        acting.value = { state: 'refused', message: cause.message, hint: null }
      } else if (cause instanceof Unreachable) {
        acting.value = {
          state: 'unknown',
          message:
            'The desk did not answer, so it is not known whether this was done. Ask again: nothing is done twice.',
        }
      } else throw cause
    }
  }
  return { acting, go }
}

const kept = new Map<string, { act: ReturnType<typeof createAct> }>()

/**
 * The form by a name: as it was left while it is not known whether its act was done, so that it asks for the same again, else a
 * new one that `make` returns.
 */
export function keptForm<Form extends { act: ReturnType<typeof createAct> }>(name: string, make: () => Form): Form {
  const before = kept.get(name) as Form | undefined
  const isOpen = before && ['sent', 'unknown'].includes(before.act.acting.value.state)
  const form = isOpen ? before : make()
  kept.set(name, form)
  return form
}
