// Memory of a process that watches 100,000 positions: after it has read them all, after a sweep over them, and at the peak.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../../src/setup/folders.mjs'
import { report } from './figures.ts'
import { holdLargeBook } from './large-book.ts'
import { handMarket, openDesk } from './stopped-desk.ts'

const positions = 100_000
const symbols = 500

interface Occupied {
  rss: number
  heap: number
}

const { desk, databaseUrl, close } = await openDesk(handMarket(symbols))
await holdLargeBook(desk, positions, symbols)
const child = join(root, 'test/bench/watching-child.ts')
const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', child, databaseUrl, String(symbols)])
const found = JSON.parse(stdout) as {
  positions: number
  most: number
  before: Occupied
  watching: Occupied
  swept: Occupied
}
await close()
if (found.positions !== positions) throw new Error(`${found.positions} positions are watched`)
const floorOf = 'the same process before it watches anything'
const perPosition = (found.watching.heap - found.before.heap) / positions
report({
  figure: `heap of a monitor with ${positions} positions`,
  value: megabytes(found.watching.heap),
  unit: 'MB',
  floor: megabytes(found.before.heap),
  floorOf,
  note: `${Math.round(perPosition)} bytes a position`,
})
report({
  figure: `resident memory of a monitor with ${positions} positions`,
  value: megabytes(found.watching.rss),
  unit: 'MB',
  floor: megabytes(found.before.rss),
  floorOf,
  note: `after a sweep over all ${megabytes(found.swept.rss).toFixed(0)} MB, at most ${megabytes(found.most).toFixed(0)} MB`,
})
process.exit()

function megabytes(bytes: number): number {
  return bytes / 1_000_000
}
