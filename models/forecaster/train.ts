// npm run train:forecaster -- --bars FOLDER: judges and builds the forecaster from recorded bars. With --check nothing is
// written, and it fails unless both files are the same as those here, byte for byte. --out FOLDER writes elsewhere.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { companyOf } from '../../src/prediction/features/sectors.ts'
import { barsFolder } from '../../src/strategies/command-line/bars-folder.ts'
import { UsageError } from '../../src/strategies/command-line/usage/usage-error.ts'
import { build } from './build.ts'
import { featuresFor } from './features.ts'
import { progressOn } from './progress.ts'
import { barsOf } from './recording.ts'

try {
  const { values } = parseArgs({
    options: { bars: { type: 'string' }, out: { type: 'string' }, check: { type: 'boolean', default: false } },
  })
  const places = { market: process.env.MARKET, cwd: process.cwd(), root: path.join(import.meta.dirname, '../..') }
  const folder = barsFolder(values.bars, places)
  const target = values.out === undefined ? import.meta.dirname : path.resolve(values.out)
  const began = performance.now()
  const found = await barsOf(folder)
  const built = await build(found, companyOf, featuresFor(found), progressOn(process.stderr))
  const differing = Object.entries(built).filter(([name, bytes]) => {
    const file = path.join(target, name)
    if (values.check) return !readFileSync(file).equals(bytes)
    writeFileSync(file, bytes)
    return false
  })
  const { kind, verdicts } = JSON.parse(Buffer.from(built['card.json']).toString())
  console.log(
    kind === 'network' ? 'The network is shipped.' : 'No edge shown: the baseline is shipped, without a direction.',
  )
  for (const { horizon, isRangeShown, isNetworkShown, isDirectionShown } of verdicts)
    console.log(
      `${horizon.toString().padStart(4)} days: range ${isRangeShown ? 'shown' : 'not shown'}, network ${isNetworkShown ? 'shown' : 'not shown'}, direction ${isDirectionShown ? 'shown' : 'not shown'}`,
    )
  console.log(`${Math.round((performance.now() - began) / 1000)} s`)
  if (differing.length > 0) {
    console.error(`Not what is held here: ${differing.map(([name]) => name).join(', ')}`)
    process.exitCode = 1
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode =
    error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1
}
