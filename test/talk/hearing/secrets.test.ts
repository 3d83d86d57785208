import { createHash } from 'node:crypto'
import { pino } from 'pino'
import { describe, expect, test as plain } from 'vitest'
import { secretIn } from '../../../src/talk/hearing/secrets.ts'
import { deskTest } from '../../support/desk-test.ts'
import fc from '../../support/fast-check.ts'

const logged: string[] = []
const { test, desk } = deskTest({
  worker: false,
  log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
})

const alpacaId = 'PKABCDEFGH0123456789'
const alpacaSecret = 'aB3dEfGh1JkLmNoPqRsTuVwXyZ0123456789abCd'

describe('a secret', () => {
  plain.each([
    alpacaId,
    alpacaSecret,
    `my key is ${alpacaId} and secret=${alpacaSecret}`,
    `link alpaca ${alpacaId} ${alpacaSecret}`,
    `\`${alpacaSecret}\``,
    `xoxb-${'1234567890'}-abcdefghij`,
    `ghp_${'a1B2'.repeat(9)}`,
    `AKIA${'ABCD1234'.repeat(2)}`,
    `-----BEGIN ${'PRIVATE'} KEY-----`,
    `dh_${'aB3_'.repeat(10)}xyz`,
  ])('is seen in %j', (text) => {
    expect(secretIn(text)).toBeDefined()
  })

  plain('of 30 random bytes is seen in each usual spelling', () => {
    const spellings = fc.constantFrom('base64' as const, 'base64url' as const)
    fc.assert(
      fc.property(spellings, fc.integer({ min: 30, max: 48 }), fc.string(), (spelling, bytes, seed) => {
        const text = createHash('sha512').update(seed).digest().subarray(0, bytes).toString(spelling)
        fc.pre(!text.startsWith('//') && (text.match(/\d/g)?.length ?? 0) >= 2)
        expect(secretIn(`take ${text} please`)).toBeDefined()
      }),
    )
  })

  plain.each([
    'long BYND 3750 @ .63',
    'scaleout half of AAPL over 20 minutes, above $190.50',
    'https://www.tradingview.com/chart/AbCdEf12/?symbol=NASDAQ%3ABYND&interval=1234567890ABCDEFabcdef',
    'http://127.0.0.1:3000/login#t=aB3dEfGh1JkLmNoPqRsTuVwXyZ0123456789abCdxyz',
    '<@123456789012345678901234567890123456>',
    '550e8400-e29b-41d4-a716-446655440000',
    '0x52908400098527886E0F7030069857D2E4169EE7',
    'Donaudampfschifffahrtsgesellschaftskapitaen',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'why is PKX down 5%',
    'src/talk/commands/Positions-2024-Report-07/profit_and_loss',
    'deadbeefdeadbeefdeadbeefdeadbeefdeadbeef',
  ])('is not seen in %j', (text) => {
    expect(secretIn(text)).toBeUndefined()
  })
})

test('is kept nowhere, and its writer is told to revoke it', async ({ alice }) => {
  const texts = [`my keys: ${alpacaId} ${alpacaSecret}`, `long BYND 100 @ 1 ${alpacaSecret}`]
  for (const text of texts) {
    const [reply] = await alice.hear(text)
    expect(reply).toMatchObject({ private: true })
    expect(reply!.text).toContain('looks like a secret key. I have neither kept nor read it. I could not delete')
    expect(reply!.text).toContain('Revoke it now (')
    expect(reply!.ifRemoved).toContain('and the message is deleted')
  }
  // Talk that is not said to the desk counts, too: others see it.
  expect(await alice.hear(alpacaSecret, { addressed: false })).toHaveLength(1)
  await alice.commandHeard('link', { broker: `alpaca ${alpacaSecret}` })
  expect(await alice.say('positions')).toContain('No open positions')
  const asked = await alice.hear('buy BYND')
  await alice.press(asked[0]!, alpacaSecret, { more: [alpacaSecret] })
  const { db, redis } = desk.desk.parts
  const kept = await Promise.all([
    db.selectFrom('audit').selectAll().execute(),
    db.selectFrom('replies').selectAll().execute(),
    db.selectFrom('desk_events').selectAll().execute(),
    Promise.all((await redis.keys('*')).map((key) => redis.dump(key))),
  ])
  const all = JSON.stringify([kept, logged])
  expect(all).not.toContain(alpacaSecret)
  expect(all).not.toContain(alpacaId)
  expect(kept[0].filter(({ code }) => code === 'SECRET_SAID')).toHaveLength(5)
})

test('that comes twice is answered once', async ({ alice }) => {
  expect(await alice.hear(alpacaSecret, { id: 'twice' })).toHaveLength(1)
  expect(await alice.hear(alpacaSecret, { id: 'twice' })).toEqual([])
})
