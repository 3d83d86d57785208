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
  seen: ['a', 'c', 'd', 'g', 'h', 'i', 'j', 'k', 'l', 'n'],
  'never seen': ['b', 'e', 'f', 'm'],
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

/** Are the slots that were found those that the writer meant, and no others? */
export function sameSlots(found: Record<string, string>, wanted: Record<string, string>): boolean {
  const names = new Set([...Object.keys(found), ...Object.keys(wanted)])
  return [...names].every((name) => sameValue(found[name], wanted[name]))
}

/** `0.5` and `0.50` are the same number. */
function sameValue(found: string | undefined, wanted: string | undefined): boolean {
  if (found === undefined || wanted === undefined) return found === wanted
  return found === wanted || (/^[\d.]+$/.test(found) && Number(found) === Number(wanted))
}

const fileOf = (name: string) => fileURLToPath(new URL(`blind/${name}.jsonl`, import.meta.url))
