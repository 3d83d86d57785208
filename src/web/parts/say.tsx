import { useEffect, useRef } from 'preact/hooks'
import type { Asked } from '../../api/contract/say.ts'
import { ask, isSaying, openQuestion, say, type Turn, turns } from '../state/saying.ts'

/** A line to the desk, with its answers: the same as in chat, in a conversation of the member's own about the shown account. */
export function Say() {
  const log = useRef<HTMLDivElement>(null)
  const shown = turns.value
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight })
  }, [shown])
  const waits = openQuestion.value
  const isShown = shown.at(-1)?.replies.some(({ question }) => question?.id === waits?.question.id)
  return (
    <section class="panel say" id="say" aria-labelledby="say-title">
      <h2 id="say-title">Say it as in chat</h2>
      <div class="turns" role="log" aria-label="Conversation with the desk" ref={log}>
        <ol>
          {shown.map((turn, index) => (
            <li key={turn.id}>
              <TurnText turn={turn} isLast={index === shown.length - 1} />
            </li>
          ))}
          {waits && !isShown && (
            <li>
              <p class="quiet small">A question that is still open</p>
              <div class="reply">
                <p class="said">{waits.text}</p>
                <Choices question={waits.question} />
              </div>
            </li>
          )}
        </ol>
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const input = event.currentTarget.elements.namedItem('text') as HTMLInputElement
          const text = input.value.trim()
          if (text === '' || isSaying.value) return
          input.value = ''
          void say({ text }, text)
        }}
      >
        <label class="hidden" for="say-text">
          A sentence to the desk
        </label>
        <input id="say-text" name="text" autocomplete="off" placeholder="pl · stop .58 · scaleout BYND slow" />
        <button type="submit" disabled={isSaying.value}>
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

function TurnText({ turn: { id, typed, replies, problem, isUnknown }, isLast }: { turn: Turn; isLast: boolean }) {
  // A question that was answered elsewhere has no buttons any more.
  const isOver = (question: Asked) =>
    openQuestion.value !== undefined && openQuestion.value?.question.id !== question.id
  return (
    <>
      <p class="typed">{typed}</p>
      {problem && <p class="failed">{problem}</p>}
      {isUnknown && (
        <button type="button" disabled={isSaying.value} onClick={() => void ask(id)}>
          Ask again
        </button>
      )}
      {replies.map((reply, place) => (
        <div key={place} class="reply">
          <p class="said">{reply.text}</p>
          {reply.question && isLast && !isOver(reply.question) && <Choices question={reply.question} />}
        </div>
      ))}
    </>
  )
}

function Choices({ question }: { question: Asked }) {
  return (
    <div class="acts">
      {question.choices.map(({ value, label, isDanger }) => (
        <button
          key={value}
          type="button"
          class={isDanger ? 'danger' : ''}
          disabled={isSaying.value}
          onClick={() => void say({ answer: { question: question.id, value } }, label)}
        >
          {label}
        </button>
      ))}
    </div>
  )
}
