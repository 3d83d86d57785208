import { describe, expect } from 'vitest'
import { deskTest } from '../../../support/desk-test.ts'
import { someone } from '../someone.ts'
import { listStocks } from './few-stocks.ts'
import { listOf, posted, storedReply } from './listed.ts'

const { test, desk, market } = deskTest({ environment: { DESKHAND_OWNERS: 'slack:T1:OWNER' } })
const lastDay = listStocks(market)
const owner = someone(desk, 'owner')

/** The message that follows a run of this number, before it has begun. */
const started = (number: number, setting = 'all symbols of the market') =>
  expect.stringMatching(
    new RegExp(
      `^🔎 RUN ${number} · Bullish breakout · ${setting}\\n▱{10} 0% · (starts now|\\d runs? (is|are) before it, .*)\\n💡 \`cancel run ${number}\` ends it$`,
    ),
  )

describe('a screen', () => {
  test('is followed by a message, and ends with its ranked hits', async ({ alice }) => {
    expect(await alice.say('screen breakout')).toEqual(started(1))
    const list = (await listOf(desk, alice, 1)).split('\n')
    expect(list[0]).toMatch(/^🏁 RUN 1 · Bullish breakout: completed in .+ s$/)
    expect(list[1]).toBe(`12 of 19 symbols passed · all symbols of the market · as of ${lastDay}`)
    const ranks = list
      .slice(2, 12)
      .map((line) => /^(\d+)\. (UP\d+) ([\d.]+) · \$\d+\.\d\d · \S+.*: .+$/.exec(line)?.slice(1))
    expect(ranks.map((one) => one?.slice(0, 2))).toEqual(
      Array.from({ length: 10 }, (_, at) => [`${at + 1}`, `UP${at + 1}`]),
    )
    const scores = ranks.map((one) => Number(one?.[2]))
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
    expect(list.slice(12).join('\n')).toMatch(
      /^… and 2 more\n⚠️ Without a score: 4 skipped: .*bars.*\n⚠️ These prices are simulated.*\n💡 `results 1 next` goes on, `results 1 UP1` shows how a score came about, `rerun 1` runs it again$/,
    )
    const followed = await storedReply(desk, /^🔎 RUN 1 [\s\S]*100%/)
    expect(followed.text).toMatch(/\n▰▰▰▰▰▰▰▰▰▰ 100% · completed in .+ s$/)
  })

  test('alone lists the screeners and asks which, in words of the list', async ({ alice }) => {
    const [asked] = await alice.hear('screen')
    expect(asked!.text).toMatch(
      /^🔎 SCREENERS\n {2}1️⃣ {2}Bullish breakout - Stocks in an uptrend .*\n {2}2️⃣ {2}LEAP call entry - /,
    )
    expect(asked!.question!.choices.map(({ value }) => value)).toEqual(['breakout', 'leap', 'cross'])
    expect(await alice.say('breakout')).toEqual(started(1))
    const [again] = await alice.hear('screen watchlist')
    expect(again!.text).toMatch(/^🔎 SCREENERS/)
    expect((await alice.press(again!, 'breakout'))[0]!.text).toContain('The watchlist is empty.')
  })

  test.for<[string, string]>([
    ['screen breakout min_score 60', 'all symbols of the market · min_score 60'],
    ['screen for breakouts min score of 60 please', 'all symbols of the market · min_score 60'],
    ['screen breakout min_score 60 tickers UP1 flat', 'UP1, FLAT · min_score 60'],
    ['screen breakout $UP2 up3', 'UP2, UP3'],
    ['/screen breakout min-score=60', 'all symbols of the market · min_score 60'],
    ['find breakouts', 'all symbols of the market'],
  ])('%s is a run over %s', async ([text, setting], { alice }) => {
    expect(await alice.say(text)).toEqual(started(1, setting))
  })

  test('goes over what is held, and says so when that is nothing', async ({ alice }) => {
    expect(await alice.say('screen breakout positions')).toMatch(/^⚠️ No position is open\./)
    await alice.say('long UP4 10 @ 50')
    expect(await alice.say('screen breakout my positions')).toEqual(started(1, 'your positions'))
    const list = await listOf(desk, alice, 1)
    expect(list).toContain(`1 of 1 symbol passed · your positions · as of ${lastDay}\n1. UP4 `)
    expect(list).not.toContain('npm run')
  })

  test('asks for a wrong value again with its range, and goes on with the rest as typed', async ({ alice }) => {
    expect(await alice.say('screen breakout min_score 1000 workers 1')).toBe(
      '⚠️ `min_score` takes a number from 0 to 100. `1000` is not that.\n❓ Which `min_score`? It takes a number from 0 to 100.\n💡 Reply with a value, or `never mind`',
    )
    expect(await alice.say('-5')).toContain('`-5` is not that.')
    expect(await alice.say('85')).toEqual(started(1, 'all symbols of the market · min_score 85 · max_workers 1'))
    const list = await listOf(desk, alice, 1)
    expect(list).toContain('None of 19 symbols passed · ')
    expect(list).toMatch(
      /\nThe nearest:\n1\. UP1 84\.\d\d · \$[\d.]+ · score 84\.\d\d, of the 85 that it needs\n2\. UP2 /,
    )
    expect(await alice.say('screen breakout tickers ZZZZ UP1')).toMatch(/does not know ZZZZ\.\n❓ Which `tickers`\?/)
    expect(await alice.say('never mind')).toContain('Nothing was done.')
    await alice.say('screen breakout tickers ZZZZ')
    expect(await alice.say('UP1, UP2')).toEqual(started(2, 'UP1, UP2'))
  })

  test('asks about misspelled words, all at once, and refuses other ones by their name', async ({ alice }) => {
    const [asked] = await alice.hear('screen brakout min_scor 60')
    expect(asked!.text).toMatch(/^🤔 Did you mean `screen breakout min_score 60`\?/)
    expect((await alice.press(asked!, 'no'))[0]!.text).toBe('OK, nothing was started.')
    await alice.hear('screen brakout min_scor 60')
    expect(await alice.say('yes')).toEqual(started(1, 'all symbols of the market · min_score 60'))
    expect(await alice.say('screen breakout sideways')).toMatch(
      /^⚠️ I did not understand "sideways"\. Nothing was started\.\n💡 Parameters: min_score, /,
    )
    expect(await alice.say('screen breakout fast')).toContain('I did not understand "fast"')
    expect(await alice.say('screen breakout priority urgent')).toContain('💡 `priority` takes low, normal or high')
    expect(await alice.say('screen breakout every sunday')).toContain('`every monday` to `every friday`')
    expect(await alice.say('screen breakout every weekday at 25:99')).toContain('💡 A time is such as `at 4:15pm`')
    expect(await alice.say('screen breakout min_score 60 min_score 70')).toBe(
      '⚠️ `min_score` is said twice. Nothing was started.\n💡 Say one value of it',
    )
    expect(await alice.say('screen breakout sp500 market')).toBe(
      '⚠️ `sp500` and `market` are two universes. Nothing was started.\n💡 Say one of them, or name symbols with `tickers`',
    )
    const long = `screen breakout tickers ${'AMD '.repeat(130)}`.trim()
    expect(await alice.say(long)).toContain(`has ${long.length} characters. I read commands of at most 500`)
    expect(await alice.say('screen gold')).toBe(
      '⚠️ I know no screener and no template "gold". Nothing was started.\n💡 `screen` lists them: breakout, leap, cross',
    )
  })

  test('said twice under one id is one run', async ({ alice }) => {
    await alice.hear('screen breakout', { id: `${alice.name}-once` })
    await alice.hear('screen breakout', { id: `${alice.name}-once` })
    expect((await alice.say('runs')).match(/^\d+\. /gm)).toEqual(['1. '])
  })
})

