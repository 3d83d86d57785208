import { Big, finestStep } from '../../base/amounts.ts'
import { kept } from '../shared/kept.ts'
import { type VenueBalance, VenueError, type VenueHours, type VenueInstrument, type VenuePosition } from '../venue.ts'
import type { AlpacaClient } from './client.ts'
import { isShare } from './order-map.ts'
import {
  type AlpacaAccount,
  type Asset,
  accountPayload,
  assetPayload,
  clockPayload,
  positionsPayload,
} from './payloads.ts'

/** Facts about an account and its market that are asked of Alpaca. */
export interface AccountFacts {
  positions(account: string): Promise<VenuePosition[]>
  balance(account: string): Promise<VenueBalance>
  instrument(account: string, symbol: string): Promise<VenueInstrument | undefined>
  hours(account: string): Promise<VenueHours>
  /** The last four characters of the account's number, once it was read. */
  lastFour(account: string): string | undefined
}

const whole = new Big(1)
/** An order for a part of a share that opens or adds is worth so many dollars at least. */
const leastDollars = new Big(1)
/** Assets, hours and permissions change seldom; they are asked for again after so many milliseconds. */
const assetForMs = 5 * 60_000
/** A no that may pass (halted, not known while the venue was in trouble, nothing to borrow) holds for so many milliseconds. */
const noForMs = 60_000
const hoursForMs = 30_000
const permissionForMs = 60_000

export function createAccountFacts(client: AlpacaClient, now: () => Date): AccountFacts {
  const assets = kept<Asset | undefined>(
    now,
    assetForMs,
    (asset) => new Date(now().getTime() + (asset && lasts(asset) ? assetForMs : noForMs)),
  )
  const clocks = kept<VenueHours>(now, hoursForMs, ({ isOpen, opensAt, closesAt }) => (isOpen ? closesAt : opensAt))
  const permissions = kept<AlpacaAccount>(now, permissionForMs)
  const numbers = new Map<string, string>()

  async function read(account: string): Promise<AlpacaAccount> {
    const shown = await client.look(account, '/v2/account', accountPayload)
    if (!shown) throw new VenueError('Alpaca does not show the account')
    if (shown.account_number !== undefined) numbers.set(account, shown.account_number)
    return shown
  }

  return {
    async positions(account) {
      const shown = await client.look(account, '/v2/positions', positionsPayload)
      // An answer without a list is no empty list.
      if (!shown) throw new VenueError('Alpaca does not show the positions')
      return shown.flatMap(({ symbol, qty, side, avg_entry_price: paid }) => {
        const signedQuantity = side === 'short' ? qty.abs().neg() : qty
        const average = paid?.gt(0) ? { averagePrice: paid } : {}
        return signedQuantity.eq(0) ? [] : [{ symbol, signedQuantity, ...average }]
      })
    },

    async balance(account) {
      const shown = await read(account)
      if (!shown.cash) throw new VenueError('Alpaca does not show the cash of the account')
      const blocked = blockedBecause(shown)
      return {
        cash: shown.cash,
        ...(shown.buying_power && { buyingPower: shown.buying_power }),
        ...(shown.equity && { equity: shown.equity }),
        ...(blocked !== undefined && { blocked }),
      }
    },

    async instrument(account, symbol) {
      if (!isShare(symbol)) return undefined
      const path = `/v2/assets/${encodeURIComponent(symbol)}`
      const asset = await assets(`${account} ${symbol}`, () => client.look(account, path, assetPayload))
      if (!asset) return undefined
      const permission = asset.shortable ? await permissions(account, () => read(account)) : undefined
      return instrumentOf(symbol, asset, permission?.shorting_enabled !== false)
    },

    hours: (account) =>
      clocks('all', async () => {
        const clock = await client.look(account, '/v2/clock', clockPayload)
        if (!clock) throw new VenueError('Alpaca does not show its hours')
        return { isOpen: clock.is_open, opensAt: clock.next_open, closesAt: clock.next_close }
      }),

    lastFour: (account) => numbers.get(account)?.slice(-4),
  }
}

/** Is what the venue says of an asset good for long? One that is out of the list for good says so by its status. */
function lasts({ tradable, status, shortable, easy_to_borrow, borrow_status }: Asset): boolean {
  if (status !== undefined && status !== 'active') return true
  const isEasy = borrow_status === undefined ? easy_to_borrow !== false : borrow_status === 'easy_to_borrow'
  return tradable && (!shortable || isEasy)
}

function instrumentOf(symbol: string, asset: Asset, mayShort: boolean): VenueInstrument {
  const isActive = asset.status === undefined || asset.status === 'active'
  const isTraded = asset.tradable && isActive
  const isEasy =
    asset.borrow_status === undefined ? asset.easy_to_borrow === true : asset.borrow_status === 'easy_to_borrow'
  return {
    symbol,
    isTraded,
    canShort: isTraded && asset.shortable === true && isEasy && mayShort,
    ...(asset.fractionable
      ? {
          lot: asset.min_trade_increment ?? finestStep,
          parts: {
            canShort: false,
            canExtend: asset.attributes?.includes('fractional_eh_enabled') === true,
            leastDollars,
          },
        }
      : { lot: whole }),
    ...(!isTraded && { words: isActive ? 'Alpaca does not trade it' : `at Alpaca it is ${asset.status}` }),
  }
}

const blocks: [field: 'account_blocked' | 'trading_blocked' | 'trade_suspended_by_user', words: string][] = [
  ['account_blocked', 'Alpaca has blocked the account'],
  ['trading_blocked', 'Alpaca has blocked trading in the account'],
  ['trade_suspended_by_user', 'trading is suspended in the account’s settings at Alpaca'],
]

function blockedBecause(shown: AlpacaAccount): string | undefined {
  const block = blocks.find(([field]) => shown[field])
  if (block) return block[1]
  return ['ACTIVE', 'PAPER_ONLY', 'LIMITED'].includes(shown.status)
    ? undefined
    : `the account at Alpaca is ${shown.status}`
}
