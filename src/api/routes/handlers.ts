import { drawStreamToken } from '../stream/reader/stream-token.ts'
import { accessHandlers } from './access.ts'
import { alertActs } from './acts/alerts.ts'
import { closePosition } from './acts/close.ts'
import { answerQuestion } from './acts/guardian.ts'
import { levelHandlers } from './acts/levels.ts'
import { orderActs } from './acts/orders.ts'
import { scaleoutActs } from './acts/scaleouts.ts'
import { strategyActs } from './acts/strategies.ts'
import { strategyListActs } from './acts/strategy-lists.ts'
import type { Handlers } from './context.ts'
import { alertReads } from './reads/alerts.ts'
import { backtestReads } from './reads/backtests.ts'
import { bookReads } from './reads/books.ts'
import { eventReads } from './reads/events.ts'
import { figureHandlers } from './reads/figures.ts'
import { guardianReads } from './reads/guardian.ts'
import { healthReads } from './reads/health.ts'
import { inferenceReads } from './reads/inference.ts'
import { marketReads } from './reads/market.ts'
import { orderReads } from './reads/orders.ts'
import { positionReads } from './reads/positions.ts'
import { providerReads } from './reads/providers.ts'
import { scaleoutReads } from './reads/scaleouts.ts'
import { sentimentReads } from './reads/sentiment.ts'
import { strategyReads } from './reads/strategies.ts'
import { strategyListReads } from './reads/strategy-lists.ts'
import { taskReads } from './reads/tasks.ts'
import { sayHandlers } from './say.ts'

/** The functions behind all routes of the contract. */
export const handlers: Handlers = {
  ...accessHandlers,
  streamToken: ({ parts, caller }) =>
    drawStreamToken(parts.redis, caller, parts.clock.now()).then(({ token, endsAt }) => ({
      token,
      endsAt: endsAt.toISOString(),
    })),
  ...figureHandlers,
  ...bookReads,
  ...positionReads,
  closePosition,
  ...levelHandlers,
  ...orderReads,
  ...orderActs,
  ...scaleoutReads,
  ...scaleoutActs,
  ...taskReads,
  ...eventReads,
  ...alertReads,
  ...alertActs,
  ...guardianReads,
  answerQuestion,
  ...marketReads,
  ...inferenceReads,
  ...providerReads,
  ...healthReads,
  ...sentimentReads,
  ...strategyReads,
  ...backtestReads,
  ...strategyActs,
  ...strategyListReads,
  ...strategyListActs,
  ...sayHandlers,
}
