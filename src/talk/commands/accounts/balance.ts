import { dollarsText, percentText, profitText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { keptText } from '../../../trading/accounts/gate-refusals.ts'
import { buyingPowerOf } from '../../../trading/accounts/rows/gate-facts.ts'
import { worthOf, worthToday } from '../../../trading/accounts/worth.ts'
import { type Command, say } from '../command.ts'
import { exampleSymbol } from '../symbol.ts'
import { equityText, gainedText, leftOut } from './worth.ts'

export const showBalance: Command = {
  name: 'balance',
  aliases: ['bal', 'buying power', 'equity', 'cash'],
  phrases: [
    {
      full: `my balance, account balance, account value, what's balance, what is balance, how much cash, how much money,
        how much cash do i have, how much buying power do i have, how much money do i have, available cash, available funds, how much can i buy,
        what can i spend, net worth, account equity, bp`,
      thin: 'money, funds',
    },
  ],
  description: 'Cash, equity, buying power, and the day',
  category: 'Accounts',
  position: 309,
  effect: 'reads',
  usage: 'balance',
  example: 'balance',
  detail:
    'Equity of your account (the starting balance and all P&L, open positions at their present prices), cash, buying power for the next order, and the P&L since midnight in New York, open positions included. A gain from before a position was recorded is no result of the day. `accounts` lists all your accounts, `limits` what an order may be.',
  needs: 'viewer',
  account: 'looks',
  options: [],
  async run({ parts, speaker }) {
    const { accountId } = speaker
    if (accountId === 0) {
      const example = `\`long ${exampleSymbol(parts.market)} 100\``
      return new Refusal('NO_ACCOUNT', 'You have no account yet.', `Your first trade opens one: ${example}`)
    }
    const worth = await worthOf(parts, accountId)
    const marks = new Map(worth.marked.flatMap(({ position, quote }) => (quote ? [[position.symbol, quote.last]] : [])))
    const [day, power] = await Promise.all([worthToday(parts, accountId), buyingPowerOf(parts.db, accountId, marks)])
    const { start, realized } = worth.book
    const began = day.equity
    const share = began?.gt(0) ? ` (${percentText(worth.equity.minus(began).div(began))})` : ''
    const inAll = worth.equity.minus(start)
    return say(
      [
        '💼 BALANCE',
        `Equity: ${equityText(worth)}`,
        `Cash: ${dollarsText(worth.cash)}`,
        `Buying power: ${dollarsText(power.left)}${keptText(power)}`,
        `${gainedText('Today', worth, day)}${share}`,
        ...leftOut('Today', day),
        `In all: ${profitText(inAll)} since ${dollarsText(start)} · realized ${profitText(realized)}`,
      ].join('\n'),
    )
  },
}
