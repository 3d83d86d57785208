// The child process of watching.bench.ts: a desk that watches nothing, then everything; started with --expose-gc. Prints its
// memory as a line of JSON.
import { createStudies } from '../../src/watch/monitor/studies.ts'
import { sweepPositions } from '../../src/watch/monitor/sweep.ts'
import { startTicks } from '../../src/watch/monitor/ticks.ts'
import { marketWithBars } from './large-book.ts'
import { deskOn } from './stopped-desk.ts'

const [url, symbols] = process.argv.slice(2) as [string, string]
const desk = await deskOn(url, marketWithBars(Number(symbols)))
const studies = createStudies(desk.parts)
await Promise.all(desk.parts.market.instruments().map(({ symbol }) => studies.of(symbol)))
const before = occupied()
const ticks = startTicks(desk.parts, desk.critical, studies)
await ticks.rest()
const watching = occupied()
const shards = 8
for (let index = 0; index < shards; index++) await sweepPositions(desk.parts, studies, { shard: { index, of: shards } })
const swept = occupied()
const most = process.resourceUsage().maxRSS * 1024
console.log(JSON.stringify({ positions: ticks.book.size(), before, watching, swept, most }))
process.exit()

/** Bytes in use after garbage collection. */
function occupied(): { rss: number; heap: number } {
  for (let time = 0; time < 3; time++) global.gc?.()
  const { rss, heapUsed } = process.memoryUsage()
  return { rss, heap: heapUsed }
}
