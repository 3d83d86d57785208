import path from 'node:path'
import { parseMarkets } from '../../market/spec.ts'
import { UsageError } from './usage/usage-error.ts'

/** The places of a command: `MARKET` of the environment, the folder in which it was typed, and that of the project. */
interface Places {
  market?: string
  cwd: string
  root: string
}

/** The folder of bars: that of the flag, else that of the replay in `MARKET`. Throws `UsageError` without one. */
export function barsFolder(flag: string | undefined, { market, cwd, root }: Places): string {
  if (flag !== undefined) return path.resolve(cwd, flag)
  const replay = market ? parseMarkets(market).find((spec) => spec.kind === 'replay') : undefined
  if (replay) return path.resolve(root, replay.folder)
  const form = 'SYMBOL.csv with date,open,high,low,close,volume'
  throw new UsageError(`Name a folder of bars: --bars FOLDER (${form}), or MARKET=replay:FOLDER.`)
}
