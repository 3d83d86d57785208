import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { Database } from '../../../infra/db/schema.ts'
import { MarketError } from '../../spec.ts'
import { symbolOf } from '../../symbol.ts'
import type { AlpacaSettings } from '../feed-options.ts'
import { NoData } from '../shared/no-data.ts'
import type { DataClient } from './client.ts'
import { assetPayload, fitting } from './payloads.ts'

/** A share that Alpaca lists. */
export interface Asset {
  symbol: string
  name: string
}

const source = 'alpaca'
const stored = z.array(z.object({ symbol: z.string(), name: z.string() }))
/** A list is read anew after a day: shares are listed and delisted. */
export const assetsForMs = 86_400_000

/** Endings of the provider's names that say the kind of a share: nobody types them. */
const kinds =
  /[,;]? *(class [a-c] )?(common (stock|shares?)|ordinary shares?|american depositary (shares?|receipts?)|depositary shares?)\b.*$/i

/** The name of an asset as people say it: `Beyond Meat, Inc.` for `Beyond Meat, Inc. Common Stock`. */
export function plainName(name: string): string {
  const plain = name.replace(kinds, '').trim()
  return plain === '' ? name.trim() : plain
}

/**
 * The shares that Alpaca lists: those kept in Postgres when they were read within a day, else the provider's. While it does not
 * answer, the kept ones. Throws `MarketError` when there are none at all.
 */
export async function readAssets(
  db: Kysely<Database>,
  client: DataClient,
  settings: Pick<AlpacaSettings, 'api' | 'paperApi' | 'keyId'>,
  now: Date,
): Promise<{ assets: Asset[]; readAt: Date; fault?: Error }> {
  const row = await db.selectFrom('listed_instruments').selectAll().where('source', '=', source).executeTakeFirst()
  const kept = row && stored.safeParse(row.instruments)
  const isNew = row && now.getTime() - row.fetched_at.getTime() < assetsForMs
  if (kept?.success && isNew) return { assets: kept.data, readAt: row.fetched_at }
  try {
    const assets = await askAssets(client, settings)
    const values = { instruments: JSON.stringify(assets), fetched_at: now }
    await db
      .insertInto('listed_instruments')
      .values({ source, ...values })
      .onConflict((conflict) => conflict.column('source').doUpdateSet(values))
      .execute()
    return { assets, readAt: now }
  } catch (cause) {
    if (!(cause instanceof NoData)) throw cause
    if (kept?.success) return { assets: kept.data, readAt: row!.fetched_at, fault: cause }
    throw new MarketError(`MARKET=alpaca: the list of shares could not be read. ${cause.message}`, { cause })
  }
}

async function askAssets(
  client: DataClient,
  { api, paperApi, keyId }: Pick<AlpacaSettings, 'api' | 'paperApi' | 'keyId'>,
) {
  const query = { status: 'active', asset_class: 'us_equity' }
  const all = await atEither({ api, paperApi, keyId }, (base) =>
    client.get(`${base}/v2/assets`, query, z.array(z.unknown()), 'spare'),
  )
  const assets = fitting(all, assetPayload).flatMap(listed)
  if (assets.length === 0) throw new NoData('Alpaca: its list of shares is empty')
  return assets
}

/** One share, for which the provider is asked now; undefined when it does not list it. */
export async function askAsset(
  client: DataClient,
  settings: Pick<AlpacaSettings, 'api' | 'paperApi' | 'keyId'>,
  symbol: string,
): Promise<Asset | undefined> {
  if (symbolOf(symbol) !== symbol) return undefined
  try {
    const found = await atEither(settings, (base) =>
      client.get(`${base}/v2/assets/${encodeURIComponent(symbol)}`, {}, assetPayload, 'urgent'),
    )
    return listed(found)[0]
  } catch (cause) {
    if (cause instanceof NoData && cause.status === 404) return undefined
    throw cause
  }
}

function listed({ symbol, name, status, tradable }: z.infer<typeof assetPayload>): Asset[] {
  if (symbolOf(symbol) !== symbol || status !== 'active' || !tradable) return []
  return [{ symbol, name: plainName(name ?? symbol) }]
}

/** Keys of paper accounts begin with PK, and are known at the paper API only. */
async function atEither<Found>(
  { api, paperApi, keyId }: Pick<AlpacaSettings, 'api' | 'paperApi' | 'keyId'>,
  ask: (base: string) => Promise<Found>,
): Promise<Found> {
  const [first, second] = keyId.startsWith('PK') ? [paperApi, api] : [api, paperApi]
  return ask(first).catch((cause) => {
    if (cause instanceof NoData && (cause.status === 401 || cause.status === 403)) return ask(second)
    throw cause
  })
}
