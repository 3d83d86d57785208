import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { Big } from '../../../src/base/amounts.ts'
import type { OrderEvent, Venue, VenueOrder } from '../../../src/venues/venue.ts'
import type { Account } from '../../platforms/alpaca/account.ts'
import { type AlpacaServer, startAlpacaServer } from '../../platforms/alpaca/server.ts'
import { accessTo, venueAt } from './under-test.ts'

let alpaca: AlpacaServer
let account: Account
let venue: Venue
let heard: OrderEvent[]
let failures: string[]
let recoveries: number

beforeEach(async () => {
  alpaca = await startAlpacaServer()
  account = alpaca.addAccount()
  alpaca.addAsset('BYND')
  alpaca.setPrice('BYND', '1.00', '1.01')
  heard = []
  failures = []
  recoveries = 0
})
afterEach(async () => {
  venue.follow?.([])
  await alpaca.close()
})

function open(accounts = [account], more: Parameters<typeof venueAt>[2] = {}): void {
  venue = venueAt(alpaca, accounts, more)
  venue.subscribe({
    heard: (event) => heard.push(event),
    failed: (cause) => failures.push(cause instanceof Error ? cause.message : String(cause)),
    recovered: () => {
      recoveries += 1
    },
  })
}

const until = (holds: () => void) => vi.waitFor(holds, { interval: 10 })
const listening = () => until(() => expect(alpaca.listening()).toContain(account))
const order = (id: string): VenueOrder => ({
  ...{ account: account.id, clientOrderId: id, symbol: 'BYND', side: 'buy' },
  ...{ quantity: new Big(10), limitPrice: new Big('0.95') },
})
const filledOf = (id: string): string[] =>
  heard.flatMap((event) => {
    const fills = event.kind === 'fill' ? [event.fill] : event.report.fills
    return fills.filter(({ clientOrderId }) => clientOrderId === id).map(({ quantity }) => quantity.toFixed())
  })
const fill = async () => {
  alpaca.setPrice('BYND', '0.94', '0.95')
  await alpaca.settle()
}

describe('the order stream', () => {
  test('tells of a fill and of an end, with the fills of the list', async () => {
    open()
    await listening()
    await venue.submit(order('one'))
    await fill()
    await until(() => expect(filledOf('one')).toContain('10'))
    const { fills } = await venue.fills(account.id)
    for (const event of heard) {
      for (const one of event.kind === 'fill' ? [event.fill] : event.report.fills) expect(fills).toContainEqual(one)
    }
  })

  test('that is cut is opened again, and what was missed is told', async () => {
    open()
    await listening()
    await venue.submit(order('one'))
    alpaca.cutStreams()
    await fill()
    await until(() => expect(filledOf('one')).toContain('10'))
    await listening()
    expect(failures).toContain('the order stream was cut')
  })

  test('that is cut again and again is told once in a minute, and so is its end', async () => {
    open()
    await listening()
    for (let cuts = 1; cuts <= 4; cuts++) {
      alpaca.cutStreams()
      await until(() => expect(venue.providers!()[0]).toMatchObject({ faults: cuts }))
      await listening()
    }
    await until(() => expect(venue.providers!()[0]).toMatchObject({ isConnected: true }))
    await until(() => expect([failures, recoveries]).toEqual([['the order stream was cut'], 1]))
  })

  test('that says nothing any more, and looks open, is given up', async () => {
    open([account], { times: { silentForMs: 200 } })
    await listening()
    await venue.submit(order('one'))
    alpaca.freezeStreams()
    await fill()
    await until(() => expect(failures).toContain('the order stream went silent'))
    await until(() => expect(filledOf('one')).toContain('10'))
  })

  test('of an account that is followed no more is closed, and the others stay', async () => {
    const other = alpaca.addAccount()
    open([account, other])
    await until(() => expect(alpaca.listening()).toHaveLength(2))
    venue.follow!([other.id])
    await until(() => expect(alpaca.listening()).toEqual([other]))
    venue.follow!([])
    await until(() => expect(alpaca.listening()).toEqual([]))
  })

  test('that does not take the keys says so, and is tried again with the next ones', async () => {
    let secret = 'wrong'
    const refused: string[] = []
    const access = {
      ...accessTo([account]),
      of: async () => ({ mode: account.mode, credentials: { kind: 'keys' as const, keyId: account.keyId, secret } }),
      refused: async (_: string, __: object, words: string) => {
        refused.push(words)
        return false
      },
    }
    open([account], { access })
    await until(() => expect(refused).not.toEqual([]))
    expect(venue.providers!()[0]).toMatchObject({ isConnected: false })
    secret = account.secret
    await listening()
    await until(() => expect(venue.providers!()[0]).toMatchObject({ isConnected: true, isAuthenticated: true }))
    expect(JSON.stringify([failures, venue.providers!()])).not.toContain(account.secret)
  })

  test('opens for fifty accounts after all were cut at once', async () => {
    const many = Array.from({ length: 50 }, () => alpaca.addAccount())
    open(many)
    await until(() => expect(new Set(alpaca.listening()).size).toBe(50))
    alpaca.cutStreams()
    await until(() => expect(failures.filter((words) => words === 'the order stream was cut')).toHaveLength(50))
    await until(() => expect(new Set(alpaca.listening()).size).toBe(50))
  })

  test('tells that a fill was taken back, by the list’s own id of it', async () => {
    open()
    await listening()
    await venue.submit(order('one'))
    await fill()
    await until(() => expect(filledOf('one')).toContain('10'))
    const [taken] = (await venue.fills(account.id)).fills
    alpaca.bust(alpaca.executions(account)[0]!.id, { isActivityKept: true })
    await until(() => {
      const fills = heard.flatMap((event) => (event.kind === 'order' ? event.report.fills : [event.fill]))
      expect(fills.map(({ reverses }) => reverses)).toContain(taken!.venueFillId)
    })
  })
})

