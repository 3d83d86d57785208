import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { z } from 'zod'
import { BackupError } from './backup-error.ts'

/** One table: how many rows it has, and a sum over all of them that does not depend on their order. */
const tableSum = z.object({ rows: z.number(), sum: z.string() })
export type TableSum = z.infer<typeof tableSum>

/** The parts of a backup in their order: `begin`, then for each table `table` and its `rows`, and `end`. */
const part = z.discriminatedUnion('is', [
  z.object({
    is: z.literal('begin'),
    madeAt: z.iso.datetime(),
    /** The version of Postgres that it was read from. */
    server: z.string(),
    migrations: z.array(z.string()),
  }),
  z.object({
    is: z.literal('table'),
    name: z.string(),
    /** Columns that are stored in a row's text, in order, with their types. */
    columns: z.array(z.object({ name: z.string(), type: z.string(), isGenerated: z.boolean() })),
  }),
  /** Rows of the table before, each in Postgres's text for a row. */
  z.object({ is: z.literal('rows'), rows: z.array(z.string()) }),
  z.object({
    is: z.literal('end'),
    tables: z.record(z.string(), tableSum),
    /** The last number that each sequence gave out; null for none. */
    sequences: z.record(z.string(), z.string().nullable()),
    accounts: z.number(),
    openPositions: z.number(),
  }),
])

export type Part = z.infer<typeof part>
export type Begin = Extract<Part, { is: 'begin' }>
export type Table = Extract<Part, { is: 'table' }>
export type End = Extract<Part, { is: 'end' }>

/** The parts of a backup as compressed bytes: each is a line of JSON. */
export function packed(parts: AsyncIterable<Part>): AsyncIterable<Buffer> {
  const gzip = createGzip()
  pipeline(Readable.from(lines(parts), { objectMode: false }), gzip).catch((cause) => gzip.destroy(cause))
  return gzip
}

async function* lines(parts: AsyncIterable<Part>): AsyncGenerator<Buffer> {
  for await (const one of parts) yield Buffer.from(`${JSON.stringify(one)}\n`)
}

/** The parts in compressed bytes. Throws `BackupError` when they are no parts of this release, or when the end is missing. */
export async function* unpacked(bytes: AsyncIterable<Buffer>): AsyncGenerator<Part> {
  const gunzip = createGunzip()
  pipeline(Readable.from(bytes, { objectMode: false }), gunzip).catch((cause) => gunzip.destroy(cause))
  let last: Part | undefined
  for await (const line of linesIn(gunzip)) {
    last = partIn(line)
    yield last
  }
  if (last?.is !== 'end') throw new BackupError('The backup has no end: it was not finished.')
}

async function* linesIn(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer[] = []
  for await (const piece of bytes) {
    let from = 0
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, from)) {
      yield Buffer.concat([...rest, piece.subarray(from, at)]).toString()
      rest = []
      from = at + 1
    }
    rest.push(piece.subarray(from))
  }
}

function partIn(line: string): Part {
  const found = part.safeParse(JSON.parse(line))
  if (found.success) return found.data
  throw new BackupError(
    'The backup has a part that this release does not know. Restore it with the release that made it.',
  )
}
