import pg from 'pg'
import { pino } from 'pino'
import { describe, expect } from 'vitest'
import { createDesk } from '../../../src/desk.ts'
import { openTestDesk } from '../../support/desk.ts'
import { deskTest } from '../../support/desk-test.ts'
import { someone } from './someone.ts'

const { test: base, desk } = deskTest({ worker: false, environment: { DESKHAND_OWNERS: 'slack:T1:UOWNER' } })
const test = base.extend('alice', () => someone(desk, `u${Math.random().toString(36).slice(2, 8)}`))
const owner = someone(desk, 'uowner')

const rowsOf = async () =>
  desk.desk.parts.db.selectFrom('trade_commands').selectAll().orderBy('position').orderBy('command').execute()

describe('a greeting', () => {
  test.for(['hi', 'Hello!', 'hey', 'HI THERE', 'how do i start?'])(
    '%j of somebody new shows the way to a first scaleout',
    async (text, { alice }) => {
      const said = await alice.say(text)
      const steps = [...said.matchAll(/^ {2}`(.+)` - /gm)].map(([, step]) => step!)
      expect(steps).toEqual(['long BYND 3750 @ .63', 'scaleout', '1'])
      const [recorded] = await alice.hear(steps[0]!)
      expect(recorded).toMatchObject({
        text: '✓ LONG 3,750 BYND @ $0.63',
        hint: '💡 `scaleout` sells it in parts over time',
      })
      expect(await alice.say(steps[1]!)).toContain('💡 Reply with 1, 2, 3, 4 or 5')
      expect(await alice.say(steps[2]!)).toContain('🔄 SCALEOUT INITIATED - BYND')
      expect(await alice.say(text)).toBe(
        '👋 Hello. You are LONG 3,750 BYND @ $0.63.\n⏱️ 1 task runs in the background: `tasks` shows how far\n💡 `pl` shows how it stands, `scaleout` sells in parts over time, `help` lists the rest',
      )
    },
  )

  test('says what is held, and what to do when all is sold', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    const [second] = await alice.hear('long AAPL 10 @ 190')
    expect(second!.hint).toBeUndefined()
    expect(await alice.say('hi')).toContain('You are LONG 10 AAPL @ $190.00, LONG 100 BYND @ $1.00.\n💡 `pl` shows')
    for (const symbol of ['AAPL', 'BYND']) await alice.say(`close ${symbol} now`)
    expect(await alice.say('hi')).toContain('You hold nothing now.\n💡 `trades` shows how it went')
  })

  test('of somebody who may only look names what they can look at', async ({ alice }) => {
    await alice.say('help')
    await owner.say(`role viewer slack:T1:${alice.name.toUpperCase()}`)
    expect(await alice.say('hi')).toContain('an owner decides who trades.\n💡 Try `quote BYND`')
  })

  test('is nothing for the desk among people, and is no command before one', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    expect(await alice.hear('hi', { addressed: false })).toEqual([])
    expect(await alice.say('hey, pl bynd')).toContain('P&L SUMMARY - BYND')
    expect(await alice.say('hi close bynd now')).toContain('SOLD 100 BYND')
  })

  test('beside an open question reminds of it', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('scaleout')
    expect(await alice.say('hi')).toContain('💬 The question of `scaleout` is still open')
    expect(await alice.say('1')).toContain('SCALEOUT INITIATED')
  })
})

describe('help', () => {
  test('has every command of the database, by category, with its description and an example', async ({ alice }) => {
    const text = await alice.say('help')
    const rows = await rowsOf()
    for (const category of new Set(rows.map((row) => row.category)))
      expect(text).toContain(`\n${category.toUpperCase()}\n`)
    for (const { command, description } of rows) {
      expect(text).toMatch(new RegExp(`^  \`${command}\` - ${escaped(description)}\\. Example: \`.+\`$`, 'm'))
    }
    expect(text.split('\n').filter((line) => line.includes('Example:'))).toHaveLength(rows.length)
  })

  test.for(['help scaleout', 'help so', 'commands scale out', '? SCALEOUT'])(
    '%j is about one command',
    async (text, { alice }) => {
      const about = await alice.say(text)
      expect(about).toContain('📖 scaleout\nSell a position in chunks over time.\nUsage: `scaleout [SYMBOL …| all]')
      expect(about).toContain('Also: `scale out`, `scale-out`, `so`')
    },
  )

  test('about a command that is not there suggests the nearest', async ({ alice }) => {
    expect(await alice.say('help scaelout')).toContain('There is no such command.\n💡 Did you mean `help scaleout`?')
    expect(await alice.say('help weather forecast')).toContain('There is no such command.\n💡 Type `help`')
  })

  test('is what the doors register: the same commands with their options', async () => {
    const rows = await rowsOf()
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)
    // The doors show the commonest first.
    expect(
      desk.desk
        .commands()
        .map(({ name, description }) => ({ name, description }))
        .sort(byName),
    ).toEqual(rows.map(({ command, description }) => ({ name: command, description })).sort(byName))
  })

  test('comes from the database: what is renamed or switched off there is so everywhere after a start', async () => {
    const other = await openTestDesk({ worker: false })
    const database = new pg.Client(other.databaseUrl)
    await database.connect()
    try {
      await database.query(
        `update trade_commands set description = 'Verkauft nach und nach' where command = 'scaleout'`,
      )
      await database.query(`update trade_commands set is_implemented = false where command = 'quote'`)
      await database.query(`insert into trade_command_aliases values ('unwind', 'scaleout')`)
      await database.query(`insert into trade_commands values ('moon', 'toTheMoon', 'To the moon', 'Exits', true, 75)`)
      const lines: string[] = []
      const log = pino({ level: 'error' }, { write: (line: string) => lines.push(line) })
      const restarted = await createDesk({ config: other.desk.config, log, market: other.market })
      try {
        const carol = someone({ ...other, desk: restarted })
        const help = await carol.say('help')
        expect(help).toContain('`scaleout` - Verkauft nach und nach.')
        expect(help).not.toContain('`quote`')
        expect(help).not.toContain('moon')
        await carol.say('long BYND 10 @ 1')
        expect(await carol.say('unwind')).toContain('INTERACTIVE SCALEOUT')
        // A row that names no handler is reported by name, and the others work.
        expect(restarted.orphans).toEqual([{ command: 'moon', handler: 'toTheMoon' }])
        expect(lines.join()).toContain('the command \\"moon\\" names the handler \\"toTheMoon\\", which does not exist')
        expect(restarted.commands().map(({ name }) => name)).not.toContain('moon')
      } finally {
        await restarted.close()
      }
    } finally {
      await database.end()
      await other.close()
    }
  })
})

