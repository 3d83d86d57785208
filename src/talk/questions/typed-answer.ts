import type { Question } from '../chat/reply.ts'
import type { Given } from '../language/slots.ts'
import { neverMind, plain } from '../language/words.ts'

/**
 * What a typed text answers to a question: the value of a choice (by its number, its word or an alias), the text itself
 * where a number or words were asked for, or undefined when it is no answer.
 */
export function answerTo(question: Question, text: string): string | undefined {
  const said = plain(text)
  if (question.kind !== 'choice') return said === '' ? undefined : text.trim()
  const choice =
    question.choices.find((_, index) => said === String(index + 1)) ??
    question.choices.find((one) => [one.value, one.label, ...(one.aliases ?? [])].some((word) => plain(word) === said))
  return choice?.value ?? (question.orPrice === undefined ? undefined : priceIn(said))
}

/** A price of more characters than this is none that anybody means. */
const longestPrice = 40

/** A price in words that are nothing else. A lone digit is rather the number of a choice that there is not. */
function priceIn(said: string): string | undefined {
  if (said.length > longestPrice) return undefined
  const [, word, digits = ''] = /^((?:limit |lmt |at |@ ?|\$)*)([\d,]*\.?\d+)$/.exec(said) ?? []
  return digits.length > 1 || word ? digits : undefined
}

/** What a typed number answers to a question with choices, and nothing but a number. */
export function numberedAnswer(question: Question, text: string): string | undefined {
  return question.choices.find((_, index) => plain(text) === String(index + 1))?.value
}

/** What an answer says under the names of the flow: to the question itself, and to those whose fields its form has as well. */
export function answersIn(
  { name, fields = [], choices, orPrice }: Question,
  answer: string,
  more: string[] = [],
): Given {
  if (orPrice !== undefined && !choices.some(({ value }) => value === answer)) return { [orPrice]: answer }
  const further = fields.slice(1).map((field, index) => [field.name, more[index]?.trim() ?? ''] as const)
  return { ...Object.fromEntries(further.filter(([, text]) => text !== '')), [name]: answer }
}

/** Does a text take the question back? A choice that is called so is an answer instead. */
export function takesBack(question: Question, text: string): boolean {
  return neverMind.has(plain(text)) && (question.kind !== 'choice' || answerTo(question, text) === undefined)
}