describe('everyday speech', () => {
  test.for([
    'run it',
    'results?',
    'results today',
    'results tomorrow',
    'results 2026',
    'results are good',
    'runs?',
    'screen time is bad',
    'screen gold',
    'compare the two',
    'sweep the floor',
    'run 12 miles',
  ])('among people, "%s" is none of the desk’s business', async (text, { alice }) => {
    await alice.say('screen breakout tickers UP1')
    expect(await alice.hear(text, { addressed: false })).toEqual([])
    expect((await alice.say('runs')).match(/^\d+\. /gm)).toEqual(['1. '])
  })

  test('the run, the page and the symbol that somebody has are answered, though nobody asked the desk', async ({
    alice,
  }) => {
    await alice.say('screen breakout tickers UP1')
    await listOf(desk, alice, 1)
    for (const text of ['results 1', 'results up1', 'results failed'])
      expect(await alice.hear(text, { addressed: false }), text).not.toEqual([])
  })

  test('the results of others are none of it', async ({ alice }) => {
    await alice.say('help')
    expect(await alice.hear('what are the results', { addressed: false })).toEqual([])
  })

  test.for(['run it', 'run my stop', 'rerun the tape', 'template for a letter', 'cancel run the day'])(
    'to the desk, "%s" starts and ends nothing',
    async (text, { alice }) => {
      await alice.say('screen breakout tickers UP1')
      await alice.say(text)
      expect((await alice.say('runs')).match(/^\d+\. /gm)).toEqual(['1. '])
      expect(await alice.say('run 1')).not.toMatch(/is being cancelled|cancelled (before|after)/)
    },
  )

  test('a whole screen is heard in a thread without a mention, and so is a template of the speaker', async ({
    alice,
    bob,
  }) => {
    expect((await alice.hear('screen breakout tickers UP1', { addressed: false }))[0]?.text).toEqual(started(1, 'UP1'))
    await alice.say('template save gold 1')
    expect((await alice.hear('screen gold', { addressed: false }))[0]?.text).toEqual(started(2, 'UP1'))
    expect(await bob.hear('screen gold', { addressed: false })).toEqual([])
  })
})

