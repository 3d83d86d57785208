import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { connectDatabase, type Db } from '../../../src/infra/db/client.ts'
import { bringCatalogue } from '../../../src/talk/commands/bring-catalogue.ts'
import { handlers } from '../../../src/talk/commands/index.ts'
import { addAlias, wordsVersion } from '../../../src/talk/language/aliases.ts'
import { type CatalogueEntry, writeCatalogue } from '../../../src/talk/language/catalogue.ts'
import { loadRegistry } from '../../../src/talk/language/registry.ts'
import { freshDatabase } from '../../support/database.ts'
import { databaseBefore } from '../../support/database-before.ts'

const moon: CatalogueEntry = {
  name: 'moon',
  aliases: ['to the moon', { alias: 'lift off', says: 'now' }],
  description: 'How far it is',
  category: 'Market',
  position: 500,
}

const descriptionOf = (entry?: CatalogueEntry) => entry && { description: entry.description }

/** A released database for the time of the test. */
async function released(): Promise<Db> {
  const fresh = await freshDatabase()
  return opened(fresh.url, () => fresh.drop())
}

function opened(url: string, after?: () => Promise<void>): Db {
  const db = connectDatabase(url, pino({ level: 'silent' }), 4)
  onTestFinished(async () => {
    await db.destroy()
    await after?.()
  })
  return db
}

async function tablesOf(db: Db) {
  return {
    commands: await db.selectFrom('trade_commands').selectAll().orderBy('command').execute(),
    aliases: await db.selectFrom('trade_command_aliases').selectAll().orderBy('alias').execute(),
  }
}

const aliasRow = (db: Db, alias: string) =>
  db.selectFrom('trade_command_aliases').select(['command', 'words']).where('alias', '=', alias).executeTakeFirst()

const commandRow = (db: Db, command: string) =>
  db.selectFrom('trade_commands').selectAll().where('command', '=', command).executeTakeFirst()

/** Lets an owner make an alias in the chat. */
async function makeAlias(db: Db, alias: string, command: string): Promise<void> {
  const { id } = await db
    .insertInto('members')
    .values({ name: 'olga', role: 'owner' })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db.transaction().execute((trx) => addAlias(trx, { alias, command, words: '' }, id, new Date()))
}

test('a release leaves the rows that the migrations brought as they are, and adds what is new', async () => {
  const before = await databaseBefore('029')
  const db = opened(before.url)
  const old = await tablesOf(db)
  await before.migrate()
  expect(await tablesOf(db)).toEqual(old)
  await writeCatalogue(db, handlers)
  const now = await tablesOf(db)
  expect(now.commands.length).toBeGreaterThanOrEqual(Object.keys(handlers).length)
  const names = new Set(old.commands.map(({ command }) => command))
  // These descriptions are other ones now: `notify` tells more, and Discord has room for short ones only.
  const retold: Record<string, CatalogueEntry> = {
    chart: handlers.showChart!,
    notify: handlers.setNotify!,
    schedule: handlers.schedule!,
    split: handlers.splitSymbol!,
  }
  const told = old.commands.map((row) => ({ ...row, ...descriptionOf(retold[row.command]) }))
  expect(now.commands.filter(({ command }) => names.has(command))).toEqual(told)
  // `alert` was another word for `alerts`, and now sets a price alert.
  const moved = old.aliases.map((row) => (row.alias === 'alert' ? { ...row, command: 'price alert' } : row))
  expect(now.aliases.filter(({ command, alias }) => names.has(command) || alias === 'alert')).toEqual(moved)
})

test('a second release of the same changes nothing, and nobody reads the words again for it', async () => {
  const db = await released()
  const before = { ...(await tablesOf(db)), version: await wordsVersion(db) }
  expect(await writeCatalogue(db, handlers)).toBe(false)
  expect({ ...(await tablesOf(db)), version: await wordsVersion(db) }).toEqual(before)
})

test('a new command and its aliases come with a release, and every process reads the words again', async () => {
  const db = await released()
  const version = await wordsVersion(db)
  expect(await writeCatalogue(db, { ...handlers, flyToTheMoon: moon })).toBe(true)
  expect(await commandRow(db, 'moon')).toEqual({
    command: 'moon',
    handler_function: 'flyToTheMoon',
    description: 'How far it is',
    category: 'Market',
    is_implemented: true,
    position: 500,
  })
  expect(await aliasRow(db, 'lift off')).toEqual({ command: 'moon', words: 'now' })
  expect(Number(await wordsVersion(db))).toBe(Number(version) + 1)
})

test('an older desk beside a newer catalogue goes on, and leaves out what it does not have', async () => {
  const db = await released()
  const before = await loadRegistry(db, handlers)
  await writeCatalogue(db, { ...handlers, flyToTheMoon: moon })
  const beside = await loadRegistry(db, handlers)
  expect(beside.orphans).toEqual([{ command: 'moon', handler: 'flyToTheMoon' }])
  expect(beside.commands).toEqual(before.commands)
  expect(beside.match('to the moon')).toBeUndefined()
})

