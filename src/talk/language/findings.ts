import type { Given, ReadsTime, Slots } from './given.ts'
import { type Certainty, type KnowsSymbol, symbolIn } from './symbols.ts'
import type { Token } from './tokens.ts'

/** The words of a text, and all that was found in them so far. */
export class Findings {
  protected readonly given: Given = {}
  /** The other findings beside the slots. */
  protected readonly found: Omit<Slots, 'given' | 'leftover'> = {}
  protected readonly leftover: string[] = []
  protected readonly symbols: string[] = []
  /** Symbols that are also everyday words and stand beside no other symbol. They count only if there is no other symbol. */
  protected readonly doubtful = new Set<string>()
  protected certainty?: Certainty
  /** The symbols in conditions. */
  protected readonly watched: string[] = []
  protected readonly words: string[]
  protected readonly shouts: boolean
  protected readonly tokens: Token[]
  protected readonly knows: KnowsSymbol
  protected readonly readsTime?: ReadsTime

  constructor(tokens: Token[], knows: KnowsSymbol, readsTime: ReadsTime | undefined, shouts: boolean) {
    this.tokens = tokens
    this.knows = knows
    this.readsTime = readsTime
    this.words = tokens.map(({ word }) => word)
    this.shouts = shouts
  }

  slots(): Slots {
    this.ofAnother()
    const plain = this.symbols.filter((symbol) => !this.doubtful.has(symbol))
    const symbols = plain.length > 0 ? plain : this.symbols
    if (symbols.length < this.symbols.length)
      this.leftover.push(...[...this.doubtful].map((symbol) => symbol.toLowerCase()))
    if (symbols.length === 1) this.given.symbol = symbols[0]!
    if (symbols.length > 1) this.given.symbols = symbols.join(' ')
    const certainty = plain.length > 0 && this.certainty === 'homograph' ? 'known' : this.certainty
    return { given: this.given, leftover: this.leftover, ...this.found, ...(certainty && { certainty }) }
  }

  /** Leaves over a condition on another symbol than the traded one: `buy AMD if SPY breaks 670`. */
  private ofAnother(): void {
    for (const symbol of this.watched) {
      if (this.symbols.length === 0) this.symbols.push(symbol)
      else if (!this.symbols.includes(symbol))
        this.leftover.push(
          `if ${symbol} ${this.given.above ?? this.given.below ?? this.given.reach ?? this.given.price ?? ''}`.trim(),
        )
    }
  }

  protected put(name: string, value: string, used: number): number {
    if (this.given[name] !== undefined && this.given[name] !== value) this.leftover.push(value)
    else this.given[name] = value
    return used
  }

  /** Leaves words over as one piece, so that the number in them is not ignored. */
  protected lose(at: number, used: number): number {
    this.leftover.push(this.words.slice(at, at + used).join(' '))
    return used
  }

  /** Is the word at an index certainly a symbol? */
  protected isSymbolAt(at: number): boolean {
    const token = this.tokens[at]
    const found = token && symbolIn(token, this.knows, this.shouts)
    return found !== undefined && found.certainty !== 'homograph'
  }
}
