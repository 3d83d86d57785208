import { Refusal } from '../../../base/refusal.ts'
import { type Account, accountsOf, isNamed, useAccount as keepChoice } from '../../../trading/accounts/rows/accounts.ts'
import { conversationOf } from '../../../trading/accounts/rows/members.ts'
import { runningTasks } from '../../../trading/scaleouts/rows/tasks.ts'
import { restated } from '../../language/restate.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'
import { showAccounts } from './list-accounts.ts'

export const useAccount: Command = {
  name: 'use',
  aliases: ['switch to'],
  description: 'Use another of your accounts in this conversation',
  category: 'Accounts',
  position: 242,
  effect: 'governs',
  restate: (given) => restated('use', given, { about: given.rest }),
  usage: 'use NAME',
  example: 'use swing',
  detail:
    'Everything that you say in this conversation is about that account from then on; elsewhere you use the ones that you chose there, or your first. Said in a channel of Slack, it counts for new threads there, too. What runs, and what you were asked, stays in its account.',
  needs: 'viewer',
  account: 'none',
  options: [{ name: 'name', type: 'text', description: 'Which account' }],
  async run(hearing, { words: given }) {
    const name = given.rest ?? ''
    if (name === '') return showAccounts(hearing)
    if (hearing.byProgram) return oneAccount()
    const accounts = await accountsOf(hearing.parts.db, hearing.speaker.memberId)
    const account = accounts.find((one) => isNamed(one, name))
    if (!account) return noSuchAccount(hearing, name, accounts)
    return hearing.place.door === 'web' ? ofRequest(account) : use(hearing, account, accounts)
  },
}

async function use(hearing: Hearing, account: Account, accounts: Account[]): Promise<Outcome> {
  const { parts, speaker, channel } = hearing
  if (accounts.length === 1) {
    return say(
      `✓ You have one account, ${account.name}: it is used everywhere.\n💡 \`account new swing $50,000\` opens another`,
    )
  }
  const { memberId } = speaker
  const conversationId = channel ? await conversationOf(parts.db, channel) : speaker.conversationId
  await keepChoice(parts.db, { memberId, conversationId, accountId: account.id })
  const isOther = account.id !== speaker.accountId
  const where = channel ? 'This channel, and each new thread in it,' : 'This conversation'
  return say(
    [`✓ ${where} uses your account ${account.name} now.`, ...(isOther ? await goingOn(hearing, accounts) : [])].join(
      '\n',
    ),
  )
}

/** A line about tasks that continue in the account that was used here before. */
async function goingOn({ parts, speaker }: Hearing, accounts: Account[]): Promise<string[]> {
  const before = accounts.find(({ id }) => id === speaker.accountId)
  const running = before ? await runningTasks(parts.db, before.id) : []
  if (!before || running.length === 0) return []
  const what = running.length === 1 ? 'A task goes' : `${running.length} tasks go`
  return [`⏱️ ${what} on in ${before.name}; \`use ${before.name}\` and \`tasks\` show what runs there`]
}

/** The refusal where each request names its account: a choice that was kept here would count for nothing. */
function ofRequest({ id, name }: Account): Refusal {
  return new Refusal(
    'SAY_IN_CHAT',
    'Over the page and the API, each request names its account, and `use` changes nothing. Nothing was changed.',
    `Choose ${name} in the list of accounts on the page; a request of the API names it by \`?account=${id}\``,
  )
}

/** The refusal for a program, which has the account that its token was made for. */
function oneAccount(): Refusal {
  return new Refusal(
    'SAY_IN_CHAT',
    'A token is for one account, and uses no other. Nothing was changed.',
    'In chat, `token new NAME trade` makes one for the account that is in use there',
  )
}

function noSuchAccount({ place }: Hearing, name: string, accounts: Account[]): Refusal {
  const has = accounts.map((account) => (place.door === 'web' ? account.name : `\`use ${account.name}\``)).join(', ')
  const instead =
    accounts.length > 0 ? `There is ${has}` : 'Your first one is opened when you first trade or record something'
  return new Refusal('NO_SUCH_ACCOUNT', `You have no account ${name.slice(0, 40)}. Nothing was changed.`, instead)
}
