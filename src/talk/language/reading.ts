import { Big } from '../../base/amounts.ts'
import { amountAt, fractionAt } from './amounts.ts'
import { conditionAt, subjects } from './condition.ts'
import { dateAt } from './dates.ts'
import { dollarsAt } from './dollars.ts'
import { levelAt } from './level-words.ts'
import { speedAt } from './paces.ts'
import { priceAt } from './prices.ts'
import { AmountReading, joining } from './reading-amounts.ts'
import { openChunksAt, termAt } from './scaleout-terms.ts'
import {
  beforeNumbers,
  fillers,
  isNearFiller,
  member,
  noNames,
  noSymbolBehind,
  nowAt,
  ofTheDesk,
  ownClauseAt,
  prepositions,
  pronouns,
  roles,
  standingAt,
} from './slot-words.ts'
import { strangerAt } from './stranger.ts'
import { symbolIn, worse } from './symbols.ts'

/** Reads the slots of a text word by word. */
export class Reading extends AmountReading {
  /** The index behind the last term of a scaleout. */
  private termEnd = -1

  /** Reads the slot or word at an index. Returns the number of words it used, at least one. */
  read(at: number): number {
    return (
      this.date(at) ||
      this.time(at) ||
      this.condition(at) ||
      this.now(at) ||
      this.level(at) ||
      this.pace(at) ||
      this.term(at) ||
      this.fraction(at) ||
      this.dollars(at) ||
      this.marketPrice(at) ||
      this.amount(at) ||
      this.word(at)
    )
  }

  /** Leaves a date over as one piece: the desk knows days of the week, and its number is no size. */
  private date(at: number): number {
    const used = dateAt(this.words, at)
    return used > 0 ? this.lose(at, used) : 0
  }

  private time(at: number): number {
    // `five minutes before 16:00, so at 15:55` says one time twice. Another time is left over with its `so`.
    const so = this.words[at] === 'so' ? 1 : 0
    const found = this.readsTime?.(this.words, at + so)
    if (!found || (so > 0 && this.given[found.name] !== found.value)) return 0
    if (found.isUnsure) this.found.isUnsure = true
    return this.put(found.name, found.value, so + found.used)
  }

  private condition(at: number): number {
    const found = conditionAt(
      this.tokens,
      at,
      (next) => symbolIn(this.tokens[next]!, this.knows, this.shouts) !== undefined,
    )
    if (!found) return 0
    if (found.isStrange) {
      // The words stay together with their number, so that the number is not ignored.
      this.leftover.push(this.words.slice(at, at + found.used).join(' '))
      return found.used
    }
    if (found.name && found.value) this.put(found.name, found.value, 0)
    this.found.waits = true
    if (found.isUnsure) this.found.isUnsure = true
    for (let inside = at; inside < at + found.used; inside++) this.symbolInside(inside)
    return found.used
  }

  /** Reads a symbol in a condition, as in `if BYND hits 1.20`. Directly behind `if`, a traded everyday word also counts. */
  private symbolInside(at: number): void {
    const found = symbolIn(this.tokens[at]!, this.knows, this.shouts)
    const isSubject = ['if', 'when', 'once', 'as'].includes(this.words[at - 1] ?? '') && !subjects.has(this.words[at]!)
    if (!found || (found.certainty === 'homograph' && !(isSubject && this.knows(found.symbol)))) return
    if (!this.watched.includes(found.symbol)) this.watched.push(found.symbol)
    this.certainty ??= found.certainty === 'homograph' ? 'known' : found.certainty
  }

  private now(at: number): number {
    const used = nowAt(this.words, at)
    return used > 0 ? this.put('now', 'yes', used) : 0
  }

  private level(at: number): number {
    const found = levelAt(this.tokens, at, this.readsTime)
    // `stop 500 AMD 24.15`: the number before the symbol is the size.
    if (!found || (this.isSymbolAt(at + found.used) && this.hasNumber(at + found.used + 1))) return 0
    if (found.isUnsure) this.found.isUnsure = true
    if (found.limit) {
      this.put('price', found.limit, 0)
      this.found.isStopOrder = true
    }
    // The first level behind a conjunction or a comma may be an order of its own.
    if ((this.given.stop ?? this.given.target) === undefined && at > 0) {
      if (joining.has(this.words[at - 1]!))
        this.found.joined = { level: this.words.slice(at - 1, at + found.used).join(' ') }
      else if (this.tokens[at]!.isApart) this.found.isApart = true
    }
    return this.put(found.name, found.value, found.used)
  }

  /** Is there a number at an index or behind it? */
  private hasNumber(from: number): boolean {
    return this.words.slice(from).some((word) => /^[$]?[\d.]/.test(word))
  }

  private pace(at: number): number {
    const found = speedAt(this.words, at)
    if (!found) return 0
    if (found.isSlip) this.found.isSlip = true
    return this.put('speed', found.speed, found.used)
  }

  private term(at: number): number {
    const found = termAt(this.tokens, at)
    if (!found) {
      const open = openChunksAt(this.tokens, at)
      return open > 0 ? this.lose(at, open) : 0
    }
    if (found.each !== undefined) {
      // `10 chunks of 100` is a size, too, and shown as such.
      const all = new Big(found.value).times(found.each).toFixed()
      this.found.isUnsure = true
      this.put('quantity', all, 0)
    }
    this.termEnd = at + found.used
    return this.put(found.name, found.value, found.used)
  }

