import { Big } from '../../base/amounts.ts'
import { amountAt } from './amounts.ts'
import { barePrice, clocked, inThousands, limited, orders } from './bare-numbers.ts'
import { bringLevels } from './entry-levels.ts'
import { withoutGradual } from './gradual.ts'
import type { Handler, RegisteredCommand, Registry } from './registry.ts'
import { level, pair, pairInOrder } from './settle-levels.ts'
import { alertOf, secondOrder, sumOf, withNumber } from './settle-sums.ts'
import { withoutSilent } from './silent.ts'
import type { Given, Slots } from './slots.ts'
import { stopOrder } from './stop-orders.ts'

/** A command with its final slots. */
export interface SettledCommand<Code extends Handler> {
  registered: RegisteredCommand<Code>
  given: Given
  leftover: string[]
  /** A number may have another meaning than the one that was read. */
  isUnsure: boolean
}

const exits = new Set(['close', 'close all', 'sell', 'trim', 'scaleout', 'cancel scaleout'])
const levels = new Set(['stop', 'target', 'trail', 'breakeven'])

/**
 * Interprets the slots for one command. A slow sale becomes a scaleout, an order with a time is scheduled, and a bare number is a
 * price if the command takes no quantity.
 */
export function settle<Code extends Handler>(
  registry: Registry<Code>,
  named: RegisteredCommand<Code>,
  slots: Slots,
): SettledCommand<Code> {
  const given = { ...slots.given }
  let leftover = slots.leftover
  let registered = named
  const isWithUnclear = withNumber(named, given, slots)
  if (slots.number !== undefined) leftover = numbered(named, given, slots.number, leftover)
  inThousands(given, slots)
  ofOrder(named, given, slots)
  awaited(named, given, slots, leftover)
  // `amc short -2500`
  if (named.name === 'short' && given.quantity?.startsWith('-')) given.quantity = given.quantity.slice(1)
  const become = (name: string) => {
    const other = registry.byName(name)
    if (other) registered = other
    return other !== undefined
  }
  // `ping me at 300 amd`, `notify me when amd hits 260`
  const isPrice = (given.price ?? given.above ?? given.below ?? given.quantity) !== undefined
  if (named.name === 'notify' && isPrice) become('price alert')
  if (registered.name === 'price alert') leftover = alertOf(given, slots, leftover)
  const slower = withoutGradual(leftover)
  if (slower.length < leftover.length && exits.has(named.name) && become('scaleout')) leftover = slower
  const isSlow = (given.speed !== undefined && given.speed !== 'fast') || (given.length ?? given.chunks) !== undefined
  if (isSlow && /^(sell|trim|close|close all)$/.test(registered.name)) become('scaleout')
  // A gradual close of all is a scaleout of every position, and not of the thread's.
  if (named.name === 'close all' && registered.name === 'scaleout') given.fraction ??= '1'
  if (registered.name === 'close all') leftover = keepOut(given, leftover)
  if (registered.name === 'close all' && (given.symbol ?? given.symbols) !== undefined && become('close'))
    given.fraction ??= '1'
  if (registered.name === 'close all' && given.fraction === '1') delete given.fraction
  if (registered.name === 'stop' && given.target !== undefined && become('bracket')) pair(given, slots, 'stop')
  else if (registered.name === 'target' && given.stop !== undefined && become('bracket')) pair(given, slots, 'target')
  else if (registered.name === 'bracket') pairInOrder(given, slots, leftover)
  else if (levels.has(registered.name)) level(given, slots, registered.name)
  else if (slots.isAtPercent) leftover = notAShare(given, slots, leftover)
  // `notify me when AMD reaches 300` is about a price, and `notify` about tasks.
  const isPriced = (given.price ?? given.above ?? given.below ?? given.reach) !== undefined
  if (registered.name === 'notify' && isPriced && given.symbol !== undefined) become('price alert')
  const isWaiting = atStop(registered, given, slots)
  leftover = secondOrder(registered, given, slots, leftover)
  bringLevels(registered.name, given)
  const isInside = inside(registered, given, leftover)
  leftover = withoutSilent(registered, given, leftover)
  wholeOf(given, slots)
  const isSumUnclear = sumOf(registered, given, slots, leftover)
  const isStopUnclear = stopOrder(registered.name, given, slots, leftover)
  const isClocked = clocked(registered, given, slots)
  limitOf(registered, given, slots, leftover)
  if (slots.paid !== undefined && (orders.has(registered.name) || levels.has(registered.name)))
    leftover.push(slots.paid)
  // A level always covers the whole position, so `all` without a price is not understood: `full stop` is no stop.
  if (levels.has(registered.name) && given.fraction === '1' && (given.price ?? given.percent) === undefined) {
    leftover.push('all')
    delete given.fraction
  }
  const isUnsure = [
    slots.isUnsure === true,
    isInside,
    isWaiting,
    isSumUnclear,
    isStopUnclear,
    isWithUnclear,
    slots.isApart === true && (registered.name === 'sell' || registered.name === 'trim') && given.stop !== undefined,
    slots.joined?.number !== undefined && orders.has(registered.name),
    beyond(registered, given, slots, leftover),
    barePrice(registered, given, slots),
    isClocked,
    howFar(registered, given, isClocked ? { ...slots, by: undefined } : slots, leftover),
  ].includes(true)
  schedule(registered, given, slots, become)
  bareNumber(registered, given, slots, leftover)
  const hasLevel = (given.price ?? given.above ?? given.below ?? given.reach) !== undefined
  // A level that the command does not take names the condition already.
  const isNamed =
    ['schedule', 'stop', 'price alert'].includes(registered.name) ||
    (given.above ?? given.below ?? given.reach) !== undefined
  if (slots.waits && !(hasLevel && isNamed)) leftover = [...leftover, 'if']
  return { registered, given, leftover, isUnsure }
}

