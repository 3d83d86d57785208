import { describe, expect, test } from 'vitest'
import type { Instrument } from '../../../src/market/market.ts'
import type { Command } from '../../../src/talk/commands/command.ts'
import { decideFurther } from '../../../src/talk/hearing/decide-further.ts'
import type { Ears } from '../../../src/talk/hearing/ears.ts'
import {
  type Classification,
  type Classifier,
  classifyFurther,
  hearGrammar,
} from '../../../src/talk/language/classify.ts'
import { movesMoney } from '../../../src/talk/language/effect.ts'
import type { RegisteredCommand } from '../../../src/talk/language/registry.ts'
import { symbolsOf } from '../../../src/talk/language/symbols.ts'
import { takenBy } from '../../../src/talk/language/understand.ts'
import { shippedRegistry } from './shipped-registry.ts'
import { stockSymbols, wordlikeSymbols } from './stock-symbols.ts'

// Thousands of lines are read, on a machine that may be busy.
const registry = shippedRegistry()

/** The classifier on a market that lists these symbols. */
function onMarket(symbols: string[]): Classifier<Command> {
  const listed = new Map(symbols.map((symbol) => [symbol, { symbol, name: symbol } as Instrument]))
  const market = {
    instruments: () => [...listed.values()],
    instrument: (named: string) => listed.get(named.toUpperCase()),
  }
  return { registry, knowsSymbol: symbolsOf(market) }
}

/** A meaning of a message: a command that would run or be repeated back, with its symbols. */
interface Meaning {
  command: string
  symbols: string[]
}

/** Several symbols count only for a command that takes several. */
function meaningOf(registered: RegisteredCommand<Command>, { symbol, symbols }: Record<string, string>): Meaning {
  const named =
    symbols !== undefined && takenBy(registered).has('symbols') ? symbols.split(' ') : symbol ? [symbol] : []
  return { command: registered.name, symbols: named }
}

/** The meanings that a classified message may be acted on or asked about; none when it is refused. */
function meaningsIn({ verdict, understood, either }: Classification<Command>): Meaning[] {
  if (!understood || (verdict !== 'acts' && verdict !== 'confirms')) return []
  return (either?.meanings ?? [understood]).map((one) => meaningOf(one.registered, one.given))
}

/**
 * The meanings of a message that is said to the desk. A text that the grammar leaves open goes to a model that is sure of the
 * `named` command, whatever the text says.
 */
async function meaningsOf(classifier: Classifier<Command>, text: string, named: string): Promise<Meaning[]> {
  const { decided, partly } = hearGrammar(classifier, text)
  if (decided) return meaningsIn(decided)
  const model = { predict: async () => ({ command: named, confidence: 1 }) }
  const further = () => classifyFurther({ ...classifier, model }, text, partly)
  const market = { instrument: (symbol: string) => (classifier.knowsSymbol(symbol) ? { symbol } : undefined) }
  const decision = decideFurther(
    { registry, parts: { market } } as Ears,
    { text, decided, partly, further, isOnlyQuoted: false, isPrivate: false },
    true,
  )
  if (decision.kind === 'run') return [meaningOf(decision.registered, decision.given)]
  if (decision.kind === 'carry out') return meaningsIn(decision.classified)
  if (decision.kind !== 'understand further') return []
  const classified = await further()
  if (classified.verdict !== 'nothing') return meaningsIn(classified)
  const otherwise = decision.otherwise()
  if (otherwise.kind === 'run') return [meaningOf(otherwise.registered, otherwise.given)]
  return otherwise.kind === 'carry out' ? meaningsIn(otherwise.classified) : []
}

/** Is the typed symbol the only one of the message, or among the meanings that are asked about? */
function isAbout(meanings: Meaning[], symbol: string): boolean {
  if (meanings.length === 0) return true
  if (meanings.length > 1) return meanings.some(({ symbols }) => symbols.includes(symbol))
  return meanings[0]!.symbols.length === 1 && meanings[0]!.symbols[0] === symbol
}

/** The commands that take a symbol, by the words that people type for them. `close all` already says how much. */
const wordings = registry.commands
  .filter((one) => one.command.options.some(({ type }) => type === 'symbol'))
  .flatMap((one) => [one.name, ...one.aliases].map((said) => ({ said, name: one.name })))
  .filter(({ said }) => !/\b(all|everything)\b/.test(said))

/** Symbols that are words of everyday speech, of traders, of the grammar or of the commands. */
const words = [
  ...wordlikeSymbols.filter((symbol) => symbol !== 'AM'),
  ...'ALL ARE C CAT COST DIS EA EL F FAST FIS HAS HUM ICE IP KEY L LEG LOW MAC MAT SIG SO TGT V VAR WAT'.split(' '),
]
const market = onMarket([...stockSymbols, ...words])

/** Words of the grammar. In small letters they are symbols only where nothing else can stand. */
const grammarWords = new Set('a all an be by c cost fast for half it now on or out run so tgt two u'.split(' '))

