import { Refusal } from '../../../base/refusal.ts'
import { openPositions } from '../../../trading/positions/rows/positions.ts'
import { protectsAtVenue, setProtectsAtVenue } from '../../../trading/protection/rows/protects-at-venue.ts'
import { plain } from '../../language/words.ts'
import { type Command, say } from '../command.ts'

export const protectAtVenue: Command = {
  name: 'protect at venue',
  aliases: ['protect at broker'],
  phrases: [{ full: 'protect at the broker, protect me at the venue, protect me at the broker' }],
  description: 'Let stops and targets of a linked account rest at its broker',
  category: 'Protection',
  position: 87,
  effect: 'sets',
  usage: 'protect at venue [on | off]',
  example: 'protect at venue on',
  detail:
    'With `on`, the stop and the target of a position rest at the broker of the account as one order, so that they hold while the desk is down. The desk keeps that order at your levels and your quantity, takes it back before anything else is sold, and does not trigger the levels itself meanwhile. Where the broker takes no such order the desk triggers them, and says so. `off`, as at first: the desk triggers them. Alone it shows which.',
  needs: 'trader',
  account: 'sets',
  options: [{ name: 'mode', type: 'text', description: 'on or off' }],
  async run({ parts, speaker }, { words: given }) {
    const { accountId } = speaker
    const word = plain(given.rest ?? '').replace(/ (please|pls|thanks)$/, '')
    if (word !== '' && word !== 'on' && word !== 'off') {
      const sentence = '`protect at venue` is `on` or `off`. Nothing was changed.'
      return new Refusal('NOT_UNDERSTOOD', sentence, `Usage: \`${protectAtVenue.usage}\``)
    }
    const venue = accountId === 0 ? undefined : (await parts.venues.of(accountId)).venue
    if (!venue?.capabilities.isLinked) {
      const sentence =
        "This account is the desk's own paper: its stops and targets are the desk's, and no broker holds them. Nothing was changed."
      return new Refusal('NOT_LINKED', sentence, '`accounts` lists yours, `use NAME` uses another one')
    }
    if (word === '') return say(stateText(await protectsAtVenue(parts.db, accountId)))
    if (word === 'on' && !venue.capabilities.canStop) {
      const sentence = 'The venue of this account takes no orders with a stop. Nothing was changed.'
      return new Refusal('STOP_NOT_TAKEN', sentence, "The desk's own levels protect, as long as the desk runs")
    }
    await setProtectsAtVenue(parts.db, accountId, word === 'on', parts.clock.now())
    const open = await openPositions(parts.db, accountId)
    parts.protector.follow(open.map(({ id }) => ({ id, accountId })))
    return say(stateText(word === 'on', '✓'))
  },
}

function stateText(isOn: boolean, sign = '⚙️'): string {
  return isOn
    ? `${sign} PROTECTED AT THE VENUE\nStops and targets rest at the broker, and hold while the desk is down. The thread of each position hears when they rest there, and when they cannot.\n💡 \`protect at venue off\` takes them back`
    : `${sign} PROTECTED BY THE DESK\nStops and targets are the desk's own: they are triggered as long as the desk runs.\n💡 \`protect at venue on\` lets them rest at the broker`
}
