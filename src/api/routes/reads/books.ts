import { booksReport } from '../../../trading/reconcile/report.ts'
import type { Gap } from '../../../trading/reconcile/rows/gaps.ts'
import type { Handlers } from '../context.ts'
import { decimal } from './decimals.ts'

export const bookReads: Pick<Handlers, 'books'> = {
  async books({ parts, accountId }) {
    const isLinked = accountId !== 0 && (await parts.venues.of(accountId)).venue.capabilities.isLinked === true
    const report = await booksReport(parts, accountId)
    const { looked } = report
    return {
      account: accountId === 0 ? null : accountId,
      isLinked,
      lookedAt: looked?.lookedAt.toISOString() ?? null,
      failed: looked?.failed ? { at: looked.failed.at.toISOString(), because: looked.failed.because } : null,
      agree: isLinked && report.agree,
      gaps: report.gaps.map(gapItem),
      ended: report.ended.map(gapItem),
      external: report.external.map(({ symbol, signedQuantity, since }) => ({
        symbol,
        quantity: signedQuantity.toFixed(),
        since: since.toISOString(),
      })),
      inDoubt: report.inDoubt.map(({ order, timesAsked }) => ({
        order: order.id,
        symbol: order.symbol,
        sentAt: order.createdAt.toISOString(),
        timesAsked,
      })),
      actions: report.actions.map(({ kind, symbol, newSymbol, cash, state, at }) => ({
        ...{ kind, symbol, state, newSymbol: newSymbol ?? null, cash: decimal(cash), at: at.toISOString() },
      })),
    }
  },
}

function gapItem({ symbol, ledger, venue, gap, state, isSplitLike, seenAt, endedAt, explainedBy }: Gap) {
  return {
    ...{ symbol, ledger: ledger.toFixed(), venue: venue.toFixed(), gap: gap.toFixed(), state },
    ...{ levelsWait: isSplitLike, seenAt: seenAt.toISOString() },
    endedAt: endedAt?.toISOString() ?? null,
    explainedBy: explainedBy ?? null,
  }
}
