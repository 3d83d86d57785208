import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { createAlpacaVenue } from '../../../src/venues/alpaca/alpaca.ts'
import type { Credentials, VenueAccess } from '../../../src/venues/links/venue-access.ts'
import { type Venue, VenueError, type VenueOrder } from '../../../src/venues/venue.ts'

/** An answer of the server, written as the test wants it. */
type Answer = (response: ServerResponse, request: IncomingMessage) => void

const secret = 'very-secret-7f3a'
let answers: Answer[]
let requests: { method: string; url: string; key: string; body: string }[]
let server: ReturnType<typeof createServer>
let url: string
let credentials: Credentials
let refused: string[]
let isRefreshable: boolean

beforeEach(async () => {
  answers = []
  requests = []
  refused = []
  isRefreshable = false
  credentials = { kind: 'keys', keyId: 'KEY', secret }
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      const key = String(request.headers['apca-api-key-id'] ?? request.headers.authorization)
      requests.push({ method: request.method!, url: request.url!, key, body })
      const answer = answers.shift()
      if (answer) answer(response, request)
      else
        response.writeHead(404, { 'content-type': 'application/json' }).end('{"code":40410000,"message":"not found"}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const access: VenueAccess = {
  of: async () => ({ mode: 'paper', credentials }),
  async refused(_, used, words) {
    refused.push(words)
    if (isRefreshable && used === credentials) credentials = { kind: 'oauth', accessToken: 'fresh' }
    return isRefreshable
  },
  accounts: async () => ['one'],
}

const venue = (more: Partial<Parameters<typeof createAlpacaVenue>[0]> = {}): Venue =>
  createAlpacaVenue({
    access,
    api: 'http://live.invalid',
    paperApi: url,
    now: () => new Date(),
    times: { orderPatienceMs: 150, lookPatienceMs: 150 },
    ...more,
  })

const order = (more: Partial<VenueOrder> = {}): VenueOrder => ({
  ...{ account: 'one', clientOrderId: 'desk-1', symbol: 'AMD', side: 'sell', quantity: new Big(10) },
  ...more,
})

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))

const taken = {
  ...{
    id: 'a',
    client_order_id: 'desk-1',
    symbol: 'AMD',
    side: 'sell',
    qty: '10',
    filled_qty: '0',
    status: 'accepted',
  },
  ...{ type: 'market', time_in_force: 'day', notional: null },
}
const posts = () => requests.filter(({ method }) => method === 'POST')

describe('the outcome of an order is unknown, and it is sent once,', () => {
  test.each<[string, boolean, Answer]>([
    ['after an error of the server', true, json(500, { message: 'Internal Server Error' })],
    ['after an error of its gateway', true, (response) => response.writeHead(502).end('<html>Bad Gateway</html>')],
    ['after a status that the API does not have', false, json(409, { message: 'conflict' })],
    ['after a page of a proxy', false, (response) => response.writeHead(403).end('<html>Denied</html>')],
    [
      'after an answer that is cut',
      true,
      (response) => response.writeHead(200, { 'content-length': '999' }).write('{"id"') && response.destroy(),
    ],
    ['after an answer that is no JSON', false, (response) => response.writeHead(200).end('{"id": "a", ')],
    ['after an answer without an order', false, json(200, { status: 'ok' })],
    ['after a cut connection', true, (_, request) => request.socket.destroy()],
    ['after no answer', true, () => {}],
    ['after a redirect', true, (response) => response.writeHead(307, { location: '/elsewhere' }).end()],
  ])('%s (perhaps still under way: %s)', async (_, isPending, answer) => {
    for (const isExit of [true, false]) {
      answers = [answer]
      requests = []
      const outcome = await venue().submit(order({ isExit }))
      expect(outcome).toMatchObject({ outcome: 'unknown' })
      expect('isPending' in outcome && outcome.isPending === true).toBe(isPending)
      expect(posts()).toHaveLength(1)
      expect(JSON.stringify(outcome)).not.toContain(secret)
    }
  })
})

describe('an order that did not leave the desk', () => {
  test('is refused for lack of credentials, in words', async () => {
    const none = { ...access, of: async () => Promise.reject(new VenueError('the account is not linked')) }
    for (const isExit of [true, false]) {
      const answer = await venue({ access: none }).submit(order({ isExit }))
      expect(answer).toEqual({ outcome: 'refused', code: 'OTHER', words: 'the account is not linked' })
    }
    expect(requests).toEqual([])
  })

  test('since nobody listens there is refused if it opens, and tried again by its sender if it is an exit', async () => {
    await new Promise((resolve) => server.close(resolve))
    expect(await venue().submit(order())).toMatchObject({
      outcome: 'refused',
      words: expect.stringContaining('nothing was sent'),
    })
    const exit = await venue().submit(order({ isExit: true }))
    expect(exit).toMatchObject({ outcome: 'unknown' })
    expect('isPending' in exit).toBe(false)
  })
})

