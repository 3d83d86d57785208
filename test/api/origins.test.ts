import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import { clientAddresses } from '../../src/api/http/client-address.ts'
import { originsOf } from '../../src/api/http/origins.ts'
import { cookieIn, cookieName, setCookie } from '../../src/api/sessions/cookie.ts'

/** A request with these headers that came in from one address at another. */
const request = (headers: Record<string, string>, from = '127.0.0.1', at = '127.0.0.1') =>
  ({ headers, socket: { remoteAddress: from, localAddress: at } }) as unknown as IncomingMessage

describe('the address of a client', () => {
  const forwarded = (value: string) => ({ 'x-forwarded-for': value })

  test('is that of the connection when no proxy is trusted, whatever the headers say', () => {
    expect(clientAddresses([])(request(forwarded('1.2.3.4'), '9.9.9.9'))).toBe('9.9.9.9')
    expect(clientAddresses([])(request({}, '::ffff:9.9.9.9'))).toBe('9.9.9.9')
  })

  test('is the last one that no proxy of ours has', () => {
    const addressOf = clientAddresses(['127.0.0.1', '10.0.0.0/8', 'fd00::/8'])
    expect(addressOf(request(forwarded('6.6.6.6, 1.2.3.4, 10.1.2.3')))).toBe('1.2.3.4')
    expect(addressOf(request(forwarded('1.2.3.4'), 'fd00::1'))).toBe('1.2.3.4')
    expect(addressOf(request(forwarded('1.2.3.4'), '9.9.9.9'))).toBe('9.9.9.9')
    expect(addressOf(request(forwarded('nonsense')))).toBe('127.0.0.1')
    expect(addressOf(request({}))).toBe('127.0.0.1')
  })
})

describe('the origin of a request', () => {
  const local = originsOf(undefined)
  const open = originsOf('https://desk.example.com')

  test.for([
    ['its own page', { host: '127.0.0.1:3000', origin: 'http://127.0.0.1:3000' }, true],
    ['its own page, by a name of this machine', { host: 'localhost:3000', origin: 'http://localhost:3000' }, true],
    ['its own page, as the browser says', { host: 'localhost:3000', 'sec-fetch-site': 'same-origin' }, true],
    ['another port', { host: '127.0.0.1:3000', origin: 'http://127.0.0.1:4000' }, false],
    ['another site', { host: '127.0.0.1:3000', origin: 'https://evil.example' }, false],
    [
      'a site whose name leads to this machine',
      { host: 'evil.example:3000', origin: 'http://evil.example:3000' },
      false,
    ],
    ['nobody', { host: '127.0.0.1:3000' }, false],
    ['a page in a sandbox', { host: '127.0.0.1:3000', origin: 'null' }, false],
    [
      'an address that a stranger spelled',
      { host: '127.0.0.1.evil.example', origin: 'http://127.0.0.1.evil.example' },
      false,
    ],
  ] as [string, Record<string, string>, boolean][])('on a loopback address: %s', ([, headers, isOurs]) => {
    expect(local.isSameOrigin(request(headers))).toBe(isOurs)
  })

  test('of what only reads may be missing, but not another', () => {
    const host = '127.0.0.1:3000'
    expect(local.isCrossSite(request({ host }))).toBe(false)
    expect(local.isCrossSite(request({ host, origin: 'http://127.0.0.1:3000' }))).toBe(false)
    expect(local.isCrossSite(request({ host, origin: 'http://127.0.0.1:4000' }))).toBe(true)
    expect(local.isCrossSite(request({ host, 'sec-fetch-site': 'same-site' }))).toBe(true)
  })

  test('is the public address, and by it alone over TLS', () => {
    const host = 'desk.example.com'
    expect(open.isSameOrigin(request({ host, origin: 'https://desk.example.com' }, '10.0.0.1', '10.0.0.2'))).toBe(true)
    expect(open.isSameOrigin(request({ host, origin: 'http://desk.example.com' }, '10.0.0.1', '10.0.0.2'))).toBe(false)
    expect(open.isSameOrigin(request({ host: 'other.example', origin: 'http://other.example' }))).toBe(false)
    expect([open.isSecure, local.isSecure]).toEqual([true, false])
  })
})

test('the cookie of the session is only for the page, and over TLS for its host alone', () => {
  expect(setCookie(cookieName({ isSecure: true, port: 443 }), 'x', true)).toBe(
    '__Host-deskhand=x; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000; Secure',
  )
  expect(cookieName({ isSecure: false, port: 3000 })).toBe('deskhand-3000')
  expect(cookieIn('a=1; deskhand-3000=xyz; b=2', 'deskhand-3000')).toBe('xyz')
  expect(cookieIn('xdeskhand-3000=1', 'deskhand-3000')).toBeUndefined()
  expect(cookieIn(undefined, 'deskhand-3000')).toBeUndefined()
})
