import { sql } from 'kysely'
import { describe, expect } from 'vitest'
import { madeBars } from '../../../strategies/runs/made-bars.ts'
import { deskTest } from '../../../support/desk-test.ts'
import { listOf, storedReply } from './listed.ts'

/** Reads of bars wait while this is closed. */
let gate = Promise.withResolvers<void>()
gate.resolve()
const bars = madeBars(30)
bars.before = () => gate.promise
const { test, desk } = deskTest({ runs: { bars } })
const close = () => {
  gate = Promise.withResolvers<void>()
}
test.afterEach(() => gate.resolve())

describe('results', () => {
  test('go on page by page where they were left, in every list', async ({ alice }) => {
    await alice.say('screen breakout min_score 0')
    await listOf(desk, alice, 1)
    const { rows } = await sql<{ outcome: string; count: number }>`
      select outcome, count(*)::int as count from strategy_results s join strategy_runs r on r.id = s.run
      join members m on m.id = r.member_id where m.name = ${alice.name} group by outcome`.execute(desk.desk.parts.db)
    for (const list of ['passed', 'failed']) {
      const count = rows.find(({ outcome }) => outcome === list)?.count ?? 0
      const seen: string[] = []
      for (let page = 0; page <= Math.ceil(count / 10); page++) {
        const said = await alice.say(`results 1 ${list} ${page === 0 ? 'page 1' : 'next'}`)
        const symbols = [...said.matchAll(/^\d+\. (\S+) /gm)].map(([, symbol]) => symbol!)
        seen.push(...symbols)
        if (page === Math.ceil(count / 10))
          expect(said).toMatch(count > 0 ? /That was all that/ : /Nothing (passed|failed)/)
      }
      expect(new Set(seen).size).toBe(count)
      expect(seen).toHaveLength(count)
    }
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(31)
    expect(await alice.say('results 1 skipped')).toContain('Nothing was skipped in run 1.')
    expect(await alice.say('results 1 page 9')).toContain('There is no page 9 of run 1.')
  })

  test('say how a score came about: its points are the score, and its conditions are named', async ({ alice }) => {
    await alice.say('screen breakout')
    await listOf(desk, alice, 1)
    const said = await alice.say('results run 1, S003')
    const [, outcome, score] =
      /^🔎 S003 in RUN 1 · Bullish breakout: (passed|failed), score ([\d.]+)\n/.exec(said) ?? []
    const points = [...said.matchAll(/^\S.* · .* · ([\d.]+) of ([\d.]+) · /gm)].map(([, got, of]) => [
      Number(got),
      Number(of),
    ])
    expect(points.length).toBeGreaterThan(10)
    const [got, of] = [0, 1].map((at) => points.reduce((sum, one) => sum + one[at]!, 0))
    expect((100 * got!) / of!).toBeCloseTo(Number(score), 0)
    expect(said).toMatch(/\n[✓✗] above SMA150 and SMA200: close /)
    expect(said.includes('⚠️ Did not pass: ')).toBe(outcome === 'failed')
    expect(await alice.say('results 1 ZZZ')).toContain('Run 1 has no result of ZZZ.')
    expect(await alice.say('results 7')).toContain('You have no run 7.')
    expect(await alice.say('results S003')).toMatch(/^🔎 S003 in RUN 1 /)
    for (const text of ['run -1', 'results -1', 'cancel run -1'])
      expect(await alice.say(text)).toContain('I did not understand "-1". Nothing was done.')
    const [reply] = await alice.hear('results 1 S003')
    expect(reply!.columns!.columns.map(({ head }) => head)).toEqual(['Part', 'Item', 'Points', 'Measure'])
  })

  test('are those of their member alone', async ({ alice, bob }) => {
    await alice.say('screen breakout')
    await listOf(desk, alice, 1)
    for (const text of ['results 1', 'run 1', 'cancel run 1', 'rerun 1', 'compare run 1 2'])
      expect(await bob.say(text)).toContain('You have no run 1.')
  })
})

