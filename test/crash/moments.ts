import type { Kysely } from 'kysely'
import type { Database } from '../../src/infra/db/schema.ts'
import type { Queues } from '../../src/infra/queue/queues.ts'
import type { Market } from '../../src/market/market.ts'
import type { HearingDesk, Poster } from '../../src/talk/chat/door.ts'
import { liveStates } from '../../src/trading/orders/rules/order-lifecycle.ts'
import type { Venue } from '../../src/venues/venue.ts'

/** The moments at which a process dies, in the order in which an order passes them. */
export const moments = [
  'before the order row',
  'after the order row, before the venue has it',
  'after the venue took it, before the desk knows',
  'after the commit, before anybody is woken',
  'after the reply is queued, before it is posted',
  'after the reply is posted, before that is noted',
] as const
/** More moments, in a door's own work when a person types. */
export const moreMoments = [
  'after it was heard, before the answer is posted',
  'after the answer is posted, before that is noted',
  'after a proposal was accepted, before the order row',
] as const
/** The moments of a critical close, in the order in which it passes them. */
export const criticalMoments = [
  'after a touch, before the order row',
  'after the order row, before the venue has it',
  'after the venue took it, before the desk knows',
  'after a close at once is recorded, before anybody is woken',
  'after the reply is queued, before it is posted',
  'after the reply is posted, before that is noted',
] as const
/** Moments of an order that rests at the venue. */
export const restingMoments = [
  'after the venue cancelled it, before the desk knows',
  'after the venue moved it, before the desk knows',
  'after the venue filled it, before the desk knows',
] as const
export type Moment =
  | (typeof moments)[number]
  | (typeof moreMoments)[number]
  | (typeof criticalMoments)[number]
  | (typeof restingMoments)[number]

/** The moment of death. Without `chunk` it is about a person's message on an open position, else about that chunk. */
export interface Death {
  moment: Moment
  chunk?: 'first' | 'middle' | 'last'
  /** The beginning of the answer, or of the reply. */
  answer?: string
}

/** The ports of a desk; the process may die in each of them. */
export interface MortalPorts {
  market(market: Market): Market
  venue(venue: Venue): Venue
  queues(queues: Queues): Queues
  poster(poster: Poster): Poster
  hearing(desk: HearingDesk): HearingDesk
  /** Sets the moment of death, in place of an earlier one. */
  diesAt(death: Death): void
}

/** Wraps the ports so that the process kills itself at the given moment; without one it lives. */
export function mortal(db: Kysely<Database>, given: Death | undefined): MortalPorts {
  let death = given
  let isDying = false

  /** Dies at this moment; for a scaleout, only when the given number of its chunks (relative to the wanted one) is done. */
  async function dieAt(moment: Moment, { done }: { done: -1 | 0 }): Promise<void> {
    if (await isAt(moment, done)) await die()
  }

  async function isAt(moment: Moment, done: -1 | 0): Promise<boolean> {
    if (death?.moment !== moment) return false
    return death.chunk === undefined ? isOpen(db) : areDone(db, death.chunk, done)
  }

  /** Dies after the venue has carried out the call, before the desk knows: the desk gets no report from now on. */
  async function dieAfter<T>(moment: Moment, call: () => Promise<T>): Promise<T> {
    if (!(await isAt(moment, -1))) return call()
    isDying = true
    await call()
    return die()
  }

  return {
    diesAt(next) {
      death = next
    },
    market: (market) => ({
      ...market,
      async quote(symbol) {
        // The venue looks at the price too, but by then the order is under way. The monitor looks at it all the time.
        const isIt = death?.moment === 'before the order row' && !(await isOnItsWay(db))
        if (isIt && (death?.chunk ? await areDone(db, death.chunk, -1) : await isClosing(db))) await die()
        if (death?.moment === 'after a proposal was accepted, before the order row' && (await isAccepted(db)))
          await die()
        if (death?.moment === 'after a touch, before the order row' && (await isTouched(db)) && !(await isOnItsWay(db)))
          await die()
        return market.quote(symbol)
      },
    }),
    venue: (venue) => ({
      ...venue,
      async submit(order) {
        await dieAt('after the order row, before the venue has it', { done: -1 })
        return dieAfter('after the venue took it, before the desk knows', () => venue.submit(order))
      },
      cancel: (order) => dieAfter('after the venue cancelled it, before the desk knows', () => venue.cancel(order)),
      replace: (order, price) =>
        dieAfter('after the venue moved it, before the desk knows', () => venue.replace(order, price)),
      subscribe: (listener) =>
        venue.subscribe({
          ...listener,
          async heard(event) {
            if (isDying) return
            await dieAt('after the venue filled it, before the desk knows', { done: -1 })
            listener.heard(event)
          },
        }),
    }),
    queues: (queues) => ({
      ...queues,
      async chunk(...job) {
        await dieAt('after the commit, before anybody is woken', { done: 0 })
        await queues.chunk(...job)
      },
      async replies(...job) {
        const isClosed = death?.moment === 'after a close at once is recorded, before anybody is woken'
        if (isClosed && (await isClosedAtOnce(db))) await die()
        await dieAt('after the commit, before anybody is woken', { done: 0 })
        await queues.replies(...job)
      },
    }),
    poster: (poster) => ({
      ...poster,
      async post(post) {
        const isIt =
          death?.chunk === undefined
            ? post.reply.text.startsWith(death?.answer ?? '')
            : await speaksOf(db, death.chunk, post.reply.text)
        if (isIt && death?.moment === 'after the reply is queued, before it is posted') await die()
        const posted = await poster.post(post)
        if (isIt && death?.moment === 'after the reply is posted, before that is noted') await die()
        return posted
      },
    }),
    hearing(desk) {
      let row: number | undefined
      return {
        ...desk,
        async hear(inbound) {
          const replies = await desk.hear(inbound)
          row ??= replies.find(({ text }) => death?.answer && text.startsWith(death.answer))?.row
          if (row !== undefined && death?.moment === 'after it was heard, before the answer is posted') await die()
          return replies
        },
        async delivered(delivered, posted) {
          if (row === delivered && death?.moment === 'after the answer is posted, before that is noted') await die()
          await desk.delivered(delivered, posted)
        },
      }
    },
  }
}

