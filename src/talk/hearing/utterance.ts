import type { Inbound } from '../chat/inbound.ts'
import type { Command } from '../commands/command.ts'
import { type Classification, classifyFurther, hearGrammar } from '../language/classify.ts'
import type { Registry } from '../language/registry.ts'
import type { UnderstoodCommand } from '../language/understand.ts'
import { classifierOf, type Ears } from './ears.ts'

/** A typed text with the grammar's understanding of it. */
export interface Utterance {
  text: string
  decided?: Classification<Command>
  partly?: UnderstoodCommand<Command>
  /** The intent model's understanding. The model reads the text only once. */
  further(): Promise<Classification<Command>>
}

/** Reads a message with the grammar; undefined for a press, because it has no words. */
export function utteranceOf(ears: Ears, inbound: Inbound): Utterance | undefined {
  const text = textOf(ears.registry, inbound)
  if (text === undefined) return undefined
  const classifier = classifierOf(ears)
  const { decided, partly } = hearGrammar(classifier, text)
  let further: Promise<Classification<Command>> | undefined
  return {
    text,
    decided,
    partly,
    further() {
      further ??= classifyFurther(classifier, text, partly)
      return further
    },
  }
}

/** The text of a message. A platform command becomes the same words as a typed one. Undefined for a press. */
function textOf(registry: Registry<Command>, inbound: Inbound): string | undefined {
  if (inbound.kind === 'press') return undefined
  if (inbound.kind === 'message') return inbound.text
  const options = registry.byName(inbound.command)?.command.options ?? []
  const words = options.flatMap(({ name, before, type }) => {
    const value = inbound.options[name]
    if (!value) return []
    return [before ?? '', type === 'member' && /^\w+$/.test(value) ? `<@${value}>` : value]
  })
  return [inbound.command, ...words].filter(Boolean).join(' ')
}
