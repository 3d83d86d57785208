import { setTimeout as pause } from 'node:timers/promises'
import { screen } from '../../engine/screen.ts'
import { strategies, strategyNamed } from '../../screeners/list.ts'
import type { RunKind } from '../kind.ts'
import { keepResults, keepStrengths } from '../rows/claims.ts'
import { doneSymbols } from '../rows/results.ts'
import { elseStopped, RunStopped } from './run-stopped.ts'

/**
 * After a write a run rests for so many times as long as that took, so that answers and exits have the main thread and the database
 * for themselves most of the time, and on a busy machine for longer. No rest is longer than `longestRestMs`.
 */
const restsFor = 6
const longestRestMs = 250

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
          const began = performance.now()
          elseStopped(await ours(keepResults(db, run, batch)))
          progress.noted()
          await pause(Math.min(longestRestMs, restsFor * (performance.now() - began)), undefined, { signal })
        },
      },
      { threads: Number(run.parameters.max_workers ?? 1), signal, log },
    )
  },
}
