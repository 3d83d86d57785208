import { droppable, type Registry } from './registry.ts'
import { plain } from './words.ts'

/** Questions for a way to do something: `how do I stop the scaleout`. */
const way =
  /^(?:(?:and|but|so|ok|hey),? )?(?:how (?:do|can|could|would|should|to|does)(?: (?:i|we|you|one|the desk))?|show me how to|explain|tell me (?:about|how to)|help (?:me )?(?:with|on|about)) (.+)$/
/** Questions for the meaning of a word: `what is a scaleout`. `what is my stop` asks for a figure. */
const meaning =
  /^(?:what is|what's|whats|what are|what does) (?:(?:a|an|the) )?((?!(?:my|our|your|it|this|that)\b)[a-z -]+?)(?: mean| do| for)?$/
/** A longer text is no question for a topic. */
const longest = 120

/**
 * The command that a question for help is about: `how do I set a stop?` is about `stop`. Undefined for other texts, and when no
 * word names a command.
 */
export function topicOf(registry: Registry, text: string): string | undefined {
  if (text.length > longest) return undefined
  const asked = plain(text).replace(/[\s?!.]+$/, '')
  const said = way.exec(asked)?.[1]
  if (said !== undefined) return namedIn(registry, said)
  const word = meaning.exec(asked)?.[1]
  if (word === undefined) return undefined
  const words = word.split(' ')
  const named = registry.lookUp(words)
  return named?.count === words.length ? named.registered.name : undefined
}

/** The command with the longest wording among the words; the first of several. */
function namedIn(registry: Registry, said: string): string | undefined {
  const words = said.split(' ').filter((word) => !droppable.has(word))
  const found = words
    .map((_, at) => registry.lookUp(words.slice(at)))
    .filter((wording) => wording !== undefined)
    .filter(({ registered }) => !registered.command.greets)
    .sort((a, b) => b.count - a.count)
  return found[0]?.registered.name
}
