import { z } from 'zod'
import { Big } from '../../../base/amounts.ts'
import { answerOf } from '../answer-of.ts'
import type { Credentials } from '../credentials.ts'
import type { Checked, Linkable } from '../linkable.ts'
import type { OAuthApp } from '../oauth.ts'
import { signInAtAlpaca } from './oauth.ts'

/** The settings of Alpaca for links. */
export interface AlpacaLinkOptions {
  /** Base URLs of the API, by mode. */
  apis: Record<'paper' | 'live', string>
  /** The desk's app at Alpaca; absent: members give keys. */
  app?: OAuthApp
}

const amount = z.union([z.string(), z.number()]).transform((value, context) => {
  try {
    return new Big(value)
  } catch {
    context.addIssue({ code: 'custom', message: 'is no amount' })
    return z.NEVER
  }
})
const flag = z.boolean().nullish()
const account = z.object({
  id: z.string().min(1),
  account_number: z.string().nullish(),
  currency: z.string().nullish(),
  cash: amount,
  equity: amount.nullish(),
  buying_power: amount.nullish(),
  status: z.string().nullish(),
  trading_blocked: flag,
  account_blocked: flag,
  trade_suspended_by_user: flag,
})

/** Alpaca as a venue whose accounts members link. */
export function linkAlpaca({ apis, app }: AlpacaLinkOptions): Linkable {
  return {
    venue: 'alpaca',
    title: 'Alpaca',
    keysPage: {
      paper: 'https://app.alpaca.markets, Paper Trading, API Keys',
      live: 'https://app.alpaca.markets, Live Trading, API Keys',
    },
    check: (mode, credentials) => check(apis[mode], mode, credentials),
    ...(app && { signIn: signInAtAlpaca(app) }),
  }
}

async function check(api: string, mode: 'paper' | 'live', credentials: Credentials): Promise<Checked> {
  const answer = await answerOf(api, '/v2/account', { headers: headersOf(credentials) })
  if (!answer) return { outcome: 'away', words: 'Alpaca did not answer.' }
  const { status, body } = answer
  if (status === 401 || status === 403) {
    const kind = mode === 'live' ? 'a live account' : 'a paper account'
    return { outcome: 'wrong', words: `Alpaca does not take them for ${kind}. Keys of the other kind do not open it.` }
  }
  const parsed = account.safeParse(body)
  if (status !== 200 || !parsed.success) return { outcome: 'away', words: `Alpaca answered with an error (${status}).` }
  return foundIn(parsed.data)
}

function foundIn(read: z.infer<typeof account>): Checked {
  if (read.currency && read.currency !== 'USD') {
    return { outcome: 'unfit', words: 'The account is not in US dollars, and the desk trades no other.' }
  }
  const number = read.account_number || read.id
  const blocked = blockedBecause(read)
  return {
    outcome: 'found',
    found: {
      account: read.id,
      maskedNumber: `••••${number.slice(-4)}`,
      cash: read.cash,
      ...(read.equity && { equity: read.equity }),
      ...(read.buying_power && { buyingPower: read.buying_power }),
      ...(blocked && { blocked }),
    },
  }
}

function blockedBecause(read: z.infer<typeof account>): string | undefined {
  if (read.account_blocked) return 'the account is blocked'
  if (read.trading_blocked) return 'trading is blocked'
  if (read.trade_suspended_by_user) return 'trading is suspended by its owner'
  return read.status && read.status !== 'ACTIVE' ? `its status is ${read.status.slice(0, 40)}` : undefined
}

function headersOf(credentials: Credentials): Record<string, string> {
  if (credentials.kind === 'oauth') return { authorization: `Bearer ${credentials.accessToken}` }
  return { 'apca-api-key-id': credentials.keyId, 'apca-api-secret-key': credentials.secret }
}
