import { momentText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { lastEvents } from '../../../trading/events/rows/events.ts'
import { unwatch, watch } from '../../../trading/events/rows/watches.ts'
import { storedText } from '../../wording/event-text.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'
import { allKnown, symbolMeant } from '../symbol.ts'

/** The number of past events in the first reply; a member may ask for more. */
const shown = 5
const most = 50

export const watchSymbol: Command = {
  name: 'watch',
  aliases: ['follow'],
  phrases: [
    {
      full: 'keep eye on, keep an eye on, start watching, add to watchlist, add to watch list, put on watchlist, put on watch list',
      thin: 'follow, track, monitor',
    },
  ],
  description: "Follow a symbol's events in this thread",
  category: 'Background',
  position: 110,
  effect: 'sets',
  usage: 'watch SYMBOL … [COUNT]',
  example: 'watch BYND',
  detail: `Shows the last ${shown} events of a symbol in your account (\`watch BYND ${most}\` for more) and posts the next ones here as they happen. \`unwatch\` ends that.`,
  needs: 'viewer',
  account: 'acts',
  options: [{ name: 'symbol', type: 'symbol', required: true, description: 'What to follow', several: true }],
  async run(hearing, slots) {
    const { parts, speaker } = hearing
    if (slots.symbols) return watchSeveral(hearing, allKnown(slots.symbols))
    const symbol = await symbolMeant(hearing, slots)
    if (typeof symbol !== 'string') return symbol
    const count = Math.min(most, Math.max(1, Number(slots.words.quantity ?? shown) || shown))
    await watch(parts.db, speaker.conversationId, speaker.accountId, symbol)
    const events = await lastEvents(parts.db, speaker.accountId, symbol, Math.floor(count))
    const lines = events.map((event) => `${momentText(event.at, speaker.timeZone)} · ${storedText(event)}`)
    return say(
      [
        `👁 WATCHING ${symbol}`,
        ...(lines.length > 0 ? lines : ['Nothing happened yet.']),
        `💡 New events will appear here; \`unwatch ${symbol}\` ends that`,
      ].join('\n'),
    )
  },
}

/** Watches several symbols, without their past events. */
async function watchSeveral({ parts, speaker }: Hearing, symbols: string[] | Refusal): Promise<Outcome> {
  if (symbols instanceof Refusal) return symbols
  for (const symbol of symbols) await watch(parts.db, speaker.conversationId, speaker.accountId, symbol)
  return say(`👁 WATCHING ${symbols.join(', ')}\n💡 New events will appear here; \`unwatch\` ends that`)
}

export const unwatchSymbol: Command = {
  name: 'unwatch',
  aliases: ['unfollow'],
  phrases: [
    {
      full: 'stop watching, unfollow, stop following, stop tracking, take off watchlist, take off watch list, remove from watchlist, remove from watch list, drop from watchlist, drop from watch list',
    },
  ],
  description: 'Stop following a symbol here',
  category: 'Background',
  position: 120,
  effect: 'sets',
  usage: 'unwatch [SYMBOL]',
  example: 'unwatch BYND',
  detail: 'Stops following a symbol in this thread; without a symbol, all of them.',
  needs: 'viewer',
  account: 'acts',
  options: [{ name: 'symbol', type: 'symbol', description: 'What to stop following' }],
  async run({ parts, speaker }, { symbol }) {
    if (symbol instanceof Refusal) return symbol
    const ended = await unwatch(parts.db, speaker.conversationId, speaker.accountId, symbol)
    if (ended.length > 0) return say(`✓ No longer watching ${ended.join(', ')} here.`)
    return new Refusal(
      'NOT_WATCHED',
      `${symbol ?? 'Nothing'} is${symbol ? ' not' : ''} watched in this thread.`,
      '`watch BYND` begins',
    )
  },
}
