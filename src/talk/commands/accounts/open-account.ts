import { Big } from '../../../base/amounts.ts'
import { dollarsText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import type { RefusalCode } from '../../../base/refusal-codes.ts'
import { mostAccounts, openAccount as open, usualBalance } from '../../../trading/accounts/rows/accounts.ts'
import { wordFrom } from '../../language/alias-words.ts'
import { restated } from '../../language/restate.ts'
import { numberIn } from '../../language/words.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'
import { accountText, byRequest, showAccounts } from './list-accounts.ts'

const longestName = 20
/** The range of a paper account's starting balance, in dollars. */
const leastBalance = new Big(100)
const mostBalance = new Big(100_000_000)

const venues = ['paper']
/** Padding around a name and an amount: `account new paper swing with $50,000`. */
const joints = new Set([
  'account',
  'called',
  'named',
  'with',
  'of',
  'a',
  'an',
  'my',
  'the',
  'another',
  'dollars',
  'usd',
  'please',
])
/** Words with a meaning of their own in commands about accounts, so no account may have such a name. */
const reserved = new Set(['new', 'open', 'list', 'all', 'here', 'account', 'accounts', 'default', 'none', 'live'])

const example = 'For example `account new paper swing $50,000`'

export const openAccount: Command = {
  name: 'account',
  aliases: [
    { alias: 'new account', says: 'new' },
    { alias: 'open account', says: 'new' },
  ],
  description: 'Open another account',
  category: 'Accounts',
  position: 243,
  effect: 'governs',
  restate: (given) => restated('account', given, { about: given.rest }),
  usage: 'account new [paper] NAME [$AMOUNT]',
  example: 'account new paper swing $50,000',
  detail: `Opens another account of paper money, with ${dollarsText(usualBalance)} unless you say how much. A name has letters, digits, - and _, at most ${longestName}; there are at most ${mostAccounts} accounts. \`use NAME\` uses it in a conversation, \`accounts\` lists them.`,
  needs: 'trader',
  account: 'none',
  options: [{ name: 'what', type: 'text', description: 'new paper NAME $50,000' }],
  asks: ({ rest = '' }) => rest === '',
  async run(hearing, { words: given }) {
    const said = (given.rest ?? '').trim()
    if (said === '') return showAccounts(hearing)
    if (hearing.byProgram)
      return refused('SAY_IN_CHAT', 'A token is for one account, and opens no other.', 'Say it in chat, or on the page')
    const wanted = accountFrom(hearing, said)
    return wanted instanceof Refusal ? wanted : openWanted(hearing, wanted)
  },
}

interface Wanted {
  name: string
  /** Dollars. */
  balance: Big
}

/** Reads `new paper swing $50,000`, or refuses it with the reason. */
function accountFrom(hearing: Hearing, said: string): Wanted | Refusal {
  const [verb = '', ...words] = said.split(/\s+/)
  if (verb !== 'new' && verb !== 'open') return refused('ACCOUNT_NOT_UNDERSTOOD', 'I did not understand that.', example)
  const isAmount = (word: string) => word.startsWith('$') || numberIn(word) !== undefined
  const amounts = words.filter(isAmount)
  const named = words.filter((word) => !isAmount(word) && !joints.has(word)).map(wordFrom)
  if (amounts.length > 1) return refused('ACCOUNT_NOT_UNDERSTOOD', 'Those are two amounts.', example)
  const balance = balanceFrom(amounts[0])
  if (balance instanceof Refusal) return balance
  const [venue, name] = named.length > 1 ? named : [venues[0], named[0]]
  if (named.length > 2) return refused('ACCOUNT_NOT_UNDERSTOOD', 'A name is one word.', example)
  if (!venues.includes(venue!)) {
    const sentence = `There are no accounts of ${venue!.slice(0, 40)} here.`
    return refused('NO_SUCH_VENUE', sentence, `Venues are ${venues.join(', ')}; a name is one word`)
  }
  if (!name || (named.length === 1 && venues.includes(name)))
    return refused('NAME_MISSING', 'What is the account to be called?', example)
  return wrongWith(hearing, name) ?? { name, balance }
}

function balanceFrom(amount: string | undefined): Big | Refusal {
  if (amount === undefined) return usualBalance
  const digits = numberIn(amount)
  if (digits === undefined) return refused('BALANCE_NOT_A_NUMBER', `${amount.slice(0, 40)} is no amount.`, example)
  const balance = new Big(digits)
  const range = `Between ${dollarsText(leastBalance)} and ${dollarsText(mostBalance)}, in whole cents`
  if (balance.lt(leastBalance)) return refused('BALANCE_TOO_SMALL', 'That is too little to trade with.', range)
  if (balance.gt(mostBalance)) return refused('BALANCE_ABSURD', 'That is more than an account takes.', range)
  return balance.round(2).eq(balance) ? balance : refused('BALANCE_TOO_FINE', 'That is not in whole cents.', range)
}

/** The reason why a word cannot name an account: it is not a valid name, or it would be read as something else. */
function wrongWith({ registry, parts }: Hearing, name: string): Refusal | undefined {
  const shown = `\`${name.slice(0, 40)}\``
  const another = 'Choose another name'
  if (!/^[a-z][a-z0-9_-]*$/.test(name) || name.length > longestName) {
    const rule = `A name begins with a letter, and has letters, digits, - and _, at most ${longestName}`
    return refused('NAME_NOT_ALLOWED', `${shown} is no name for an account.`, rule)
  }
  if (parts.market.instrument(name.toUpperCase())) return refused('NAME_IS_SYMBOL', `${shown} is a symbol.`, another)
  if (reserved.has(name) || registry.match(name)?.rest === '')
    return refused('NAME_IS_WORD', `${shown} is a word of the desk.`, another)
  return undefined
}

async function openWanted({ parts, speaker, place }: Hearing, { name, balance }: Wanted): Promise<Outcome> {
  const account = await open(parts.db, { memberId: speaker.memberId, name, balance })
  if (account === 'taken')
    return refused('NAME_TAKEN', `You have an account ${name} already.`, '`accounts` lists them; choose another name')
  if (account === 'too many')
    return refused(
      'TOO_MANY_ACCOUNTS',
      `You have ${mostAccounts} accounts, and no more can be opened.`,
      '`accounts` lists them',
    )
  const how = place.door === 'web' ? byRequest : `\`use ${name}\` uses it in this conversation`
  return say(`✓ Opened ${accountText(account)}, with ${dollarsText(balance)}.\n💡 ${how}`)
}

function refused(code: RefusalCode, sentence: string, instead: string): Refusal {
  return new Refusal(code, `${sentence} Nothing was opened.`, instead)
}
