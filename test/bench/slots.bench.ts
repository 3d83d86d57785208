// The time of the slot parser for 10,000 characters of nonsense, and of the grammar for typed messages.
import { readSlots } from '../../src/talk/language/slots.ts'
import { timeAt } from '../../src/talk/language/time.ts'
import { percentile, report } from './figures.ts'

const most = 10_000
const goalMs = 5
const warmUps = 300
const samples = 1000

const pieces = [
  ...['x', '9', '(', "'", ',', '.', '🚀', '\ufdfa', '\u0301', '@ ', '<@', ':a', '1,', '$', '%'],
  ...['a third of ', 'if price ', 'if it breaks above ', 'stop at ', 'limit ', 'over the next ', 'at 3 by 3 in 3 '],
  ...['long BYND 3750 @ .63 ', 'sell half of bynd if it drops below .55 by 3pm ', 'buy 500 AMD, 200 NVDA and 3k tsla '],
]
const texts = pieces.map((piece) => piece.repeat(Math.ceil(most / piece.length)).slice(0, most))
const knows = (word: string) => word === 'BYND' || word === 'AMD'

const taken: number[] = []
for (let number = 0; number < warmUps + samples; number++) {
  const began = performance.now()
  readSlots(texts[number % texts.length]!, knows, timeAt)
  if (number >= warmUps) taken.push(performance.now() - began)
}
for (const [name, share] of [
  ['p50', 0.5],
  ['p99', 0.99],
] as const) {
  const value = percentile(taken, share)
  report({
    figure: `slots in 10,000 characters, ${name}`,
    value,
    unit: 'ms',
    samples,
    goal: `at most ${goalMs} ms`,
    holds: value <= goalMs,
  })
}
