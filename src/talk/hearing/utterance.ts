import type { Inbound } from '../chat/inbound.ts'
import type { Command } from '../commands/command.ts'
import { takeAside } from '../language/aside.ts'
import { type Classification, classifyFurther, hearSpoken } from '../language/classify.ts'
import { folded } from '../language/marks.ts'
import type { Registry } from '../language/registry.ts'
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
  const spoken = spokenOf(ears.registry, inbound)
  if (spoken === undefined) return undefined
  const { text, isPrivate } = inbound.kind === 'message' ? takeAside(spoken.text) : commandAside(spoken.text, inbound)
  const classifier = classifierOf(ears)
  const { decided, partly } = hearSpoken(classifier, { ...spoken, text })
  let further: Promise<Classification<Command>> | undefined
  return {
    text,
    isOnlyQuoted: spoken.isQuoted && text === '',
    isPrivate,
    decided,
    partly,
    further() {
      further ??= classifyFurther(classifier, text, partly)
      return further
    },
  }
}

const commandAside = (text: string, inbound: Inbound) => ({
  text,
  isPrivate: inbound.kind === 'command' && inbound.options[privateOption.name] === 'true',
})

/** What a message says. A platform command becomes the same words as a typed one. Undefined for a press. */
function spokenOf(registry: Registry<Command>, inbound: Inbound): Spoken | undefined {
  if (inbound.kind === 'press') return undefined
  if (inbound.kind === 'message') return spokenIn(inbound.text)
  const options = registry.byName(inbound.command)?.command.options ?? []
  const words = options.flatMap(({ name, before, type }) => {
    const value = inbound.options[name]
    if (!value) return []
    return [before ?? '', type === 'member' && /^\w+$/.test(value) ? `<@${value}>` : value]
  })
  return { text: folded([inbound.command, ...words].filter(Boolean).join(' ')), isQuoted: false, hasGap: false }
}
