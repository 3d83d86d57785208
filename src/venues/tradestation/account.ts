import { Big } from '../../base/amounts.ts'
import { calendarOf } from '../../market/calendar.ts'
import { kept } from '../shared/kept.ts'
import type { RestClient } from '../shared/rest-client.ts'
import { type VenueBalance, VenueError, type VenueHours, type VenueInstrument, type VenuePosition } from '../venue.ts'
import { isShare } from './order-map.ts'
import { accountsPayload, balancesPayload, flagsPayload, positionsPayload, symbolsPayload } from './payloads.ts'

/** Facts about an account and its market that are asked of TradeStation. */
export interface AccountFacts {
  positions(account: string): Promise<VenuePosition[]>
  /** Units of a symbol; negative when short. */
  held(account: string, symbol: string): Promise<Big>
  balance(account: string): Promise<VenueBalance>
  instrument(account: string, symbol: string): Promise<VenueInstrument | undefined>
  hours(): Promise<VenueHours>
}

const whole = new Big(1)
/** Symbols, flags and the state of an account change seldom; they are asked for again after so many milliseconds. */
const symbolsForMs = 5 * 60_000
const flagsForMs = 60_000
const stateForMs = 60_000

export const accountPath = (account: string, what: string) =>
  `/v3/brokerage/accounts/${encodeURIComponent(account)}/${what}`

export function createAccountFacts(client: RestClient, now: () => Date): AccountFacts {
  const symbols = kept<{ lot: Big; isShare: boolean } | undefined>(now, symbolsForMs)
  const flags = kept<{ isHardToBorrow: boolean; isHalted: boolean }>(now, flagsForMs)
  const states = kept<{ type?: string; status?: string }>(now, stateForMs)

  const stateOf = (account: string) =>
    states(account, async () => {
      const shown = await client.look(account, '/v3/brokerage/accounts', accountsPayload)
      const own = shown?.Accounts.find(({ AccountID }) => AccountID === account)
      if (!own) throw new VenueError('TradeStation does not show the account')
      return { type: own.AccountType, status: own.Status }
    })

  async function positions(account: string): Promise<VenuePosition[]> {
    const shown = await client.look(account, accountPath(account, 'positions'), positionsPayload)
    // An answer without a list, or with an error beside one, is no empty list.
    if (!shown?.Positions || shown.Errors.length > 0)
      throw new VenueError(`TradeStation does not show the positions${wordsOf(shown?.Errors)}`)
    return shown.Positions.filter(
      ({ AccountID, AssetType }) => AccountID === account && (AssetType ?? 'STOCK').toUpperCase() === 'STOCK',
    ).flatMap(({ Symbol: symbol, Quantity, LongShort, AveragePrice }) => {
      const signedQuantity = /short/i.test(LongShort ?? '') ? Quantity.abs().neg() : Quantity
      const average = AveragePrice?.gt(0) ? { averagePrice: AveragePrice } : {}
      return signedQuantity.eq(0) ? [] : [{ symbol, signedQuantity, ...average }]
    })
  }

  return {
    positions,
    async held(account, symbol) {
      const all = await positions(account)
      return all.find((one) => one.symbol === symbol)?.signedQuantity ?? new Big(0)
    },
    async balance(account) {
      const [shown, { status }] = await Promise.all([
        client.look(account, accountPath(account, 'balances'), balancesPayload),
        stateOf(account),
      ])
      const own = shown?.Balances?.find(({ AccountID }) => AccountID === account)
      if (!own?.CashBalance || shown!.Errors.length > 0)
        throw new VenueError(`TradeStation does not show the balance${wordsOf(shown?.Errors)}`)
      return {
        cash: own.CashBalance,
        ...(own.BuyingPower && { buyingPower: own.BuyingPower }),
        ...(own.Equity && { equity: own.Equity }),
        ...(status !== undefined && status !== 'Active' && { blocked: `the account at TradeStation is ${status}` }),
      }
    },
    async instrument(account, symbol) {
      if (!isShare(symbol)) return undefined
      const path = encodeURIComponent(symbol)
      const known = await symbols(symbol, async () => {
        const shown = await client.look(account, `/v3/marketdata/symbols/${path}`, symbolsPayload)
        const own = shown?.Symbols.find((one) => one.Symbol === symbol)
        if (!own) {
          // Only an error about the symbol says that there is none.
          if (shown && !shown.Errors.some((one) => one.Symbol === symbol))
            throw new VenueError(`TradeStation does not show ${symbol}`)
          return undefined
        }
        const lot = own.QuantityFormat?.Increment ?? own.QuantityFormat?.MinimumTradeQuantity
        return { lot: lot?.gt(1) ? lot : whole, isShare: (own.AssetType ?? 'STOCK').toUpperCase() === 'STOCK' }
      })
      if (!known?.isShare) return undefined
      const [{ isHardToBorrow, isHalted }, { type }] = await Promise.all([
        flags(symbol, async () => {
          const shown = await client.look(account, `/v3/marketdata/quotes/${path}`, flagsPayload)
          const own = shown?.Quotes.find((one) => one.Symbol === symbol)?.MarketFlags
          return { isHardToBorrow: own?.IsHardToBorrow !== false, isHalted: own?.IsHalted === true }
        }),
        stateOf(account),
      ])
      return {
        symbol,
        isTraded: !isHalted,
        canShort: !isHalted && type === 'Margin' && !isHardToBorrow,
        lot: known.lot,
        ...(isHalted && { words: 'the exchange has halted it' }),
      }
    },
    // TradeStation tells no hours: those of the exchange count.
    async hours() {
      const calendar = calendarOf('')
      const at = now()
      const session = calendar.sessionAt(at)
      const next = calendar.nextSession(at)
      return { isOpen: session !== undefined, opensAt: next.open, closesAt: (session ?? next).close }
    },
  }
}

/** The first words of errors, behind a colon. */
export function wordsOf(errors: { Error?: string; Message?: string }[] | undefined): string {
  const words = errors?.map(({ Error: title, Message }) => Message ?? title).find((one) => one !== undefined)
  return words === undefined ? '' : `: ${words.slice(0, 200)}`
}