const forms =
  `C X; X C; C X 10; C 10 X; X C 10; C half X; C X half; C X fast; C X now; C X @ 5; C 10 X @ 5; C half of X; C my X; C on X;
  C X 5%; please C X; C X 10 @ 5; C all X; C X 10 now`.split(/;\s+/)

/** A market without the symbols that are words, and the forms in which such a symbol is typed there, in both orders of the words. */
const elsewhere = onMarket(['AMD', 'BYND', 'MSFT'])
const strangeForms =
  `C X; X C; C X half; C X 10; X C half; C half of X; C X slow; C X 5%; C X now; C my X; C 10 X; C X below 3; C X by half`.split(
    /;\s+/,
  )

/** Is the word a fair one there, as in `close NOW`, `NOW close` and `sell ALL slow`? */
function isFairAsWord(text: string, symbol: string): boolean {
  if (!['NOW', 'FAST', 'ALL'].includes(symbol)) return false
  const isEdge = text.endsWith(symbol) || text.startsWith(symbol)
  return (
    isEdge || (symbol === 'ALL' && / (slow|now|by|below)\b/.test(text)) || / now$/.test(text) || / by half$/.test(text)
  )
}

/** The messages of every symbol with every wording: each pair in one of the forms, all of them in turn. */
function* messages(symbols: string[], forms: string[], spell: (symbol: string) => string, spoken = wordings) {
  let turn = 0
  for (const symbol of symbols)
    for (const { said, name } of spoken) {
      const form = forms[turn++ % forms.length]!
      yield { text: form.replace('C', said).replace('X', () => spell(symbol)), name, symbol }
    }
}

/** The messages that are about another symbol than the typed one. */
async function strays(some: Iterable<{ text: string; name: string; symbol: string }>): Promise<string[]> {
  const found: string[] = []
  for (const { text, name, symbol } of some) {
    const meanings = await meaningsOf(market, text, name)
    if (!isAbout(meanings, symbol)) found.push(`${text} → ${JSON.stringify(meanings)}`)
  }
  return found
}

describe('no command acts on another symbol than the typed one', () => {
  test('that is a word in capitals', async () => {
    expect(await strays(messages(words, forms, (symbol) => symbol))).toEqual([])
  })
  test('with a dollar sign', async () => {
    expect(await strays(messages(words, forms, (symbol) => `$${symbol.toLowerCase()}`))).toEqual([])
  })
  test('that is a word in small letters beside a number', async () => {
    const small = words.filter((symbol) => !grammarWords.has(symbol.toLowerCase()))
    expect(await strays(messages(small, ['C X 10', 'C 10 X'], (symbol) => symbol.toLowerCase()))).toEqual([])
  })
  test('that is one of the S&P 500', async () => {
    const ordinary = stockSymbols.filter((symbol) => !words.includes(symbol))
    const names = wordings.filter(({ said, name }) => said === name)
    expect(await strays(messages(ordinary, forms, (symbol) => symbol, names))).toEqual([])
    const small = messages(ordinary, ['C X 10', 'C 10 X', 'C X half'], (symbol) => symbol.toLowerCase(), names)
    expect(await strays(small)).toEqual([])
  })

  test('and none on the symbol of the thread where a word in capitals is typed that is not traded', async () => {
    const strange = ['A', 'J', 'NOW', 'FAST', 'ALL', 'COST', 'BIG']
    const found: string[] = []
    for (const { text, name, symbol } of messages(strange, strangeForms, (one) => one)) {
      if (isFairAsWord(text, symbol)) continue
      const meanings = await meaningsOf(elsewhere, text, name)
      if (!isAbout(meanings, symbol)) found.push(`${text} → ${JSON.stringify(meanings)}`)
    }
    expect(found).toEqual([])
  })

  test('and none on the symbol of the thread where two others are typed', async () => {
    const found: string[] = []
    for (const { said, name } of wordings)
      for (const form of ['C AMD MSFT', 'C amd and msft', 'AMD MSFT C', 'C AMD ALL 10']) {
        const text = form.replace('C', said)
        const meanings = await meaningsOf(market, text, name)
        if (meanings.some(({ symbols }) => !symbols.includes('AMD')))
          found.push(`${text} → ${JSON.stringify(meanings)}`)
      }
    expect(found).toEqual([])
  })

  test('and none that moves money on the symbol of the thread where an unknown name is typed', async () => {
    const found: string[] = []
    for (const { said, name } of wordings.filter((one) => movesMoney(registry.byName(one.name)!)))
      for (const form of ['C 10 plontir', 'C half of my plontir', 'C of plontir', 'C plontir 10', 'C 1 PLN/TIR']) {
        const text = form.replace('C', said)
        const meanings = await meaningsOf(market, text, name)
        if (meanings.some(({ symbols }) => !/^PL/.test(symbols.join())))
          found.push(`${text} → ${JSON.stringify(meanings)}`)
      }
    expect(found).toEqual([])
  })
})
