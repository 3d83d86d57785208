import fc from '../../support/fast-check.ts'

/** A part of an order, as docs/language.md lists them. The words that carry its meaning are marked. */
export interface Part {
  /** A phrase; `*` stands before each word without which it means something else, or nothing. */
  text: string
  /** Phrases of the same kind that mean something else. */
  others: string[]
}

const oneOf = (...texts: string[]): fc.Arbitrary<Part> =>
  fc.constantFrom(...texts.map((text) => ({ text, others: texts.filter((other) => other !== text) })))

const symbol = oneOf('*amd', '*bynd', '*TSLA', '*NVDA')
const size = oneOf('*500', '*2k', '*1,250', '*two *hundred', '*70 shares')
const dollars = oneOf('*5k *worth of', '*$900 of', '*300 *dollars of')
const share = oneOf('*half', 'a *third', '*30%', '*2/3', '*all', '*to *20%')
/** The price of a recorded entry, which is no limit. */
const entry = oneOf('@ *118', 'at *119.5', '*$121')
const price = oneOf('@ *118', 'at *119.5', '*$121', 'limit *117.25')
const pace = oneOf('*fast', '*slow', '*smart', '*medium')
const time = oneOf('at *3:55pm', 'in *20 *minutes', '*tomorrow at *10:30', '*by *3pm', 'at the *close')
const condition = oneOf('*if it *breaks *130', '*when it drops *under *90', '*if it hits *125')
const percent = oneOf('*5%', '*7.5%')
const level = oneOf('*112', '@ *111', '*$109.5', '*8%')
const now = oneOf('*now')

/** The verbs, with the parts that follow them. */
const orders: { verbs: string[]; parts: fc.Arbitrary<Part>[]; maybe?: fc.Arbitrary<Part>[] }[] = [
  { verbs: ['*buy', '*sell', '*add'], parts: [size, symbol], maybe: [price, time, condition] },
  { verbs: ['*buy', '*sell'], parts: [dollars, symbol], maybe: [price] },
  { verbs: ['*sell', '*trim'], parts: [symbol, share], maybe: [price] },
  { verbs: ['*close'], parts: [symbol], maybe: [price, now, time, condition] },
  { verbs: ['*close'], parts: [size, symbol], maybe: [price, now, time] },
  { verbs: ['*scaleout'], parts: [symbol, pace], maybe: [size] },
  { verbs: ['*long', '*short'], parts: [symbol, size, entry] },
  { verbs: ['*stop', '*target'], parts: [symbol, level] },
  { verbs: ['*trail'], parts: [symbol, percent] },
]

/** An order in words, each with its mark and the phrases that may take the place of its part. */
export interface WholeOrder {
  words: { word: string; isHeavy: boolean; part: number }[]
  parts: Part[]
}

/** Whole orders of the documented form. */
export const wholeOrder: fc.Arbitrary<WholeOrder> = fc
  .constantFrom(...orders)
  .chain(({ verbs, parts, maybe = [] }) =>
    fc
      .tuple(oneOf(...verbs), fc.tuple(...parts), maybe.length > 0 ? fc.option(fc.oneof(...maybe)) : fc.constant(null))
      .map(([verb, own, more]) => orderOf([verb, ...own, ...(more ? [more] : [])])),
  )

/** The order of these parts. */
export function orderOf(parts: Part[]): WholeOrder {
  const words = parts.flatMap(({ text }, part) =>
    text.split(' ').map((word) => ({ word: word.replace('*', ''), isHeavy: word.includes('*'), part })),
  )
  return { words, parts }
}

export const textOf = ({ words }: Pick<WholeOrder, 'words'>) => words.map(({ word }) => word).join(' ')

/** Words that traders put beside an order and that make another order of it, or one that the desk does not have. */
export const changing =
  words(`limit stop target half all 30% 7 $9 9.25 now fast slow not never except but only short long buy sell close day
  ioc fok moc loc aon opg tomorrow monday december 3pm hour minutes over above below if until by to from minus plus each every twice less
  more losers winners floor trailing oco calls puts NVDA premarket both profit loss cents dollars worth cash cancel replace instead
  double quarter before after when unless or again daily weekly margin hidden iceberg`)

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean)
}

/** The places where such a word says again what the order says already: `profit target`, `buy 500 more`, `breaks above 130`. */
export function isIdle({ words: said }: WholeOrder, word: string, at: number): boolean {
  const verb = said[0]!.word
  const has = (...some: string[]) => said.some((one) => some.includes(one.word))
  if (has(word)) return true
  const hasCondition = has('breaks', 'drops', 'hits')
  const isForDollars = has('worth', 'dollars', '$900')
  const ahead = said[at - 1]?.word ?? ''
  const behind = said[at]?.word
  switch (word) {
    case 'more':
      return hasCondition || verb === 'buy' || verb === 'add'
    case 'stop':
      return verb === 'trail'
    case 'loss':
      return verb === 'stop' || verb === 'trail'
    case 'profit':
      return verb === 'target'
    case 'floor':
      return verb === 'stop'
    case 'only':
    case 'less':
    case 'until':
      return hasCondition
    case 'dollars':
      return isForDollars || /\d$/.test(ahead)
    case 'worth':
      return isForDollars
    case 'limit':
      return has('118', '119.5', '$121', '117.25') && !['long', 'short'].includes(verb)
    case 'by':
      return behind === 'shares' || ['trail', 'trim', 'add', 'sell', 'stop', 'target'].includes(verb)
    case 'from':
      return verb === 'long' || verb === 'short' || behind === 'tomorrow'
    case 'to':
      return (
        behind === 'shares' ||
        has('half') ||
        hasCondition ||
        ['stop', 'target', 'trail'].includes(verb) ||
        (verb === 'add' && at > 1)
      )
    case 'now':
      return at === 0
    case 'above':
    case 'over':
    case 'below':
    case 'if':
    case 'when':
      return hasCondition || isForDollars
    default:
      return false
  }
}
