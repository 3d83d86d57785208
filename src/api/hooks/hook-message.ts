import { z } from 'zod'

/** Actions of alerts in JSON, with the command that each is. */
const commands = {
  buy: 'buy',
  sell: 'sell',
  close: 'close',
  exit: 'close',
  flat: 'flat',
  trim: 'trim',
  add: 'add',
  scaleout: 'scaleout',
} as const

/** A number, or a text of one: alerts fill in whichever they have. */
const number = z
  .union([z.number().finite(), z.string().trim()])
  .transform(String)
  .refine((text) => /^\d{1,12}(\.\d{1,8})?$/.test(text))

/** An alert in JSON. Fields that it has beside these are refused, as they may have meant something. */
const alert = z.strictObject({
  symbol: z
    .string()
    .trim()
    .transform((text) => text.replace(/^[A-Z]+:/i, ''))
    .refine((text) => /^[A-Za-z0-9.\-/]{1,20}$/.test(text)),
  action: z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum(Object.keys(commands) as (keyof typeof commands)[])),
  quantity: z
    .union([
      number,
      z
        .string()
        .trim()
        .regex(/^(all|half|third|quarter|\d{1,3}(\.\d{1,2})?%)$/i),
    ])
    .optional(),
  price: number.optional(),
})

/** The message to a hook: the words of a command, or the reason why it is none, in a sentence. */
export type HookMessage = { words: string } | { unreadable: string }

/**
 * Reads what came to a hook: a plain text is the words of a command as they are; JSON is `{"symbol", "action", "quantity", "price"}`.
 */
export function readHookMessage(body: Buffer): HookMessage {
  const text = body.toString('utf8').trim()
  if (text === '') return { unreadable: 'it was empty' }
  if (!text.startsWith('{')) return text.includes('\u0000') ? { unreadable: 'it was no text' } : { words: text }
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch {
    return { unreadable: 'it was no JSON' }
  }
  const parsed = alert.safeParse(given)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const where = issue!.path.join('.') || (issue!.code === 'unrecognized_keys' ? issue!.keys.join(', ') : '')
    return {
      unreadable: `its JSON was not {"symbol", "action", "quantity", "price"}${where ? ` (${where.slice(0, 60)})` : ''}`,
    }
  }
  const { symbol, action, quantity, price } = parsed.data
  const words = [commands[action], quantity, `$${symbol}`, price && `@ ${price}`]
  return { words: words.filter((word) => word !== undefined).join(' ') }
}
