import { sql } from 'kysely'
import { expect } from 'vitest'
import type { Db } from '../../../src/infra/db/client.ts'
import { makeToken } from '../../../src/trading/access/rows/api-tokens.ts'
import { accountsOfPerson } from '../../../src/trading/accounts/rows/accounts.ts'
import type { TestDesk } from '../../support/desk.ts'
import type { Someone } from '../../talk/commands/someone.ts'

/** Lets a person hold 100 of a symbol, and returns the member, the account, and an API token for it. */
export async function holding({ desk }: TestDesk, person: Someone, symbol = 'BYND', price = '1') {
  await person.say(`long ${symbol} 100 @ ${price}`)
  const [account] = (await accountsOfPerson(desk.parts.db, `slack:T1:${person.name.toUpperCase()}`))!
  const { id: accountId, memberId } = account!
  const made = await makeToken(
    desk.parts.db,
    { memberId, accountId, name: `robot ${symbol}`, trades: false },
    desk.parts.clock.now(),
  )
  await settled(desk.parts.db)
  if (typeof made === 'string') throw new Error(`no token: ${made}`)
  return { member: memberId, account: accountId, token: made.token, made: made.made }
}

/** Waits until all events so far can be read: transactions in other databases of the server hold them back, too. */
async function settled(db: Db): Promise<void> {
  await expect
    .poll(async () => {
      const { rows } = await sql`
        select from desk_events where xid >= pg_snapshot_xmin(pg_current_snapshot()) limit 1`.execute(db)
      return rows.length
    })
    .toBe(0)
}
