import { tokenise } from './tokens.ts'

/** Words of a text that take a command's meaning away, by the commands that they do so for. */
const kinds: [commands: Set<string>, words: RegExp][] = [
  // `buy 100 amd nothing under 80` pays no less, which is no limit of a purchase.
  [
    new Set(['buy', 'add']),
    /\b(?:nothing|not|no|never) (?:under|below|less than|lower than|cheaper than)(?= [$@]?\.?\d)/,
  ],
  [new Set(['sell', 'close', 'trim']), /\b(?:nothing|not|no|never) (?:over|above|higher than)(?= [$@]?\.?\d)/],
  // `close all if amd hits 240` is about everything, which waits for no price here.
  [
    new Set(['schedule']),
    /^(?:(?:please|can you|could you) )?(?:close|exit|flatten|liquidate|dump) (?:all|everything|it all|all positions|all my positions|the lot)(?= (?:if|when|once|as soon as|should) (?!it\b|price\b|the price\b)\S+ )/,
  ],
  // `close snap n dis` names two, and `this` is neither.
  [new Set(['close', 'sell', 'trim', 'scaleout', 'buy', 'add']), /(?<=\S )and (?:this|that)(?: one)?$/],
  // `where's my amd order` asks for no price.
  [
    new Set(['quote']),
    /(?<=^(?:where's|wheres|where is|where are) (?:my|the) .*)\b(?:orders?|stops?|targets?|alerts?|fills?|limit|bid|offer)$/,
  ],
  // `advise amd not`
  [new Set(['advise']), /(?<!\bor )\bnot$/],
]

/** The words of a text that contradict its command, as in `buy 100 amd nothing under 80`; undefined when there are none. */
export function contradictionIn(text: string, command: string): string | undefined {
  const wanted = kinds.filter(([commands]) => commands.has(command))
  if (wanted.length === 0) return undefined
  const said = tokenise(text.slice(0, 500))
    .tokens.map(({ word }) => word)
    .join(' ')
  for (const [, words] of wanted) {
    const [found] = words.exec(said) ?? []
    if (found !== undefined) return found
  }
  return undefined
}