/**
 * Makes a price that an order waits for its condition: `sell 100 if it hits 120`, `sell 100 @ 120 if price hits`. For other
 * commands it is the price itself: `alert me when AMD hits 120`.
 */
function awaited({ name }: RegisteredCommand, given: Given, { waits }: Slots, leftover: string[]): void {
  const { price, above, below, reach } = given
  if (orders.has(name) || name === 'schedule') {
    if (waits && (above ?? below ?? reach) === undefined && price !== undefined) given.reach = price
    return
  }
  if (reach === undefined) return
  delete given.reach
  if (price === undefined) given.price = reach
  else if (price !== reach) leftover.push(reach)
}

/** Makes the symbols of `close all but BYND and AMD` those that stay open. */
function keepOut(given: Given, leftover: string[]): string[] {
  const symbols = given.symbols ?? given.symbol
  const at = leftover.findIndex((word) => ['but', 'except', 'excluding'].includes(word))
  if (at < 0 || symbols === undefined) return leftover
  given.except = symbols
  delete given.symbol
  delete given.symbols
  return leftover.toSpliced(at, leftover[at + 1] === 'for' ? 2 : 1)
}

/**
 * Interprets a side of a price: `buy AMD below 115` is a limit, `sell AMD below 110` is a condition, and `stop below 110` leaves
 * a word over. Returns whether the meaning is unsure.
 */
function beyond({ name }: RegisteredCommand, given: Given, { beyond: said }: Slots, leftover: string[]): boolean {
  if (!said) return false
  const { side, value, word } = said
  const isBetter = name === 'buy' || name === 'add' ? side === 'below' : side === 'above'
  if (given.price !== undefined || given[side] !== undefined) leftover.push(`${word} ${value}`)
  else if (name === 'stop' || name === 'target') {
    given.price = value
    leftover.push(word)
  } else if (name === 'schedule' || (orders.has(name) && !isBetter)) given[side] = value
  else if (name === 'price alert') {
    given[side] = value
    return false
  } else if (orders.has(name)) given.price = value
  else {
    given[given.quantity === undefined ? 'quantity' : 'price'] = value
    leftover.push(word)
    return false
  }
  return true
}

