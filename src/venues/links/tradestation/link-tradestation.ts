import { z } from 'zod'
import { Big } from '../../../base/amounts.ts'
import { answerOf } from '../answer-of.ts'
import type { Credentials } from '../credentials.ts'
import type { Checked, Linkable } from '../linkable.ts'
import { type OAuthApp, signInBy } from '../oauth.ts'

/** The settings of TradeStation for links. */
export interface TradeStationLinkOptions {
  /** Base URLs of the API, by mode: the simulator is the paper account. */
  apis: Record<'paper' | 'live', string>
  /** The desk's app at TradeStation; absent: no account can be linked. */
  app?: OAuthApp
}

const amount = z.string().transform((value, context) => {
  try {
    return new Big(value)
  } catch {
    context.addIssue({ code: 'custom', message: 'is no amount' })
    return z.NEVER
  }
})
const accounts = z.object({
  Accounts: z.array(
    z.object({
      AccountID: z.string().min(1),
      AccountType: z.string().nullish(),
      Currency: z.string().nullish(),
      Status: z.string().nullish(),
    }),
  ),
})
const balances = z.object({
  Balances: z.array(
    z.object({
      AccountID: z.string(),
      CashBalance: amount,
      Equity: amount.nullish(),
      BuyingPower: amount.nullish(),
    }),
  ),
})
/** The kinds of accounts in which shares are traded. */
const ofShares = ['Margin', 'Cash', 'DVP']

/**
 * TradeStation as a venue whose accounts members link. Members sign in there; it has no keys. The scope lets the desk read prices, look and
 * trade; `offline_access` gives a refresh token.
 */
export function linkTradeStation({ apis, app }: TradeStationLinkOptions): Linkable {
  return {
    venue: 'tradestation',
    title: 'TradeStation',
    check: (mode, credentials) => check(apis[mode], credentials),
    ...(app && {
      signIn: signInBy(app, () => ({
        audience: 'https://api.tradestation.com',
        scope: 'openid offline_access MarketData ReadAccount Trade',
      })),
    }),
  }
}

async function check(api: string, credentials: Credentials): Promise<Checked> {
  if (credentials.kind !== 'oauth') return { outcome: 'wrong', words: 'TradeStation has no keys: sign in there.' }
  if (credentials.refreshToken === undefined)
    return {
      outcome: 'unfit',
      words: 'TradeStation gave no refresh token, so the desk would be out in twenty minutes.',
    }
  const headers = { authorization: `Bearer ${credentials.accessToken}` }
  const listed = await answerOf(api, '/v3/brokerage/accounts', { headers })
  if (!listed) return away
  if (listed.status === 401 || listed.status === 403)
    return { outcome: 'wrong', words: 'TradeStation does not take the sign-in.' }
  const read = accounts.safeParse(listed.body)
  if (listed.status !== 200 || !read.success)
    return { outcome: 'away', words: `TradeStation answered with an error (${listed.status}).` }
  const chosen = choose(read.data.Accounts)
  if (!chosen)
    return { outcome: 'unfit', words: 'The sign-in opens no account in US dollars in which shares are traded.' }
  const path = `/v3/brokerage/accounts/${encodeURIComponent(chosen.AccountID)}/balances`
  const told = await answerOf(api, path, { headers })
  if (!told) return away
  const balance = balances.safeParse(told.body).data?.Balances.find(({ AccountID }) => AccountID === chosen.AccountID)
  if (told.status !== 200 || !balance)
    return { outcome: 'away', words: `TradeStation did not tell the balance (${told.status}).` }
  const status = chosen.Status ?? 'Active'
  return {
    outcome: 'found',
    found: {
      account: chosen.AccountID,
      maskedNumber: `••••${chosen.AccountID.slice(-4)}`,
      cash: balance.CashBalance,
      ...(balance.Equity && { equity: balance.Equity }),
      ...(balance.BuyingPower && { buyingPower: balance.BuyingPower }),
      ...(status !== 'Active' && { blocked: `its status is ${status.slice(0, 60)}` }),
    },
  }
}

const away: Checked = { outcome: 'away', words: 'TradeStation did not answer.' }

/** The account of a sign-in that the desk trades: active before others, with margin before cash. */
function choose(all: z.infer<typeof accounts>['Accounts']) {
  const worth = ({ AccountType, Status }: (typeof all)[number]) =>
    (Status && Status !== 'Active' ? ofShares.length : 0) + ofShares.indexOf(AccountType ?? '')
  return all
    .filter(({ AccountType, Currency }) => ofShares.includes(AccountType ?? '') && (!Currency || Currency === 'USD'))
    .sort((a, b) => worth(a) - worth(b))[0]
}
