import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { Position } from '../../api/contract/positions.ts'
import { createAct } from '../state/act.ts'
import { type About, endDialog } from '../state/asking.ts'
import { call } from '../state/call.ts'
import { positions } from '../state/desk.ts'
import { gain, price, units } from '../words/money.ts'
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
  send(position: Position, given: Given, rest: { key: string; confirm: boolean }): Promise<{ said: string[] }>
}

const share = (percent: string) => String(Number(percent) / 100)
const some = (text: string | undefined) => (text ? text.replace(/[$,\s]/g, '') : undefined)

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
      { name: 'quantity', label: 'or this many', hint: 'units' },
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
            ...(some(quantity) ? { quantity: some(quantity) } : { share }),
            limit: some(limit),
            position: id,
            confirm,
          },
        },
        key,
      ),
  },
  stop: {
    fields: [{ name: 'price', label: 'Stop price', hint: 'dollars a unit, or a distance as 5%; empty takes it away' }],
    button: 'Set the stop',
    send: (position, { price: text }, rest) => setLevel('setStop', position, text, rest),
  },
  target: {
    fields: [{ name: 'price', label: 'Target price', hint: 'dollars a unit, or a gain as 10%; empty takes it away' }],
    button: 'Set the target',
    send: (position, { price: text }, rest) => setLevel('setTarget', position, text, rest),
  },
  trail: {
    fields: [{ name: 'distance', label: 'Distance', hint: '5% or $1.50; empty ends it' }],
    button: 'Trail',
    send: ({ symbol, id }, { distance = '' }, { key, confirm }) => {
      const text = some(distance)
      const body = !text ? { off: true } : text.endsWith('%') ? { share: share(text.slice(0, -1)) } : { dollars: text }
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
      { name: 'minutes', label: 'or this long', hint: 'minutes' },
      { name: 'chunks', label: 'Chunks', hint: 'empty: as the speed has them' },
      part,
      { name: 'floor', label: 'Floor', hint: 'no sale below it' },
    ],
    button: 'Start',
    send: async ({ symbol, id, direction }, { speed, minutes, chunks, share, floor }, { key }) => {
      const length = some(minutes)
      const body = {
        symbol,
        ...(length ? { minutes: Number(length) } : { speed: speed as 'fast' }),
        chunks: some(chunks) ? Number(chunks) : undefined,
        share,
        [direction === 'LONG' ? 'floor' : 'cap']: some(floor),
        position: id,
      }
      return call('startScaleout', { body }, key)
    },
  },
} satisfies Record<string, Form>

function setLevel(
  name: 'setStop' | 'setTarget',
  { symbol, id, direction }: Position,
  text: string | undefined,
  { key, confirm }: { key: string; confirm: boolean },
) {
  const given = some(text)
  const loses = name === 'setStop' ? -1 : 1
  const body = !given
    ? { off: true }
    : given.endsWith('%')
      ? { return: share(String(Math.abs(Number(given.slice(0, -1))) * loses)) }
      : { price: given }
  void direction
  return call(name, { params: { symbol }, body: { ...body, position: id, confirm } }, key)
}

/** A form about a position that is followed while it is open. The desk's answer stands below it. */
export function ActForm({ about }: { about: OnPosition }) {
  const form: Form = forms[about.kind]
  const given = useSignal<Given>({})
  const position = positions.value?.find(({ symbol }) => symbol === about.symbol)
  const shown = useSignal(position)
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
    const data = new FormData(event.currentTarget as HTMLFormElement)
    given.value = Object.fromEntries([...data].map(([name, value]) => [name, String(value).trim()]))
    shown.value = position
    void go(state === 'asked')
  }
  if (!position) {
    return (
      <>
        <p role="status">{about.symbol} is not open any more. Nothing can be done here.</p>
        <Outcome acting={acting.value} />
        <Later />
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
        <Later isDone={state === 'done'} />
      </div>
    </form>
  )
}

function Later({ isDone = false }: { isDone?: boolean }) {
  return (
    <button
      type="button"
      onClick={({ currentTarget }) => {
        currentTarget.closest('dialog')?.close()
        endDialog()
      }}
    >
      {isDone ? 'Good' : 'Leave it'}
    </button>
  )
}