describe('a role', () => {
  test('is given by an owner, and a viewer may look but not trade', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    expect(await owner.say(`role <@${alice.name.toUpperCase()}> viewer`)).toBe(
      `✓ ${alice.name} is now a viewer: may look, but not trade.`,
    )
    const trades = [
      'long AAPL 1',
      'short AAPL 1',
      'close',
      'trim half',
      'scaleout',
      'cancel scaleout',
      'scaleout BYND fast',
    ]
    for (const text of trades) {
      const [reply] = await alice.hear(text)
      expect(reply, text).toMatchObject({
        text: '⚠️ You are a viewer: you may look, but not trade. Nothing was done.\n💡 An owner can change that with `role`',
        private: true,
      })
    }
    for (const text of ['positions', 'pl', 'tasks', 'history', 'quote BYND', 'help', 'watch BYND']) {
      expect(await alice.say(text), text).not.toContain('You are a viewer')
    }
    expect(await alice.say('positions')).toContain('LONG 100 BYND')
    await owner.say(`role slack:T1:${alice.name} trader`)
    expect(await alice.say('close now')).toContain('SOLD 100 BYND')
  })

  test('that is taken away between a question and its answer stops the answer', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('scaleout')
    await owner.say(`role slack:T1:${alice.name} viewer`)
    expect(await alice.say('1')).toContain('You are a viewer')
    expect(await alice.say('tasks')).toContain('Nothing runs')
  })

  test('is not given by anybody else', async ({ bob }) => {
    const [reply] = await bob.hear(`role slack:T1:${bob.name} owner`)
    expect(reply).toMatchObject({ text: expect.stringContaining('Only an owner may do that.'), private: true })
    expect(await bob.say('role <@UOWNER> viewer')).toContain('Only an owner may do that.')
    expect(await owner.say('role <@UOWNER> owner')).toContain('is now an owner')
  })

  test('of somebody whose name is no mention is told how they are named', async () => {
    expect(await owner.say('role @somebody viewer')).toBe(
      '⚠️ I did not understand "@somebody". Nothing was done.\n💡 Mention a member of this platform, or name an id: `role discord:123456 viewer`',
    )
    expect(await owner.say('role discord:123456 viewer')).toContain('is now a viewer')
  })

  test('can be given to somebody whom the desk has yet to meet', async ({ alice }) => {
    await owner.say(`role slack:T1:${alice.name} viewer`)
    expect(await alice.say('long BYND 100 @ 1')).toContain('You are a viewer')
  })

  test.each(['role', 'role <@U1>', 'role viewer', 'role <@U1> king', 'role somebody viewer', 'role @everyone viewer'])(
    'is changed by nothing as unclear as %j',
    async (text) => {
      const before = await desk.desk.parts.db.selectFrom('members').selectAll().orderBy('id').execute()
      expect(await owner.say(text)).toMatch(/Nothing was (changed|done)/)
      expect(await desk.desk.parts.db.selectFrom('members').selectAll().orderBy('id').execute()).toEqual(before)
    },
  )
})

describe('on first contact', () => {
  test('a person becomes a trader, and gets a paper account of $100,000 with the first trade, once, also when two come at once', async ({
    alice,
  }) => {
    await Promise.all(
      ['long BYND 100 @ 1', 'long AAPL 1 @ 190', 'stop .5', 'buy 1 BYND'].map((text) => alice.say(text)),
    )
    const accounts = await desk.desk.parts.db
      .selectFrom('accounts as a')
      .innerJoin('members as m', 'm.id', 'a.member_id')
      .where('m.name', '=', alice.name)
      .select(['m.role', 'a.mode', 'a.starting_balance'])
      .execute()
    expect(accounts).toEqual([{ role: 'trader', mode: 'paper', starting_balance: '100000' }])
  })

  test('whom the configuration names is an owner', async () => {
    await owner.say('help')
    const { role } = await desk.desk.parts.db
      .selectFrom('members')
      .select('role')
      .where('name', '=', 'uowner')
      .executeTakeFirstOrThrow()
    expect(role).toBe('owner')
  })
})

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
