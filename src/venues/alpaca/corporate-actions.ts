import { Big } from '../../base/amounts.ts'
import type { VenueCorporateAction } from '../venue.ts'
import { activitiesAfter, type Kind, timeOf } from './activities.ts'
import type { AlpacaClient } from './client.ts'
import type { Activity } from './payloads.ts'

/**
 * All that changes holdings without an order. Alpaca books them during the night after, with the date of the day itself. Fees,
 * interest and transfers of cash are none.
 */
const kind: Kind = {
  types: 'DIV,DIVCGL,DIVCGS,DIVFEE,DIVFT,DIVNRA,DIVROC,DIVTW,DIVTXEX,SPLIT,NC,SPIN,MA,REORG,ACATS,JNLS,MISC,FOPT',
  overlapMs: 3 * 24 * 3_600_000,
}

/** The two halves of one action are booked within this many milliseconds. */
const sameMomentMs = 60_000

/** The corporate actions of an account after a cursor, oldest first. */
export async function corporateActionsAfter(
  client: AlpacaClient,
  account: string,
  cursor?: string,
): Promise<{ actions: VenueCorporateAction[]; cursor: string }> {
  const { fresh, known, cursorWith } = await activitiesAfter(client, account, kind, cursor)
  return { actions: fresh.flatMap((activity) => actionOf(activity, known) ?? []), cursor: cursorWith() }
}

/** The action in an activity; undefined when it was taken back or touches no symbol. */
export function actionOf(activity: Activity, all: Activity[]): VenueCorporateAction | undefined {
  const { id, symbol, qty, net_amount: cash, status } = activity
  const at = timeOf(activity)
  if (symbol === undefined || at === undefined || status === 'canceled') return undefined
  const what = kindOf(activity)
  // The activity that takes the old shares away stands beside the one that gives the new ones.
  const group = groupOf(activity, all)
  const isGiving = what === 'symbol' && text(activity.new_symbol) === undefined && qty?.gt(0)
  if (isGiving && group.some((other) => other.symbol !== symbol && other.qty?.lt(0))) return undefined
  const newSymbol = what === 'symbol' ? newSymbolOf(activity, group) : undefined
  const ratio = what === 'split' ? ratioOf(activity, group) : undefined
  const words = activity.description ?? [activity.activity_type, activity.activity_sub_type].filter(Boolean).join(' ')
  return {
    id,
    kind: what,
    symbol: text(activity.old_symbol) ?? symbol,
    // A dividend's quantity is that of the shares that earned it.
    ...(qty && what !== 'dividend' && what !== 'cash_in_lieu' && { quantity: qty }),
    ...(ratio && { ratio }),
    ...(cash && !cash.eq(0) && { cash }),
    ...(newSymbol !== undefined && { newSymbol }),
    at: new Date(at),
    words: words.slice(0, 200),
  }
}

/**
 * The activities that belong together. Alpaca may leave their group out (it is optional): then another symbol for exactly as many
 * shares, booked at the same moment, is the other half, if there is only one.
 */
function groupOf(activity: Activity, all: Activity[]): Activity[] {
  const { group_id: group, qty, symbol, activity_type: type, activity_sub_type: sub } = activity
  if (group !== undefined) return all.filter(({ group_id }) => group_id === group)
  if (!qty || kindOf(activity) !== 'symbol') return []
  const others = all.filter(
    (other) =>
      other.group_id === undefined &&
      other.activity_type === type &&
      other.activity_sub_type === sub &&
      other.symbol !== symbol &&
      other.status !== 'canceled' &&
      other.qty?.eq(qty.neg()) &&
      Math.abs((timeOf(other) ?? 0) - timeOf(activity)!) < sameMomentMs,
  )
  return others.length === 1 ? [activity, ...others] : []
}

function kindOf({ activity_type: type, activity_sub_type: sub, description }: Activity): VenueCorporateAction['kind'] {
  if (/cash.?in.?lieu|\bCIL\b/i.test([type, sub, description].join(' '))) return 'cash_in_lieu'
  if (type.startsWith('SPLIT') || type === 'SSP' || sub === 'FSPLIT' || sub === 'RSPLIT') return 'split'
  if ((type === 'NC' && sub !== 'CNC') || type === 'SC') return 'symbol'
  if (type.startsWith('DIV') && sub !== 'SDIV') return 'dividend'
  return 'other'
}

/** New shares for an old one: by the rates that the activity names, or by the quantities of its group. */
function ratioOf(activity: Activity, group: Activity[]): Big | undefined {
  for (const [fresh, old] of [
    ['new_rate', 'old_rate'],
    ['new_qty', 'old_qty'],
  ] as const) {
    const rates = [amount(activity[fresh]), amount(activity[old])]
    if (rates[0] && rates[1]) return rates[0].div(rates[1])
  }
  const taken = group.find(({ qty }) => qty?.lt(0))?.qty
  const given = group.find(({ qty }) => qty?.gt(0))?.qty
  return taken && given ? given.div(taken.abs()) : undefined
}

function newSymbolOf(activity: Activity, group: Activity[]): string | undefined {
  return text(activity.new_symbol) ?? group.find(({ symbol, qty }) => symbol !== activity.symbol && qty?.gt(0))?.symbol
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

function amount(value: unknown): Big | undefined {
  if (typeof value !== 'string') return undefined
  try {
    const number = new Big(value)
    return number.gt(0) ? number : undefined
  } catch {
    return undefined
  }
}
