// Linked accounts at a local TradeStation, which counts 250 requests of each kind in five minutes.
import { benchLinked } from './linked-bench.ts'

await benchLinked({ venue: 'tradestation', child: new URL('tradestation-child.ts', import.meta.url), budget: 50 })
