import { afterEach, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { type Venue, VenueError } from '../../../src/venues/venue.ts'
import type { Account } from '../../platforms/alpaca/account.ts'
import { type AlpacaServer, startAlpacaServer } from '../../platforms/alpaca/server.ts'
import { venueAt } from './under-test.ts'

let alpaca: AlpacaServer
let account: Account
let venue: Venue
afterEach(async () => {
  venue.follow?.([])
  await alpaca.close()
})

/** An account that holds 100 BYND, at an Alpaca that takes so many requests; its minute does not end. */
async function open(perMinute?: number): Promise<void> {
  alpaca = await startAlpacaServer({ perMinute })
  account = alpaca.addAccount()
  alpaca.addAsset('BYND')
  alpaca.setPrice('BYND', '1.00', '1.01')
  alpaca.hold(account, 'BYND', '100', '0.63')
  venue = venueAt(alpaca, [account], { times: { lookPatienceMs: 200 } })
}

const order = (id: string, limit?: string) => ({
  ...{ account: account.id, clientOrderId: id, symbol: 'BYND', side: 'sell' as const, quantity: new Big(50) },
  ...(limit !== undefined && { limitPrice: new Big(limit) }),
  isExit: true,
})
const looks = (times: number) =>
  Promise.allSettled(Array.from({ length: times }, () => venue.find({ account: account.id, clientOrderId: 'none' })))
const statuses = (method: string) =>
  alpaca.requests.flatMap((one) => (one.method === method && one.path.startsWith('/v2/') ? [one.status] : []))

test('looks without end leave an exit and a cancel their share of the budget', async () => {
  await open(40)
  expect(await venue.submit(order('rests', '1.20'))).toMatchObject({ outcome: 'accepted' })
  const found = await looks(60)
  expect(found.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(20)
  expect(statuses('GET')).not.toContain(429)
  expect(await venue.cancel(order('rests'))).toEqual({ outcome: 'asked' })
  expect(await venue.submit(order('exits'))).toMatchObject({ outcome: 'accepted' })
  expect(alpaca.ordersNamed('rests')[0]!.status).toBe('canceled')
  expect(alpaca.ordersNamed('exits')).toHaveLength(1)
})

test('while Alpaca refuses all questions as too many, an exit goes out, once', async () => {
  await open()
  alpaca.failNext({ method: 'GET', as: 429, times: 1000 })
  const asked = looks(20)
  const found = await asked
  for (const one of found) expect(one.status === 'rejected' && one.reason).toBeInstanceOf(VenueError)
  expect(statuses('GET')).toContain(429)
  expect(await venue.submit(order('exits'))).toMatchObject({ outcome: 'accepted' })
  expect(alpaca.ordersNamed('exits')).toHaveLength(1)
  expect(alpaca.held(account, 'BYND').toFixed()).toBe('50')
})
