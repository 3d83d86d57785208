import { priceText, quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { type Account, accountsOf, accountWithout, isNamed } from '../../../trading/accounts/rows/accounts.ts'
import { brokerText, venueTitle } from '../../../trading/accounts/rules/account-mode.ts'
import {
  type Unlinked,
  unlinkAccount as unlink,
  type Ways,
  waysInto,
} from '../../../trading/accounts/unlink-account.ts'
import type { AnyOrder } from '../../../trading/orders/rows/orders.ts'
import { liveOrdersOf } from '../../../trading/orders/rows/working-orders.ts'
import { leftOf } from '../../../trading/orders/rules/order-lifecycle.ts'
import { openPositions } from '../../../trading/positions/rows/positions.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import { onlyInChat } from '../access/page-link.ts'
import { type Command, choose, type Hearing, numbered, say } from '../command.ts'
import { accountText } from './list-accounts.ts'

export const unlinkAccount: Command = {
  name: 'unlink',
  aliases: [],
  description: 'Take the link to an account at a broker away',
  category: 'Brokers',
  position: 245,
  effect: 'governs',
  usage: 'unlink NAME',
  example: 'unlink alpaca-paper',
  detail:
    'Deletes the keys of the account. Scaleouts, stops, targets and orders for later of the desk end there, and are told. Positions, and orders that work at the broker, stay at the broker: the desk neither closes nor cancels them. Linked again, the account has its positions back.',
  needs: 'viewer',
  account: 'none',
  options: [{ name: 'name', type: 'text', description: 'Which account' }],
  async run(hearing, { words: given }) {
    const elsewhere = onlyInChat(hearing, 'unlink')
    if (elsewhere) return elsewhere
    const { parts, speaker } = hearing
    const name = (given.rest ?? '').trim()
    const linked = (await accountsOf(parts.db, speaker.memberId)).filter(({ venue }) => venue !== 'paper')
    const account = linked.find((one) => isNamed(one, name))
    if (!account) return notLinked(name, linked)
    if (given.sure === undefined) return ask(hearing, account)
    if (given.sure !== 'yes') return say(`OK. ${account.name} stays linked.`)
    const isHere = speaker.accountId === account.id
    const done = await unlink(parts, account, speaker)
    return done
      ? say(doneText(account, done, isHere ? await hereLine(hearing, account, 'now') : []))
      : notLinked(name, [])
  },
}

async function ask(hearing: Hearing, account: Account) {
  const { parts, speaker } = hearing
  const [open, standing, ways] = await Promise.all([
    openPositions(parts.db, account.id),
    liveOrdersOf(parts.db, account.id),
    waysInto(parts.db, account),
  ])
  const title = `🔗 UNLINK ${account.name}, ${brokerText(account)}?`
  const lines = [
    title,
    ...(open.length > 0
      ? [
          `⚠️ Open: ${open.map(positionText).join(', ')}. ${open.length === 1 ? 'It stays' : 'They stay'} open at ${venueTitle(account.venue)}, and the desk protects ${open.length === 1 ? 'it' : 'them'} no more.`,
        ]
      : []),
    ...standingLines(account, standing),
    'Its keys are deleted; scaleouts, stops, targets and orders for later of the desk end there.',
    ...waysLines(ways),
    ...(speaker.accountId === account.id ? await hereLine(hearing, account, 'then') : []),
    numbered(['YES - Unlink it', 'NO - Leave it linked']),
  ]
  const choices = [
    { value: 'yes', label: 'Unlink it', aliases: ['y', 'unlink'], danger: open.length > 0 },
    { value: 'no', label: 'No', aliases: ['n'] },
  ]
  return choose('sure', title, lines.join('\n'), choices, { rest: account.name })
}

function doneText(
  account: Account,
  { positions, scaleouts, levels, scheduled, standing, ways }: Unlinked,
  here: string[],
): string {
  const ended = [
    ...(scaleouts > 0 ? [counted(scaleouts, 'scaleout')] : []),
    ...(levels > 0 ? [counted(levels, 'stop or target', 'stops and targets')] : []),
    ...(scheduled > 0 ? [counted(scheduled, 'order for later', 'orders for later')] : []),
  ]
  return [
    `✓ Unlinked ${account.name}, ${brokerText(account)}. Its keys are deleted.`,
    ...(ended.length > 0 ? [`Ended here: ${ended.join(', ')}.`] : []),
    ...(positions.length > 0
      ? [
          `⚠️ Open at ${venueTitle(account.venue)}, and not protected by the desk: ${positions.map(positionText).join(', ')}`,
        ]
      : []),
    ...standingLines(account, standing),
    ...waysLines(ways),
    ...here,
    `💡 Revoke the keys at ${venueTitle(account.venue)}, too, if you use them for nothing else`,
  ].join('\n')
}

/** The orders that the broker may go on to fill. */
function standingLines({ venue }: Account, standing: AnyOrder[]): string[] {
  if (standing.length === 0) return []
  const orders = standing.map((order) => {
    const [stop, target] = [order.stop ?? order.protects?.stop, order.protects?.target]
    return [
      `${order.side.toUpperCase()} ${quantityText(leftOf(order))} ${order.symbol}`,
      ...(stop ? [`stop ${priceText(stop)}`] : []),
      ...(target ? [`target ${priceText(target)}`] : []),
      ...(order.limit ? [`@ ${priceText(order.limit.price)}`] : []),
    ].join(' ')
  })
  return [`⚠️ Standing at ${venueTitle(venue)}, and not cancelled: ${orders.join(', ')}`]
}

/** The account in which a conversation that has used this one trades from `now` or `then` on. */
async function hereLine({ parts, speaker, place }: Hearing, account: Account, from: 'now' | 'then'): Promise<string[]> {
  const next = await accountWithout(parts.db, { memberId: speaker.memberId, accountId: account.id }, place)
  return [
    next
      ? `⚠️ This conversation ${from === 'now' ? 'used' : 'uses'} ${account.name}: from ${from} on it trades on ${accountText(next)}`
      : `⚠️ This conversation ${from === 'now' ? 'used' : 'uses'} ${account.name}: from ${from} on it trades on a new account of the desk, in paper money`,
  ]
}

/** The tokens and hooks that wait for the account. */
function waysLines({ tokens, hooks }: Ways): string[] {
  const all = [
    ...(tokens.length > 0 ? [`token ${tokens.join(', ')}`] : []),
    ...(hooks.length > 0 ? [`hook ${hooks.join(', ')}`] : []),
  ]
  return all.length > 0
    ? [`Until it is linked again they do nothing, and no other account is theirs: ${all.join('; ')}`]
    : []
}

const counted = (count: number, one: string, more = `${one}s`) => `${count} ${count === 1 ? one : more}`

function notLinked(name: string, linked: Account[]): Refusal {
  const has = linked.map((one) => `\`unlink ${one.name}\``).join(', ')
  const sentence = name === '' ? 'Which account is to be unlinked?' : `You have no linked account ${name.slice(0, 40)}.`
  return new Refusal('NO_LINKED_ACCOUNT', `${sentence} Nothing was changed.`, has || '`link alpaca` links one')
}