describe('a run', () => {
  test('shows its progress and waits its turn, and is cancelled once, by its member alone', async ({ alice, bob }) => {
    for (const one of [alice, bob]) await one.say('long BYND 10 @ 1')
    close()
    const [first] = await alice.hear('screen breakout')
    await alice.say('screen leap')
    expect(await alice.say('screen cross')).toMatch(
      /\n▱▱▱▱▱▱▱▱▱▱ 0% · 1 run is before it, it is expected to start in about /,
    )
    expect(await alice.say('run 1')).toMatch(/^🔎 RUN 1 · Bullish breakout · all symbols of the market\n▱+ 0% · /)
    expect(await alice.say('runs')).toMatch(/\n3\. Moving-average cross · .* · queued 0% · /)
    expect(await alice.say('screen queue')).toMatch(
      /^🔎 QUEUE \(2 at once\)\nBullish breakout \(run 1\) · .*\nLEAP call entry \(run 2\) · .*\nMoving-average cross \(run 3\) · place 1 · starts in about /,
    )
    expect(await bob.say('screen queue')).toMatch(/\nBullish breakout \(somebody else’s\) · /)
    expect(first!.actions![0]![0]!.label).toBe('Cancel run 1')
    expect((await bob.act(first!, 'Cancel run 1'))[0]!.text).toMatch(/^⚠️ /)
    expect(await alice.say('cancel run 3')).toBe('🛑 RUN 3 · Moving-average cross: cancelled before it began')
    expect(await alice.say('cancel run 3')).toContain('was cancelled already.')
    // There are no results to look at.
    expect(await alice.say('run 3')).toMatch(/\n💡 `rerun 3` runs it again$/)
    const [asked] = await alice.hear('cancel run')
    expect(asked!.text).toMatch(
      /^❓ Which run should end\?\n {2}1️⃣ {2}Run 1 · .*\n {2}2️⃣ {2}Run 2 · .*\n {2}3️⃣ {2}All 2\n/,
    )
    // A command that only reads is no answer.
    expect(await alice.say('run 1')).toMatch(/^🔎 RUN 1 /)
    expect((await alice.press(asked!, '2'))[0]!.text).toMatch(/^🛑 RUN 2 · LEAP call entry: (is being )?cancelled/)
    expect((await alice.act(first!, 'Cancel run 1'))[0]!.text).toMatch(
      /^🛑 RUN 1 · Bullish breakout: (is being )?cancelled/,
    )
    gate.resolve()
    expect(await listOf(desk, alice, 1)).toMatch(/^🛑 RUN 1 · Bullish breakout: cancelled /)
    const followed = await storedReply(desk, /^🔎 RUN 1 · Bullish breakout [\s\S]*cancelled/)
    expect(followed.actions).toEqual([])
    for (const text of ['cancel run', 'cancel runs', 'cancel all runs'])
      expect(await alice.say(text)).toContain('No run of yours is open.')
  })

  test('is run again, compared with the one before, and counted', async ({ alice }) => {
    await alice.say('screen cross min_score 0')
    await listOf(desk, alice, 1)
    await alice.say('rerun')
    await listOf(desk, alice, 2)
    await alice.say('screen cross min_score 100')
    await listOf(desk, alice, 3)
    const same = await alice.say('compare run 1 and 2')
    expect(same).toMatch(/\n✚ New in 2: none\n− Gone since 1: none\n↕ Moved: none\n= Unchanged: \d+\n/)
    expect(await alice.say('compare run 2')).toMatch(/^🔎 RUNS 1 AND 2\n/)
    expect(await alice.say('compare 3')).toMatch(/^🔎 RUNS 2 AND 3\n/)
    expect(await alice.say('compare run 3 1')).toMatch(/^🔎 RUNS 3 AND 1\n/)
    expect(await alice.say('compare run 1')).toContain('There is no run of this screener before run 1.')
    expect(await alice.say('runs stats')).toMatch(
      /^🔎 HOW YOUR RUNS DO\nMoving-average cross: 3 runs, 3 completed\n {2}usually .+ s · .* symbols\/s · .*\n {2}Hits, the latest first: \d+ of 31 \(run 3, /,
    )
    // The second run ends early, before the best hit of the first.
    const { db } = desk.desk.parts
    const { rows } = await sql<{ symbol: string }>`
      delete from strategy_results s using strategy_runs r, members m where s.run = r.id and m.id = r.member_id
      and m.name = ${alice.name} and r.number = 2 and s.symbol = ${/ (S\d+|SPY) /.exec(await alice.say('results 1'))![1]}
      returning s.symbol`.execute(db)
    await sql`update strategy_runs r set state = 'error', completed_items = 30, error = 'It stopped.' from members m
      where m.id = r.member_id and m.name = ${alice.name} and r.number = 2`.execute(db)
    const part = await alice.say('compare run 1 2')
    expect(part).toContain('\n− Gone since 1: none\n')
    expect(part).toContain(`\n⚠️ Without a score in 2, so not compared (1): ${rows[0]!.symbol} `)
    expect(await alice.say('results 2 failed')).toContain(' · ⚠️ only a part: failed after 30 of 31 symbols\n')
    await alice.say('screen breakout min_score 0')
    await listOf(desk, alice, 4)
    const unlike = await alice.say('compare run 1 4')
    expect(unlike).toMatch(/their scores do not compare\n(.*\n)*= In both: \d+\n/)
    expect(unlike).not.toContain('Moved')
  })
})

describe('a template', () => {
  test('keeps a screen under a name, runs with another value, and goes', async ({ alice, bob }) => {
    await alice.say('screen cross min_score 40 tickers S001 S002')
    await listOf(desk, alice, 1)
    expect(await alice.say('template save Tight')).toMatch(
      /^✓ Template `tight` · Moving-average cross · S001, S002 · min_score 40\n/,
    )
    expect(await alice.say('screen tight')).toMatch(/^🔎 RUN 2 · Moving-average cross · S001, S002 · min_score 40\n/)
    expect(await alice.say('screen tight min_score 55')).toMatch(
      /^🔎 RUN 3 · Moving-average cross · S001, S002 · min_score 55\n/,
    )
    expect(await alice.say('screen tight market')).toMatch(
      /^🔎 RUN 4 · Moving-average cross · all symbols of the market · min_score 40\n/,
    )
    expect(await alice.say('screen tihgt')).toContain('🤔 Did you mean `screen tight`?')
    await alice.say('no')
    expect(await alice.say('run 2')).toContain('template tight')
    expect(await alice.say('templates')).toContain('`tight` · Moving-average cross · S001, S002 · min_score 40')
    expect(await alice.say('screen')).toContain('Your templates: `tight` (Moving-average cross)')
    await alice.say('never mind')
    expect(await bob.say('screen tight')).toContain('I know no screener and no template "tight".')
    expect(await alice.say('template save tight 3')).toContain(
      '\nIt replaces the one that you had: Moving-average cross · S001, S002 · min_score 40\n',
    )
    await alice.say('screen tight every weekday at 4:15pm')
    expect(await alice.say('template drop tight')).toBe(
      '✓ The template `tight` is gone.\n⏰ Schedule 1 goes on with its values of then; `screen schedule off 1` ends it',
    )
    expect(await alice.say('template drop tight')).toContain('You have no template')
    for (const name of ['12', '"my screen"', 'every', 'min_score', 'now', 'ünï', 'x'.repeat(60)])
      expect(await alice.say(`template save ${name} 3`)).toContain(
        `⚠️ "${name.replaceAll('"', '').slice(0, 40)}" cannot be the name of a template. Nothing was saved.`,
      )
    expect(await alice.say('template save')).toContain('⚠️ A template needs a name. Nothing was saved.')
    expect(await alice.say('template drop')).toContain('💡 For example `template drop tight`')
  })

  test.for([
    ['template save breakout', 'cannot be the name of a template'],
    ['template save queue', 'cannot be the name of a template'],
    ['template save tight 9', 'You have no run 9.'],
  ])('%s is refused: %s', async ([text, why], { alice }) => {
    await alice.say('screen cross tickers S001')
    expect(await alice.say(text!)).toContain(why)
  })
})
