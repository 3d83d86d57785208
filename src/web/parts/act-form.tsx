import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { Position } from '../../api/contract/positions.ts'
import { createAct } from '../state/act.ts'
import type { About } from '../state/asking.ts'
import { call } from '../state/call.ts'
import { positions } from '../state/desk.ts'
import { gain, price, units } from '../words/money.ts'
import { NotANumber, typedNumber, typedShare } from '../words/typed.ts'
import { LeaveButton } from './leave-button.tsx'
import { Outcome } from './outcome.tsx'

type OnPosition = Extract<About, { symbol: string; price?: string }> & { kind: keyof typeof forms }

/** Fields of a form by name. A field that is empty is not sent. */
type Given = Record<string, string>

interface Form {
  /** The fields with their labels; a list of choices makes a select. */
  fields: {
    name: string
    label: string
    hint?: string
    choices?: [value: string, label: string][]
    required?: boolean
  }[]
  button: string
  isDanger?: boolean
  /** What is there already can be taken away: an empty field never does it. */
  removes?: (position: Position) => boolean
  send(position: Position, given: Given, rest: { key: string; confirm: boolean }): Promise<{ said: string[] }>
}

const part: Form['fields'][number] = {
  name: 'share',
  label: 'How much',
  choices: [
    ['1', 'All that is free'],
    ['0.75', 'Three quarters'],
    ['0.5', 'Half'],
    ['0.25', 'A quarter'],
  ],
}

const forms = {
  close: {
    fields: [
      part,
      { name: 'quantity', label: 'or this many', hint: 'units; when given, it counts' },
      { name: 'limit', label: 'Limit', hint: 'empty: at the market, now' },
    ],
    button: 'Close',
    isDanger: true,
    send: ({ symbol, id }, { quantity, share, limit }, { key, confirm }) =>
      call(
        'closePosition',
        {
          params: { symbol },
          body: {
            ...(quantity ? { quantity: typedNumber(quantity, 'quantity') } : { share }),
            limit: typedNumber(limit, 'limit'),
            position: id,
            confirm,
          },
        },
        key,
      ),
  },
  stop: {
    fields: [{ name: 'price', label: 'Stop price', hint: 'dollars a unit, or a loss on the entry as 5%' }],
    button: 'Set the stop',
    removes: ({ stop }) => stop !== null,
    send: (position, given, rest) => setLevel('setStop', position, given, rest),
  },
  target: {
    fields: [{ name: 'price', label: 'Target price', hint: 'dollars a unit, or a gain on the entry as 10%' }],
    button: 'Set the target',
    removes: ({ target }) => target !== null,
    send: (position, given, rest) => setLevel('setTarget', position, given, rest),
  },
  trail: {
    fields: [{ name: 'distance', label: 'Distance', hint: '5% or $1.50' }],
    button: 'Trail',
    removes: ({ stop }) => stop !== null && stop.trail !== null,
    send: ({ symbol, id }, { distance, off }, { key, confirm }) => {
      const share = off ? undefined : typedShare(distance, 'distance')
      const body = off ? { off: true } : share ? { share } : { dollars: needed(distance, 'distance') }
      return call('setTrail', { params: { symbol }, body: { ...body, position: id, confirm } }, key)
    },
  },
  breakeven: {
    fields: [],
    button: 'Set the stop at the entry',
    send: ({ symbol, id }, _given, { key, confirm }) =>
      call('breakeven', { params: { symbol }, body: { position: id, confirm } }, key),
  },
  scaleout: {
    fields: [
      {
        name: 'speed',
        label: 'Speed',
        choices: [
          ['fast', 'Fast'],
          ['medium', 'Medium'],
          ['slow', 'Slow: about an hour'],
          ['smart', 'Smart: by the volume of the day'],
        ],
      },
      { name: 'minutes', label: 'or this long', hint: 'minutes; when given, they count' },
      { name: 'chunks', label: 'Chunks', hint: 'empty: as the speed has them' },
      part,
      { name: 'floor', label: 'Floor', hint: 'no sale below it' },
    ],
    button: 'Start',
    send: async ({ symbol, id, direction }, { speed, minutes, chunks, share, floor }, { key }) => {
      const length = typedNumber(minutes, 'length in minutes')
      const count = typedNumber(chunks, 'count of chunks')
      const body = {
        symbol,
        ...(length ? { minutes: Number(length) } : { speed: speed as 'fast' }),
        chunks: count === undefined ? undefined : Number(count),
        share,
        [direction === 'LONG' ? 'floor' : 'cap']: typedNumber(floor, direction === 'LONG' ? 'floor' : 'cap'),
        position: id,
      }
      return call('startScaleout', { body }, key)
    },
  },
} satisfies Record<string, Form>

