// The process that bench watching.bench.ts looks at: a desk that watches nothing, then everything; started with
// --expose-gc. Prints a line of JSON with what it occupies.
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

/** Bytes, after garbage was collected. */
function occupied(): { rss: number; heap: number } {
  for (let time = 0; time < 3; time++) global.gc?.()
  const { rss, heapUsed } = process.memoryUsage()
  return { rss, heap: heapUsed }
}
