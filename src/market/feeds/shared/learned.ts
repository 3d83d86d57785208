import Big from 'big.js'
import type { Kysely } from 'kysely'
import type { Clock } from '../../../base/clock.ts'
import type { Database } from '../../../infra/db/schema.ts'
import { calendarOf } from '../../calendar.ts'
import { companyNames } from '../../company-names.ts'
import type { MarketLog } from '../../log.ts'
import type { Instrument } from '../../market.ts'
import { symbolOf } from '../../symbol.ts'

/** The instruments of sources that have no list of their own. */
export interface Learned {
  all(): Instrument[]
  /** The instrument in any letter case. */
  of(symbol: string): Instrument | undefined
  /** Keeps what a source told of an instrument, for all processes. */
  keep(instrument: Instrument, source: string): Promise<void>
  close(): Promise<void>
}

/** An instrument that one process learned is known to the others after so many milliseconds. */
const readEveryMs = 1000

/**
 * Opens the list: the common names that people use, and all symbols that some process has ever asked a source for. Prices of
 * a common name may still be missing, when it is traded no more.
 */
export async function openLearned({
  db,
  clock,
  log,
}: {
  db: Kysely<Database>
  clock: Clock
  log?: MarketLog
}): Promise<Learned> {
  const bySymbol = new Map(
    [...companyNames].map(([symbol, [name]]) => [symbol, commonInstrument(symbol, name)] as const),
  )
  let readThrough = 0

  async function read(): Promise<void> {
    const rows = await db
      .selectFrom('learned_symbols')
      .selectAll()
      .where('id', '>', readThrough)
      .orderBy('id')
      .execute()
    for (const row of rows) {
      readThrough = Math.max(readThrough, Number(row.id))
      bySymbol.set(row.symbol, {
        symbol: row.symbol,
        name: row.name,
        lot: new Big(row.lot),
        tick: new Big(row.tick),
        ...(row.is_around_the_clock && { isAroundTheClock: true }),
      })
    }
  }

  await read()
  let reading: Promise<void> | undefined
  let isMissed = false
  const timer = setInterval(() => {
    reading ??= read()
      .then(
        () => {
          isMissed = false
        },
        (cause) => {
          if (!isMissed) log?.warn({ err: cause }, 'learned symbols could not be read')
          isMissed = true
        },
      )
      .finally(() => {
        reading = undefined
      })
  }, readEveryMs).unref()

  return {
    all: () => [...bySymbol.values()],
    of: (symbol) => bySymbol.get(symbol.toUpperCase()),
    async keep(instrument, source) {
      const { symbol, name, lot, tick } = instrument
      const before = bySymbol.get(symbol)
      bySymbol.set(symbol, instrument)
      const isKnown = before && before.name === name && before.tick.eq(tick) && before.lot.eq(lot)
      if (isKnown || symbolOf(symbol) !== symbol) return
      // A newer description gets a newer id, so that other processes read it.
      await db.transaction().execute(async (trx) => {
        await trx.deleteFrom('learned_symbols').where('symbol', '=', symbol).execute()
        await trx
          .insertInto('learned_symbols')
          .values({
            ...{ symbol, name, source, lot: lot.toFixed(), tick: tick.toFixed(), learned_at: clock.now() },
            is_around_the_clock: instrument.isAroundTheClock === true,
          })
          .onConflict((conflict) => conflict.doNothing())
          .execute()
      })
    },
    async close() {
      clearInterval(timer)
      await reading
    },
  }
}

function commonInstrument(symbol: string, name: string | undefined): Instrument {
  const isCoin = calendarOf(symbol).isAlwaysOpen
  return {
    symbol,
    name: name ?? symbol,
    lot: new Big(isCoin ? '0.00000001' : 1),
    tick: new Big('0.01'),
    ...(isCoin && { isAroundTheClock: true }),
  }
}
