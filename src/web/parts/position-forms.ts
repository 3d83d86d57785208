import type { Position } from '../../api/contract/positions.ts'
import { call } from '../state/call.ts'
import { NotANumber, typedDistance, typedNumber, typedShare, typedWhole } from '../words/typed.ts'

/** Fields of a form by name. A field that is empty is not sent. */
export type Given = Record<string, string>

export interface Form {
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
  /** Is there something to take away? An empty field never does it. */
  removes?: (position: Position) => boolean
  send(position: Position, given: Given, rest: Sending): Promise<{ said: string[] }>
}

/** With what a form is sent: its key, the member's yes, and the account in which it was opened. */
interface Sending {
  key: string
  confirm: boolean
  query: { account: number | undefined }
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

export const forms = {
  close: {
    fields: [
      part,
      { name: 'quantity', label: 'or this many', hint: 'units; when given, it counts' },
      { name: 'limit', label: 'Limit', hint: 'empty: at the market, now' },
    ],
    button: 'Close',
    isDanger: true,
    send: ({ symbol, id }, { quantity, share, limit }, { key, confirm, query }) =>
      call(
        'closePosition',
        {
          params: { symbol },
          query,
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
    fields: [{ name: 'distance', label: 'Distance', hint: '5% of the price, or $1.50: with its sign' }],
    button: 'Trail',
    removes: ({ stop }) => stop !== null && stop.trail !== null,
    send: ({ symbol, id }, { distance, off }, { key, confirm, query }) => {
      const body = off ? { off: true } : typedDistance(distance)
      if (!body) throw new NotANumber('Enter the distance. Nothing was sent.')
      return call('setTrail', { params: { symbol }, query, body: { ...body, position: id, confirm } }, key)
    },
  },
  breakeven: {
    fields: [],
    button: 'Set the stop at the entry',
    send: ({ symbol, id }, _given, { key, confirm, query }) =>
      call('breakeven', { params: { symbol }, query, body: { position: id, confirm } }, key),
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
    send: async ({ symbol, id, direction }, { speed, minutes, chunks, share, floor }, { key, query }) => {
      const length = typedNumber(minutes, 'length in minutes', 1440)
      const count = typedWhole(chunks, 'count of chunks', 1000)
      const body = {
        symbol,
        ...(length ? { minutes: Number(length) } : { speed: speed as 'fast' }),
        chunks: count,
        share,
        [direction === 'LONG' ? 'floor' : 'cap']: typedNumber(floor, direction === 'LONG' ? 'floor' : 'cap'),
        position: id,
      }
      return call('startScaleout', { query, body }, key)
    },
  },
} satisfies Record<string, Form>

function setLevel(
  name: 'setStop' | 'setTarget',
  { symbol, id }: Position,
  { price: text, off }: Given,
  { key, confirm, query }: Sending,
) {
  const what = name === 'setStop' ? 'stop' : 'target'
  const share = off ? undefined : typedShare(text, what)
  const gain = share && (name === 'setStop' ? `-${share}` : share)
  const body = off ? { off: true } : gain ? { return: gain } : { price: needed(text, what) }
  return call(name, { params: { symbol }, query, body: { ...body, position: id, confirm } }, key)
}

/** The number of a field that must not be empty. */
function needed(text: string | undefined, what: string): string {
  const number = typedNumber(text, what)
  if (number === undefined) throw new NotANumber(`Enter the ${what}. Nothing was sent.`)
  return number
}
