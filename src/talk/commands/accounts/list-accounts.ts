import { type Account, accountsOf } from '../../../trading/accounts/rows/accounts.ts'
import { haltOf } from '../../../trading/accounts/rows/halts.ts'
import { brokerText, moneyOf } from '../../../trading/accounts/rules/account-mode.ts'
import { refreshBalance } from '../../../trading/accounts/venue-balance.ts'
import { type Worth, worthOf } from '../../../trading/accounts/worth.ts'
import { type Cell, type Columns, cell, linesIn } from '../../chat/columns.ts'
import { haltLine } from '../../wording/halt-line.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'
import { cashText, equityText, toldText } from './worth.ts'

export const listAccounts: Command = {
  name: 'accounts',
  aliases: ['my accounts'],
  description: 'Your accounts, and which one is used here',
  category: 'Accounts',
  position: 241,
  effect: 'reads',
  usage: 'accounts',
  example: 'accounts',
  detail:
    'Your accounts, each with its mode, venue, currency, equity and cash, and which one is used here. Of a linked account, equity and cash are those that its broker tells. `use NAME` uses another one in this conversation, `account new NAME` opens one.',
  needs: 'viewer',
  account: 'none',
  options: [],
  run: (hearing) => showAccounts(hearing),
}

/** How another account is used where it belongs to each request: on the page, and by the API. */
export const byRequest = 'The list of accounts on the page chooses one; a request of the API names it by `?account=ID`'

/** Lists the speaker's accounts, and shows which one is used here. A program sees the one that it is for. */
export async function showAccounts({ parts, speaker, place, byProgram }: Hearing): Promise<Outcome> {
  const all = await accountsOf(parts.db, speaker.memberId)
  const accounts = byProgram ? all.filter(({ id }) => id === speaker.accountId) : all
  if (accounts.length === 0) {
    return say(
      '🏦 You have no account yet.\n💡 Your first one, `paper`, is opened when you first trade or record something',
    )
  }
  const known = await Promise.all(
    accounts.map(async (account) => {
      await refreshBalance(parts, account.id)
      const [worth, halt] = await Promise.all([worthOf(parts, account.id), haltOf(parts.db, account.id)])
      const isHere = account.id === speaker.accountId && accounts.length > 1
      return { row: rowOf(account, worth, isHere, parts.clock.now()), halt }
    }),
  )
  const columns = { columns: heads, rows: known.map(({ row }) => row) }
  const lines = linesIn(columns).map((line, at) => {
    const { halt } = known[at]!
    return halt ? `${line}\n   ${haltLine(halt)}` : line
  })
  const another = place.door === 'web' ? byRequest : '`use NAME` uses another one in this conversation'
  const hint = accounts.length > 1 ? another : '`account new swing $50,000` opens another'
  // The reason of a halt stands between the lines, which are then no columns.
  const text = ['🏦 ACCOUNTS', ...lines, ...(byProgram ? [] : [`💡 ${hint}`])].join('\n')
  const used = accounts.find(({ id }) => id === speaker.accountId)
  const money = used ? moneyOf(used) : 'paper'
  return { replies: [{ text, columns, ...(money !== 'paper' && { tone: money }) }] }
}

const heads: Columns['columns'] = [
  { head: 'Account' },
  { head: 'Kind' },
  { head: 'Equity', isAmount: true },
  { head: 'Cash', isAmount: true },
  { head: 'Told' },
  { head: 'Here' },
]

function rowOf(account: Account, worth: Worth, isHere: boolean, now: Date): Cell[] {
  return [
    cell(account.name),
    cell(kindText(account), '(', ')'),
    cell(equityText(worth), '· equity '),
    cell(cashText(worth), '· cash '),
    cell(toldText(worth, now), '(', ')'),
    cell(isHere ? 'used here' : undefined, '← '),
  ]
}

/** An account by its name and its kind: `swing (paper money, venue paper, USD)`. */
export function accountText(account: Account): string {
  return `${account.name} (${kindText(account)})`
}

function kindText(account: Account): string {
  const { mode, venue, currency } = account
  if (moneyOf(account) !== 'paper') return `${brokerText(account)}, ${currency}`
  return `${mode === 'paper' ? 'paper money' : mode}, venue ${venue}, ${currency}`
}