function setLevel(
  name: 'setStop' | 'setTarget',
  { symbol, id }: Position,
  { price: text, off }: Given,
  { key, confirm }: { key: string; confirm: boolean },
) {
  const what = name === 'setStop' ? 'stop' : 'target'
  const share = off ? undefined : typedShare(text, what)
  const gain = share && (name === 'setStop' ? `-${share}` : share)
  const body = off ? { off: true } : gain ? { return: gain } : { price: needed(text, what) }
  return call(name, { params: { symbol }, body: { ...body, position: id, confirm } }, key)
}

/** The number of a field that must not be empty. */
function needed(text: string | undefined, what: string): string {
  const number = typedNumber(text, what)
  if (number === undefined) throw new NotANumber(`Enter the ${what}. Nothing was sent.`)
  return number
}

/** A form about a position that is followed while it is open. The desk's answer stands below it. */
export function ActForm({ about }: { about: OnPosition }) {
  const form: Form = forms[about.kind]
  const given = useSignal<Given>({})
  const shown = useSignal(positions.value?.find(({ symbol }) => symbol === about.symbol))
  // A later position of the same symbol is another one: this form does nothing with it.
  const position = positions.value?.find(({ id }) => id === shown.value?.id)
  const { acting, go } = useMemo(
    () =>
      createAct((key, confirm) => {
        if (!shown.value) throw new Error('no position')
        return form.send(shown.value, given.value, { key, confirm })
      }),
    [],
  )
  const { state } = acting.value

  const send = (event: SubmitEvent) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget as HTMLFormElement, event.submitter)
    const now = Object.fromEntries([...data].map(([name, value]) => [name, String(value).trim()]))
    // A yes is to what was asked about, and to nothing that was typed since.
    const isSame = JSON.stringify(now) === JSON.stringify(given.value)
    given.value = now
    if (position) shown.value = position
    void go(state === 'asked' && isSame)
  }
  if (!position) {
    return (
      <>
        {state !== 'done' && (
          <p role="status">That position in {about.symbol} is not open any more. Nothing can be done here.</p>
        )}
        <Outcome acting={acting.value} />
        <LeaveButton isDone={state === 'done'} />
      </>
    )
  }
  return (
    <form class="act" onSubmit={send}>
      <p>
        {position.direction} {units(position.quantity)} {position.symbol} @ {price(position.averageEntryPrice)}
        <span class="quiet">
          {' '}
          · at {price(position.price?.last)} · {gain(position.unrealizedPnl)}
        </span>
      </p>
      {state !== 'done' &&
        form.fields.map(({ name, label, hint, choices }, index) => (
          <label key={name} class="field">
            <span>
              {name === 'floor' && position.direction === 'SHORT' ? 'Cap' : label}
              {hint && (
                <span class="quiet small">
                  {' '}
                  {name === 'floor' && position.direction === 'SHORT' ? 'no purchase above it' : hint}
                </span>
              )}
            </span>
            {choices ? (
              <select name={name}>
                {choices.map(([value, text]) => (
                  <option key={value} value={value}>
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
                defaultValue={name === 'price' ? (about.price ?? '') : ''}
              />
            )}
          </label>
        ))}
      <Outcome acting={acting.value} />
      <div class="acts">
        {state !== 'done' && (
          <button type="submit" class={form.isDanger ? 'danger' : 'primary'} disabled={state === 'sent'}>
            {state === 'asked' ? 'Yes, do it' : state === 'unknown' ? 'Ask again' : form.button}
          </button>
        )}
        {state === 'ready' && form.removes?.(position) && (
          <button type="submit" name="off" value="yes">
            Take it away
          </button>
        )}
        <LeaveButton isDone={state === 'done'} />
      </div>
    </form>
  )
}
