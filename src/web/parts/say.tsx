import { signal } from '@preact/signals'
import type { Message } from '../../api/contract/say.ts'
import { leavesOpen } from '../state/act.ts'
import { call, newKey, Refused } from '../state/call.ts'
import { refresh } from '../state/desk.ts'
import { accountId } from '../state/session.ts'

interface Turn {
  id: number
  typed: string
  replies: Message[]
  problem?: string
  /** What was sent, under its key: while the answer is missing, the same is asked for again. */
  sent: Sent
  isUnknown?: boolean
}

interface Sent {
  body: { text: string } | { answer: { question: string; value: string } }
  key: string
  account: number | undefined
}

const turns = signal<Turn[]>([])
const isSent = signal(false)
const mostTurns = 30
let ids = 0

/** A line to the desk, with its answers: the same as in chat, in a conversation of the member's own. */
export function Say() {
  return (
    <section class="panel say" aria-labelledby="say-title">
      <h2 id="say-title">Say it as in chat</h2>
      <div class="turns" role="log" aria-label="Conversation with the desk">
        <ol>
          {turns.value.map(({ id, typed, replies, problem, isUnknown }, index) => (
            <li key={id}>
              <p class="typed">{typed}</p>
              {problem && <p class="failed">{problem}</p>}
              {isUnknown && (
                <button type="button" disabled={isSent.value} onClick={() => void ask(id)}>
                  Ask again
                </button>
              )}
              {replies.map((reply, place) => (
                <div key={place} class="reply">
                  <p class="said">{reply.text}</p>
                  {reply.question && index === turns.value.length - 1 && (
                    <div class="acts">
                      {reply.question.choices.map(({ value, label, isDanger }) => (
                        <button
                          key={value}
                          type="button"
                          class={isDanger ? 'danger' : ''}
                          disabled={isSent.value}
                          onClick={() => void say({ answer: { question: reply.question!.id, value } }, label)}
                        >
                          {label}
                        </button>
                      ))}
                    </div>
                  )}
                </div>
              ))}
            </li>
          ))}
        </ol>
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const input = event.currentTarget.elements.namedItem('text') as HTMLInputElement
          const text = input.value.trim()
          if (text === '' || isSent.value) return
          input.value = ''
          void say({ text }, text)
        }}
      >
        <label class="hidden" for="say-text">
          A sentence to the desk
        </label>
        <input id="say-text" name="text" autocomplete="off" placeholder="pl · stop .58 · scaleout BYND slow" />
        <button type="submit" disabled={isSent.value}>
          Say
        </button>
      </form>
    </section>
  )
}

/** Types the beginning of a sentence for the member, who goes on with it. */
export function typeFor(text: string): void {
  const field = document.querySelector<HTMLInputElement>('#say-text')
  if (!field) return
  field.value = text
  field.focus()
}

/** Says a sentence, or answers a question; `typed` is what the member sees of it. */
export async function say(body: Sent['body'], typed: string): Promise<void> {
  const turn: Turn = {
    id: ++ids,
    typed,
    replies: [],
    sent: { body, key: newKey(), account: accountId.value ?? undefined },
  }
  turns.value = [...turns.value, turn].slice(-mostTurns)
  await ask(turn.id)
}

/** Asks for the answer to a turn: the first time, or again under its key. */
async function ask(id: number): Promise<void> {
  const before = turns.value.find((one) => one.id === id)
  if (!before) return
  isSent.value = true
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
  turns.value = turns.value.map((one) => (one.id === id ? now : one))
  isSent.value = false
  refresh()
  requestAnimationFrame(() => {
    const log = document.querySelector('.turns')
    log?.scrollTo({ top: log.scrollHeight })
  })
}
