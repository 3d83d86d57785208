import { durationText, exactText, priceText } from '../../../base/format.ts'
import { exchangeZone } from '../../../base/zone.ts'
import type { Disagreement, Market } from '../../../market/market.ts'
import { newsHeard } from '../../../prediction/sentiment/gather.ts'
import { accountsOf } from '../../../trading/accounts/rows/accounts.ts'
import type { SourceSeen } from '../../../watch/sources/rules/merge.ts'
import { presentSources, visibleTo } from '../../../watch/sources/sources.ts'
import { type Command, say } from '../command.ts'

export const showSources: Command = {
  name: 'sources',
  aliases: ['providers', 'feeds'],
  phrases: [
    {
      full: `data sources, price sources, show sources, show providers, list sources, list providers, source status,
        provider status, feed status, where do prices come from, where do the prices come from, are the feeds up,
        is the feed up, are the sources up, is the data feed ok, is the broker connected`,
    },
  ],
  description: 'Connections to prices and to brokers',
  category: 'Market',
  position: 132,
  effect: 'reads',
  usage: 'sources',
  example: 'sources',
  detail:
    'Each source of prices and each broker, and the providers of headlines: whether it is connected, takes the key and until when, when it was heard last, how late its prices are, its faults, and the requests left of its budget, as the workers see it.',
  needs: 'viewer',
  account: 'none',
  options: [],
  async run({ parts, speaker }) {
    const [{ sources, isAlone }, accounts, heard] = await Promise.all([
      presentSources(parts),
      accountsOf(parts.db, speaker.memberId),
      newsHeard(parts.db),
    ])
    const shown = visibleTo(sources, { isOwner: speaker.role === 'owner', accounts })
    const zone = speaker.timeZone ?? exchangeZone
    return say(sourcesText(shown, { market: parts.market, now: parts.clock.now(), zone, isAlone, heard }))
  },
}

/** The list of sources, the symbols of which two say different prices, and by whose eyes it is. */
function sourcesText(
  sources: SourceSeen[],
  { market, now, zone, isAlone, heard }: { market: Market; now: Date; zone: string; isAlone: boolean; heard: Heard },
): string {
  const order = market.name.split(',')
  const preference = order.length > 1 ? ` - prices from ${order.join(', then ')}` : ''
  const ofOthers = sources.filter(({ seenBy }) => seenBy !== 'here' && seenBy !== 'worker' && seenBy !== 'all')
  return [
    `📡 SOURCES${preference}`,
    ...needsLine(market, heard, now),
    ...sources.map((source) => sourceText(source, now)),
    ...(market.disagreements?.() ?? []).map((one) => disagreementText(one, zone)),
    ...(isAlone ? ['⚠️ Redis does not answer: this is how it looks from here alone'] : []),
    ...(ofOthers.length > 0 ? ['⚠️ No worker tells how it sees them: positions may not be watched'] : []),
  ].join('\n')
}

/** The last answers of providers of headlines. */
type Heard = Awaited<ReturnType<typeof newsHeard>>

/** Where what not every source has comes from. */
function needsLine({ options, newsSources }: Market, heard: Heard, now: Date): string[] {
  const news = newsSources?.().map(({ name }) => `${name} (${heardText(heard.get(name), now)})`) ?? []
  const facts = [
    ...(news.length > 0 ? [`news from ${news.join(' and ')}`] : []),
    ...(options ? [`options from ${options.name}`] : []),
  ]
  return facts.length > 0 ? [`· ${facts.join(' · ')}`] : []
}

function heardText(last: { answeredAt?: Date; fault?: string } | undefined, now: Date): string {
  if (last?.fault) return `no answer: ${last.fault}`
  if (!last?.answeredAt) return 'not asked yet'
  return `heard ${durationText(Math.max(0, now.getTime() - last.answeredAt.getTime()))} ago`
}

function sourceText(source: SourceSeen, now: Date): string {
  const { name, isConnected, isAuthenticated, expiresAt, heardAt, delayMs, feed, faults, lastFault, budget } = source
  const ago = (at: Date) => `${durationText(Math.max(0, now.getTime() - at.getTime()))} ago`
  const isUnasked = !isConnected && heardAt === undefined && lastFault === undefined
  const away = source.isAnswering ? 'its stream is NOT CONNECTED; it answers questions' : 'NOT CONNECTED'
  const state = isConnected ? 'connected' : isUnasked ? 'not asked yet' : away
  const facts = [
    `${isConnected ? '✓' : isUnasked ? '·' : '✗'} ${name}: ${state}`,
    feed && `feed ${feed}`,
    isAuthenticated === false && 'its key is REFUSED',
    expiresAt &&
      (expiresAt > now ? `key valid for ${durationText(expiresAt.getTime() - now.getTime())}` : 'its key has EXPIRED'),
    heardAt && `heard ${ago(heardAt)}`,
    delayMs !== undefined && delayMs > 0 && `prices ${durationText(delayMs)} late`,
    budget && `${budget.left} of ${budget.of} requests left ${spanText(budget.perMs)}`,
    lastFault && `${faults} ${faults === 1 ? 'fault' : 'faults'}, the last ${ago(lastFault.at)}: ${lastFault.words}`,
  ]
  return facts.filter(Boolean).join(' · ')
}

const [minuteMs, dayMs] = [60_000, 86_400_000]

function spanText(perMs: number): string {
  if (perMs === minuteMs) return 'a minute'
  return perMs === dayMs ? 'in 24 hours' : `in ${durationText(perMs)}`
}

function disagreementText({ symbol, prices, basisPoints, since }: Disagreement, zone: string): string {
  const [one, other] = prices
  const both = `${one.source} ${priceText(one.price)}, ${other.source} ${priceText(other.price)}`
  return `⚠️ ${symbol}: ${both}; ${Math.round(basisPoints)} bp apart since ${exactText(since, zone)}`
}
