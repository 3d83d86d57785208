import { Big, zero } from '../../base/amounts.ts'
import type { CcxtBalance } from '../../infra/exchanges/exchange.ts'
import { type VenueBalance, VenueError, type VenueInstrument, type VenuePosition } from '../venue.ts'
import type { CcxtClient } from './client.ts'
import type { Quirks } from './quirks.ts'
import { deskSymbol, lotOf, pairOf } from './symbols.ts'

/** Facts about an account and its pairs. */
export interface AccountFacts {
  positions(account: string): Promise<VenuePosition[]>
  balance(account: string): Promise<VenueBalance>
  instrument(account: string, symbol: string): Promise<VenueInstrument | undefined>
}

/** A balance that was just read serves positions and cash alike, in milliseconds. */
const sharedForMs = 250

export function createAccountFacts(client: CcxtClient, title: string, { money, balanceWords }: Quirks): AccountFacts {
  const reading = new Map<string, { read: Promise<CcxtBalance>; at: number }>()

  /** What an account holds. The two looks of one sweep are one request. */
  function balanceOf(account: string): Promise<CcxtBalance> {
    const before = reading.get(account)
    if (before && performance.now() - before.at < sharedForMs) return before.read
    const read = client.ask(account, (exchange) => exchange.fetchBalance(balanceWords))
    reading.set(account, { read, at: performance.now() })
    read.catch(() => reading.delete(account))
    return read
  }

  return {
    /** A spot account has balances and no positions: what it holds of a coin counts as its pair with the money. */
    async positions(account) {
      const [{ total }, pairs] = await Promise.all([
        balanceOf(account),
        client.open(account).then(({ markets = {} }) => markets),
      ])
      if (!total) throw new VenueError(`${title} does not show the balances`)
      return Object.entries(total).flatMap(([currency, held]) => {
        const pair = pairs[`${currency}/${money}`]
        const signedQuantity = new Big(held || 0)
        return pair && !signedQuantity.eq(0) ? [{ symbol: deskSymbol(pair.symbol), signedQuantity }] : []
      })
    },
    async balance(account) {
      const { total, free } = await balanceOf(account)
      if (!total) throw new VenueError(`${title} does not show the balances`)
      return { cash: new Big(total[money] || zero), buyingPower: new Big(free?.[money] || zero) }
    },
    async instrument(account, symbol) {
      const pair = pairOf(await client.open(account), symbol)
      if (!pair || pair.quote !== money) return undefined
      const isTraded = pair.active !== false
      const words = isTraded ? {} : { words: `${title} does not trade it now` }
      return { symbol, isTraded, canShort: false, lot: lotOf(pair), ...words }
    },
  }
}
