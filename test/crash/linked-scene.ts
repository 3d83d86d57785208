import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { type Kysely, sql } from 'kysely'
import { expect, onTestFinished } from 'vitest'
import { Big } from '../../src/base/amounts.ts'
import type { Database } from '../../src/infra/db/schema.ts'
import { keepGiven, makeLinkRequest } from '../../src/trading/access/rows/link-requests.ts'
import { linkAccount } from '../../src/trading/accounts/link-account.ts'
import { readCredentialKeys } from '../../src/venues/links/credential-keys.ts'
import type { Credentials } from '../../src/venues/links/credentials.ts'
import { seal } from '../../src/venues/links/vault.ts'
import type { Account } from '../platforms/alpaca/account.ts'
import { type AlpacaOptions, type AlpacaServer, startAlpacaServer } from '../platforms/alpaca/server.ts'
import { discordPlatform } from './platforms.ts'
import { openScene, type Scene } from './scene.ts'

type Discord = Awaited<ReturnType<typeof discordPlatform>>
type SceneOptions = NonNullable<Parameters<typeof openScene>[1]>
type Options = SceneOptions & { broker?: AlpacaOptions }

/** An account at a local broker, which stays while processes of the desk come and go. */
export interface BrokerInScene {
  venue: 'alpaca' | 'tradestation' | 'kraken'
  /** The broker's id of the account, and its number as a member sees it: `••••1234`. */
  account: string
  masked: string
  mode: 'paper' | 'live'
  /** `BYND` by default. */
  symbol?: string
  /** Dollars. */
  cash: string
  /** The way in that it has now. */
  credentials(): Credentials
  environment: Record<string, string>
  /** The desk's clock is ahead of the database's by so many milliseconds. */
  clockAheadMs?: number
  /** Sets the price of the symbol, in dollars; `size`: so many units are there. */
  setPrice(price: string, size?: string): void
  /** Executions that count, by the desk's id of their order. */
  executions(db: Kysely<Database>): Promise<{ sentAs: string; quantity: Big; price: Big }[]>
  held(): Big
}

/** A scene whose person has an account at a broker. */
export interface SceneAtBroker extends Scene<Discord> {
  broker: BrokerInScene
  /** Links the account with the way in that it has now, as a yes to the question of a link does, and uses it in the thread. */
  link(): Promise<void>
  /** Sets the price of the symbol at the broker and for the desk, in dollars; `size`: so many units are there. */
  price(price: string, size?: string): void
}

/** A scene whose person has an account at a local Alpaca. */
export interface LinkedScene extends SceneAtBroker {
  alpaca: AlpacaServer
  account: Account
}

/** Looks at linked accounts come sooner than in production. */
export const hurried = { busyEveryMs: 500, idleEveryMs: 1000, tickMs: 100 }

/** Opens a scene at an Alpaca with 3,750 BYND that no order explains. */
export async function openLinkedScene({ broker: options, ...more }: Options = {}): Promise<LinkedScene> {
  const alpaca = await startAlpacaServer({ isByHand: false, perMinute: 100_000, ...options })
  onTestFinished(() => alpaca.close())
  alpaca.addAsset('BYND')
  alpaca.setPrice('BYND', '1.01', '1.01')
  const account = alpaca.addAccount()
  alpaca.hold(account, 'BYND', '3750', '0.63')
  const { id, number, mode, cash } = account
  const scene = await openSceneAt(
    {
      ...{ venue: 'alpaca', account: id, masked: `••••${number.slice(-4)}`, mode, cash: String(cash) },
      credentials: () => ({ kind: 'keys', keyId: account.keyId, secret: account.secret }),
      environment: { ALPACA_API: alpaca.url, ALPACA_PAPER_API: alpaca.paperUrl },
      setPrice: (price, size) => alpaca.setPrice('BYND', price, price, { size }),
      executions: async () =>
        alpaca.executions(account).map(({ order, ...one }) => ({ ...one, sentAs: order.clientOrderId })),
      held: () => alpaca.held(account, 'BYND'),
    },
    more,
  )
  return { ...scene, alpaca, account }
}

