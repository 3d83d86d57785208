import { useMemo } from 'preact/hooks'
import type { Question } from '../../api/contract/guardian.ts'
import { createAct } from '../state/act.ts'
import { call, Refused } from '../state/call.ts'
import { second } from '../state/clock.ts'
import { book } from '../state/desk.ts'
import { tell } from '../state/notices.ts'
import { mayTrade } from '../state/session.ts'
import { span } from '../words/time.ts'
import { Outcome } from './outcome.tsx'

/** More questions than this are folded, so that they do not push the positions away. */
const mostOpen = 2

/** The text without its numbered choices, which are buttons here. */
const withoutChoices = (text: string) =>
  text
    .split('\n')
    .filter((line) => !/^\s*(\d\uFE0F?\u20E3|💡)/u.test(line))
    .join('\n')
    .trim()

/** Questions of the guardian. One that was answered in chat is gone here a moment later. */
export function Questions() {
  const questions = book.value?.questions.value?.filter(({ expiresAt }) => Date.parse(expiresAt) > second.value)
  if (!questions?.length) return null
  return (
    <section class="panel questions" aria-labelledby="questions-title">
      <h2 id="questions-title">
        The guardian asks <span class="count">{questions.length}</span>
      </h2>
      <ul>
        {questions.slice(0, mostOpen).map((question) => (
          <li key={question.id}>
            <QuestionCard question={question} />
          </li>
        ))}
      </ul>
      {questions.length > mostOpen && (
        <details>
          <summary>{questions.length - mostOpen} more</summary>
          <ul>
            {questions.slice(mostOpen).map((question) => (
              <li key={question.id}>
                <QuestionCard question={question} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}

/** Sends an answer. The card of a question that is over goes at once, so a notice says why. */
async function answer(id: number, choice: Question['choices'][number]['value'], key: string) {
  try {
    return await call('answerQuestion', { params: { id }, body: { choice } }, key)
  } catch (cause) {
    if (cause instanceof Refused && cause.code === 'QUESTION_CLOSED') {
      tell({ tone: 'plain', title: 'Answered already', text: cause.message })
    }
    throw cause
  }
}

function QuestionCard({ question }: { question: Question }) {
  const { id, title, text, reasoning, choices, isYours, expiresAt } = question
  const acts = useMemo(
    () =>
      choices.map((choice) => ({
        ...choice,
        act: createAct((key) => answer(id, choice.value, key)),
      })),
    [id],
  )
  const isSent = acts.some(({ act }) => act.acting.value.state === 'sent')
  return (
    <article class="question" aria-label={title}>
      <h3>{title}</h3>
      <p class="said">{withoutChoices(text)}</p>
      <details>
        <summary>Reasons</summary>
        <p>{reasoning}</p>
      </details>
      {isYours && mayTrade.value ? (
        <div class="acts">
          {acts.map(({ value, label, isDanger, act }) => (
            <button
              key={value}
              type="button"
              class={isDanger ? 'danger' : ''}
              disabled={isSent}
              onClick={() => void act.go()}
            >
              {label}
            </button>
          ))}
        </div>
      ) : (
        <p class="quiet">Only the member who was asked can answer.</p>
      )}
      {acts.map(({ value, act }) => (
        <Outcome key={value} acting={act.acting.value} />
      ))}
      <p class="quiet small">Open for another {span((Date.parse(expiresAt) - second.value) / 1000)}</p>
    </article>
  )
}
