import { dollarsText, percentText, profitText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { keptText } from '../../../trading/accounts/gate-refusals.ts'
import { balanceSeconds, buyingPowerOf } from '../../../trading/accounts/rows/gate-facts.ts'
import type { BuyingPower } from '../../../trading/accounts/rules/buying-power.ts'
import { refreshBalance } from '../../../trading/accounts/venue-balance.ts'
import { type Worth, worthOf, worthToday } from '../../../trading/accounts/worth.ts'
import { type Command, say } from '../command.ts'
import { exampleSymbol } from '../symbol.ts'
import { cashText, equityText, gainedText, leftOut, toldText } from './worth.ts'

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
    'Equity of your account (the starting balance and all P&L, open positions at their present prices), cash, buying power for the next order, and the P&L since midnight in New York, open positions included. A gain from before a position was recorded is no result of the day. Of a linked account, equity, cash and buying power are those that its broker tells, with their age. `accounts` lists all your accounts, `limits` what an order may be.',
  needs: 'viewer',
  account: 'looks',
  options: [],
  async run({ parts, speaker }) {
    const { accountId } = speaker
    if (accountId === 0) {
      const example = `\`long ${exampleSymbol(parts.market)} 100\``
      return new Refusal('NO_ACCOUNT', 'You have no account yet.', `Your first trade opens one: ${example}`)
    }
    await refreshBalance(parts, accountId)
    const worth = await worthOf(parts, accountId)
    const now = parts.clock.now()
    const marks = new Map(worth.marked.flatMap(({ position, quote }) => (quote ? [[position.symbol, quote.last]] : [])))
    const [day, power] = await Promise.all([worthToday(parts, accountId), buyingPowerOf(parts.db, accountId, marks)])
    const { start, realized } = worth.book
    const gained = day.equity && worth.equity.minus(day.equity)
    // A deposit at the broker is in its equity, and not in the desk's books.
    const began = gained && (worth.broker?.balance?.equity?.minus(gained) ?? day.equity)
    const share = began?.gt(0) ? ` (${percentText(gained!.div(began))})` : ''
    const inAll = profitText(worth.equity.minus(start))
    const told = toldText(worth, now)
    return say(
      [
        '💼 BALANCE',
        `Equity: ${equityText(worth)}`,
        `Cash: ${cashText(worth)}`,
        `Buying power: ${worth.broker ? powerAtBroker(worth.broker, power, now) : `${dollarsText(power.left)}${keptText(power)}`}`,
        ...(told ? [`🏦 ${told[0]!.toUpperCase()}${told.slice(1)}`] : []),
        ...(worth.broker?.balance?.blocked
          ? [`⚠️ The broker has blocked the account: ${worth.broker.balance.blocked}`]
          : []),
        `${gainedText('Today', worth, day)}${share}`,
        ...leftOut('Today', day),
        `In all: ${inAll} ${worth.broker ? 'in positions of the desk' : `since ${dollarsText(start)}`} · realized ${profitText(realized)}`,
      ].join('\n'),
    )
  },
}

/** The buying power at the broker: less what was sent since while its balance is fresh, else as it was told. */
function powerAtBroker({ balance }: NonNullable<Worth['broker']>, power: BuyingPower, now: Date): string {
  if (!balance) return 'not told by the broker yet; orders that open wait until it is'
  if (now.getTime() - balance.at.getTime() <= balanceSeconds * 1000)
    return `${dollarsText(power.left)}${keptText(power)}`
  const then = balance.buyingPower ? dollarsText(balance.buyingPower) : 'not told'
  return `${then} then; the broker does not answer now, and orders that open are refused until it does`
}
