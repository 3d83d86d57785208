import type { Clock } from '../../base/clock.ts'
import { Refusal } from '../../base/refusal.ts'
import { exchangeZone } from '../../base/zone.ts'
import { takeLoginLink } from '../../trading/access/rows/login-links.ts'
import { endSessions, openSession, sessionsOf } from '../../trading/access/rows/web-sessions.ts'
import { browserName } from '../../trading/access/rules/browser-name.ts'
import { accountsOf } from '../../trading/accounts/rows/accounts.ts'
import { moneyOf } from '../../trading/accounts/rules/account-mode.ts'
import type { Me } from '../contract/access.ts'
import { type Caller, callerOf, mayTrade, originOf } from '../sessions/caller.ts'
import { setCookie } from '../sessions/cookie.ts'
import { type Context, type Handlers, WithHeaders } from './context.ts'
import { notFound } from './problem.ts'
import { allOf } from './reads/pages.ts'

type AccessHandlers = Pick<Handlers, 'login' | 'logout' | 'me' | 'sessions' | 'endSession'>

export const accessHandlers: AccessHandlers = {
  async login({ parts, request, addressOf, loginAttempts, cookie, origins }, { body: { token } }) {
    const { db, clock } = parts
    const waits = loginAttempts.over(addressOf(request))
    if (waits !== undefined)
      return new Refusal(
        'TOO_MANY_REQUESTS',
        'Too many attempts to sign in came from your address.',
        `Try again in ${waits} s`,
      )
    const now = clock.now()
    const memberId = await takeLoginLink(db, token, now)
    if (memberId === undefined) return linkNotGood()
    const device = request.headers['user-agent'] ?? 'unknown'
    const opened = await openSession(db, { memberId, device }, now)
    const caller = await callerOf(db, memberId, { kind: 'session', id: opened.session.id })
    if (!caller) return linkNotGood()
    const answer = meOf(caller, await accountsOf(db, memberId), clock)
    return new WithHeaders(answer, { 'set-cookie': setCookie(cookie(), opened.token, origins.isSecure) })
  },
  async logout({ parts, caller, cookie, origins }) {
    const { by, memberId } = caller
    if (by.kind === 'token') return notASession()
    await endSessions(parts.db, memberId, parts.clock.now(), by.id)
    return new WithHeaders({ ended: true as const }, { 'set-cookie': setCookie(cookie(), '', origins.isSecure) })
  },
  me: async ({ caller, accounts, parts }) => meOf(caller, accounts, parts.clock),
  async sessions({ parts, caller }) {
    if (caller.by.kind === 'token') return notASession()
    const open = await sessionsOf(parts.db, caller.memberId, parts.clock.now())
    const items = open.map(({ id, device, createdAt, usedAt, endsAt }) => ({
      id,
      isThis: caller.by.kind === 'session' && caller.by.id === id,
      name: browserName(device),
      device,
      createdAt: createdAt.toISOString(),
      usedAt: usedAt.toISOString(),
      endsAt: endsAt.toISOString(),
    }))
    return allOf(items)
  },
  async endSession({ parts, caller }, { params }) {
    if (caller.by.kind === 'token') return notASession()
    const [ended] = await endSessions(parts.db, caller.memberId, parts.clock.now(), params.id)
    return ended ? { said: [`✓ The session ${ended.id} has ended.`] } : notFound('such session')
  },
}

function meOf(caller: Caller, accounts: Context['accounts'], clock: Clock): Me {
  const { memberId, name, role, timeZone } = caller
  return {
    member: { id: memberId, name, role },
    origin: originOf(caller),
    trades: mayTrade(caller),
    accounts: accounts.map((account) => ({
      ...{ id: account.id, name: account.name, kind: account.mode, role },
      ...{ money: moneyOf(account), number: account.maskedNumber ?? null },
    })),
    account: accounts[0]?.id ?? null,
    zone: timeZone ?? exchangeZone,
    timeScale: clock.scale,
    now: clock.now().toISOString(),
  }
}

function linkNotGood(): Refusal {
  return new Refusal(
    'LINK_NOT_GOOD',
    'This link was used, or its five minutes are over.',
    'Say `dashboard` to the desk for another',
  )
}

const notASession = () =>
  new Refusal('NOT_ALLOWED', 'A token has nothing to do with sessions.', 'Use the page, or say `sessions` in chat')
