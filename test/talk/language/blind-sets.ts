import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A message of a set, with the meaning that its writer intended. */
export interface Message {
  text: string
  command: string
  params?: Record<string, string>
}

/**
 * The sets in `blind/`, by name: messages by writers who saw neither the code nor the frames. `seen` were read by those who
 * work on this, after they were first measured; nobody who does has opened one of `never seen`.
 */
export const blindSets = {
  seen: ['a', 'c', 'd', 'g', 'h', 'i', 'j', 'k', 'l', 'n', 'o', 'p', 'q', 'r', 's', 't', 'v', 'w', 'x', 'y', 'z'],
  'never seen': ['b', 'e', 'f', 'm', 'u', 'aa'],
}

/** The named sets that exist. */
export function setsThere(names: string[]): string[] {
  return names.filter((name) => existsSync(fileOf(name)))
}

/** The messages of the named sets, in order. Some writers wrote the name of a command with a space: `close all`. */
export function messagesOf(names: string[]): Message[] {
  return names.flatMap((name) =>
    readFileSync(fileOf(name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Message)
      .map((message) => ({ ...message, command: message.command.replaceAll(' ', '-') })),
  )
}

/** A command with its slots, as it was read or meant. */
interface Meaning {
  command: string
  params?: Record<string, string>
}

/** Is a message read as its writer meant it, with every slot and no others? */
export function meansTheSame(read: Meaning, meant: Meaning): boolean {
  const [one, other] = [actOf(read), actOf(meant)]
  return one.command === other.command && sameSlots(one.params, other.params)
}

/** Commands whose slots the writers did not name. */
const withoutSlots = new Set(
  `balance orders positions trades daily weekly history tasks market alerts quiet digest notify guardian limits accounts timezone help
  close-all cancel undo none`.split(/\s+/),
)

/**
 * The act of a meaning. These are the same act in other words: a sale of all of a named symbol closes it; a trim at a time sells a part;
 * a scaleout of all is one of the position; the two classes of Alphabet's shares are both `google`.
 */
function actOf({ command, params = {} }: Meaning): Required<Meaning> {
  if (withoutSlots.has(command)) return { command, params: {} }
  const slots = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, value.replace(/\bGOOG\b/g, 'GOOGL')]),
  )
  const isOfAll = slots.fraction === '1' && slots.quantity === undefined
  if (command === 'schedule' && slots.side === 'trim') slots.side = 'sell'
  const isSale = command === 'schedule' ? slots.side === 'sell' : command === 'sell' || command === 'trim'
  if (isOfAll && (command === 'scaleout' || command === 'close' || isSale)) delete slots.fraction
  if (!isOfAll || !isSale || slots.symbol === undefined) return { command, params: slots }
  return command === 'schedule' ? { command, params: { ...slots, side: 'close' } } : { command: 'close', params: slots }
}

/** Are the slots that were found those that the writer meant, and no others? */
function sameSlots(found: Record<string, string>, wanted: Record<string, string>): boolean {
  const names = new Set([...Object.keys(found), ...Object.keys(wanted)])
  return [...names].every((name) => sameValue(found[name], wanted[name]))
}

/** `0.5` and `0.50` are the same number. */
function sameValue(found: string | undefined, wanted: string | undefined): boolean {
  if (found === undefined || wanted === undefined) return found === wanted
  return found === wanted || (/^[\d.]+$/.test(found) && Number(found) === Number(wanted))
}

const fileOf = (name: string) => fileURLToPath(new URL(`blind/${name}.jsonl`, import.meta.url))
