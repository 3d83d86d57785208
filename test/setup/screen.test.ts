import { afterAll, expect, test } from 'vitest'
import { restScreening } from '../../src/strategies/engine/screen.ts'
import type { SymbolResult } from '../../src/strategies/screeners/strategy.ts'
import { typed } from '../strategies/command-line/terminal.ts'
import { madeBars, madeFolder, sessionsFrom } from '../strategies/made-bars.ts'
import { openSession } from './a-session.ts'

afterAll(restScreening)

const days = sessionsFrom('2015-01-02', 320)
const folder = madeFolder(Object.fromEntries(Array.from({ length: 80 }, (_, at) => [`S${at}`, madeBars(days, at)])))

// A run waits for half a minute while the machine is busy.
const timeout = 180_000

test('a piped screen shows its progress and its hits, and the command that it prints gives the same list', {
  timeout,
}, async () => {
  const desk = await openSession(undefined, { MARKET: `replay:${folder}` })
  desk.type('screen breakout min_score 40')
  const { transcript, code, errors } = await desk.end()
  expect(code, errors).toBe(0)
  expect(transcript).toMatch(/🔎 RUN 1 · Bullish breakout · all symbols of the market · min_score 40\n▱{10} 0% · /)
  expect(transcript).toMatch(/\n🔎 RUN 1 ▰{10} 100% · completed in /)
  const list = /\n🏁 RUN 1 · [\s\S]*/.exec(transcript)![0]
  const [, passed] = /\n(\d+) of 80 symbols passed · /.exec(list)!
  const [, command] = /`npm run -s screen -- (.+)`/.exec(list)!
  const again = await typed([...command!.split(' '), '--json'])
  expect(again.code, again.noted).toBe(0)
  const results = (JSON.parse(again.printed) as { results: SymbolResult[] }).results
  const hits = results.flatMap((one) => (one.outcome === 'passed' ? [`${one.symbol} ${one.score.toFixed(2)}`] : []))
  expect(hits).toHaveLength(Number(passed))
  const shown = [...list.matchAll(/^ *\d+\. (\S+) +([\d.]+) /gm)].map(([, symbol, score]) => `${symbol} ${score}`)
  expect(shown.length).toBeGreaterThan(0)
  expect(shown).toEqual(hits.slice(0, 10))
})