/** Opens a scene at a broker. */
export async function openSceneAt(broker: BrokerInScene, options: SceneOptions = {}): Promise<SceneAtBroker> {
  const credentialKeys = `k1:${randomBytes(32).toString('base64')}`
  const scene = await openScene(await discordPlatform(), {
    ...{ accounts: hurried, clockAheadMs: broker.clockAheadMs },
    ...options,
    environment: { CREDENTIALS_KEYS: credentialKeys, ...broker.environment, ...options.environment },
  })
  const { db, environment } = scene
  return {
    ...scene,
    broker,
    async link() {
      await scene.ask('balance', /./)
      await linkAt(db, broker, credentialKeys)
      const name = `${broker.venue}-${broker.mode}`
      await scene.ask(`use ${name}`, new RegExp(`${name} now`))
      // The broker's shares are known after the first look.
      const looked = () => db.selectFrom('account_looks').select('account_id').executeTakeFirst()
      await expect.poll(looked, { timeout: 30_000 }).toBeDefined()
    },
    price(price, size) {
      broker.setPrice(price, size)
      const file = environment.MARKET!.slice('quotes:'.length)
      writeFileSync(file, `symbol,bid,ask,last\n${broker.symbol ?? 'BYND'},${price},${price},${price}\n`)
    },
  }
}

/** Links the account of the only member. */
async function linkAt(db: Kysely<Database>, broker: BrokerInScene, credentialKeys: string): Promise<void> {
  const { venue, account, masked, mode, cash: dollars } = broker
  const member = await db.selectFrom('members').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()
  const conversation = await db.selectFrom('conversations').select('id').executeTakeFirstOrThrow()
  const at = new Date(Date.now() + (broker.clockAheadMs ?? 0))
  const asked = { memberId: member.id, conversationId: conversation.id, venue, mode, at }
  await makeLinkRequest(db, asked)
  const request = await db
    .selectFrom('link_requests')
    .select('id')
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow()
  const credentials = broker.credentials()
  const sealed = seal(readCredentialKeys(credentialKeys), credentials, { venue, account, mode })
  const cash = new Big(dollars)
  const given = {
    ...{ ...sealed, kind: credentials.kind, found: { account, maskedNumber: masked, cash, equity: cash } },
    ...(credentials.kind === 'oauth' && credentials.expiresAt && { expiresAt: credentials.expiresAt }),
  }
  await db.transaction().execute((trx) => keepGiven(trx, request.id, given, at))
  const linked = await linkAccount({ db, clock: { now: () => at, scale: 1 } }, request.id, member.id)
  if (linked.outcome !== 'linked') throw new Error(`not linked: ${linked.outcome}`)
}

/**
 * Expects the desk's books to equal the broker's: every order arrived once and has the same fills on both sides, nothing is under
 * way, `held` is left on both, beside `external` shares that are not the desk's, and no difference was shown.
 */
export async function expectBooksAgree({ db, broker }: SceneAtBroker, held = 0, external = 0): Promise<void> {
  const { rows: recorded } = await sql<{ sent_as: string; quantity: number; cost: number }>`
    select o.sent_as, sum(f.quantity)::float as quantity, sum(f.quantity * f.price)::float as cost
    from fills f join orders o on o.id = f.order_id where o.purpose <> 'record' group by 1 order by 1`.execute(db)
  const executed = new Map<string, { quantity: number; cost: number }>()
  for (const { sentAs, quantity, price } of await broker.executions(db)) {
    const { quantity: before, cost } = executed.get(sentAs) ?? { quantity: 0, cost: 0 }
    const now = { quantity: before + Number(quantity), cost: cost + Number(quantity.times(price)) }
    executed.set(sentAs, now)
  }
  const exact = (value: number) => Number(value.toFixed(6))
  const listed = (all: [string, { quantity: number; cost: number }][]) =>
    Object.fromEntries(all.map(([id, { quantity, cost }]) => [id, [exact(quantity), exact(cost)]]))
  expect(listed(recorded.map(({ sent_as, ...one }) => [sent_as, one]))).toEqual(listed([...executed]))
  const { rows } = await sql<Record<string, unknown>>`select
    (select coalesce(sum(signed_quantity), 0)::float from positions where closed_at is null) as held,
    (select coalesce(sum(working_quantity + resting_quantity + missing_quantity), 0)::float from positions) as taken,
    (select count(*)::int from book_gaps) as gaps,
    (select coalesce(sum(abs(signed_quantity)), 0)::float from external_holdings) as external`.execute(db)
  expect({ ...rows[0], broker: Number(broker.held()) }).toEqual({
    ...{ held, taken: 0, gaps: 0, external, broker: held + external },
  })
}
