import { dollarsText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import {
  confirmAbove,
  defaultConfirmAbove,
  mostConfirmAbove,
  setConfirmAbove,
} from '../../../trading/accounts/rows/confirmation.ts'
import { type Command, say } from '../command.ts'

export const setConfirmation: Command = {
  name: 'confirm',
  aliases: [],
  description: 'From which size on an order is asked about',
  category: 'Orders',
  position: 47,
  effect: 'sets',
  usage: 'confirm [above DOLLARS | default | off]',
  example: 'confirm above 10000',
  detail: `Orders by \`buy\`, \`sell\`, \`add\` and \`trim\` that are worth more than this are asked about before they are sent; ${dollarsText(defaultConfirmAbove)} unless you say otherwise, at most ${dollarsText(mostConfirmAbove)}. \`confirm\` shows it; only owners may say \`confirm off\`.`,
  needs: 'trader',
  account: 'sets',
  options: [
    {
      name: 'when',
      type: 'choice',
      choices: ['above', 'default', 'off'],
      description: 'From a size on, as usual, or never',
    },
    { name: 'price', type: 'price', description: 'Dollars, such as 10000' },
  ],
  async run({ parts, speaker }, { words: given, price, above: from }) {
    const amount = price ?? from
    if (given.when === 'off' && speaker.role !== 'owner') {
      return new Refusal(
        'NOT_ALLOWED',
        'Only an owner may switch that off. Nothing was changed.',
        '`confirm above 100000` asks less often',
      )
    }
    if (amount !== undefined && given.when !== 'off' && given.when !== 'default') {
      if (amount instanceof Refusal && amount.code !== 'PRICE_ABSURD') return howMuch()
      if (amount instanceof Refusal || amount.gt(mostConfirmAbove)) {
        const said = amount instanceof Refusal ? 'That' : dollarsText(amount)
        const sentence = `${said} is more than ${dollarsText(mostConfirmAbove)}, the most that can be set. Nothing was changed.`
        return new Refusal('CONFIRMATION_OUT_OF_BOUNDS', sentence)
      }
      await setConfirmAbove(parts.db, speaker.accountId, amount)
    } else if (given.when === 'off' || given.when === 'default') {
      await setConfirmAbove(parts.db, speaker.accountId, given.when === 'off' ? 'never' : 'default')
    } else if (given.when === 'above') {
      return howMuch()
    }
    const above = await confirmAbove(parts.db, speaker.accountId)
    const sign = given.when === undefined && amount === undefined ? '⚙️' : '✓'
    return say(
      above
        ? `${sign} Orders above ${dollarsText(above)} are asked about before they are sent.\n💡 Change it with \`confirm above 10000\``
        : `${sign} No order is asked about for its size.\n💡 \`confirm default\` asks again above ${dollarsText(defaultConfirmAbove)}`,
    )
  },
}

function howMuch(): Refusal {
  const sentence = 'Above how many dollars? It must be more than zero. Nothing was changed.'
  return new Refusal('PRICE_NOT_A_NUMBER', sentence, 'Such as `confirm above 10000`')
}
