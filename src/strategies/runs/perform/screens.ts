import { screen } from '../../engine/screen.ts'
import { strategies, strategyNamed } from '../../screeners/list.ts'
import type { RunKind } from '../kind.ts'
import { keepResults, keepStrengths } from '../rows/claims.ts'
import { doneSymbols } from '../rows/results.ts'
import { elseStopped, RunStopped } from './run-stopped.ts'

/** Runs of screeners. */
export const screens: RunKind = {
  name: 'screen',
  noun: 'screener',
  strategies,
  named: strategyNamed,
  async work({ parts, run, fixed, progress, signal, ours }) {
    const { db, runs, log } = parts
    const { symbols, asOf, strengths } = fixed
    const done = await ours(doneSymbols(db, run.id))
    await screen(
      runs.bars,
      { strategy: run.strategy, parameters: run.parameters, symbols, asOf, strengths, done },
      {
        stage: progress.stage,
        at: progress.at,
        async strengths(known) {
          if (!(await ours(keepStrengths(db, run, { ...known })))) throw new RunStopped('cancelled')
        },
        async results(batch) {
          elseStopped(await ours(keepResults(db, run, batch)))
          progress.noted()
        },
      },
      { threads: Number(run.parameters.max_workers ?? 1), signal, log },
    )
  },
}
