import { afterEach, beforeEach, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { VenueError } from '../../../src/venues/venue.ts'
import type { Account } from '../../platforms/alpaca/account.ts'
import { type AlpacaServer, startAlpacaServer } from '../../platforms/alpaca/server.ts'
import { venueAt } from './under-test.ts'

let alpaca: AlpacaServer
let account: Account
beforeEach(async () => {
  alpaca = await startAlpacaServer()
  account = alpaca.addAccount()
  alpaca.addAsset('BYND')
  alpaca.setPrice('BYND', '1.00', '1.01')
})
afterEach(() => alpaca.close())

test.each([
  ['right', 0],
  ['25 minutes behind', -1_500_000],
  ['25 minutes ahead', 1_500_000],
])('a fill whose order Alpaca does not show yet is nobody’s at no time, while its clock is %s', async (_, skewMs) => {
  const now = () => new Date(alpaca.now().getTime() - skewMs)
  const venue = venueAt(alpaca, [account], { now })
  alpaca.skew(skewMs)
  const wanted = { account: account.id, clientOrderId: 'desk-1', symbol: 'BYND', side: 'buy' as const }
  await venue.submit({ ...wanted, quantity: new Big(10) })
  await alpaca.settle()
  // Another process, which has not seen the order, asks for the fills while it is hidden.
  const other = venueAt(alpaca, [account], { now })
  alpaca.failNext({ method: 'GET', path: /orders/, as: 404, times: 50 })
  await expect(other.fills(account.id)).rejects.toThrow(VenueError)
})
