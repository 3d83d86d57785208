import { Refusal } from '../../../base/refusal.ts'

/** Items of a page unless the request says how many. */
const usual = 100

/** A part of a list: so many items, after the one with this number, or after so many. */
export interface Part {
  limit: number
  /** The number in the cursor; undefined on the first page. */
  after?: number
}

/** The part that a request wants. A cursor is a number that only the list itself understands. */
export function partOf({ limit = usual, cursor }: { limit?: number; cursor?: string }): Part | Refusal {
  if (cursor === undefined) return { limit }
  const after = /^\d{1,15}$/.test(cursor) ? Number(cursor) : undefined
  if (after !== undefined) return { limit, after }
  return new Refusal(
    'BAD_REQUEST',
    'The request is not understood: query.cursor: is no cursor of this list.',
    'Use `next` of the page before',
  )
}

/** A page of rows that were read one beyond the limit; `key` is the cursor behind an item. */
export function pageOf<Row, Item>(
  rows: Row[],
  { limit }: Part,
  toItem: (row: Row) => Item,
  key: (row: Row) => number,
): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(toItem), next: rows.length > limit && last ? String(key(last)) : null }
}

/** A list that has one page. */
export const allOf = <Item>(items: Item[]) => ({ items, next: null })
