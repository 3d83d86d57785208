import { type Big, zero } from '../../../src/base/amounts.ts'
import type { Agenda } from '../../contracts/venues/difficult/agenda.ts'
import type { Ids } from '../broker/ids.ts'
import type { Phase } from '../broker/sessions.ts'
import type { Account } from './account.ts'
import type { Draws, Faults } from './faults.ts'

/** An asset as the API shows it. */
export interface Asset {
  id: string
  class: 'us_equity'
  exchange: string
  symbol: string
  name: string
  status: 'active' | 'inactive'
  tradable: boolean
  marginable: boolean
  shortable: boolean
  easy_to_borrow: boolean
  borrow_status: 'easy_to_borrow' | 'hard_to_borrow'
  fractionable: boolean
  maintenance_margin_requirement: number
  margin_requirement_long: string
  margin_requirement_short: string
  cusip: string | null
  attributes: string[]
}

/** The price of a symbol, in dollars a share, and the shares that are there at it. */
export interface Quote {
  bid: Big
  ask: Big
  /** The last trade. */
  last: Big
  /** Shares left on each side; absent: as many as anybody wants. */
  bidSize?: Big
  askSize?: Big
  at: string
}

/** All that the parts of the server share: its time, its market, its accounts. */
export interface World {
  agenda: Agenda
  ids: Ids
  faults: Faults
  draws: Draws
  /** The broker's time, skewed as a test likes it. */
  now(): Date
  /** A text of the present moment; no two are the same. */
  stamp(): string
  phase(): Phase
  assets: Map<string, Asset>
  /** The asset of a symbol, or of an asset's id. */
  asset(symbolOrId: string): Asset | undefined
  quotes: Map<string, Quote>
  quote(symbol: string): Quote | undefined
  /** The last price; zero before there is one. */
  price(symbol: string): Big
  halted: Set<string>
  accounts: Account[]
  /** The executions of an activity, and its position in the listing, are told by ids of their own. */
  hasUnlikeIds: boolean
  /** A replacing order begins with what the old one has filled, and has its whole quantity. */
  carriesFills: boolean
  /** A replacing order is for the whole again. */
  replacesWhole: boolean
  /** Tells the stream of an account. */
  tell(account: Account, event: string, body: Record<string, unknown>): void
  /** Tells the event stream of an account's activities. */
  tellActivity(account: Account, event: Record<string, unknown>): void
}

/** The members of a world that follow from its state. */
export function lookups(assets: World['assets'], quotes: World['quotes']): Pick<World, 'asset' | 'quote' | 'price'> {
  return {
    asset: (key) => assets.get(key) ?? [...assets.values()].find(({ id }) => id === key),
    quote: (symbol) => quotes.get(symbol),
    price: (symbol) => quotes.get(symbol)?.last ?? zero,
  }
}

/** A common share, unless a test says otherwise. */
export function assetOf(ids: Ids, symbol: string, differing: Partial<Asset> = {}): Asset {
  return {
    id: ids.uuid(),
    class: 'us_equity',
    exchange: 'NASDAQ',
    symbol,
    name: `${symbol} Common Stock`,
    status: 'active',
    tradable: true,
    marginable: true,
    shortable: true,
    easy_to_borrow: differing.shortable !== false,
    borrow_status: differing.shortable === false ? 'hard_to_borrow' : 'easy_to_borrow',
    fractionable: true,
    maintenance_margin_requirement: 30,
    margin_requirement_long: '30',
    margin_requirement_short: '30',
    cusip: null,
    attributes: [],
    ...differing,
  }
}