/** Ends the process as the kernel does when memory runs out: without any cleanup or message. */
async function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL')
  return new Promise<never>(() => {})
}

async function isOpen(db: Kysely<Database>): Promise<boolean> {
  const row = await db.selectFrom('positions').select('id').where('closed_at', 'is', null).executeTakeFirst()
  return row !== undefined
}

/** Is a message that wants to close being handled? */
async function isClosing(db: Kysely<Database>): Promise<boolean> {
  const heard = db.selectFrom('audit').select('text').where('finished_at', 'is', null)
  return (await heard.where('text', 'like', 'close%').executeTakeFirst()) !== undefined
}

async function isAccepted(db: Kysely<Database>): Promise<boolean> {
  const row = await db.selectFrom('guardian_decisions').select('id').where('state', '=', 'accepted').executeTakeFirst()
  return row !== undefined
}

/** Is there a touched stop or a tripped breaker that nobody has handled yet? */
async function isTouched(db: Kysely<Database>): Promise<boolean> {
  const touched = db.selectFrom('desk_events').select('id').where('urgency', '=', 'CRITICAL')
  return (await touched.where('settled_at', 'is', null).executeTakeFirst()) !== undefined
}

async function isClosedAtOnce(db: Kysely<Database>): Promise<boolean> {
  const closed = db.selectFrom('orders').select('id').where('purpose', 'in', ['stop', 'target', 'breaker'])
  // Earlier positions were closed, too.
  return !(await isOpen(db)) && (await closed.where('state', '=', 'filled').executeTakeFirst()) !== undefined
}

/**
 * Is there an order that the venue has not confirmed, or one that it fills in parts? An order with a limit may rest for days.
 */
async function isOnItsWay(db: Kysely<Database>): Promise<boolean> {
  const live = db.selectFrom('orders').select('id').where('state', 'in', liveStates)
  const row = await live
    .where((is) => is.or([is('venue_order_id', 'is', null), is('limit_price', 'is', null)]))
    .executeTakeFirst()
  return row !== undefined
}

/** Is the wanted chunk the next one (`-1`), or the last one that was done (`0`)? */
async function areDone(db: Kysely<Database>, chunk: NonNullable<Death['chunk']>, offset: -1 | 0): Promise<boolean> {
  const scaleout = await theScaleout(db)
  return scaleout !== undefined && scaleout.done_chunks === numberOf(chunk, scaleout.chunk_count) + offset
}

async function speaksOf(db: Kysely<Database>, chunk: NonNullable<Death['chunk']>, text: string): Promise<boolean> {
  const scaleout = await theScaleout(db)
  if (!scaleout) return false
  if (chunk === 'last') return text.startsWith('🎉')
  // A chunk that sold nothing is told as well.
  return new RegExp(`^(?:✓|⏳) Chunk ${numberOf(chunk, scaleout.chunk_count)}/`).test(text)
}

/** The scaleout that began last. */
function theScaleout(db: Kysely<Database>) {
  return db.selectFrom('scaleouts').select(['done_chunks', 'chunk_count']).orderBy('id', 'desc').executeTakeFirst()
}

function numberOf(chunk: NonNullable<Death['chunk']>, count: number): number {
  return { first: 1, middle: Math.ceil(count / 2), last: count }[chunk]
}
