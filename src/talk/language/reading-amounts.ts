import { type Amount, amountAt, pairIn } from './amounts.ts'
import { dollarsAt } from './dollars.ts'
import { Findings } from './findings.ts'
import { priceAt } from './prices.ts'
import { bounds, counted, owned, paidWords, roughly, sidesOfPrice, sizeLeads, unsureLeads } from './slot-words.ts'
import { fractionIn } from './words.ts'

/** Words that make a price above which nobody pays the limit. */
const negatedPay =
  /\b(don't|dont|not|never|won't|wont|wouldn't|no)\b.* (pay|paying|spend|go|buy|buying)( (it|them|a penny|anything))? (over|above)$/
/** A number with a dot before three digits. */
const thousands = /^[1-9]\d{0,2}\.\d{3}$/

/** Words that join a second thing to what was said before. */
export const joining = new Set(['and', 'then', 'plus', 'also', '+'])
/** Words that make the number behind them the price of an order. */
const limitLeads = new Set(['@', 'at', 'limit', 'lmt', 'lim', 'price', 'px'])

/** Reads the amounts of a text: sizes, prices and dollars. */
export class AmountReading extends Findings {
  /** Reads an amount in dollars. A sum that may be a price is one until `settle` sees that the order has no other amount. */
  protected dollars(at: number): number {
    const found = dollarsAt(this.tokens, at, (next) => this.isSymbolAt(next))
    if (!found) return 0
    const { price, quantity, fraction } = this.given
    if (found.isUnsure && price !== undefined) {
      // `buy amd @ 220 for 500`: dollars or shares.
      if (found.lead === 'for' && (quantity ?? fraction) === undefined) this.found.isUnsure = true
      if (found.lead !== 'with') return 0
      return (quantity ?? fraction) === undefined
        ? this.put('dollars', found.value, found.used)
        : this.lose(at, found.used)
    }
    if (found.isUnsure) {
      this.found.sum = found.value
      this.found.sumAt = found.lead ?? 'symbol'
    }
    return this.put(found.isUnsure ? 'price' : 'dollars', found.value, found.used)
  }

  protected marketPrice(at: number): number {
    const found = priceAt(this.tokens, at)
    if (!found) return 0
    if (this.given.price !== undefined) {
      if (!limitLeads.has(this.words[at]!)) return 0
      // `buy $5k amd @ 220`: the first number is the sum, and the marked one the price.
      if (this.found.sum === undefined || (this.given.quantity ?? this.given.fraction) !== undefined)
        return this.given.price === found.amount.value ? found.used : this.lose(at, found.used)
      this.given.dollars = this.found.sum
      delete this.found.sum
      delete this.given.price
    }
    const lead = this.words[at - 1] ?? ''
    if (roughly.has(lead) || found.amount.isUnsure) this.found.isUnsure = true
    // `SL of NIO keep at 4.60`
    const isKept = lead === 'keep' && ['at', '@'].includes(this.words[at]!)
    if (isKept) this.found.isUnsure = true
    if (unsureLeads.has(lead) && lead !== 'in' && !isKept) return this.lose(at, found.used)
    this.priceLead(this.words.slice(at, at + found.used))
    if (this.words[at] === 'at' && found.used === 2) this.found.clock = this.words[at + 1]!
    if (lead === 'to') this.found.to = found.amount.value
    return this.put('price', found.amount.value, found.used)
  }

  /** Notes the words before a price: a limit is for orders, and a price paid is for positions. */
  private priceLead(words: string[]): void {
    if (words.some((word) => word === 'limit' || word === 'lmt' || word === 'limited')) this.found.isLimit = true
    this.found.paid = words.find((word) => paidWords.has(word))
  }

  protected amount(at: number): number {
    const amount = amountAt(this.tokens, at)
    if (!amount) {
      this.found.pair ??= pairIn(this.words[at]!)
      return 0
    }
    const { given } = this
    const { value, kind, used } = amount
    if (amount.isUnsure) this.found.isUnsure = true
    if (kind === 'percent') {
      if (this.found.percent !== undefined || given.fraction !== undefined) this.leftover.push(`${value}%`)
      else {
        this.found.percent = value
        if (this.words[at - 1] === 'to') this.found.to = `${value}%`
        this.found.isAtPercent = ['at', '@'].includes(this.words[at - 1] ?? '')
        given.fraction = fractionIn(`${value}%`)!
      }
      return used
    }
    const guarded = this.guarded(at, amount)
    if (guarded > 0) return guarded
    const isBefore = this.words[at + used] === 'of' || this.isSymbolAt(at + used)
    const isSize = kind === 'size' || (kind === 'plain' && (isBefore || sizeLeads.has(this.words[at - 1] ?? '')))
    // `1.000` may mean a thousand, because some countries write it so.
    if (isSize && thousands.test(this.words[at]!)) {
      this.found.isUnsure = true
      if (kind === 'size') this.found.thousands = value
    }
    // `bid 118.40 for 500 AMD`: the number before the symbol is the size. `1 000 AMD` is one number, so it is left over.
    if (isSize && !this.found.isSize && given.quantity !== undefined && given.price === undefined) {
      if (this.words[at - 1] !== 'for' && !given.quantity.includes('.') && !/^[/-]$/.test(this.words[at - 1] ?? ''))
        return this.lose(at, used)
      this.found.isUnsure ||= this.words[at - 1] !== 'for'
      given.price = given.quantity
      given.quantity = value
      this.found.isSize = true
      return used
    }
    if (kind === 'size') this.found.isCounted = true
    if (kind === 'plain' && given.quantity !== undefined && joining.has(this.words[at - 1] ?? ''))
      this.found.joined ??= { number: value }
    // `trim amd $500`: dollars without a word that makes them a price may be a sum.
    const isLed = ['@', 'at', 'limit', 'lmt', 'from', 'price', 'to'].includes(this.words[at - 1] ?? '')
    const isCents = this.words.slice(at, at + used).some((word) => /^(c|¢|cents?)$|[\d.](c|¢|cents?)$/.test(word))
    const other = given.quantity ?? given.fraction ?? given.dollars ?? given.price
    if (kind === 'price' && !isLed && !isCents && !value.includes('.') && other === undefined) {
      this.found.sum = value
      this.found.sumAt = 'alone'
    }
    const isPrice = kind === 'price' || (kind === 'plain' && given.quantity !== undefined)
    if (isSize && !isPrice) this.found.isSize = true
    if (kind === 'price' && !this.tokens[at]!.word.startsWith('$')) this.found.isSpoken = true
    if (isPrice && kind === 'plain') this.found.isSecond = true
    if (isPrice && given.price === undefined) given.price = value
    else if (!isPrice && given.quantity === undefined) {
      given.quantity = value
      if (given.price !== undefined) this.found.isAfter = true
    } else this.leftover.push(value)
    return used
  }

  /** Handles numbers that are not a plain size or price of the order. Returns the number of words used, or 0. */
  private guarded(at: number, { value, kind, used }: Amount): number {
    const behind = this.words[at + used] ?? ''
    if (kind === 'plain' && counted.has(behind)) return this.lose(at, used + 1)
    let before = at - 1
    while (before >= 0 && owned.has(this.words[before]!)) before -= 1
    const lead = this.words[before] ?? ''
    if (lead === 'of' && this.given.quantity !== undefined && kind !== 'price' && !value.includes('.')) {
      // `300 of my 1000 AMC`: the second number is the present position.
      this.found.isUnsure = true
      return used
    }
    // `sell 500 KMI, not less than $2`: the bound is a limit price.
    const [bound] = bounds.exec(this.words.slice(Math.max(0, at - 3), at).join(' ')) ?? []
    const { quantity, fraction, price } = this.given
    if (bound && (quantity ?? fraction) && !price && kind !== 'size' && !this.isSymbolAt(at + used)) {
      for (const word of bound.split(' ').reverse()) if (this.leftover.at(-1) === word) this.leftover.pop()
      this.found.isUnsure = true
      return this.put('price', value, used)
    }
    // `buy 250 rivian, i don't want to pay over 14.10`
    const isMost = /^(above|over)$/.test(lead) && negatedPay.test(this.words.slice(Math.max(0, at - 9), at).join(' '))
    if (isMost && (quantity ?? fraction) && !price && kind !== 'size') {
      if (this.leftover.at(-1) === lead) this.leftover.pop()
      this.found.isUnsure = true
      return this.put('price', value, used)
    }
    const side = sidesOfPrice.get(lead as never)
    if (side && before === at - 1 && kind !== 'size' && !this.isSymbolAt(at + used)) {
      if (this.leftover.at(-1) === lead) this.leftover.pop()
      if (this.found.beyond) return this.lose(before, at + used - before) - (at - before)
      this.found.beyond = { side, value, word: lead }
      return used
    }
    if (lead === 'in' && (kind !== 'plain' || this.isSymbolAt(at + used))) return 0
    if (unsureLeads.has(lead)) {
      if (this.leftover.at(-1) === lead) this.leftover.pop()
      return this.lose(before, at + used - before) - (at - before)
    }
    if (roughly.has(lead)) this.found.isUnsure = true
    if (lead === 'by' || lead === 'to') this.found[lead] = value
    return 0
  }
}
