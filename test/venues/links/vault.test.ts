import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../../src/config.ts'
import { readCredentialKeys } from '../../../src/venues/links/credential-keys.ts'
import { seal, unseal, type VaultError, wrapAnew } from '../../../src/venues/links/vault.ts'
import type { Credentials } from '../../../src/venues/links/venue-access.ts'
import fc from '../../support/fast-check.ts'

const keyText = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const [old, young] = [keyText('old'), keyText('young')]
const keys = readCredentialKeys(old)
const whose = { venue: 'alpaca', account: 'a-1', mode: 'paper' as const }
const credentials: Credentials = { kind: 'keys', keyId: 'PKTEST', secret: 'very secret' }

const text = fc.string({ maxLength: 60 })
const anyCredentials: fc.Arbitrary<Credentials> = fc.oneof(
  fc.record({ kind: fc.constant('keys' as const), keyId: text, secret: text }),
  fc.record(
    {
      kind: fc.constant('oauth' as const),
      accessToken: text,
      refreshToken: text,
      expiresAt: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }),
    },
    { requiredKeys: ['kind', 'accessToken'] },
  ),
)

test('what was sealed opens again, and shows nothing of it', () => {
  fc.assert(
    fc.property(anyCredentials, (given) => {
      const sealed = seal(keys, given, whose)
      expect(unseal(keys, sealed, whose)).toEqual(given)
    }),
  )
  const { sealed, wrappedKey } = seal(keys, credentials, whose)
  expect(Buffer.concat([sealed, wrappedKey]).includes('secret')).toBe(false)
  expect(seal(keys, credentials, whose).sealed).not.toEqual(sealed)
})

test.each([
  ['another account', { ...whose, account: 'a-2' }],
  ['another venue', { ...whose, venue: 'other' }],
  ['real money', { ...whose, mode: 'live' as const }],
])('moved to %s, it does not open', (_, elsewhere) => {
  const sealed = seal(keys, credentials, whose)
  expect(() => unseal(keys, sealed, elsewhere)).toThrow('were changed, or belong to another account')
  expect(() => wrapAnew(keys, sealed, elsewhere)).toThrow('were changed, or belong to another account')
})

test('with any byte changed, it does not open', () => {
  const sealed = seal(keys, credentials, whose)
  for (const part of ['sealed', 'wrappedKey'] as const) {
    for (let at = 0; at < sealed[part].length; at++) {
      const changed = Buffer.from(sealed[part])
      changed[at]! ^= 1
      expect(() => unseal(keys, { ...sealed, [part]: changed }, whose)).toThrow(/do not open|in a form/)
    }
    expect(() => unseal(keys, { ...sealed, [part]: sealed[part].subarray(0, 20) }, whose)).toThrow(/in a form/)
  }
})

test('wrapped anew, it opens with the new key alone', () => {
  const before = seal(keys, credentials, whose)
  const both = readCredentialKeys(`${young},${old}`)
  const after = wrapAnew(both, before, whose)
  expect(after.sealed).toBe(before.sealed)
  expect(after.keyId).toBe('young')
  expect(unseal(readCredentialKeys(young), after, whose)).toEqual(credentials)
  expect(() => unseal(keys, after, whose)).toThrow('has no key "young"')
})

test('a key under the id of another opens nothing', () => {
  const sealed = seal(keys, credentials, whose)
  const another = readCredentialKeys(keyText('old'))
  expect(() => unseal(another, sealed, whose)).toThrow('do not open')
})

test('without keys nothing is sealed', () => {
  const none = readCredentialKeys('')
  expect(none.first).toBeUndefined()
  expect(() => seal(none, credentials, whose)).toThrow('CREDENTIALS_KEYS is not set')
})

describe('CREDENTIALS_KEYS', () => {
  const needed = { DATABASE_URL: 'postgres://127.0.0.1/desk', REDIS_URL: 'redis://127.0.0.1' }
  const good = randomBytes(32).toString('base64')

  test('is a list of ids and keys, of which the first one seals', () => {
    const { CREDENTIALS_KEYS: read } = readConfig({ ...needed, CREDENTIALS_KEYS: ` 2027:${good} , ${old}` })
    expect(read.first?.id).toBe('2027')
    expect([...read.byId.keys()]).toEqual(['2027', 'old'])
  })

  test.each([
    ['no id', good, 'key 1 must be an id, a colon and base64'],
    ['a strange id', `a b:${good}`, 'key 1 must be an id'],
    ['too few bytes', `a:${randomBytes(16).toString('base64')}`, 'key 1 must be 32 bytes'],
    ['too many bytes', `a:${randomBytes(33).toString('base64')}`, 'key 1 must be 32 bytes'],
    ['a typing error', `${old},b:${good.slice(0, 9)}*${good.slice(10)}`, 'key 2 is no base64'],
    ['the same id twice', `${old},old:${good}`, 'names two keys with the same id'],
  ])('with %s is refused, and the value is not shown', (_, value, because) => {
    const read = () => readConfig({ ...needed, CREDENTIALS_KEYS: value })
    expect(read).toThrow(ConfigError)
    expect(read).toThrow(`CREDENTIALS_KEYS ${because}`)
    try {
      read()
    } catch (cause) {
      expect(inspect(cause)).not.toContain(good.slice(0, 8))
    }
  })

  test('shows its keys in no print', () => {
    const read = readCredentialKeys(`a:${good}`)
    const print = inspect(read, { depth: 9, showHidden: true }) + JSON.stringify(read) + JSON.stringify(read.first)
    expect(print).not.toContain(good.slice(0, 8))
    expect(print).not.toContain(Buffer.from(good, 'base64').toString('hex').slice(0, 8))
  })
})

test('an error of the vault names no credentials', () => {
  const sealed = seal(keys, credentials, whose)
  try {
    unseal(keys, sealed, { ...whose, account: 'other' })
    expect.unreachable()
  } catch (cause) {
    expect((cause as VaultError).name).toBe('VaultError')
    expect(inspect(cause)).not.toContain('very secret')
  }
})