describe('who may', () => {
  test('a viewer may screen, and has no buttons without an account', async ({ alice }) => {
    await alice.say('help')
    await owner.say(`role viewer slack:T1:${alice.name.toUpperCase()}`)
    const [reply] = await alice.hear('screen breakout')
    expect(reply!.text).toEqual(started(1))
    expect(reply!.actions).toEqual([])
    expect(await listOf(desk, alice, 1)).toContain('1. UP1 ')
  })

  test('a hook may not', async ({ alice }) => {
    await alice.say('long UP1 1 @ 50')
    const replies = await desk.desk.hear({
      kind: 'message',
      id: `hook-${alice.name}`,
      author: { id: `slack:T1:${alice.name.toUpperCase()}`, name: alice.name },
      place: { door: 'slack', workspace: 'T1', channel: 'C1', thread: alice.thread },
      text: 'screen breakout',
      addressed: true,
      isStrict: true,
      byProgram: true,
    })
    expect(replies[0]?.text).toMatch(/^⚠️ /)
    expect(await alice.say('runs')).toContain('You have no runs yet')
  })

  test('buttons of the list lead on for its member alone', async ({ alice, bob }) => {
    await alice.say('long UP1 1 @ 50')
    await alice.say('screen breakout min_score 84.5')
    await listOf(desk, alice, 1)
    const list = await storedReply(desk, /^🏁 RUN 1 · .*[\s\S]*min_score 84\.5/)
    expect(list.actions!.map((row) => row.map(({ label }) => label))).toEqual([
      ['Chart UP1', 'Watch UP1', 'Buy UP1'],
      ['Run 1 again'],
    ])
    expect((await alice.act(list, 'Buy UP1'))[0]!.text).toContain('How many UP1 do you want to buy?')
    await alice.say('never mind')
    expect((await alice.act(list, 'Watch UP1'))[0]!.text).toContain('👁 WATCHING UP1')
    expect((await alice.act(list, 'Chart UP1'))[0]!.pictures).toHaveLength(1)
    expect((await bob.act(list, 'Run 1 again'))[0]!.text).toMatch(/^⚠️ /)
    expect((await alice.act(list, 'Run 1 again'))[0]!.text).toEqual(
      started(2, 'all symbols of the market · min_score 84.5'),
    )
  })
})

