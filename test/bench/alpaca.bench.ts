// Linked accounts at a local Alpaca.
import { benchLinked } from './linked-bench.ts'

await benchLinked({ venue: 'alpaca', child: new URL('alpaca-child.ts', import.meta.url), budget: 200 })