describe('credentials that Alpaca refuses', () => {
  test('are renewed, and the order is sent with the new ones', async () => {
    isRefreshable = true
    answers = [json(401, { message: 'unauthorized' }), json(200, taken)]
    expect(await venue().submit(order())).toMatchObject({ outcome: 'accepted', report: { venueOrderId: 'a' } })
    expect(posts().map(({ key }) => key)).toEqual(['KEY', 'Bearer fresh'])
    expect(refused).toEqual(['unauthorized'])
  })

  test('twice are refused, and no third request is sent', async () => {
    isRefreshable = true
    answers = [json(401, { message: 'unauthorized' }), json(401, { message: 'unauthorized' })]
    expect(await venue().submit(order())).toMatchObject({
      outcome: 'refused',
      words: expect.stringContaining('link it again'),
    })
    expect(requests).toHaveLength(2)
  })

  test('are not suspected because money is missing', async () => {
    answers = [json(403, { code: 40310000, message: 'insufficient buying power' })]
    expect(await venue().submit(order())).toMatchObject({ outcome: 'refused', code: 'NOT_ENOUGH_MONEY' })
    expect(refused).toEqual([])
  })
})

describe('one request too many', () => {
  const tooMany = json(429, { code: 42910000, message: 'rate limit exceeded' }, { 'retry-after': '0' })

  test('is sent again for an exit and a cancel, and not for an entry', async () => {
    answers = [tooMany, json(200, taken)]
    expect(await venue().submit(order({ isExit: true }))).toMatchObject({ outcome: 'accepted' })
    answers = [tooMany, json(200, taken)]
    expect(await venue().submit(order())).toMatchObject({ outcome: 'refused', code: 'TOO_MANY_REQUESTS' })
  })

  test('again and again leaves an exit to its sender, who tries it again', async () => {
    answers = [tooMany, tooMany, tooMany, tooMany]
    const answer = await venue().submit(order({ isExit: true }))
    expect(answer).toEqual({ outcome: 'unknown', words: 'Alpaca takes no more requests for a moment' })
    expect(posts()).toHaveLength(3)
  })
})

describe('an exit that Alpaca refuses', () => {
  const held = json(403, {
    code: 40310000,
    message: 'insufficient qty available for order (requested: 10, available: 0)',
  })

  test('counts as accepted when an earlier call for it arrived', async () => {
    answers = [held, json(200, taken)]
    expect(await venue().submit(order({ isExit: true }))).toMatchObject({
      outcome: 'accepted',
      report: { venueOrderId: 'a' },
    })
  })

  test('counts as refused when it is not there, and as unknown when nobody can say', async () => {
    answers = [held]
    expect(await venue().submit(order({ isExit: true }))).toMatchObject({ outcome: 'refused', code: 'NOT_ENOUGH_HELD' })
    answers = [held, json(500, {})]
    expect(await venue().submit(order({ isExit: true }))).toMatchObject({ outcome: 'unknown' })
  })
})

describe('a question', () => {
  test('that is not answered throws, and is never read as nothing', async () => {
    const questions: ((asked: Venue) => Promise<unknown>)[] = [
      (asked) => asked.find(order()),
      (asked) => asked.openOrders('one'),
      (asked) => asked.fills('one'),
      (asked) => asked.positions('one'),
      (asked) => asked.balance('one'),
      (asked) => asked.hours!('one'),
      (asked) => asked.orders!('one', new Date()),
      (asked) => asked.corporateActions!('one'),
      (asked) => asked.instrument!('one', 'AMD'),
    ]
    for (const answer of [
      json(500, {}),
      json(200, { message: 'nothing of that sort' }),
      json(403, { message: 'forbidden' }),
    ]) {
      for (const question of questions) {
        answers = [answer, answer]
        await expect(question(venue())).rejects.toBeInstanceOf(VenueError)
      }
    }
  })

  test('tolerates fields and statuses that nobody knows yet', async () => {
    answers = [json(200, { ...taken, status: 'quantum', qty: 10, legs: undefined, of_tomorrow: { a: [1] } })]
    expect(await venue().find(order())).toMatchObject({ state: 'working', fills: [] })
  })
})

test('the words of a proxy or of Alpaca reach nobody in full length', async () => {
  answers = [json(422, { code: 1, message: `a\n\n${'b'.repeat(1000)}` })]
  const answer = await venue().submit(order())
  expect(answer.outcome === 'refused' && answer.words.length).toBe(200)
})