describe('schedules', () => {
  test('are kept with a time, which is asked for when it is missing, and ended', async ({ alice }) => {
    await alice.say('timezone Europe/Berlin')
    expect(await alice.say('screen breakout min_score 60 every weekday at 4:15pm ET')).toMatch(
      /^⏰ SCHEDULE 1 · Bullish breakout · all symbols of the market · min_score 60 · every weekday at 16:15 \(America\/New_York\) · next \d{4}-/,
    )
    expect(await alice.say('screen breakout every friday')).toContain(
      '❓ At what time every friday? Times are of Europe/Berlin.',
    )
    expect(await alice.say('teatime')).toMatch(/^⚠️ "teatime" is no time for a schedule/)
    expect(await alice.say('15 minutes after the close')).toMatch(
      /SCHEDULE 2 .* every friday at 16:15 \(America\/New_York\)/,
    )
    await alice.say('screen breakout daily at 22:30')
    const listed = await alice.say('screen schedules')
    expect(listed.match(/^SCHEDULE \d/gm)).toEqual(['SCHEDULE 1', 'SCHEDULE 2', 'SCHEDULE 3'])
    expect(listed).toContain('every weekday at 22:30 (Europe/Berlin)')
    expect(await alice.say('screen breakout daily at 22:30')).toContain('Schedule 3 is the same, and both run')
    expect(await alice.say('screen schedule off')).toContain('It was not said which schedule ends.')
    expect(await alice.say('screen breakout every weekday at midnight')).toContain(
      '"midnight" is no time for a schedule',
    )
    expect(await alice.say('screen schedule off 4')).toBe('✓ Ended: schedule 4.')
    expect(await alice.say('screen schedule off 2')).toBe('✓ Ended: schedule 2.')
    expect(await alice.say('screen schedule off 2')).toContain('You have no schedule 2.')
    expect(await alice.say('screen schedule off all')).toBe('✓ Ended: schedule 1, 3.')
    expect(await alice.say('screen schedules')).toContain('No screen runs by itself')
  })
})

describe('a sweep', () => {
  test('runs variants, and lists them side by side when all have ended', async ({ alice }) => {
    expect(await alice.say('sweep breakout min_score 80..84 by 2')).toMatch(
      /^🔎 SWEEP · Bullish breakout · all symbols of the market\nRun 1: min_score 80\nRun 2: min_score 82\nRun 3: min_score 84\n/,
    )
    expect(await posted(desk, alice, /^🏁 SWEEP/)).toMatch(
      /^🏁 SWEEP · Bullish breakout · min_score\n1\. min_score 80 · 12 hits · UP1 84\.75, UP2 .*\n2\. min_score 82 · \d hits · UP1 .*\n3\. min_score 84 · 3 hits · UP1 84\.75, UP2 84\.42, UP3 84\.08 · .+ s\n💡 `compare run 1 2` shows which symbols differ/,
    )
  })

  test.for([
    ['sweep breakout', 'No parameter has a range.'],
    ['sweep breakout min_score a..b', '"a" is no number.'],
    ['sweep breakout min_score 60..', '"60.." is no range.'],
    ['sweep breakout min_score 1..2..3', '"1..2..3" is no range.'],
    ['sweep breakout min_score 80..60', '80..60 does not go up.'],
    ['sweep breakout min_score 0..100 by 1', 'That would be 101 runs, and a sweep has at most 8.'],
    ['sweep breakout min_score 60 70 80', 'such as `min_score 60..80 by 5`'],
    ['sweep breakout min_score 60..80 max_workers 1..2', 'One parameter varies at a time.'],
    ['sweep breakout min_score 60..180', '`min_score` takes a number from 0 to 100.'],
    ['sweep', 'Sweep what?'],
  ])('"%s" starts nothing: %s', async ([text, why], { alice }) => {
    expect(await alice.say(text!)).toContain(why)
    expect(await alice.say('runs')).toContain('You have no runs yet')
  })
})
