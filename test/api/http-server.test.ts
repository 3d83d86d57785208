import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { OwnHttpServer } from '../../src/api/http/http-server.ts'
import type { Route } from '../../src/base/http.ts'
import { httpServer } from '../support/http.ts'

const url = (server: OwnHttpServer, path: string) => `http://127.0.0.1:${server.port}${path}`
const echo: Route = {
  path: '/echo',
  methods: ['POST'],
  bodyLimit: 10,
  handle: (_, response, body) => void response.end(body),
}

/** A listening server with a route. */
async function opened(route: Route = echo) {
  const server = httpServer()
  const mounted = await server.mount(route)
  onTestFinished(() => server.close())
  return { server, mounted }
}

/** A connection on which something was written. */
async function connected(server: OwnHttpServer, written: string): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(written)
  return socket
}

const post = (server: OwnHttpServer, body: string | ReadableStream) =>
  fetch(url(server, '/echo'), { method: 'POST', body, duplex: 'half' } as RequestInit)

describe('a route', () => {
  test('gets the whole body of a request', async () => {
    const { server } = await opened()
    expect(await (await post(server, 'ten bytes!')).text()).toBe('ten bytes!')
    expect(await (await post(server, '')).text()).toBe('')
  })

  test('gets no body that is too long, whether its length is named or not', async () => {
    const { server } = await opened()
    expect((await post(server, 'eleven byte')).status).toBe(413)
    const inParts = new ReadableStream({
      start(controller) {
        for (const part of ['seven b', 'ytes', '']) controller.enqueue(new TextEncoder().encode(part))
        controller.close()
      },
    })
    expect((await post(server, inParts)).status).toBe(413)
  })

  test('that throws is answered with 500, and the next request is served', async () => {
    const { server } = await opened({
      ...echo,
      handle(_, response, body) {
        if (body.length === 0) throw new Error('no body')
        response.end('fine')
      },
    })
    const failed = await post(server, '')
    expect([failed.status, await failed.json()]).toEqual([
      500,
      { code: 'DESK_AWAY', message: expect.stringContaining('could not finish'), hint: expect.any(String) },
    ])
    expect(await (await post(server, 'a')).text()).toBe('fine')
  })

  test('that is closed lets what is under way end, answers with 503, and may be mounted again', async () => {
    let answer = () => {}
    const begun = Promise.withResolvers<void>()
    const { server, mounted } = await opened({
      ...echo,
      handle(_, response) {
        answer = () => response.end('late')
        begun.resolve()
      },
    })
    const asked = post(server, 'a')
    await begun.promise
    const closing = mounted.close()
    expect((await post(server, 'b')).status).toBe(503)
    answer()
    expect(await (await asked).text()).toBe('late')
    await closing
    await server.mount(echo)
    expect(await (await post(server, 'c')).text()).toBe('c')
  })

  test('that is closed cuts off what does not end', async () => {
    const { server, mounted } = await opened({ ...echo, handle: () => {} })
    const asked = post(server, 'a').catch(() => 'cut off')
    await new Promise((resolve) => setTimeout(resolve, 100))
    const begun = performance.now()
    await mounted.close()
    expect(performance.now() - begun).toBeLessThan(3000)
    expect(await asked).toBe('cut off')
  })

  test('cannot be mounted twice', async () => {
    const { server } = await opened()
    await expect(server.mount(echo)).rejects.toThrow('/echo')
  })
})

describe('the server', () => {
  test('ends a connection that takes too long to say what it wants', { timeout: 40_000 }, async () => {
    const { server } = await opened()
    const slowHeaders = await connected(server, 'GET /echo HTTP/1.1\r\nHost: a\r\nX-Slow: ')
    const slowBody = await connected(server, 'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nten')
    const begun = performance.now()
    const ends = async (socket: Socket) => {
      socket.resume()
      await once(socket, 'close')
      return performance.now() - begun
    }
    const [headers, body] = await Promise.all([ends(slowHeaders), ends(slowBody)])
    expect(headers).toBeLessThan(8000)
    expect(body).toBeLessThan(13_000)
    expect(await (await post(server, 'a')).text()).toBe('a')
  })

  test('lets what is under way end when it is closed, and takes no more', async () => {
    let answer = () => {}
    const begun = Promise.withResolvers<void>()
    const { server } = await opened({
      ...echo,
      handle(_, response) {
        answer = () => response.end('late')
        begun.resolve()
      },
    })
    const asked = post(server, 'a')
    await begun.promise
    const closing = server.close()
    await expect(post(server, 'b')).rejects.toThrow()
    const answered = performance.now()
    answer()
    expect(await (await asked).text()).toBe('late')
    await closing
    expect(performance.now() - answered).toBeLessThan(1000)
    await expect(server.open()).rejects.toThrow('closed')
  })

  test('is closed in a few seconds although somebody never ends', async () => {
    const { server } = await opened({ ...echo, handle: (_, response) => void response.write('for ever') })
    const asked = await post(server, 'a')
    const text = asked.text().catch(() => 'cut off')
    const begun = performance.now()
    await server.close()
    expect(performance.now() - begun).toBeLessThan(4000)
    expect(await text).toBe('cut off')
  })

  test('says 503 where a route is still to come', async () => {
    const server = httpServer({ absentPaths: ['/echo'] })
    onTestFinished(() => server.close())
    await server.open()
    expect((await post(server, 'a')).status).toBe(503)
    expect((await fetch(url(server, '/other'))).status).toBe(404)
    await server.mount(echo)
    expect((await post(server, 'a')).status).toBe(200)
  })

  test('opens at another try when its port was taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const server = httpServer({ port: (other.address() as AddressInfo).port })
    onTestFinished(() => server.close())
    await expect(server.open()).rejects.toThrow('EADDRINUSE')
    await expect(server.mount(echo)).rejects.toThrow('EADDRINUSE')
    other.close()
    await once(other, 'close')
    await server.mount(echo)
    expect((await post(server, 'a')).status).toBe(200)
  })
})
