import { pino } from 'pino'
import { describe, expect } from 'vitest'
import { createDesk, type Desk } from '../../../src/desk.ts'
import { deskTest } from '../../support/desk-test.ts'
import { type Someone, someone } from '../commands/someone.ts'

let other: Desk
let made = 0

const { test, desk, market } = deskTest({ worker: false, environment: { DESKHAND_OWNERS: 'slack:T1:UOWNER' } })
const owner = someone(desk, 'uowner')
test.beforeAll(async () => {
  // Another process shares only the database and Redis.
  other = await createDesk({ config: desk.desk.config, log: pino({ level: 'silent' }), market })
  await owner.say('help')
})
test.afterAll(() => other.close())

/** The other process's reply to a message in a thread. */
async function elsewhere({ name, thread }: Someone, text: string): Promise<string> {
  const replies = await other.hear({
    kind: 'message',
    id: `elsewhere-${++made}`,
    author: { id: `slack:T1:${name.toUpperCase()}`, name },
    place: { door: 'slack', workspace: 'T1', channel: 'C1', thread },
    text,
    addressed: true,
  })
  return replies.map((reply) => reply.text).join('\n')
}

describe('a word that an owner makes', () => {
  test('means its command at once, in every process, and nothing any more when it is taken away', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    expect(await elsewhere(alice, 'puke')).not.toContain('CLOSE')
    expect(await owner.say('alias puke = close')).toBe('✓ `puke` is `close` from now on, for everybody.')
    expect(await elsewhere(alice, 'puke BYND')).toContain('🚪 CLOSE LONG 100 BYND')
    expect(await alice.say('puke')).toContain('🚪 CLOSE LONG 100 BYND')
    await alice.say('never mind')
    expect(await elsewhere(owner, 'unalias')).toContain('Which word? Nothing was changed.')
    expect(await elsewhere(owner, 'unalias puke')).toBe('✓ `puke` means nothing any more.')
    expect(await alice.say('puke')).not.toContain('CLOSE')
  })

  test('may carry words, and is listed and helped with', async ({ alice }) => {
    await owner.say('alias getmeout = close now')
    await alice.say('long BYND 100 @ 1')
    expect(await alice.say('alias list')).toContain('`getmeout` = `close now` · uowner')
    expect(await alice.say('help close')).toContain('`getmeout`')
    expect(await alice.say('getmeout')).toContain('SOLD 100 BYND')
    await owner.say('unalias getmeout')
    expect(await alice.say('alias list')).toContain('No words of your own yet')
  })

  test('is known also to a process that was not told, because Redis forgot', async ({ alice }) => {
    await owner.say('alias yeet = close')
    await desk.desk.parts.redis.flushdb()
    expect(await elsewhere(alice, 'help yeet')).toContain('📖 close')
    await owner.say('unalias yeet')
    await desk.desk.parts.redis.flushdb()
    await desk.desk.sweep()
    expect(await elsewhere(alice, 'help yeet')).not.toContain('📖 close')
  })

  test.each([
    ['alias close = trim', 'is a word of the desk already'],
    ['alias get out = close', 'is a word of the desk already'],
    ['alias sl = close', 'is a word of the desk already'],
    ['alias bynd = close', 'is a symbol'],
    ['alias nvda = close', 'is a symbol'],
    ['alias 5k = close', 'is not made of letters'],
    ['alias half = close', 'is an amount'],
    ['alias hundred thousand moons of jupiter = close', 'at most'],
    [`alias ${'x'.repeat(31)} = close`, 'at most'],
    ['alias fast = close', 'has a meaning of its own within commands'],
    ['alias now = close', 'is a symbol'],
    ['alias immediately = close', 'has a meaning of its own within commands'],
    ['alias please = close', 'has a meaning of its own within commands'],
    ['alias yes = close', 'answers questions'],
    ['alias no = close', 'answers questions'],
    ['alias 1 = close', 'is not made of letters'],
    ['alias custom = close', 'answers questions'],
    ['alias market = close', 'is a word of the desk already'],
    ['alias = close', 'must have letters'],
    ['alias puke =', 'What should it mean'],
    ['alias puke = bananas', 'does not begin with a command'],
    ['alias puke = close sideways maybe', 'I do not understand all of'],
    ['alias puke = role', 'keeps its own word'],
    ['alias puke', 'For example'],
  ])('is refused with a reason where it would take a meaning away or has none: %s', async (text, reason) => {
    const said = await owner.say(text)
    expect(said).toContain(reason)
    expect(said).toContain('Nothing was changed.')
    expect(await owner.say('alias list')).toContain('No words of your own yet')
  })

  test('is for owners to make and to take away, and what the desk came with stays', async ({ alice }) => {
    const [refusal] = await alice.hear('alias puke = close')
    expect(refusal).toMatchObject({ text: expect.stringContaining('Only an owner may do that.'), private: true })
    expect(await alice.say('unalias so')).toContain('Only an owner may do that.')
    expect(await owner.say('unalias so')).toContain('Nobody made such a word.')
  })

  test('is made once, however many make it at the same moment', async () => {
    const said = await Promise.all([owner.say('alias twice = close'), elsewhere(owner, 'alias twice = trim')])
    expect(said.filter((text) => text.startsWith('✓'))).toHaveLength(1)
    await owner.say('unalias twice')
  })
})
