import { accountFor } from '../../../src/trading/accounts/rows/accounts.ts'
import { meet } from '../../../src/trading/accounts/rows/members.ts'
import { sweepProtection } from '../../../src/trading/protection/at-venue/follow.ts'
import { setProtectsAtVenue } from '../../../src/trading/protection/rows/protects-at-venue.ts'
import { openTestDesk, type TestDesk, type TestDeskOptions } from '../../support/desk.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'
import { type Broker, createBroker } from './broker.ts'

/** Somebody whose account is linked with the broker. */
export interface Linked {
  person: Someone
  accountId: number
  memberId: number
  /** The account at the broker. */
  account: string
  say(text: string): Promise<string>
}

/** A desk beside a broker. */
export interface LinkedDesk {
  desk: TestDesk
  broker: Broker
  /** Somebody who has not been there before. */
  newcomer(options?: { protects?: boolean }): Promise<Linked>
  /** Sets the price for the desk and at the broker, in dollars. */
  price(symbol: string, price: string): void
  /** Lets the protection at the broker follow all positions now, as the sweep does. */
  follow(): Promise<void>
}

let accounts = 0

/** Opens a desk with a broker, both with BYND at $1.01. */
export async function openLinkedDesk(options: TestDeskOptions = {}): Promise<LinkedDesk> {
  const broker = createBroker(options.clock?.now)
  const desk = await openTestDesk({ ...options, venues: { broker } })
  const { parts } = desk.desk
  const price = (symbol: string, at: string) => {
    desk.market.set(symbol, at)
    broker.setPrice(symbol, at)
  }
  price('BYND', '1.01')
  price('AAPL', '190')
  return {
    desk,
    broker,
    price,
    async newcomer({ protects = false } = {}) {
      const person = someone(desk)
      const account = `broker-${++accounts}`
      const place = { door: 'slack' as const, workspace: 'T1', channel: 'C1', thread: person.thread }
      const speaker = await meet(
        parts.db,
        { id: `slack:T1:${person.name.toUpperCase()}`, name: person.name },
        place,
        false,
      )
      await accountFor(parts.db, speaker)
      const { accountId, memberId } = speaker
      await parts.db
        .updateTable('accounts')
        .set({ venue: 'broker', venue_account: account, masked_number: '••••0001' })
        .where('id', '=', accountId)
        .execute()
      if (protects) await setProtectsAtVenue(parts.db, accountId, true, parts.clock.now())
      return { person, accountId, memberId, account, say: person.say }
    },
    async follow() {
      await parts.protector.rest()
      await sweepProtection(parts)
    },
  }
}
