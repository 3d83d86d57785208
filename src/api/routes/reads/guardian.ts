import { Refusal } from '../../../base/refusal.ts'
import { type Decision as AnyDecision, listDecisions, openProposals } from '../../../watch/guardian/decisions.ts'
import type { GuardianAction } from '../../../watch/guardian/guardian-rules.ts'
import type { WatchParts } from '../../../watch/parts.ts'
import type { Decision, Question } from '../../contract/guardian.ts'
import type { Handlers } from '../context.ts'
import { decimal } from './decimals.ts'
import { allOf, pageOf, partOf } from './pages.ts'

export const guardianReads: Pick<Handlers, 'decisions' | 'questions'> = {
  async decisions({ parts, accountId }, { query }) {
    const part = partOf(query)
    if (part instanceof Refusal) return part
    const filter = { symbol: query.symbol?.toUpperCase(), before: part.after, most: part.limit + 1 }
    return pageOf(await listDecisions(parts.db, [accountId], filter), part, decisionItem, ({ id }) => id)
  },
  async questions({ parts, accountId, caller }) {
    const open = await openProposals(parts.db, accountId, parts.clock.now())
    return allOf(open.map((decision) => questionItem(parts, decision, caller.memberId)))
  },
}

function decisionItem(decision: AnyDecision): Decision {
  return {
    ...{ id: decision.id, event: decision.eventId, symbol: decision.symbol, action: decision.action },
    amount: decimal(decision.amount),
    confidence: decimal(decision.confidence),
    ...{ reasoning: decision.reasoning, source: decision.source, state: decision.state },
    model: decision.model ?? null,
    chosen: decision.chosen ?? null,
    outcome: decision.outcome ?? null,
    decidedAt: decision.decidedAt.toISOString(),
    expiresAt: decision.expiresAt.toISOString(),
  }
}

function questionItem({ wording }: Pick<WatchParts, 'wording'>, decision: AnyDecision, memberId: number): Question {
  const { text, question } = wording({ kind: 'guardian.asked', decision })
  return {
    ...{ id: decision.id, symbol: decision.symbol, text, reasoning: decision.reasoning },
    title: question?.title ?? decision.symbol,
    choices: (question?.choices ?? []).map(({ value, label, danger }) => ({
      value: value as GuardianAction,
      label,
      isDanger: danger ?? false,
    })),
    isYours: decision.memberId === memberId,
    askedAt: decision.decidedAt.toISOString(),
    expiresAt: decision.expiresAt.toISOString(),
  }
}
