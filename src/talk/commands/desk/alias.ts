import { Refusal } from '../../../base/refusal.ts'
import { aliasFrom, wordFrom } from '../../language/alias-words.ts'
import { addAlias, dropAlias, ownAliases } from '../../language/aliases.ts'
import { wordsKey } from '../../language/live-registry.ts'
import { plain } from '../../language/words.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'

/** The most aliases of its own that a desk may have; nobody remembers more. */
const mostAliases = 200

export const setAlias: Command = {
  name: 'alias',
  aliases: ['aliases', 'words'],
  description: 'Your own words for commands (owners change them)',
  category: 'Desk',
  position: 141,
  effect: 'sets',
  usage: 'alias WORD = COMMAND [WORDS] | list',
  example: 'alias puke = close',
  detail:
    'Gives a command another word, for everybody and at once; owners only. It may carry words: `alias puke = close now`. Refused for what is a word of the desk, a symbol, a number or an answer. `alias list` shows them, `unalias puke` takes one away.',
  needs: 'viewer',
  account: 'none',
  options: [{ name: 'words', type: 'text', description: 'puke = close, or list' }],
  asks: () => false,
  async run(hearing, { words: given }) {
    const said = plain(given.rest ?? '')
    if (said === '' || said === 'list') return list(hearing)
    const { parts, registry, speaker } = hearing
    if (speaker.role !== 'owner') return onlyOwners()
    const wanted = aliasFrom(registry, said, (word) => parts.market.instrument(word) !== undefined)
    if (wanted instanceof Refusal) return wanted
    const { alias, command, words } = wanted
    if ((await ownAliases(parts.db)).length >= mostAliases)
      return new Refusal('TOO_MANY_ALIASES', `There are ${mostAliases} already. Nothing was changed.`, '`unalias` one')
    const version = await parts.db
      .transaction()
      .execute((trx) => addAlias(trx, { alias, command, words }, speaker.memberId, parts.clock.now()))
    if (version === undefined) return taken(alias)
    await tell(hearing, version)
    return say(`✓ \`${alias}\` is \`${[command, words].filter(Boolean).join(' ')}\` from now on, for everybody.`)
  },
}

export const removeAlias: Command = {
  name: 'unalias',
  aliases: [],
  description: 'Take such a word away (owners only)',
  category: 'Desk',
  position: 142,
  effect: 'sets',
  usage: 'unalias WORD',
  example: 'unalias puke',
  detail: 'Takes a word away that an owner made with `alias`; those that the desk came with stay. Owners only.',
  needs: 'owner',
  account: 'none',
  options: [{ name: 'word', type: 'text', required: true, description: 'The word' }],
  asks: () => false,
  async run(hearing, { words: given }) {
    const { parts } = hearing
    const word = wordFrom(given.rest ?? '')
    if (word === '') return new Refusal('WORD_MISSING', 'Which word? Nothing was changed.', '`alias list` shows them')
    const version = await parts.db.transaction().execute((trx) => dropAlias(trx, word))
    if (version === undefined)
      return new Refusal('NO_SUCH_ALIAS', 'Nobody made such a word. Nothing was changed.', '`alias list` shows them')
    await tell(hearing, version)
    return say(`✓ \`${word}\` means nothing any more.`)
  },
}

/** Tells the other processes, which look into Redis before their next message. A process without Redis looks into Postgres. */
async function tell({ parts }: Hearing, version: string): Promise<void> {
  await parts.redis.set(wordsKey, version).catch((cause: unknown) => {
    parts.log.warn({ err: cause }, 'short memory was not told of new words; the sweep will')
  })
}

async function list({ parts }: Hearing): Promise<Outcome> {
  const aliases = await ownAliases(parts.db)
  const lines = aliases.map(
    ({ alias, command, words, madeBy }) =>
      `\`${alias}\` = \`${[command, words].filter(Boolean).join(' ')}\` · ${madeBy}`,
  )
  if (lines.length === 0) return say('🗣️ No words of your own yet.\n💡 An owner adds one with `alias puke = close`')
  return say(['🗣️ YOUR OWN WORDS', ...lines, '💡 `unalias WORD` takes one away'].join('\n'))
}

function taken(alias: string): Refusal {
  return new Refusal(
    'ALIAS_TAKEN',
    `\`${alias}\` is a word of the desk already. Nothing was changed.`,
    'Choose another',
  )
}

function onlyOwners(): Refusal {
  return new Refusal('NOT_ALLOWED', 'Only an owner may do that. Nothing was done.', '`alias list` shows the words')
}