test('two releases at once bring one catalogue', async () => {
  const db = await released()
  const newer = { ...handlers, flyToTheMoon: moon }
  const changed = await Promise.all([1, 2, 3].map(() => writeCatalogue(db, newer)))
  expect(changed.filter(Boolean)).toHaveLength(1)
  expect(await aliasRow(db, 'to the moon')).toEqual({ command: 'moon', words: '' })
})

test('a word that an owner made stays, also where a release has the same word for another command', async () => {
  const db = await released()
  await makeAlias(db, 'to the moon', 'close')
  await writeCatalogue(db, { ...handlers, flyToTheMoon: moon })
  expect(await aliasRow(db, 'to the moon')).toEqual({ command: 'close', words: '' })
  await writeCatalogue(db, handlers)
  expect(await aliasRow(db, 'to the moon')).toEqual({ command: 'close', words: '' })
})

test('a shipped alias that people removed or changed stays so', async () => {
  const db = await released()
  await db.deleteFrom('trade_command_aliases').where('alias', '=', 'so').execute()
  await db.updateTable('trade_command_aliases').set({ command: 'buy' }).where('alias', '=', 'q').execute()
  const { showQuote } = handlers
  await writeCatalogue(db, { ...handlers, showQuote: { ...showQuote!, aliases: ['price'] } })
  await writeCatalogue(db, handlers)
  expect(await aliasRow(db, 'so')).toBeUndefined()
  expect(await aliasRow(db, 'q')).toEqual({ command: 'buy', words: '' })
})

test('an alias that was removed before releases wrote any stays removed', async () => {
  const before = await databaseBefore('029')
  const db = opened(before.url)
  await before.client.query("delete from trade_command_aliases where alias = 'so'")
  await before.client.query("insert into trade_command_aliases (alias, command) values ('unwind', 'scaleout')")
  await before.migrate()
  await writeCatalogue(db, handlers)
  expect(await aliasRow(db, 'so')).toBeUndefined()
  expect(await aliasRow(db, 'unwind')).toEqual({ command: 'scaleout', words: '' })
})

test('an alias follows a release that changes or drops it', async () => {
  const db = await released()
  const { closePosition } = handlers
  const aliases = ['exit', { alias: 'flat', says: 'half' }]
  await writeCatalogue(db, { ...handlers, closePosition: { ...closePosition!, aliases } })
  expect(await aliasRow(db, 'flat')).toEqual({ command: 'close', words: 'half' })
  expect(await aliasRow(db, 'liquidate')).toBeUndefined()
})

test('a text of a command follows a release where nobody changed it, and what was switched off stays off', async () => {
  const db = await released()
  await db.updateTable('trade_commands').set({ description: 'Kurs' }).where('command', '=', 'quote').execute()
  await db.updateTable('trade_commands').set({ is_implemented: false }).where('command', '=', 'chart').execute()
  const { showQuote, showChart } = handlers
  const newer = { description: 'Other words', position: 900 }
  await writeCatalogue(db, {
    ...handlers,
    showQuote: { ...showQuote!, ...newer },
    showChart: { ...showChart!, ...newer },
  })
  expect(await commandRow(db, 'quote')).toMatchObject({ description: 'Kurs', position: 900 })
  expect(await commandRow(db, 'chart')).toMatchObject({ description: 'Other words', is_implemented: false })
})

test('a command that is gone goes with its aliases; with a word of an owner it stays, not implemented, and comes back', async () => {
  const db = await released()
  const newer = { ...handlers, flyToTheMoon: moon }
  await writeCatalogue(db, newer)
  await writeCatalogue(db, handlers)
  expect(await commandRow(db, 'moon')).toBeUndefined()
  expect(await aliasRow(db, 'lift off')).toBeUndefined()
  await writeCatalogue(db, newer)
  await makeAlias(db, 'apollo', 'moon')
  await writeCatalogue(db, handlers)
  expect(await commandRow(db, 'moon')).toMatchObject({ is_implemented: false })
  expect(await aliasRow(db, 'apollo')).toEqual({ command: 'moon', words: '' })
  await writeCatalogue(db, newer)
  expect(await commandRow(db, 'moon')).toMatchObject({ is_implemented: true })
})

test('a database that a newer release has migrated keeps its catalogue', async () => {
  const fresh = await freshDatabase()
  const db = opened(fresh.url, () => fresh.drop())
  await writeCatalogue(db, { ...handlers, flyToTheMoon: moon })
  const before = await tablesOf(db)
  await db
    .insertInto('kysely_migration' as never)
    .values({ name: '999_from_the_future', timestamp: new Date().toISOString() } as never)
    .execute()
  await bringCatalogue(fresh.url)
  expect(await tablesOf(db)).toEqual(before)
})
