import type { Acting } from '../state/act.ts'
import { Spoken } from './spoken.tsx'

/** The outcome of an act, in the desk's words. Nothing is said to be done before it is. */
export function Outcome({ acting }: { acting: Acting }) {
  if (acting.state === 'ready') return null
  if (acting.state === 'sent') {
    return (
      <p role="status" class="outcome">
        Sent; the desk has not answered yet …
      </p>
    )
  }
  if (acting.state === 'done') {
    return (
      <div role="status" class="outcome done">
        {acting.said.map((text) => (
          <p key={text} class="said">
            {text}
          </p>
        ))}
      </div>
    )
  }
  if (acting.state === 'asked') {
    return (
      <p role="alert" class="outcome asked said">
        {acting.question}
      </p>
    )
  }
  return (
    <p role="alert" class="outcome refused">
      <Spoken text={`${acting.message} ${('hint' in acting && acting.hint) || ''}`} />
    </p>
  )
}
