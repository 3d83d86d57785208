import { signal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { Position } from '../../api/contract/positions.ts'
import type { Scaleout } from '../../api/contract/scaleouts.ts'
import { createAct, keptForm } from '../state/act.ts'
import type { About } from '../state/asking.ts'
import { positions } from '../state/desk.ts'
import { accountId } from '../state/session.ts'
import { gain, price, units } from '../words/money.ts'
import { scaleoutWords } from '../words/scaleout.ts'
import { InAccount } from './in-account.tsx'
import { LeaveButton } from './leave-button.tsx'
import { Outcome } from './outcome.tsx'
import { type Form, forms, type Given } from './position-forms.ts'

type OnPosition = Extract<About, { symbol: string; price?: string }> & { kind: keyof typeof forms }

/** A form with nothing typed into it, about the position that is shown. */
function newForm(form: Form, first: Position | undefined) {
  const given = signal<Given>({})
  const shown = signal(first)
  const query = { account: accountId.value ?? undefined }
  const act = createAct((key, confirm) => {
    if (!shown.value) throw new Error('no position')
    return form.send(shown.value, given.value, { key, confirm, query })
  })
  return { given, shown, act }
}

/** A form about a position that is followed while it is open. The desk's answer stands below it. */
export function ActForm({ about }: { about: OnPosition }) {
  const form: Form = forms[about.kind]
  const { given, shown, act } = useMemo(() => {
    const first = positions.value?.find(({ symbol }) => symbol === about.symbol)
    return keptForm(`${about.kind} ${first?.id}`, () => newForm(form, first))
  }, [])
  const { acting, go } = act
  // A later position of the same symbol is another one: this form does nothing with it.
  const position = positions.value?.find(({ id }) => id === shown.value?.id)
  const { state } = acting.value
  // While it is not known whether it was done, the same is asked for again, and nothing else.
  const isSettled = state !== 'sent' && state !== 'unknown'

  const send = (event: SubmitEvent) => {
    event.preventDefault()
    if (!isSettled) return void go()
    const data = new FormData(event.currentTarget as HTMLFormElement, event.submitter)
    const now = Object.fromEntries([...data].map(([name, value]) => [name, String(value).trim()]))
    // A yes is to what was asked about, and to nothing that was typed since.
    const isSame = JSON.stringify(now) === JSON.stringify(given.value)
    given.value = now
    if (position) shown.value = position
    void go(state === 'asked' && isSame)
  }
  const isShort = shown.value?.direction === 'SHORT'
  // An act that has its answer, or waits for it, is told to the end, though it may have closed the position.
  if (!position && isSettled && state !== 'done') {
    return (
      <>
        <p role="status">That position in {about.symbol} is not open any more. Nothing can be done here.</p>
        <Outcome acting={acting.value} />
        <LeaveButton />
      </>
    )
  }
  return (
    <form class="act" onSubmit={send}>
      {position && <Held position={position} />}
      {about.kind === 'close' && state !== 'done' && position && runs(position.scaleout) && (
        <p class="quiet">
          A scaleout of it runs: {scaleoutWords(position.scaleout, position.quantity)}. It goes on with what a part
          leaves; a close of all that is free ends it.
        </p>
      )}
      {state !== 'done' &&
        form.fields.map(({ name, label, hint, choices }, index) => (
          <label key={name} class="field">
            <span>
              {name === 'floor' && isShort ? 'Cap' : label}
              {hint && <span class="quiet small"> {name === 'floor' && isShort ? 'no purchase above it' : hint}</span>}
            </span>
            {choices ? (
              <select name={name} disabled={!isSettled} autoFocus={index === 0}>
                {choices.map(([value, text]) => (
                  <option key={value} value={value} selected={given.value[name] === value}>
                    {text}
                  </option>
                ))}
              </select>
            ) : (
              <input
                name={name}
                inputMode="decimal"
                autocomplete="off"
                autoFocus={index === 0}
                disabled={!isSettled}
                defaultValue={given.value[name] ?? (name === 'price' ? (about.price ?? '') : '')}
              />
            )}
          </label>
        ))}
      <Outcome acting={acting.value} />
      <div class="acts">
        {state !== 'done' && (
          <button
            type="submit"
            class={form.isDanger ? 'danger' : 'primary'}
            disabled={state === 'sent'}
            autoFocus={form.fields.length === 0}
          >
            {state === 'asked' ? 'Yes, do it' : state === 'unknown' ? 'Ask again' : form.button}
          </button>
        )}
        {(state === 'ready' || state === 'refused') && position && form.removes?.(position) && (
          <button type="submit" name="off" value="yes">
            Take it away
          </button>
        )}
        <LeaveButton isDone={state === 'done'} />
      </div>
    </form>
  )
}

const runs = (scaleout: Position['scaleout']): scaleout is Scaleout =>
  scaleout !== null && ['running', 'paused'].includes(scaleout.state)

/** The position as it is now. */
function Held({ position }: { position: Position }) {
  return (
    <p>
      {position.direction} {units(position.quantity)} {position.symbol} @ {price(position.averageEntryPrice)}
      <InAccount />
      <span class="quiet">
        {' '}
        · at <span class="amount">{price(position.price?.last)}</span> ·{' '}
        <span class="amount">{gain(position.unrealizedPnl)}</span>
        {position.price?.stale && ` · ${position.price.stale}`}
      </span>
    </p>
  )
}
