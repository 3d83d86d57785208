import { once } from 'node:events'
import { connect } from 'node:net'
import { expect } from 'vitest'
import { WebSocket } from 'ws'
import { apiTest, program, serveApi, signIn } from './serve.ts'

const { test, market } = apiTest({ worker: false })

/** Reads a stream until its text has these words, and then ends it. */
async function readUntil(url: string, headers: Record<string, string>, words: string): Promise<string> {
  const stop = new AbortController()
  const response = await fetch(url, { headers, signal: stop.signal })
  expect(response.status).toBe(200)
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body!) {
    text += decoder.decode(chunk, { stream: true })
    if (text.includes(words)) break
  }
  stop.abort()
  return text
}

test('a page and a program hear the events of their own, and of nobody else', async ({ api, desk, alice, bob }) => {
  await alice.say('long BYND 10 @ 1')
  const [page, robot] = [await signIn(api, alice), await program(api, desk, alice)]
  market.set('BYND', '1.00', '1.01')
  await bob.say('long AAPL 5 @ 100')
  for (const { headers } of [page, robot]) {
    let heard: string | undefined
    const read = readUntil(`${api.url}/api/stream`, headers, '"type":"protection_set","urgency":"LOW","symbol":"BYND"')
    void read.then((text) => {
      heard = text
    })
    // The stream begins at the present place, so both act until it has begun: each time on another price.
    let cents = 10
    const act = async () => {
      cents += 1
      await bob.say(`stop AAPL ${cents}`)
      await alice.say(`stop BYND 0.${cents}`)
      return heard
    }
    await expect.poll(act).toBeDefined()
    expect(await read).not.toContain('AAPL')
  }
  const { status } = await fetch(`${api.url}/api/stream`)
  expect(status).toBe(401)
  const foreign = await fetch(`${api.url}/api/stream`, { headers: { ...page.headers, 'sec-fetch-site': 'cross-site' } })
  expect(foreign.status).toBe(403)
})

test('a stream token opens one stream of the older shape', async ({ api, alice }) => {
  await alice.say('long BYND 10 @ 1')
  const page = await signIn(api, alice)
  const { account } = (await page.get('/api/me')).body
  const { token } = (await page.post('/api/stream/tokens')).body
  const url = `${api.url}/api/trading/stream/${account}?token=${token}`
  expect(await readUntil(url, {}, 'connected')).toContain('"type":"connected"')
  expect((await fetch(url)).status).toBe(401)
})

test('a WebSocket is for a program with its token', async ({ api, desk, alice }) => {
  await alice.say('long BYND 10 @ 1')
  const { headers } = await program(api, desk, alice)
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}/events/BYND`, { headers })
  const [first] = (await once(socket, 'message')) as [Buffer]
  expect(first.toString()).toContain('"type":"connected"')
  socket.close()
  const stranger = new WebSocket(`${api.url.replace('http', 'ws')}/events/BYND`)
  const [error] = (await once(stranger, 'error')) as [Error]
  expect(error.message).toContain('401')
})

test('a server that closes ends its streams with a hint when to come back, and at once', async ({ desk, alice }) => {
  await alice.say('long BYND 10 @ 1')
  const own = await serveApi(desk)
  const page = await signIn(own, alice)
  const response = await fetch(`${own.url}/api/stream`, { headers: page.headers })
  const whole = response.text()
  await own.close()
  expect(await whole).toMatch(/retry: \d+\nevent: end\ndata: {"because":"closing"/)
})

test('a client that sends its request by drops is cut off, and others are served meanwhile', async ({ api }) => {
  const slow = connect(Number(new URL(api.url).port), '127.0.0.1')
  slow.on('error', () => {})
  slow.write('POST /api/login HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100\r\n')
  const drops = setInterval(() => slow.write('x-drop: 1\r\n'), 500)
  const [answer] = (await once(slow, 'data')) as [Buffer]
  clearInterval(drops)
  expect(answer.toString()).toContain('HTTP/1.1 408')
  expect((await fetch(`${api.url}/health`)).status).toBe(200)
  slow.destroy()
})