describe('a connection for news of an account', () => {
  test('is shown with its account, its faults and its budget', async () => {
    open()
    await listening()
    await venue.balance(account.id)
    await until(() => expect(venue.providers!()[0]?.isConnected).toBe(true))
    expect(venue.providers!()).toMatchObject([
      {
        name: `alpaca account ••${account.number.slice(-4)}`,
        isAuthenticated: true,
        faults: 0,
        budget: { perMs: 60_000 },
      },
    ])
  })
})

describe('an account whose token does not open the stream', () => {
  test('is asked instead, and says so', async () => {
    // The local Alpaca behind a door that lets a token in for requests, and not for the stream.
    const door = createServer(async (request, response) => {
      const isLetIn = request.headers.authorization === 'Bearer token'
      const answer = await fetch(`${alpaca.paperUrl}${request.url}`, {
        method: request.method,
        headers: isLetIn ? { 'apca-api-key-id': account.keyId, 'apca-api-secret-key': account.secret } : {},
        ...(request.method === 'POST' && { body: await text(request) }),
      })
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
    })
    new WebSocketServer({ server: door }).on('connection', (socket) =>
      socket.on('message', () => socket.send('{"stream":"authorization","data":{"status":"unauthorized"}}')),
    )
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
    const refused: string[] = []
    const access = {
      ...accessTo([account]),
      of: async () => ({ mode: account.mode, credentials: { kind: 'oauth' as const, accessToken: 'token' } }),
      refused: async (_: string, __: object, words: string) => refused.push(words) < 0,
    }
    open([account], { access, paperApi: `http://127.0.0.1:${(door.address() as AddressInfo).port}` })
    await until(() => expect(venue.providers!()[0]?.name).toContain('(polled)'))
    expect(await venue.submit(order('one'))).toMatchObject({ outcome: 'accepted' })
    await fill()
    await until(() => expect(filledOf('one')).toContain('10'))
    expect(venue.providers!()[0]).toMatchObject({ isConnected: true, isAuthenticated: true })
    // The token is good for everything else, so nobody is asked to link again.
    expect(refused).toEqual([])
    venue.follow!([])
    door.closeAllConnections()
    await new Promise((resolve) => door.close(resolve))
  })
})