/** Makes `100%` all. */
function wholeOf(given: Given, { percent }: Slots): void {
  if (percent === undefined || given.fraction === undefined) return
  if (new Big(percent).eq(100)) given.fraction = '1'
}

/** Leaves over `limit` where the command has no limit price, and where a limit without its price is not asked for. */
function limitOf({ name }: RegisteredCommand, given: Given, { isLimit }: Slots, leftover: string[]): void {
  const asks = limited.has(name)
  if ((isLimit || given.how !== undefined) && !(asks || (isLimit && (name === 'move' || name === 'schedule'))))
    leftover.push('limit')
  // `limit sell 10 amd if it hits 240`
  if (asks && given.how === 'limit') given.price ??= given.reach!
  if (!asks || given.price !== undefined) delete given.how
}

/** The rest of a share: the opposite of `0.3` is `0.7`, and of `1/3` it is `2/3`. */
function restOf(share: string): string {
  const [over = '', under] = share.split('/')
  if (under !== undefined) return `${Number(under) - Number(over)}/${under}`
  return new Big(1).minus(over).toFixed()
}

/**
 * Makes `trim amd to 30%` a trim of 70%, and `trim amd to 500` one that leaves 500. Other commands take no remainder. Returns
 * whether the number may be a price, which is unsure.
 */
function remainder({ name }: RegisteredCommand, given: Given, to: string, leftover: string[]): boolean {
  // `sell 100 amd to 231.40`: some say it for `at`.
  if (given.price === to && to.includes('.') && given.quantity !== undefined && given.quantity !== to) return true
  // `buy 75 coinbase to 251`: beside a size it can be nothing else.
  const isPaid = name === 'buy' || name === 'add' || name === 'long' || name === 'short'
  if (given.price === to && isPaid && given.quantity !== undefined && given.quantity !== to) return true
  if (given.price === to) {
    delete given.price
    leftover.push(`to ${to}`)
    return false
  }
  const isShare = !/^[\d.]+$/.test(to) || to === given.fraction
  if (given.quantity !== undefined && !isShare && given.quantity !== to) return false
  if (isShare ? given.fraction === undefined : given.quantity === undefined) return false
  const takesIt = (name === 'trim' || name === 'sell') && given.dollars === undefined
  if (takesIt && isShare && given.quantity === undefined && given.fraction !== '1') {
    given.fraction = restOf(given.fraction!)
  } else if (takesIt && !isShare && given.fraction === undefined && !to.includes('.')) {
    given.leave = to
    delete given.quantity
  } else {
    leftover.push(`to ${to}`)
    delete given[isShare ? 'fraction' : 'quantity']
  }
  return false
}

/** Reads a condition as the level of a stop: `stop me out if it drops to 198.50`. Returns whether there is one, which is unsure. */
function atStop({ name }: RegisteredCommand, given: Given, { waits }: Slots): boolean {
  const value = given.below ?? given.above
  const own = given.price ?? given.percent ?? given.quantity ?? given.fraction
  if (name !== 'stop' || waits !== true || own !== undefined || value === undefined) return false
  given.price = value
  delete given.below
  delete given.above
  return true
}

/**
 * Leaves over numbers that are a distance, because the commands take a level or a size: `raise the stop by 5 cents`. Returns
 * whether a number may mean something else.
 */
