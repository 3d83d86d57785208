import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectDatabase } from '../../../src/infra/db/client.ts'
import type { Database } from '../../../src/infra/db/schema.ts'
import type { Command } from '../../../src/talk/commands/command.ts'
import { handlers } from '../../../src/talk/commands/index.ts'
import { movesMoney } from '../../../src/talk/language/effect.ts'
import { loadRegistry, type Registry } from '../../../src/talk/language/registry.ts'
import { understand, unwanted } from '../../../src/talk/language/understand.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import fc from '../../support/fast-check.ts'
import { noise } from './noise.ts'

let fresh: FreshDatabase
let db: Kysely<Database>
let registry: Registry<Command>

beforeAll(async () => {
  fresh = await freshDatabase()
  db = connectDatabase(fresh.url, pino({ level: 'silent' }), 2)
  registry = await loadRegistry(db, handlers)
})
afterAll(async () => {
  await db.destroy()
  await fresh.drop()
})

const named = (text: string) => registry.match(text)?.registered.name

describe('the commands in the database', () => {
  test('all name a handler of ours, and every handler is named', async () => {
    expect(registry.orphans).toEqual([])
    const rows = await db.selectFrom('trade_commands').select('handler_function').execute()
    expect(rows.map((row) => row.handler_function).sort()).toEqual(Object.keys(handlers).sort())
  })

  test('share no name and no alias, in their files', () => {
    const words = Object.values(handlers).flatMap(({ name, aliases }) => [
      name,
      ...aliases.map((one) => (typeof one === 'string' ? one : one.alias)),
    ])
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([])
  })

  test('get people out only where they trade, or by the answer to their question', () => {
    const exits = Object.values(handlers).filter((one) => one.exits === 'always')
    expect(exits.filter((command) => !movesMoney({ command }))).toEqual([])
    expect(exits.length).toBeGreaterThan(10)
  })

  test('are all found by their name and every alias, in any case of letters', () => {
    for (const { name, aliases } of registry.commands) {
      for (const words of [name, ...aliases]) {
        expect(named(words), words).toBe(name)
        expect(named(`  ${words.toUpperCase()}  `), words).toBe(name)
        expect(named(`${words} bynd 5`), words).toBe(name)
      }
    }
  })

  test('have the aliases that were asked for', () => {
    const asked = {
      'scale out': 'scaleout',
      so: 'scaleout',
      'stop scaleout': 'cancel scaleout',
      pnl: 'pl',
      profit: 'pl',
    }
    for (const [alias, command] of Object.entries({
      ...asked,
      pos: 'positions',
      price: 'quote',
      cover: 'trim',
      flat: 'close',
    })) {
      expect(named(alias), alias).toBe(command)
    }
  })

  test('have an example that is understood as themselves, with nothing left over', () => {
    for (const { name, command } of registry.commands) {
      const understood = understand(registry, command.example.replace('@somebody', '<@u1>'), (word) =>
        ['BYND', 'TSLA'].includes(word),
      )
      expect(understood?.registered.name, name).toBe(name)
      expect(understood?.leftover, name).toEqual([])
      expect(understood && unwanted(understood), name).toEqual([])
    }
  })

  test('are left out where they are not implemented, or name a handler that is not there', async () => {
    await db
      .insertInto('trade_commands')
      .values([
        {
          command: 'moon',
          handler_function: 'toTheMoon',
          description: 'x',
          category: 'x',
          is_implemented: true,
          position: 1,
        },
        {
          command: 'later',
          handler_function: 'showHelp',
          description: 'x',
          category: 'x',
          is_implemented: false,
          position: 2,
        },
        {
          command: 'evil',
          handler_function: 'constructor',
          description: 'x',
          category: 'x',
          is_implemented: true,
          position: 3,
        },
      ])
      .execute()
    const fuller = await loadRegistry(db, handlers)
    expect(fuller.orphans).toEqual([
      { command: 'moon', handler: 'toTheMoon' },
      { command: 'evil', handler: 'constructor' },
    ])
    expect(fuller.commands.map(({ name }) => name)).toEqual(registry.commands.map(({ name }) => name))
    expect(fuller.match('moon')).toBeUndefined()
    expect(fuller.match('later')).toBeUndefined()
  })
})

test('a text of ten thousand characters is looked through at once, and is no command', () => {
  const long = [
    'x'.repeat(9999),
    `long ${'.'.repeat(9990)}x`,
    'long '.repeat(2000),
    '(('.repeat(5000),
    '\ufdfa'.repeat(9999),
  ]
  const begun = performance.now()
  for (const text of long) expect(understand(registry, text, () => false)).toBeUndefined()
  for (const text of long) registry.nearest(text)
  expect(performance.now() - begun).toBeLessThan(10_000)
})

describe('a text', () => {
  test.each([
    ['scale out BYND fast', 'scaleout'],
    ['scaleout', 'scaleout'],
    ['/scaleout', 'scaleout'],
    ['!pl bynd', 'pl'],
    ['cancel scaleout bynd', 'cancel scaleout'],
    ['cancel', 'cancel'],
    ['cancel all', 'cancel'],
    ['close all', 'close all'],
    ['p&l', 'pl'],
    ['help!', 'help'],
    ['scaleout?', undefined],
    ['positions.', 'positions'],
    ['longing for bynd', undefined],
    ['so', 'scaleout'],
    ['', undefined],
    ['please scaleout', undefined],
  ])('%j is the command %s', (text, command) => {
    expect(named(text)).toBe(command)
  })

  test.each([
    ['scaelout', 'scaleout'],
    ['scaleotu bynd', 'scaleout'],
    ['postions', 'positions'],
    ['hlep', 'help'],
    ['lnog BYND 100', 'long'],
    ['canel scaleout', 'cancel scaleout'],
    ['quoet bynd', 'quote'],
  ])('%j is near the command %s, and is not it', (text, command) => {
    expect(named(text)).toBeUndefined()
    expect(registry.nearest(text)).toBe(command)
  })

  test.each([
    'well done',
    'tell me',
    'ask him',
    'good morning everybody',
    'lunch?',
    'the earnings call was great',
    '',
    '1',
    '🚀🚀🚀',
  ])('%j is near no command', (text) => {
    expect(registry.nearest(text)).toBeUndefined()
  })

  test('that is noise is matched or not, and never an error', () => {
    fc.assert(
      fc.property(noise(300), (text) => {
        registry.nearest(text)
        understand(registry, text, () => false)
        understand(registry, `long ${text}`, () => false)
      }),
      { numRuns: 500 },
    )
  })

  test('may name a symbol that the market does not know, when it is the only word left', () => {
    const none = () => false
    expect(understand(registry, 'quote wxyz', none)?.given.symbol).toBe('WXYZ')
    expect(understand(registry, 'quote wxyz abc', none)).toMatchObject({ given: { symbol: 'WXYZ' }, leftover: ['abc'] })
  })

  test('that gives a command what it does not take is found out', () => {
    const known = (word: string) => word === 'BYND'
    const asks = (text: string) => unwanted(understand(registry, text, known)!)
    expect(asks('close BYND 100')).toEqual([])
    expect(asks('close BYND half')).toEqual([])
    expect(asks('close BYND @ 5')).toEqual([])
    expect(asks('orders BYND @ 5')).toContain('price')
    expect(asks('cancel scaleout BYND fast')).toEqual(['speed'])
    expect(asks('pl BYND 5')).toEqual(['quantity'])
  })
})
