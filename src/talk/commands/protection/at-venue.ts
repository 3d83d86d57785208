import { Refusal } from '../../../base/refusal.ts'
import type { Parts } from '../../../trading/parts.ts'
import { openPositions } from '../../../trading/positions/rows/positions.ts'
import { type AtVenue, isUncertain, protectionAtVenue } from '../../../trading/protection/rows/at-venue.ts'
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
    if (word === '') return say(await stateText(parts, accountId, await protectsAtVenue(parts.db, accountId)))
    if (word === 'on' && !venue.capabilities.canStop) {
      const sentence = 'The venue of this account takes no orders with a stop. Nothing was changed.'
      return new Refusal('STOP_NOT_TAKEN', sentence, "The desk's own levels protect, as long as the desk runs")
    }
    await setProtectsAtVenue(parts.db, accountId, word === 'on', parts.clock.now())
    const open = await openPositions(parts.db, accountId)
    // Read before they follow: the answer is about this moment, and the threads hear of what comes.
    const text = await stateText(parts, accountId, word === 'on', '✓')
    parts.protector.follow(open.map(({ id }) => ({ id, accountId })))
    return say(text)
  },
}

/** The setting, and how far it has come: what rests at the broker by its own word, and what does not. */
async function stateText({ db }: Parts, accountId: number, isOn: boolean, sign = '⚙️'): Promise<string> {
  const [open, states] = await Promise.all([openPositions(db, accountId), protectionAtVenue(db, { accountId })])
  const symbolsOf = (wanted: (state: AtVenue | undefined) => boolean) =>
    open.filter(({ id }) => wanted(states.get(id))).map(({ symbol }) => symbol)
  const resting = symbolsOf((state) => state === 'rests')
  const uncertain = symbolsOf(isUncertain)
  const ending = symbolsOf((state) => state === 'ending')
  const now = [
    resting.length > 0
      ? `${isOn ? 'Resting there now' : 'Still resting there, and being taken back'}: ${resting.join(', ')}`
      : isOn && 'Nothing rests there yet.',
    uncertain.length > 0 && `Not confirmed by the broker: ${uncertain.join(', ')}`,
    ending.length > 0 && `Being taken back: ${ending.join(', ')}`,
  ]
  const lines = isOn
    ? [
        `${sign} PROTECTION AT THE VENUE IS ON`,
        'The desk places stops and targets of this account at its broker, where they hold while the desk is down.',
        ...now,
        'The thread of each position hears when its levels rest there, and when they cannot; until then the desk’s own watch.',
        '💡 `protect at venue off` takes them back',
      ]
    : [
        `${sign} PROTECTED BY THE DESK`,
        "Stops and targets are the desk's own: they are triggered as long as the desk runs.",
        ...now,
        '💡 `protect at venue on` lets them rest at the broker',
      ]
  return lines.filter(Boolean).join('\n')
}
