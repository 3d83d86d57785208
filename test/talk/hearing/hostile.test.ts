import { sql } from 'kysely'
import { pino } from 'pino'
import { describe, expect } from 'vitest'
import type { Reply } from '../../../src/talk/chat/reply.ts'
import { deskTest } from '../../support/desk-test.ts'
import fc from '../../support/fast-check.ts'
import { someone } from '../commands/someone.ts'
import { noise } from '../language/noise.ts'

/** The errors in the desk's log. There must be none, for any text. */
let errors: string[] = []
const log = pino({ level: 'error' }, { write: (line: string) => errors.push(line) })
const { test, desk } = deskTest({ worker: false, log, environment: { DESKHAND_OWNERS: 'slack:T1:UOWNER' } })
const owner = someone(desk, 'uowner')
test.beforeAll(() => owner.say('help'))
test.beforeEach(() => {
  errors = []
})
test.afterEach(async () => {
  expect(errors).toEqual([])
  // The desk still works.
  expect(await someone(desk).say('long BYND 100 @ 1')).toBe('✓ LONG 100 BYND @ $1.00')
})

/** All rows that trading writes, and the roles. */
async function traces() {
  const { rows } = await sql`
    select (select count(*) from orders) orders, (select count(*) from fills) fills,
      (select count(*) from scaleouts) scaleouts, (select count(*) from paper_fills) at_the_venue,
      (select count(*) from desk_events) events, (select sum(signed_quantity) from positions) open,
      (select count(*) from trade_commands) commands, (select count(*) from members where role <> 'trader') others
  `.execute(desk.desk.parts.db)
  return rows[0]
}

/** Checks that a reply is an answer or silence, and no failure of the desk. */
function expectAnswerOrSilence(replies: Reply[]): void {
  for (const { text } of replies) {
    expect(text).not.toMatch(/could not finish|does not answer/)
    expect(text.length).toBeLessThan(10_000)
  }
}

async function expectNothingDone(work: () => Promise<unknown>): Promise<void> {
  const before = await traces()
  await work()
  expect(await traces()).toEqual(before)
}

const runs = { numRuns: 60 }
const commands = 'long short close trim scaleout pl positions tasks history watch unwatch quote role help'.split(' ')

describe('text that nobody means', () => {
  test('as a message gets an answer or silence, and is never an order', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await expectNothingDone(() =>
      fc.assert(
        fc.asyncProperty(noise(200), fc.boolean(), async (text, addressed) => {
          expectAnswerOrSilence(await alice.hear(text, { addressed }))
        }),
        runs,
      ),
    )
    expect(await alice.say('positions')).toContain('LONG 100 BYND')
  })

  test('after any command gets an answer or silence, and is never an order', async ({ alice }) => {
    const cut = fc.tuple(fc.constantFrom(...commands, 'cancel scaleout'), noise(60))
    // The random text must not be a valid command such as `long BYND 5`.
    const meant = ([command, rest]: [string, string]) => !(/^(long|short)$/.test(command) && /\p{N}/u.test(rest))
    await expectNothingDone(() =>
      fc.assert(
        fc.asyncProperty(cut.filter(meant), async ([command, rest]) => {
          expectAnswerOrSilence(await alice.hear(`${command} ${rest}`))
          expectAnswerOrSilence(await alice.hear(`${command} BYND ${rest}`))
        }),
        runs,
      ),
    )
  })

  test('as an answer to a question gets the question again, and starts nothing', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await expectNothingDone(() =>
      fc.assert(
        fc.asyncProperty(fc.constantFrom('scaleout', 'trim', 'long AAPL'), noise(60), async (question, text) => {
          fc.pre(!/\p{N}/u.test(text))
          expect((await alice.hear(question))[0]!.question).toBeDefined()
          expectAnswerOrSilence(await alice.hear(text))
          await alice.hear('never mind')
        }),
        runs,
      ),
    )
  })

  test('in the options of a platform command gets an answer, and is never an order', async ({ alice }) => {
    const options = fc.dictionary(
      fc.constantFrom('symbol', 'quantity', 'price', 'speed', 'member', 'role', 'command', '__proto__'),
      noise(60).filter((text) => !/\p{N}/u.test(text)),
    )
    await expectNothingDone(() =>
      fc.assert(
        fc.asyncProperty(fc.oneof(fc.constantFrom(...commands), noise(20)), options, async (command, given) => {
          expect(await alice.command(command, given)).not.toMatch(/could not finish|does not answer/)
        }),
        runs,
      ),
    )
  })

  test('in a press gets a sentence for the presser alone', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    const [asked] = await alice.hear('scaleout')
    await expectNothingDone(() =>
      fc.assert(
        fc.asyncProperty(noise(60), fc.boolean(), async (text, real) => {
          const question = { ...asked!, question: { ...asked!.question!, id: real ? asked!.question!.id : text } }
          const replies = await alice.press(question, text)
          expect(replies).toMatchObject([{ private: true, text: expect.stringContaining('Nothing was done.') }])
        }),
        runs,
      ),
    )
  })

  test('in the form behind a question gets the question again', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    let [asked] = await alice.hear('trim')
    await expectNothingDone(() =>
      fc.assert(
        fc.asyncProperty(noise(60), async (text) => {
          fc.pre(!/\p{N}/u.test(text))
          ;[asked] = await alice.press(asked!, text)
          expectAnswerOrSilence([asked!])
          expect(asked!.question).toBeDefined()
        }),
        runs,
      ),
    )
  })

  test('as a name is a name like any other', async () => {
    await fc.assert(
      fc.asyncProperty(noise(60), async (name) => {
        const id = someone(desk).name.toUpperCase()
        const [reply] = await desk.desk.hear({
          kind: 'message',
          id: `named-${id}`,
          author: { id: `slack:T1:${id}`, name },
          place: { door: 'slack', workspace: 'T1', channel: 'C1', thread: id },
          text: 'positions',
          addressed: true,
        })
        expect(reply!.text).toContain('No open positions')
      }),
      runs,
    )
  })
})

