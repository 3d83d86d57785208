import { dollarsText, priceText } from '../../base/format.ts'
import type { AccountNotice } from '../../trading/accounts/notices.ts'
import type { LinkedBefore } from '../../trading/accounts/rows/accounts.ts'
import { brokerText, modeText, venueTitle } from '../../trading/accounts/rules/account-mode.ts'
import { positionText } from '../../trading/positions/rules/describe.ts'
import type { WatchSentences } from '../../watch/notices.ts'
import type { Question } from '../chat/reply.ts'
import { isPart, partText } from './levels.ts'
import type { WordingOf } from './wording-of.ts'

/** The id of the question whether an account is to be linked, by its request. */
export const linkQuestionId = (requestId: number) => `link-${requestId}`

/** The request of a link's question; undefined for the id of another question. */
export function requestInId(questionId: string): number | undefined {
  const digits = /^link-(\d{1,15})$/.exec(questionId)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** The question whether an account is to be linked. Its truth is the request in Postgres, so it needs no other memory. */
export function linkQuestion(requestId: number, mode: 'paper' | 'live'): Question {
  return {
    id: linkQuestionId(requestId),
    name: 'link',
    kind: 'choice',
    title: 'Link this account?',
    choices: [
      { value: 'yes', label: 'Link it', aliases: ['y', 'confirm'], ...(mode === 'live' && { danger: true }) },
      { value: 'no', label: 'No', aliases: ['n'] },
    ],
  }
}

/** `Link Alpaca ••••1234 (BROKER PAPER, $98,000.00)?` */
export function linkAsked({
  venue,
  mode,
  maskedNumber,
  worth,
}: Extract<AccountNotice, { kind: 'link.given' }>): string {
  return `Link ${venueTitle(venue)} ${maskedNumber} (${modeText({ mode, venue })}, ${dollarsText(worth)})?`
}

/** The question to a member, with the account that the given keys open. */
export function linkWording(notice: Extract<AccountNotice, { kind: 'link.given' }>): WatchSentences {
  const { requestId, mode, venue, blocked, before } = notice
  const money =
    mode === 'live'
      ? '⚠️ LIVE is real money. Orders that open or add are sent only when an owner has said `allow live` for you.'
      : `${modeText({ mode, venue })} is the broker's own paper money: nothing real is traded.`
  return {
    text: [
      `🔗 ${linkAsked(notice)}`,
      money,
      ...(before ? [beforeText(before)] : []),
      ...(blocked ? [`⚠️ ${venueTitle(venue)} says: ${blocked}`] : []),
      'If you did not give these keys yourself, somebody else had your link: say no, and the keys are forgotten.',
      '  1️⃣  YES - Link it',
      '  2️⃣  NO - Forget the keys',
    ].join('\n'),
    question: linkQuestion(requestId, mode),
  }
}

/** The account that a yes gives new keys, or its link back. */
const beforeText = ({ name, isLinked }: LinkedBefore) =>
  isLinked
    ? `⚠️ It is linked already, as ${name}: YES puts these keys in the place of its present ones, NO leaves those.`
    : `It was linked before, as ${name}: it gets its name, positions and history back, and its tokens and hooks go on.`

/** The sentences about accounts at brokers. */
export const accountWording: WordingOf<AccountNotice> = {
  'link.given': linkWording,
  'account.refused': ({ account, because }) =>
    [
      `🚨 ${venueTitle(account.venue)} REFUSES THE KEYS of ${account.name} (${brokerText(account)})`,
      ...(because ? [`It says: ${because}`] : []),
      'Until it takes them, the desk sends nothing there: no exit, stop or target either.',
      `💡 \`link ${account.venue}${account.mode === 'live' ? ' live' : ''}\` gives new keys; what is open can be closed at ${venueTitle(account.venue)} itself`,
    ].join('\n'),
  'account.unprotected': ({ account, position, ended, isResting }) => {
    const levels = ended.map((level) => (isPart(level) ? partText(level) : `${level.kind} ${priceText(level.price)}`))
    if (isResting) {
      return [
        `⚠️ PROTECTED BY ${venueTitle(account.venue).toUpperCase()} ALONE — ${positionText(position)}`,
        `${account.name} (${brokerText(account)}) was unlinked. Of the levels ${levels.join(' and ')}, those that rest at the broker stay there; the desk watches, moves and cancels none of them.`,
        `💡 Look at it at ${venueTitle(account.venue)}: an order that stands there also holds the shares`,
      ].join('\n')
    }
    return [
      `⚠️ NOT PROTECTED ANY MORE — ${positionText(position)}`,
      `${account.name} (${brokerText(account)}) was unlinked, so the desk watches no ${levels.join(' and no ')} there.`,
      `💡 Protect it at ${venueTitle(account.venue)} itself, or link the account again and set the levels anew`,
    ].join('\n')
  },
}
