import { NoBars } from '../../../strategies/engine/bar-source.ts'
import { daysBetween } from '../../../strategies/engine/bars/days.ts'
import type { ForecastParts } from '../../parts.ts'
import type { Card } from '../card.ts'
import { marketSymbol } from '../predict.ts'
import { type Coverage, coverageOf } from './rows.ts'
import { forecasterName, type OffReason, stateOf } from './state.ts'

/** A model as it is shown to people and programs. */
export interface ModelShown {
  name: string
  /** The reason why its files are refused; then it has no card. */
  refused?: string
  card?: Card
  off?: OffReason
  /** Calendar days from its last bar to the market's last day; negative when the market plays earlier days. */
  ageDays?: number
  coverage: Coverage[]
  market: string
}

/** All models of the desk that forecast or decide. */
export async function modelsShown(parts: ForecastParts): Promise<ModelShown[]> {
  const { db, runs, forecaster } = parts
  const market = runs.bars.name
  const model = await forecaster.open()
  if (typeof model === 'string')
    return [{ name: forecasterName, refused: model.replace(/ in \S+ is refused/, ' is refused'), coverage: [], market }]
  const { card } = model
  const [off, coverage, day] = await Promise.all([
    stateOf(db, card.hash),
    coverageOf(db, card.hash, market),
    lastDay(parts),
  ])
  const ageDays = day === undefined ? undefined : daysBetween(card.data.to, day)
  return [
    { name: forecasterName, card, ...(off && { off }), ...(ageDays !== undefined && { ageDays }), coverage, market },
  ]
}

/** The last finished day of SPY; undefined on a market without it. */
export async function lastDay({ runs, clock, log }: ForecastParts): Promise<string | undefined> {
  try {
    const today = clock.now().toISOString().slice(0, 10)
    return (await runs.bars.daily(marketSymbol, 1, today))?.days.at(-1)
  } catch (cause) {
    if (!(cause instanceof NoBars)) log.warn({ err: cause }, 'models are shown without their age')
    return undefined
  }
}