describe('ten thousand characters', () => {
  test.for([
    ['of one letter', 'x'.repeat(10_000)],
    ['of digits', '9'.repeat(10_000)],
    ['of digits after a command', `long BYND ${'9'.repeat(9990)}`],
    ['of decimals', `long BYND 1 @ 0.${'0'.repeat(9980)}1`],
    ['of points', `close ${'.'.repeat(9990)}x`],
    ['of words', 'buy sell '.repeat(1111)],
    ['of commands', 'scaleout '.repeat(1111)],
    ['of spaces and a command', `${' '.repeat(9990)}moonshot`],
    ['of direction marks', '\u202e'.repeat(10_000)],
    ['of marks that pile up', 'a\u0301\u0302'.repeat(3333)],
    ['of ligatures that unfold', '\ufdfa'.repeat(10_000)],
    ['of brackets', '('.repeat(10_000)],
    ['of mentions', '@everyone '.repeat(1000)],
    ['of percent', `trim ${'1'.repeat(9990)}%`],
  ] as const)('%s are answered in one short reply, and do nothing', async ([_, text], { alice }) => {
    await alice.say('long BYND 100 @ 1')
    await expectNothingDone(async () => {
      const begun = performance.now()
      const replies = await alice.hear(text)
      expect(performance.now() - begun).toBeLessThan(20_000)
      expect(replies).toHaveLength(1)
      expect(replies[0]!.text.length).toBeLessThan(500)
      expectAnswerOrSilence(replies)
      expect(await alice.hear(text, { addressed: false })).toEqual([])
    })
  })

  test('as an answer are refused in a short reply', async ({ alice }) => {
    await alice.say('long BYND')
    for (const text of ['9'.repeat(10_000), 'x'.repeat(10_000), '0'.repeat(10_000)]) {
      const [reply] = await alice.hear(text)
      expect(reply!.text.length).toBeLessThan(500)
      expect(reply!.question).toBeDefined()
    }
  })
})

const fragments = [
  `'; drop table positions; --`,
  `" or 1=1; delete from fills; --`,
  `BYND'); truncate orders cascade; --`,
  `\\'; select pg_sleep(10); --`,
  `$\{process.env.DATABASE_URL}`,
  '#{7*7}',
  '{{constructor.constructor("return process")()}}',
  '<%= 7*7 %>',
  '$(rm -rf /)',
  '`whoami`',
  '%s%n%x',
  '../../etc/passwd',
  '@everyone @here <!channel> <!here> <@&123> <@U123>',
  '**bold** ||spoiler|| ```code``` [link](https://example.com) <https://example.com|click>',
  '</script><script>alert(1)</script>',
  '\u001b[2J\u001b]0;title\u0007',
  '__proto__ constructor prototype',
  '{"$gt":""}',
  'long\u0000BYND\u00005',
  '\ud83d',
]

describe('fragments of other languages', () => {
  test.for(fragments)('are text and nothing else: %j', async (fragment, { alice }) => {
    await alice.say('long BYND 100 @ 1')
    await expectNothingDone(async () => {
      for (const text of [fragment, ...commands.filter((one) => one !== 'close').map((one) => `${one} ${fragment}`)]) {
        const replies = await alice.hear(text)
        expectAnswerOrSilence(replies)
        expect(replies.map((reply) => reply.text).join()).not.toMatch(/postgres:\/\/|(?<!:)\b49\b|root:/)
        if (replies.some(({ question }) => question)) await alice.hear('never mind')
      }
      expectAnswerOrSilence(await owner.hear(`role ${fragment} owner`))
    })
    expect(await alice.say('positions')).toContain('LONG 100 BYND')
  })

  test('are kept as they were typed, but for what a database cannot keep', async ({ alice }) => {
    const kept = async () => {
      const rows = await desk.desk.parts.db
        .selectFrom('audit as a')
        .innerJoin('members as m', 'm.id', 'a.member_id')
        .where('m.name', '=', alice.name)
        .select('a.text')
        .orderBy('a.heard_at')
        .execute()
      return rows.map(({ text }) => text)
    }
    for (const fragment of fragments) await alice.hear(fragment)
    expect(await kept()).toEqual(
      fragments.map((fragment) => fragment.replaceAll('\u0000', '').replace('\ud83d', '\ufffd')),
    )
  })
})
