import { symbolNamed } from '../../market/names.ts'
import type { CommandMessage, Inbound } from '../chat/inbound.ts'
import type { Command, Option } from '../commands/command.ts'
import { takeAside } from '../language/aside.ts'
import { type Classification, classifyFurther, hearSpoken } from '../language/classify.ts'
import { folded } from '../language/marks.ts'
import { type Spoken, spokenIn } from '../language/spoken.ts'
import type { UnderstoodCommand } from '../language/understand.ts'
import { classifierOf, type Ears } from './ears.ts'
import { privateOption } from './private-answer.ts'

/** A typed text with the grammar's understanding of it. */
export interface Utterance {
  /** The words that the writer says, in plain characters. */
  text: string
  /** The message was only a quotation, code or struck, so it says nothing. */
  isOnlyQuoted: boolean
  /** Only the writer may see the answer. */
  isPrivate: boolean
  decided?: Classification<Command>
  partly?: UnderstoodCommand<Command>
  /** The intent model's understanding. The model reads the text only once. */
  further(): Promise<Classification<Command>>
}

/** Reads a message with the grammar; undefined for a press, because it has no words. */
export function utteranceOf(ears: Ears, inbound: Inbound): Utterance | undefined {
  const spoken = spokenOf(ears, inbound)
  if (spoken === undefined) return undefined
  const { text, isPrivate } = inbound.kind === 'message' ? takeAside(spoken.text) : commandAside(spoken.text, inbound)
  const classifier = inbound.kind === 'command' ? optionClassifier(ears, inbound) : classifierOf(ears)
  const { decided, partly } = hearSpoken(classifier, { ...spoken, text })
  let further: Promise<Classification<Command>> | undefined
  return {
    text,
    isOnlyQuoted: spoken.isQuoted && text === '',
    isPrivate,
    decided,
    partly,
    further() {
      further ??= classifyFurther(classifier, text, partly, spoken.hasGap)
      return further
    },
  }
}

const commandAside = (text: string, inbound: Inbound) => ({
  text,
  isPrivate: inbound.kind === 'command' && inbound.options[privateOption.name] === 'true',
})

/** The words of a message. A platform command becomes the same words as a typed one. Undefined for a press. */
function spokenOf(ears: Ears, inbound: Inbound): Spoken | undefined {
  if (inbound.kind === 'press') return undefined
  if (inbound.kind === 'message') return spokenIn(inbound.text)
  const options = ears.registry.byName(inbound.command)?.command.options ?? []
  const words = options.flatMap((option) => {
    const value = inbound.options[option.name]
    return value ? [option.before ?? '', wordOf(ears, option, value)] : []
  })
  const text = folded([inbound.command, ...words].filter(Boolean).join(' '))
  return { text, isQuoted: false, hasGap: false, isTyped: true }
}

/** The word for the value of an option. A dollar sign marks symbols, because a typed symbol is never another word. */
function wordOf({ parts: { market } }: Ears, { type, several }: Option, value: string): string {
  if (type === 'member' && /^\w+$/.test(value)) return `<@${value}>`
  if (type !== 'symbol') return value
  const marked = (symbol: string) => {
    const bare = symbol.replace(/^\$/, '')
    return `$${market.instrument(bare)?.symbol ?? symbolNamed(market, bare) ?? bare}`
  }
  if (!several || market.instrument(value) || symbolNamed(market, value)) return marked(value)
  return value === 'all'
    ? value
    : value
        .split(/[\s,]+/)
        .filter(Boolean)
        .map(marked)
        .join(' ')
}

/** The classifier of a platform command. Only its symbol options are symbols; in a text they may stand among other words. */
function optionClassifier(ears: Ears, { command }: CommandMessage) {
  const options = ears.registry.byName(command)?.command.options ?? []
  const classifier = classifierOf(ears)
  return options.some(({ type }) => type === 'text') ? classifier : { ...classifier, knowsSymbol: () => false }
}