  private fraction(at: number): number {
    if (this.words[at] === 'the' || this.words[at] === 'my') return 0
    const found = fractionAt(this.tokens, at)
    if (!found) return 0
    // These have another meaning: `half of half`, `1 1/2`, `at half`, `half price`.
    const isOther =
      (this.given.fraction !== undefined && found.value !== '1') ||
      this.words[at - 1] === 'at' ||
      (/^[\d.,]+$/.test(this.words[at - 1] ?? '') && at !== this.termEnd) ||
      this.words[at + found.used] === 'price'
    if (isOther) {
      const before = this.words[at - 1]
      const begin = before !== undefined && this.leftover.at(-1) !== before ? at - 1 : at
      this.leftover.push(this.words.slice(begin, at + found.used).join(' '))
    } else if (this.words[at - 1] === 'to') this.found.to = found.value
    if (isOther) return found.used
    // The refusal names the word that was said: `stop 5% on everything`.
    const isSecond = this.given.fraction !== undefined && this.given.fraction !== found.value
    return isSecond ? this.lose(at, found.used) : this.put('fraction', found.value, found.used)
  }

  private word(at: number): number {
    const token = this.tokens[at]!
    const { word } = token
    const [, number] = /^#(\d{1,6})$/.exec(word) ?? []
    if (number && this.found.number === undefined) {
      this.found.number = number
      return 1
    }
    const clause = this.ownClause(at) || standingAt(this.words, at)
    if (clause > 0) return clause
    const said = symbolIn(token, this.knows, this.shouts)
    // `stop at my cost`
    const isCost = word === 'cost' && this.words[at - 1] === 'my'
    const found =
      said?.certainty === 'homograph' &&
      (isCost || (word.length > 1 && this.isOfTheDesk(at, said.symbol)) || noSymbolBehind.has(this.words[at - 1] ?? ''))
        ? undefined
        : said
    if (word === 'limit' || word === 'lmt') return this.put('how', 'limit', 1)
    if (word === 'stop-limit') return this.put('how', 'stop limit', 1)
    if (found && !(found.certainty === 'homograph' && (fillers.has(word) || prepositions.has(word) || word === 'it'))) {
      if (this.symbols.includes(found.symbol)) return 1
      const isJoined = at > 0 && (this.words[at - 1] === 'and' || this.isSymbolAt(at - 1))
      if (found.certainty === 'homograph' && !isJoined) this.doubtful.add(found.symbol)
      this.symbols.push(found.symbol)
      this.certainty = worse(found.certainty, this.certainty)
    } else if (roles.has(word)) this.given.role = word
    else if (member.test(word)) this.given.member = word.replace(/^<@!?|[|>].*$/g, '')
    else if (word === 'and' && this.symbols.length > 0 && this.isJoined(at + 1)) return 1
    else if (isNearFiller(word)) this.found.isSlip = true
    else if (prepositions.has(word) ? !this.leadsToSlot(at + 1) : !fillers.has(word)) {
      this.leftover.push(word)
      this.found.strange = strangerAt(this.tokens, at, this.shouts, this.found.strange)
    }
    return 1
  }

  /** Is the word at an index a symbol or a slot, so that `and` before it joins it to what was said before? */
  private isJoined(at: number): boolean {
    const token = this.tokens[at]
    if (!token) return false
    return (
      symbolIn(token, this.knows, this.shouts) !== undefined ||
      priceAt(this.tokens, at) !== undefined ||
      levelAt(this.tokens, at, this.readsTime) !== undefined ||
      amountAt(this.tokens, at) !== undefined ||
      fractionAt(this.tokens, at) !== undefined ||
      termAt(this.tokens, at) !== undefined ||
      speedAt(this.words, at) !== undefined ||
      nowAt(this.words, at) > 0
    )
  }

  /** Does an everyday word belong to the word behind it, as in `open orders`? In `my coin position` it is a traded symbol. */
  private isOfTheDesk(at: number, symbol: string): boolean {
    const next = this.words[at + 1] ?? ''
    const isNamed = this.knows(symbol) && /^(positions?|stop|trade|target)$/.test(next) && !noNames.has(this.words[at]!)
    return ofTheDesk.has(next) && !isNamed
  }

  /** Reads a clause of ownership: `the AMC i got`, `what i have left`. */
  private ownClause(at: number): number {
    const isAbout = this.symbols.length > 0 || this.given.fraction !== undefined || this.given.quantity !== undefined
    return ownClauseAt(this.words, at, isAbout)
  }

  /** Is a preposition followed by something that is understood? */
  private leadsToSlot(at: number): boolean {
    let next = at
    const before = this.words[at - 1]!
    const isOut = before === 'out' && prepositions.has(this.words[at] ?? '')
    if (isOut) next += 1
    while (next < at + 3 && fillers.has(this.words[next] ?? '')) next += 1
    const token = this.tokens[next]
    if (this.ownClause(at) > 0) return true
    if (token && pronouns.has(token.word) && next === at && this.words[at - 1] === 'of')
      return this.given.fraction !== undefined || this.given.quantity !== undefined
    const isNumeric = beforeNumbers.has(before) && !isOut
    if (!token)
      return (
        !isNumeric &&
        next > at &&
        fillers.has(this.words[next - 1]!) &&
        /^pos|^order|^share|^stock/.test(this.words[next - 1]!)
      )
    // `to $500 worth of AMD`, `from half`: no slot holds these.
    if (before === 'from' || (isNumeric && dollarsAt(this.tokens, next, (index) => this.isSymbolAt(index))))
      return false
    return (
      (!['by', 'to'].includes(before) && ['@', 'at', 'limit', 'lmt'].includes(token.word)) ||
      (!isNumeric && this.isSymbolAt(next)) ||
      amountAt(this.tokens, next) !== undefined ||
      fractionAt(this.tokens, next) !== undefined ||
      member.test(token.word)
    )
  }
}
