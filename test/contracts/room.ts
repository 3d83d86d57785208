import pino from 'pino'
import { expect } from 'vitest'
import { type Running, startOutbox, startWorker } from '../../jobs/worker.ts'
import { readConfig } from '../../src/config.ts'
import { createDesk, type Desk } from '../../src/desk.ts'
import type { Door } from '../../src/talk/chat/door.ts'
import type { Reply } from '../../src/talk/chat/reply.ts'
import { queueReply } from '../../src/trading/events/rows/replies.ts'
import { wakeReplies } from '../../src/trading/parts.ts'
import { firstPrices, type HandMarket, handMarket, plenty } from '../support/desk.ts'
import { unhurried } from '../support/unhurried.ts'
import { plenty as plentyOfRequests } from '../venues/ccxt/under-test.ts'
import type { Ground } from './ground.ts'
import type { DoorHarness, Person, Seen } from './harness.ts'

/** A planned minute takes a tenth of a second: a fast scaleout about 0.2 s, a slow one 5 s. */
const timeScale = 600

/** A desk with one door, in which one room opens after the other, each with new people in a new place. */
export interface House {
  /** Opens the next room: prices are as at first, and what the people of earlier rooms still do stays with them. */
  room(): Promise<Room>
  close(): Promise<void>
}

/** A conversation through one door with the whole desk behind it: real Postgres, real Redis, real workers. */
export interface Room {
  harness: DoorHarness
  desk: Desk
  /** Its prices, set by hand. */
  market: HandMarket
  /** The desk's messages so far. */
  seen(): Seen[]
  /** Says something and returns the desk's first message after it that matches. */
  ask(person: Person, text: string, expected: RegExp): Promise<string>
  /** Does something and returns the desk's first message after it that matches, or equals this text. */
  after(action: () => Promise<void>, expected: RegExp | string): Promise<string>
  /** Waits for a message of the desk that matches. */
  sees(expected: RegExp): Promise<void>
  /** Waits until everything said so far has been handled: the desk answers a later question of this person. */
  settled(person: Person): Promise<void>
  /** Lets a job post in the conversation of the last message. */
  fromJob(reply: Reply): Promise<void>
  /** The number of rows of a table about people of this room. */
  count(table: 'scaleouts' | 'fills'): Promise<number>
  /** The number of shares that their fills sold. */
  sold(): Promise<number>
  /** Lets minutes pass for the desk. */
  later(minutes: number): void
  /** Closes the door; jobs continue. */
  leave(): Promise<void>
  /** Opens it again. */
  comeBack(): Promise<void>
  /** Closes the door and the desk. */
  close(): Promise<void>
}

/** Opens a desk on a cleared ground with a single room. */
export async function openRoom(
  harness: DoorHarness,
  ground: Ground,
  environment: Record<string, string> = {},
  now?: () => Date,
): Promise<Room> {
  const house = await openHouse(harness, ground, environment, now)
  return house.room()
}

/** Opens a desk on a cleared ground, and connects the harness to it. `now`: its time, in place of the machine's. */
export async function openHouse(
  harness: DoorHarness,
  ground: Ground,
  environment: Record<string, string> = {},
  now = () => new Date(),
): Promise<House> {
  await ground.clear()
  const config = readConfig({
    DATABASE_URL: ground.databaseUrl,
    REDIS_URL: ground.redisUrl,
    PAPER_SLIPPAGE_BPS: '0',
    TIME_SCALE: String(timeScale),
    MESSAGES_PER_MINUTE: '100000',
    ...environment,
  })
  let passed = 0
  const clock = { now: () => new Date(now().getTime() + passed), scale: timeScale }
  const market = handMarket(clock.now)
  const { bars } = market
  const runs = { resources: async () => plenty }
  const log = pino({ level: 'silent' })
  const desk = await createDesk({ config, clock, market, runs, log, poolSize: 4, exchangeBudgets: plentyOfRequests })
  const worker = startWorker(desk)
  let door: Door
  let outbox: Running
  const comeBack = async () => {
    door = await harness.connect(desk)
    outbox = startOutbox(desk, unhurried(door.poster))
  }
  const leave = async () => {
    await Promise.all([door.close(), outbox.close()])
  }
  const later = (minutes: number) => {
    passed += minutes * 60_000
  }
  await comeBack()

  const close = async () => {
    await leave()
    await worker.close()
    await desk.close()
    await harness.close()
  }
  const shared = { harness, desk, market, later, leave, comeBack, close }
  let rooms = 0
  return {
    async room() {
      rooms += 1
      if (rooms > 1) {
        await harness.moveOn()
        market.bars = bars
        for (const [symbol, price] of firstPrices) market.set(symbol, price)
      }
      return roomIn({ ...shared, lastAccount: await newestAccount(desk) })
    },
    close,
  }
}

/** The desk of a house, and what its rooms share. */
interface Shared extends Pick<Room, 'harness' | 'desk' | 'market' | 'later' | 'leave' | 'comeBack' | 'close'> {
  /** The newest account when the room opened: the room's people have later ones. */
  lastAccount: number
}

function roomIn({ lastAccount, ...shared }: Shared): Room {
  const { harness, desk } = shared
  const seen = () => harness.seen()
  const key = ({ id, text }: Seen) => `${id} ${text}`
  const after: Room['after'] = async (action, expected) => {
    const before = new Set(seen().map(key))
    await action()
    const fresh = () => seen().filter((message) => !before.has(key(message)))
    const isExpected = ({ text }: Seen) => (typeof expected === 'string' ? text === expected : expected.test(text))
    await expect
      .poll(() => fresh().some(isExpected) || fresh().map(({ text }) => text), {
        ...patience,
        message: String(expected),
      })
      .toBe(true)
    return fresh().find(isExpected)!.text
  }

  return {
    ...shared,
    seen,
    after,
    ask: (person, text, expected) => after(() => harness.say(person, text), expected),
    async sees(expected) {
      await expect
        .poll(() => seen().some(({ text }) => expected.test(text)), { ...patience, message: String(expected) })
        .toBe(true)
    },
    async settled(person) {
      await after(() => harness.say(person, 'quote AAPL'), /AAPL/)
    },
    async fromJob(reply) {
      const { parts } = desk
      const last = parts.db.selectFrom('audit').select('conversation_id as id').orderBy('heard_at', 'desc')
      const { id } = await last.limit(1).executeTakeFirstOrThrow()
      const to = { conversationId: id, at: parts.clock.now() }
      await parts.db.transaction().execute((trx) => queueReply(trx, to, reply, 'outbox'))
      await wakeReplies(parts, [id])
    },
    async count(table) {
      const { rows } = await desk.parts.db
        .selectFrom(table)
        .where('account_id', '>', lastAccount)
        .select((eb) => eb.fn.countAll<number>().as('rows'))
        .executeTakeFirstOrThrow()
      return Number(rows)
    },
    async sold() {
      const { sold } = await desk.parts.db
        .selectFrom('fills')
        .where('account_id', '>', lastAccount)
        .where('side', '=', 'sell')
        .select((eb) => eb.fn.sum<string>('quantity').as('sold'))
        .executeTakeFirstOrThrow()
      return Number(sold)
    },
  }
}

async function newestAccount({ parts }: Desk): Promise<number> {
  const { newest } = await parts.db
    .selectFrom('accounts')
    .select((eb) => eb.fn.max('id').as('newest'))
    .executeTakeFirstOrThrow()
  return newest ?? 0
}

/** The desk has ten seconds for the expected message; frequent looks make the tests fast. */
const patience = { timeout: 45_000, interval: 25 }
