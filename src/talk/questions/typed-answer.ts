import type { Question } from '../chat/reply.ts'
import type { Given } from '../language/slots.ts'
import { neverMind, plain } from '../language/words.ts'

/**
 * Reads a typed text as the answer to a question: the value of a choice (by its number, word or alias), or the text itself for
 * a question that asks for a number or words. Undefined when the text is no answer.
 */
export function answerTo(question: Question, text: string): string | undefined {
  const said = bare(text)
  if (question.kind !== 'choice') return said === '' ? undefined : text.trim()
  const choice =
    question.choices.find((_, index) => said === String(index + 1)) ??
    question.choices.find((one) => [one.value, one.label, ...(one.aliases ?? [])].some((word) => plain(word) === said))
  return choice?.value ?? (question.orPrice === undefined ? undefined : priceIn(said))
}

/** A text without the punctuation at its end: `1.` is `1`. */
const bare = (text: string) => plain(text).replace(/[\s.,!)]+$/, '')

/** Texts with more characters than this are not read as prices. */
const longestPrice = 40

/**
 * Reads a text that is only a price. A single digit is not read as a price, because it is rather the number of a missing
 * choice.
 */
function priceIn(said: string): string | undefined {
  if (said.length > longestPrice) return undefined
  const [, word, digits = ''] = /^((?:limit |lmt |at |@ ?|\$)*)([\d,]*\.?\d+)$/.exec(said) ?? []
  return digits.length > 1 || word ? digits : undefined
}

/** The choice that a typed number selects; other texts select none. */
export function numberedAnswer(question: Question, text: string): string | undefined {
  return question.choices.find((_, index) => bare(text) === String(index + 1))?.value
}

/** The values of an answer, by the names of the flow: the question's own, and those of the other fields of its form. */
export function answersIn(
  { name, fields = [], choices, orPrice }: Question,
  answer: string,
  more: string[] = [],
): Given {
  if (orPrice !== undefined && !choices.some(({ value }) => value === answer)) return { [orPrice]: answer }
  const form = choices.find(({ value }) => value === answer)?.form ?? fields.slice(1)
  const further = form.map((field, index) => [field.name, more[index]?.trim() ?? ''] as const)
  return { ...Object.fromEntries(further.filter(([, text]) => text !== '')), [name]: answer }
}

/** Does a text say no to whatever is asked? */
export function isNo(text: string): boolean {
  return neverMind.has(bare(text))
}

const yesOrNo = new Set('y yes yep yeah yup ya n no nope nah'.split(' '))

/** Is a text only an answer: a yes, a no, or the number of a choice? */
export function isBareAnswer(text: string): boolean {
  const said = bare(text)
  return yesOrNo.has(said) || neverMind.has(said) || /^\d$/.test(said)
}

/** Does a text close the question? A choice with the same name is an answer instead. */
export function takesBack(question: Question, text: string): boolean {
  return isNo(text) && (question.kind !== 'choice' || answerTo(question, text) === undefined)
}