function howFar(registered: RegisteredCommand, given: Given, { by, to }: Slots, leftover: string[]): boolean {
  const { name } = registered
  const isTo = to !== undefined && (orders.has(name) || name === 'long' || name === 'short')
  const isUnsure = isTo && remainder(registered, given, to, leftover)
  const takesIt = name === 'trim' || name === 'trail' || name === 'add'
  // `bump my amd up by 100 at 118`
  if (takesIt && by !== undefined && by === given.quantity) return isUnsure
  if (by === undefined || (takesIt && (given.quantity === undefined || given.price === undefined))) return isUnsure
  for (const slot of ['price', 'quantity']) if (given[slot] === by) delete given[slot]
  leftover.push(`by ${by}`)
  return isUnsure
}

/** Leaves over a percentage behind `at`: `sell at 25%` names a level and not a share. */
function notAShare(given: Given, { percent }: Slots, leftover: string[]): string[] {
  delete given.fraction
  return [...leftover, `${percent}%`]
}

/** `make it 25.20 on order 2`: the number behind `order` is that of the order, and the other one the price. */
function ofOrder({ name }: RegisteredCommand, given: Given, { order, to }: Slots): void {
  if (name !== 'move' || given.quantity === undefined) return
  if (order !== undefined && given.price === order) {
    given.price = given.quantity
    given.quantity = order
  } else if (
    given.price === undefined &&
    order !== given.quantity &&
    (to === given.quantity || given.quantity.includes('.'))
  ) {
    // `move my limit to 24.15`
    given.price = given.quantity
    delete given.quantity
  }
}

/** Makes `#4` the number of an order or a task. For `move` another number is then the price. */
function numbered({ name }: RegisteredCommand, given: Given, number: string, leftover: string[]): string[] {
  if (!['move', 'cancel', 'task'].includes(name)) return [...leftover, `#${number}`]
  if (given.quantity !== undefined && name === 'move') given.price ??= given.quantity
  given.quantity = number
  return leftover
}

/** Turns an order with a time or a condition into a scheduled order. */
function schedule(named: RegisteredCommand, given: Given, slots: Slots, become: (name: string) => boolean): void {
  // A scaleout by a time ends then.
  const isEnd = named.name === 'scaleout' && slots.waits !== true && isOnlyEnd(given)
  const isLater =
    ['time', 'deadline', 'above', 'below'].some((name) => given[name] !== undefined) || slots.waits === true
  if (!isLater || isEnd || !orders.has(named.name)) return
  if (become('schedule')) given.side = named.name
}

/** Is a time named only as the end? */
function isOnlyEnd({ time, deadline, above, below }: Given): boolean {
  return deadline !== undefined && (time ?? above ?? below) === undefined
}

/**
 * Reads a number behind `in` as a price: `put the stop in 85`, `long 25 NVDA in 130.50`. For an order it may be minutes or
 * pieces unless it has decimals. Returns whether there was one, which is unsure.
 */
function inside({ name }: RegisteredCommand, given: Given, leftover: string[]): boolean {
  const at = leftover.findIndex((word) => /^in \$?[\d.]/.test(word))
  if (at < 0 || (given.price ?? given.percent) !== undefined) return false
  const said = leftover[at]!.replace(/^in \$?/, '')
  const value = amountAt([{ word: said, raw: said }], 0)?.value
  if (value === undefined) return false
  const isLevel = name === 'stop' || name === 'target'
  const isEntry = (name === 'long' || name === 'short') && given.quantity !== undefined
  if (!isLevel && !isEntry && !(limited.has(name) && value.includes('.'))) return false
  leftover.splice(at, 1)
  given.price = value
  return true
}

/** Reads a bare number as a price if the command takes a price and no quantity. A number with `shares` is no price. */
function bareNumber({ command }: RegisteredCommand, given: Given, { isCounted }: Slots, leftover: string[]): void {
  const takes = (name: string) => command.options.some((option) => option.name === name)
  if (!takes('price') || takes('quantity') || given.quantity === undefined) return
  if (isCounted) leftover.push(given.quantity)
  else if (given.price !== undefined) return
  else given.price = given.quantity
  delete given.quantity
}
