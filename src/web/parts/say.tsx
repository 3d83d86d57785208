import { signal } from '@preact/signals'
import type { Message } from '../../api/contract/say.ts'
import { call, newKey, Refused } from '../state/call.ts'
import { refresh } from '../state/desk.ts'
import { accountId } from '../state/session.ts'

interface Turn {
  id: number
  typed: string
  replies: Message[]
  problem?: string
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
          {turns.value.map(({ id, typed, replies, problem }, index) => (
            <li key={id}>
              <p class="typed">{typed}</p>
              {problem && <p class="failed">{problem}</p>}
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

async function say(body: { text: string } | { answer: { question: string; value: string } }, typed: string) {
  isSent.value = true
  const turn: Turn = { id: ++ids, typed, replies: [] }
  turns.value = [...turns.value, turn].slice(-mostTurns)
  try {
    const { replies } = await call('say', { query: { account: accountId.value ?? undefined }, body }, newKey())
    turn.replies = replies
  } catch (cause) {
    turn.problem =
      cause instanceof Refused
        ? `${cause.message} ${cause.hint ?? ''}`
        : 'The desk did not answer, so it is not known whether this was done. Positions and orders show it.'
  }
  turns.value = turns.value.map((one) => (one.id === turn.id ? { ...turn } : one))
  isSent.value = false
  refresh()
  requestAnimationFrame(() => {
    const log = document.querySelector('.turns')
    log?.scrollTo({ top: log.scrollHeight })
  })
}
