import { pino } from 'pino'
import { describe, expect } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { createDesk, type Desk } from '../../../src/desk.ts'
import { deskTest } from '../../support/desk-test.ts'
import { someone } from './someone.ts'

const { test, desk, market } = deskTest({
  worker: false,
  environment: { DESKHAND_OWNERS: 'slack:T1:UCHIEF,slack:T1:USECOND' },
})

const roleOf = async (name: string) =>
  (await desk.desk.parts.db.selectFrom('members').select('role').where('name', '=', name).executeTakeFirst())?.role

/** Another process on the same database with other owners in its environment, and what it logged at its start. */
async function started<T>(
  owners: string,
  work: (desk: Desk, logged: { level: number; msg: string }[]) => Promise<T>,
  setsOwners?: boolean,
): Promise<T> {
  const logged: { level: number; msg: string }[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(JSON.parse(line)) })
  const { DATABASE_URL, REDIS_URL } = desk.desk.config
  const config = readConfig({ DATABASE_URL, REDIS_URL, DESKHAND_OWNERS: owners })
  const other = await createDesk({ config, log, market, setsOwners })
  try {
    return await work(other, logged)
  } finally {
    await other.close()
  }
}

const nothing = async () => {}

describe('the owners of the environment', () => {
  test('are the owners from each start on: one who is no longer there is a trader, and the log says so', async () => {
    await someone(desk, 'uchief').say('help')
    await someone(desk, 'usecond').say('help')
    expect([await roleOf('uchief'), await roleOf('usecond')]).toEqual(['owner', 'owner'])
    await started('slack:T1:UCHIEF', async (restarted, logged) => {
      expect([await roleOf('uchief'), await roleOf('usecond')]).toEqual(['owner', 'trader'])
      const warned = logged.filter(({ level }) => level === 40).map(({ msg }) => msg)
      expect(warned).toEqual(['usecond is a trader and an owner no more: DESKHAND_OWNERS does not name them'])
      const second = someone({ ...desk, desk: restarted }, 'usecond')
      expect(await second.say('role slack:T1:UX viewer')).toContain('Only an owner may do that.')
      expect(await second.say('long BYND 10 @ 1')).toContain('✓ LONG 10 BYND')
    })
    await started('slack:T1:UCHIEF,slack:T1:USECOND', async (_, logged) => {
      expect(await roleOf('usecond')).toBe('owner')
      expect(logged.map(({ msg }) => msg)).toContain('usecond is an owner, by DESKHAND_OWNERS')
    })
  })

  test('are owners though a command made viewers of them before they were named', async () => {
    const chief = someone(desk, 'uchief')
    expect(await chief.say('role slack:T1:ULATER viewer')).toContain('is now a viewer')
    await started('slack:T1:UCHIEF,slack:T1:ULATER', async () => {
      expect(await roleOf('slack:T1:ULATER')).toBe('owner')
    })
  })

  test('leave traders and viewers what they are', async () => {
    const chief = someone(desk, 'uchief')
    await chief.say('role slack:T1:UVIEWER viewer')
    await someone(desk, 'utrader').say('help')
    await started('slack:T1:UCHIEF,slack:T1:USECOND', nothing)
    expect([await roleOf('slack:T1:UVIEWER'), await roleOf('utrader')]).toEqual(['viewer', 'trader'])
  })

  test('are not set by a process that hears nobody: its environment may not name them', async () => {
    await started('', nothing, false)
    expect(await roleOf('uchief')).toBe('owner')
  })

  test('leave the person at the terminal an owner, whoever is named', async () => {
    const { hear } = desk.desk
    const place = { door: 'terminal', workspace: '', channel: 'terminal' } as const
    const author = { id: 'terminal:local', name: 'you' }
    await hear({ kind: 'message', id: 'terminal-1', author, place, text: 'help', addressed: true })
    await started('slack:T1:UCHIEF,slack:T1:USECOND', nothing)
    expect(await roleOf('you')).toBe('owner')
  })
})

describe('an owner that the environment names', () => {
  test.each(['viewer', 'trader'])(
    'is not made a %s by a command, neither by another owner nor by themselves',
    async (role) => {
      for (const name of ['uchief', 'usecond']) {
        const answer = await someone(desk, name).say(`role <@UCHIEF> ${role}`)
        expect(answer).toBe(
          '⚠️ DESKHAND_OWNERS makes them an owner, and no command changes what the environment says. Nothing was changed.\n💡 Take their id out of DESKHAND_OWNERS and start the desk again: they are a trader then',
        )
      }
      expect(await roleOf('uchief')).toBe('owner')
    },
  )

  test('is none either when the desk knows the person by another id as well', async () => {
    const { db } = desk.desk.parts
    const { id } = await db.selectFrom('members').select('id').where('name', '=', 'uchief').executeTakeFirstOrThrow()
    await db.insertInto('member_identities').values({ platform_id: 'discord:4242', member_id: id }).execute()
    expect(await someone(desk, 'usecond').say('role discord:4242 viewer')).toContain('Nothing was changed')
    expect(await roleOf('uchief')).toBe('owner')
  })

  test('is one before they ever spoke: a command does not make a viewer of them in advance', async () => {
    await started('slack:T1:UCHIEF,slack:T1:UNEW', async (other) => {
      const chief = someone({ ...desk, desk: other }, 'uchief')
      expect(await chief.say('role slack:T1:UNEW viewer')).toContain('Nothing was changed')
      await someone({ ...desk, desk: other }, 'unew').say('help')
      expect(await roleOf('unew')).toBe('owner')
    })
    await started('slack:T1:UCHIEF,slack:T1:USECOND', nothing)
  })
})

test('an owner by a command is told how long that lasts, and is one until the next start', async () => {
  const chief = someone(desk, 'uchief')
  await someone(desk, 'ufriend').say('help')
  expect(await chief.say('role <@UFRIEND> owner')).toBe(
    '✓ ufriend is now an owner: may do everything and give roles.\n💡 Until the desk starts again: put `slack:T1:UFRIEND` into DESKHAND_OWNERS to make it last',
  )
  expect(await someone(desk, 'ufriend').say('role slack:T1:UZ viewer')).toContain('is now a viewer')
  await started('slack:T1:UCHIEF,slack:T1:USECOND', nothing)
  expect(await roleOf('ufriend')).toBe('trader')
})
