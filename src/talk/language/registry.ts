import type { Db } from '../../infra/db/client.ts'
import { phrasesIn } from './phrases.ts'
import { slipsOf } from './slips.ts'
import type { Handler, RegisteredCommand, Wording, Wordings } from './wording.ts'
import { plain, slips } from './words.ts'

export type { Handler, RegisteredCommand, Wording } from './wording.ts'

/** A longer text is no command. */
const longestCommand = 500

/** The commands that people can type. */
export interface Registry<Code extends Handler = Handler> {
  commands: RegisteredCommand<Code>[]
  /** Rows whose handler does not exist in the code. */
  orphans: { command: string; handler: string }[]
  byName(name: string): RegisteredCommand<Code> | undefined
  /**
   * The command at the beginning of a text, with the words after it. The added words of an alias come first. The longest name or
   * alias wins.
   */
  match(text: string): { registered: RegisteredCommand<Code>; rest: string } | undefined
  /** The longest wording at the beginning of the words. The caller removes `droppable` words first. */
  lookUp(words: string[]): Wording<Code> | undefined
  /** The one wording at the beginning of the words if a typing error is corrected. */
  slipOf(words: string[]): Wording<Code> | undefined
  /** The command that is most similar to the first words of a text; undefined when none is near. */
  nearest(text: string): string | undefined
}

/** Words that are ignored when commands are compared: `close my position` is `close position`. */
export const droppable: ReadonlySet<string> = new Set('my the a an our please pls plz'.split(' '))

/** Reads the commands from the database and joins them with their handlers. */
export async function loadRegistry<Code extends Handler>(
  db: Db,
  handlers: Record<string, Code>,
): Promise<Registry<Code>> {
  const rows = await db
    .selectFrom('trade_commands')
    .selectAll()
    .where('is_implemented', '=', true)
    .orderBy('position')
    .orderBy('command')
    .execute()
  const aliases = await db.selectFrom('trade_command_aliases').selectAll().orderBy('alias').execute()
  return registryOf(rows, aliases, handlers)
}

/** A row of `trade_commands`. */
interface CommandRow {
  command: string
  handler_function: string
  description: string
  category: string
}

/** A row of `trade_command_aliases`. */
interface AliasRow {
  alias: string
  command: string
  words: string
}

/** Joins rows of commands and aliases, both in order, with their handlers. */
export function registryOf<Code extends Handler>(
  rows: CommandRow[],
  aliases: AliasRow[],
  handlers: Record<string, Code>,
): Registry<Code> {
  const commands: RegisteredCommand<Code>[] = []
  const orphans: Registry['orphans'] = []
  for (const row of rows) {
    const command = Object.hasOwn(handlers, row.handler_function) ? handlers[row.handler_function] : undefined
    if (!command) {
      orphans.push({ command: row.command, handler: row.handler_function })
      continue
    }
    const own = aliases.filter((alias) => alias.command === row.command).map((alias) => alias.alias)
    commands.push({ name: row.command, description: row.description, category: row.category, aliases: own, command })
  }
  const byWords = new Map(
    commands.flatMap((one) => [one.name, ...one.aliases].map((words) => [plain(words), one] as const)),
  )
  /** The words that an alias adds to its command: `flat` is `close now`. */
  const wordsOf = new Map(aliases.filter(({ words }) => words !== '').map((one) => [plain(one.alias), one.words]))
  const longest = Math.max(1, ...[...byWords.keys()].map((words) => words.split(' ').length))

  const wordings = wordingsOf(commands, wordsOf)
  /** The first words of the wordings: most words of a message begin none. */
  const beginnings = new Set([...wordings.keys()].map((words) => words.split(' ', 1)[0]!))
  const longestWording = Math.max(1, ...[...wordings.keys()].map((words) => words.split(' ').length))

  return {
    commands,
    orphans,
    byName: (name) => commands.find((one) => one.name === name),
    lookUp(words) {
      if (words[0] === undefined || !beginnings.has(words[0].split(' ', 1)[0]!)) return undefined
      for (let count = Math.min(longestWording, words.length); count > 0; count--) {
        const found = wordings.get(words.slice(0, count).join(' '))
        if (found && !(found.registered.command.greets && count < words.length)) return { ...found, count }
      }
      return undefined
    },
    slipOf: slipsOf(wordings),
    match(text) {
      if (text.length > longestCommand) return undefined
      const words = plain(text)
        .replace(/^[/!]\s*/, '')
        .split(' ')
      for (let count = Math.min(longest, words.length); count > 0; count--) {
        const said = words
          .slice(0, count)
          .join(' ')
          .replace(/[.!,;:]+$/, '')
        const registered = byWords.get(said)
        if (registered) {
          const rest = [...(wordsOf.get(said)?.split(' ') ?? []), ...words.slice(count)]
          return { registered, rest: rest.join(' ') }
        }
      }
      return undefined
    },
    nearest(text) {
      if (text.length > longestCommand) return undefined
      const words = plain(text).split(' ')
      let best: { name: string; away: number; length: number } | undefined
      for (const [known, registered] of byWords) {
        if (known.length < 3 || registered.command.greets) continue
        const said = words.slice(0, known.split(' ').length).join(' ')
        // A short word is near many others, so its first letter must match: `well` is no misspelled `sell`.
        if (known.length < 5 && said[0] !== known[0]) continue
        const away = slips(said, known)
        const isNear = away <= Math.max(1, Math.floor(known.length / 3)) && said.length > 1
        // At the same distance the longer name wins: `canel scaleout` is not `cancel`.
        const isNearer = !best || away < best.away || (away === best.away && known.length > best.length)
        if (isNear && isNearer) best = { name: registered.name, away, length: known.length }
      }
      return best?.name
    },
  }
}

/** All wordings: names and aliases from the database, and phrases of the commands that do not conflict with them. */
function wordingsOf<Code extends Handler>(
  commands: RegisteredCommand<Code>[],
  wordsOf: Map<string, string>,
): Wordings<Code> {
  const wordings: Wordings<Code> = new Map()
  const kept = (words: string) =>
    words
      .split(' ')
      .filter((word) => !droppable.has(word))
      .join(' ')
  for (const registered of commands) {
    for (const said of [registered.name, ...registered.aliases]) {
      const words = plain(said)
      const wording = { registered, words: wordsOf.get(words) ?? '', isThin: false }
      wordings.set(words, wording)
      if (kept(words) !== '' && !wordings.has(kept(words))) wordings.set(kept(words), wording)
    }
  }
  for (const registered of commands) {
    for (const { phrase, says, isThin } of phrasesIn(registered.command.phrases)) {
      const words = kept(phrase)
      if (!wordings.has(words)) wordings.set(words, { registered, words: says, isThin })
    }
  }
  return wordings
}
