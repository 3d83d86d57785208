import { isLate } from '../screeners/soundness.ts'
import type { Columns, Strategy } from '../screeners/strategy.ts'
import type { BarSource } from './bar-source.ts'

/** The symbols under which sources have the VIX. */
const vixNames = ['VIX', '^VIX']

/**
 * SPY and the VIX on the day of a run, where the source has them no older than that. Throws when it cannot answer: results
 * must not depend on a moment's fault.
 */
export async function surroundingsFrom(
  source: BarSource,
  { barsUsed }: Pick<Strategy, 'barsUsed'>,
  asOf: string,
): Promise<{ index?: Columns; vix?: number }> {
  const index = await fresh(source, 'SPY', barsUsed, asOf)
  for (const name of vixNames) {
    const vix = (await fresh(source, name, 1, asOf))?.close.at(-1)
    if (vix !== undefined) return { index, vix }
  }
  return { index }
}

async function fresh(source: BarSource, symbol: string, count: number, asOf: string): Promise<Columns | undefined> {
  const bars = await source.daily(symbol, count, asOf)
  const last = bars?.days.at(-1)
  return last !== undefined && !isLate(last, asOf) ? bars : undefined
}
