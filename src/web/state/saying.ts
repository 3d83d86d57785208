import { computed, effect, signal } from '@preact/signals'
import type { Message, OpenQuestion } from '../../api/contract/say.ts'
import { leavesOpen } from './act.ts'
import { call, newKey, Refused } from './call.ts'
import { refresh } from './desk.ts'
import { accountId } from './session.ts'

/** A sentence that was said, or an answer that was pressed, and what the desk answered. */
export interface Turn {
  id: number
  typed: string
  replies: Message[]
  problem?: string
  /** The request under its key: while the answer is missing, the same is asked for again. */
  sent: Sent
  isUnknown?: boolean
}

interface Sent {
  body: { text: string } | { answer: { question: string; value: string } }
  key: string
  account: number | undefined
}

const mostTurns = 30
const all = signal<Turn[]>([])
const open = signal<{ account: number | undefined; question: OpenQuestion | null } | undefined>(undefined)
let ids = 0

const here = () => accountId.value ?? undefined

/** Is a sentence on its way? */
export const isSaying = signal(false)
/** The turns about the shown account. */
export const turns = computed(() => all.value.filter(({ sent }) => sent.account === here()))
/** The question that a number answers now, wherever it was asked: in another page, or before this one was loaded. */
export const openQuestion = computed(() => (open.value?.account === here() ? open.value?.question : undefined))

/** Other pages of this browser, in the same conversation. */
const others = new BroadcastChannel('deskhand.saying')

/** Says a sentence, or answers a question; `typed` is shown for it. */
export async function say(body: Sent['body'], typed: string): Promise<void> {
  const turn: Turn = { id: ++ids, typed, replies: [], sent: { body, key: newKey(), account: here() } }
  all.value = [...all.value, turn].slice(-mostTurns)
  await ask(turn.id)
}

/** Asks for the answer to a turn: the first time, or again under its key. */
export async function ask(id: number): Promise<void> {
  const before = all.value.find((one) => one.id === id)
  if (!before) return
  isSaying.value = true
  const { body, key, account } = before.sent
  const now: Turn = { ...before, problem: undefined, isUnknown: false }
  try {
    now.replies = (await call('say', { query: { account }, body }, key)).replies
  } catch (cause) {
    now.isUnknown = !(cause instanceof Refused) || leavesOpen(cause, before.isUnknown === true)
    now.problem =
      cause instanceof Refused
        ? `${cause.message} ${cause.hint ?? ''}`
        : 'The desk did not answer, so it is not known whether this was done. Ask again: nothing is done twice.'
  }
  all.value = all.value.map((one) => (one.id === id ? now : one))
  isSaying.value = false
  refresh()
  others.postMessage('look')
  await findOpen()
}

async function findOpen(): Promise<void> {
  const account = here()
  try {
    const { open: question } = await call('said', { query: { account, limit: 1 } })
    open.value = { account, question }
  } catch {
    // It is looked for again; the desk refuses an answer to a question that is over.
  }
}

/** Keeps the open question of the shown account. Returns a function that ends it. */
export function keepQuestion(): () => void {
  const look = () => {
    if (!document.hidden) void findOpen()
  }
  others.onmessage = look
  document.addEventListener('visibilitychange', look)
  const timer = setInterval(look, 15_000)
  const end = effect(() => {
    if (accountId.value !== undefined) look()
  })
  return () => {
    others.onmessage = null
    document.removeEventListener('visibilitychange', look)
    clearInterval(timer)
    end()
  }
}
