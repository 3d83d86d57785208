import { createHash } from 'node:crypto'

/** Ids and times as brokers write them; a seed gives the same ones again. */
export interface Ids {
  uuid(): string
  /** A lexically sortable id of the event stream. */
  ulid(): string
  /** Letters and digits, for keys and numbers of accounts. */
  letters(count: number): string
  /** Digits of a number that does not begin with a zero. */
  digits(count: number): string
  /** A moment with nine decimals. No two are the same, so that a list by time has one order. */
  stamp(at: Date): string
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The ids of one server. */
export function createIds(seed: number): Ids {
  let drawn = 0
  let last = 0
  let within = 0
  const bytes = () => createHash('sha256').update(`${seed}:${++drawn}`).digest()
  return {
    uuid() {
      const hex = bytes().toString('hex')
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
    },
    ulid: () => `01${String(++drawn).padStart(12, '0')}${[...bytes().subarray(0, 12)].map(letterOf).join('')}`,
    letters: (count) => [...bytes().subarray(0, count)].map(letterOf).join(''),
    digits: (count) =>
      [...bytes().subarray(0, count)].map((byte, place) => (place ? byte % 10 : 1 + (byte % 9))).join(''),
    stamp(at) {
      within = at.getTime() === last ? within + 1 : 0
      last = at.getTime()
      return `${at.toISOString().slice(0, -1)}${String(within).padStart(6, '0')}Z`
    },
  }
}

const letterOf = (byte: number) => alphabet[byte % alphabet.length]!

/** Nanoseconds since 1970 of a time as clients write it (a date, or RFC 3339); undefined when it is none. */
export function nanosOf(text: string): bigint | undefined {
  const at = new Date(text).getTime()
  if (Number.isNaN(at)) return undefined
  const decimals = /\.(\d+)/.exec(text)?.[1] ?? ''
  return BigInt(Math.floor(at / 1000)) * 1_000_000_000n + BigInt(decimals.slice(0, 9).padEnd(9, '0'))
}
