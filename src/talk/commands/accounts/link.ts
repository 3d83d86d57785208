import { durationText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import {
  endRequest,
  endRequestsOf,
  type LinkRequest,
  linkPageForMs,
  makeLinkRequest,
  waitingRequest,
} from '../../../trading/access/rows/link-requests.ts'
import { linkAccount as link } from '../../../trading/accounts/link-account.ts'
import { mostAccounts } from '../../../trading/accounts/rows/accounts.ts'
import { liveAllowances } from '../../../trading/accounts/rows/live-allowances.ts'
import { brokerText, venueTitle } from '../../../trading/accounts/rules/account-mode.ts'
import type { Parts } from '../../../trading/parts.ts'
import { linkableBrokers } from '../../../venues/links/linkables.ts'
import { isShared } from '../../chat/place.ts'
import { onlyHere, onlyInChat, servedPage } from '../access/page-link.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'

/** The hint at what can be linked here; an exchange only where the desk was told of one. */
function usage({ exchanges: [exchange] }: Pick<Parts, 'exchanges'>): string {
  const brokers = linkableBrokers.map((broker) => `\`link ${broker}\``).join(' or ')
  const atExchange = exchange && `; \`link ${exchange}\` links an account at an exchange, with real money`
  return `${brokers} links the paper account at the broker, with \`live\` behind it the one with real money${atExchange ?? ''}`
}

/** Words for the kind of an account. */
const modes: Record<string, 'paper' | 'live'> = {
  paper: 'paper',
  sandbox: 'paper',
  test: 'paper',
  live: 'live',
  real: 'live',
}

export const linkAccount: Command = {
  name: 'link',
  aliases: [],
  description: 'Trade with an account of yours at a broker',
  category: 'Brokers',
  position: 244,
  effect: 'governs',
  usage: 'link BROKER [live]',
  example: 'link alpaca',
  detail: `Answers you alone with a link to a page on which you give the keys of your account at the broker, or sign in there. It is good for ${durationText(linkPageForMs)}, in the first browser that opens it. Then the desk asks you here whether the account is linked. Never type keys into chat. \`unlink NAME\` takes the link away. Brokers: ${linkableBrokers.map(venueTitle).join(', ')}. Exchanges, with real money only: Kraken, Coinbase, Binance, and others that the desk was told of.`,
  needs: 'trader',
  account: 'none',
  options: [{ name: 'broker', type: 'text', description: 'alpaca, tradestation, alpaca live, kraken' }],
  async run(hearing, { words: given }) {
    const elsewhere = onlyInChat(hearing, 'link')
    if (elsewhere) return elsewhere
    if (given.request !== undefined) return answered(hearing, Number(given.request), given.link === 'yes')
    const words = (given.rest ?? '').toLowerCase().split(/\s+/).filter(Boolean)
    const { parts, speaker } = hearing
    const at = parts.clock.now()
    if (words.length === 1 && words[0] === 'confirm') {
      const waiting = await waitingRequest(parts.db, speaker.memberId, at)
      return waiting ? answered(hearing, waiting.id, true) : nothingWaits(parts)
    }
    if (words.length === 1 && words[0] === 'cancel') {
      const was = await endRequestsOf(parts.db, speaker.memberId, at)
      return was ? say('✓ The link is over, and keys that were given on it are forgotten.') : nothingWaits(parts)
    }
    return begin(hearing, words)
  },
}

async function begin(hearing: Hearing, words: string[]): Promise<Outcome> {
  const { parts, speaker, place } = hearing
  const [venue, kind, ...more] = words.filter((word) => !['my', 'account', 'at', 'with'].includes(word))
  const isExchange = venue !== undefined && parts.exchanges.includes(venue)
  const mode = kind === undefined ? (isExchange ? 'live' : 'paper') : modes[kind]
  const isKnown = isExchange || (venue !== undefined && linkableBrokers.includes(venue))
  if (isExchange && mode === 'paper') {
    const sentence = `${venueTitle(venue)} has no paper accounts that the desk could link. Nothing was done.`
    return new Refusal('LINKING_NOT_UNDERSTOOD', sentence, `\`link ${venue}\` links the account with real money`)
  }
  if (venue === undefined || !isKnown || mode === undefined || more.length > 0)
    return new Refusal('LINKING_NOT_UNDERSTOOD', 'Which account is to be linked? Nothing was done.', usage(parts))
  if (!parts.keepsCredentials) {
    const sentence = 'The desk has no key to keep credentials with, so no account can be linked. Nothing was done.'
    return new Refusal('LINKING_OFF', sentence, 'Who runs the desk sets CREDENTIALS_KEYS (docs/linking.md)')
  }
  const address = await servedPage(parts)
  if (address instanceof Refusal) return address
  const { memberId, conversationId } = speaker
  const token = await makeLinkRequest(parts.db, { memberId, conversationId, venue, mode, at: parts.clock.now() })
  const isAllowed = mode === 'paper' || (await liveAllowances(parts.db, memberId)).length > 0
  const text = [
    `🔗 Link ${brokerText({ mode, venue })}: ${address}/link/${token}`,
    venue === 'tradestation'
      ? `The page takes you to ${venueTitle(venue)} to sign in, once, within ${durationText(linkPageForMs)}. Whoever has it could sign in with an account of theirs: keep it to yourself.`
      : `The page takes the keys of one account, once, within ${durationText(linkPageForMs)}. Whoever has it could give keys of theirs: keep it to yourself.`,
    `Then I ask you ${isShared(place) ? 'in a direct message' : 'here'} whether the account is linked. Never type keys into chat.`,
    ...(isAllowed ? [] : ['⚠️ LIVE is real money: nothing opens there until an owner says `allow live` for you.']),
    ...onlyHere(address, place),
  ].join('\n')
  return { replies: [{ text, private: true }] }
}

/** Acts on the member's answer to the question whether an account is to be linked. */
async function answered(hearing: Hearing, requestId: number, isYes: boolean): Promise<Outcome> {
  const { parts, speaker } = hearing
  const at = parts.clock.now()
  const request = await waitingRequest(parts.db, speaker.memberId, at, requestId)
  if (!request) return nothingWaits(parts)
  if (!isYes) {
    await endRequest(parts.db, request.id, 'refused', at)
    return say(`OK. The keys of ${nameOf(request)} are forgotten, and nothing was linked.`)
  }
  const done = await link(parts, request.id, speaker.memberId)
  switch (done.outcome) {
    case 'linked': {
      const { account, isAgain } = done
      const again = isAgain ? ' again, with its positions and the new keys' : ''
      return say(
        [
          `✓ Linked ${brokerText(account)}${again}. Its name is ${account.name}.`,
          `💡 \`use ${account.name}\` uses it in a conversation, \`unlink ${account.name}\` takes the link away`,
        ].join('\n'),
      )
    }
    case 'elsewhere': {
      const sentence = `${nameOf(request)} is linked by another member already. The keys are forgotten, and nothing was linked.`
      return new Refusal('LINKED_ELSEWHERE', sentence, 'Who linked it says `unlink` first')
    }
    case 'too many':
      return new Refusal(
        'TOO_MANY_ACCOUNTS',
        `You have ${mostAccounts} accounts, and no more can be linked. The keys are forgotten.`,
        '`accounts` lists them',
      )
    case 'over':
      return nothingWaits(parts)
  }
}

const nameOf = ({ venue, mode, given }: LinkRequest) =>
  brokerText({ venue, mode, ...(given && { maskedNumber: given.found.maskedNumber }) })

const nothingWaits = (parts: Parts) =>
  new Refusal(
    'NOTHING_TO_LINK',
    'No account waits to be linked: it is linked, or the time is over. Nothing was done.',
    usage(parts),
  )
