import { least, sum, zero } from '../../../base/amounts.ts'
import { haltOf } from '../../../trading/accounts/rows/halts.ts'
import { moneyOf } from '../../../trading/accounts/rules/account-mode.ts'
import { type Worth, worthOf, worthToday } from '../../../trading/accounts/worth.ts'
import { runningCounts } from '../../../trading/scaleouts/rows/tasks.ts'
import { openProposals } from '../../../watch/guardian/decisions.ts'
import type { Handlers } from '../context.ts'
import { decimal } from './decimals.ts'
import { allOf } from './pages.ts'

export const figureHandlers: Pick<Handlers, 'accounts' | 'figures' | 'accountBalance'> = {
  async accounts({ parts, accounts, caller }) {
    const items = await Promise.all(
      accounts.map(async (account) => {
        const [worth, { equity: began }, halt] = await Promise.all([
          worthOf(parts, account.id),
          worthToday(parts, account.id),
          haltOf(parts.db, account.id),
        ])
        return {
          ...{ id: account.id, name: account.name, kind: account.mode, role: caller.role },
          ...{ money: moneyOf(account), number: account.maskedNumber ?? null },
          ...{ venue: account.venue, currency: account.currency },
          startingBalance: account.startingBalance.toFixed(),
          equity: shownIn(worth).equity.toFixed(),
          broker: brokerIn(worth),
          dayPnl: decimal(began && worth.equity.minus(began)),
          openPositions: worth.marked.length,
          halt: haltFrom(halt),
        }
      }),
    )
    return allOf(items)
  },
  async accountBalance({ parts, accounts, accountId }) {
    const asOf = parts.clock.now()
    const worth = await worthOf(parts, accountId)
    const account = accounts.find(({ id }) => id === accountId)
    const told = worth.broker?.balance
    const { cash, equity } = shownIn(worth)
    return {
      account: account ? account.id : null,
      ...{ money: account ? moneyOf(account) : ('paper' as const), number: account?.maskedNumber ?? null },
      currency: account?.currency ?? 'USD',
      available_cash: availableIn(worth).toFixed(),
      ...{ cash: cash.toFixed(), equity: equity.toFixed(), buying_power: decimal(told?.buyingPower) },
      told_by: told && account ? account.venue : 'desk',
      as_of: (told?.at ?? asOf).toISOString(),
    }
  },
  async figures({ parts, accountId }) {
    const { db, clock } = parts
    const asOf = clock.now()
    const [worth, { equity: began }, halt, running, questions] = await Promise.all([
      worthOf(parts, accountId),
      worthToday(parts, accountId),
      haltOf(db, accountId),
      runningCounts(db, accountId),
      openProposals(db, accountId, asOf),
    ])
    const { marked } = worth
    return {
      account: accountId === 0 ? null : accountId,
      equity: shownIn(worth).equity.toFixed(),
      cash: shownIn(worth).cash.toFixed(),
      broker: brokerIn(worth),
      dayPnl: decimal(began && worth.equity.minus(began)),
      openPnl: sum(marked.map(({ unrealized }) => unrealized ?? zero)).toFixed(),
      realizedPnl: worth.book.realized.toFixed(),
      exposure: sum(valuesOf(worth).map((value) => value.abs())).toFixed(),
      netExposure: sum(valuesOf(worth)).toFixed(),
      openPositions: marked.length,
      running,
      questions: questions.length,
      halt: haltFrom(halt),
      stale: marked.filter(({ quote }) => quote?.stale).map(({ position }) => position.symbol),
      unpriced: marked.filter(({ quote }) => !quote).map(({ position }) => position.symbol),
      asOf: asOf.toISOString(),
    }
  },
}

/** Cash that new orders may take: a broker lends more than is there, and may have set some of it aside. */
function availableIn(worth: Worth) {
  const { cash } = shownIn(worth)
  const free = least(cash, worth.broker?.balance?.buyingPower ?? cash)
  return free.gt(0) ? free : zero
}

/** Equity and cash for people: the broker's own, where it has told them. */
function shownIn({ equity, cash, broker }: Worth) {
  return { equity: broker?.balance?.equity ?? equity, cash: broker?.balance?.cash ?? cash }
}

function brokerIn({ broker }: Worth) {
  if (!broker?.balance) return null
  const { cash, equity, buyingPower, at } = broker.balance
  return { cash: cash.toFixed(), equity: decimal(equity), buyingPower: decimal(buyingPower), at: at.toISOString() }
}

/** The signed values of the positions that have a price, in dollars. */
function valuesOf({ marked }: Worth) {
  return marked.flatMap(({ position, quote }) => (quote ? [position.signedQuantity.times(quote.last)] : []))
}

function haltFrom(halt: Awaited<ReturnType<typeof haltOf>>) {
  return halt ? { since: halt.at.toISOString(), because: halt.because } : null
}
