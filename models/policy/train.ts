// npm run train:policy -- --bars FOLDER: trains, tests and builds the policy from recorded bars. A training that was ended goes on where it was
// (--fresh begins anew). With --check nothing is written, and it fails unless both files are the same as those here, byte for byte.
// --out FOLDER writes elsewhere.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { companyOf } from '../../src/prediction/features/sectors.ts'
import { policyCardSchema } from '../../src/prediction/policy/card.ts'
import { barsFolder } from '../../src/strategies/command-line/bars-folder.ts'
import { UsageError } from '../../src/strategies/command-line/usage/usage-error.ts'
import { progressOn } from '../forecaster/progress.ts'
import { barsOf } from '../forecaster/recording.ts'
import { buildPolicy } from './build.ts'
import { checkpointsIn } from './checkpoint.ts'
import { curvesOf } from './curves.ts'
import { verdictText } from './verdict-text.ts'

try {
  const { values } = parseArgs({
    options: {
      ...{ bars: { type: 'string' }, out: { type: 'string' } },
      ...{ check: { type: 'boolean', default: false }, fresh: { type: 'boolean', default: false } },
    },
  })
  const root = path.join(import.meta.dirname, '../..')
  const folder = barsFolder(values.bars, { market: process.env.MARKET, cwd: process.cwd(), root })
  const target = values.out === undefined ? import.meta.dirname : path.resolve(values.out)
  const kept = path.join(root, '.deskhand/train-policy')
  if (values.fresh && !values.check) await rm(kept, { recursive: true, force: true })
  const began = performance.now()
  const built = await buildPolicy(await barsOf(folder), companyOf, progressOn(process.stderr), {
    // A check shows that bars alone give these bytes.
    ...(!values.check && { checkpoints: checkpointsIn(kept) }),
  })
  if (!values.check) mkdirSync(target, { recursive: true })
  const differing = Object.entries(built).filter(([name, bytes]) => {
    const file = path.join(target, name)
    if (values.check) return !readFileSync(file).equals(bytes)
    writeFileSync(file, bytes)
    return false
  })
  const card = policyCardSchema.parse(JSON.parse(Buffer.from(built['card.json']).toString()))
  console.log(verdictText(card))
  if (!values.check) {
    await curvesOf(card).then(
      (picture) => writeFileSync(path.join(target, 'learning.png'), picture),
      (cause) => console.error(`The curves were not drawn: ${(cause as Error).message}`),
    )
    await rm(kept, { recursive: true, force: true })
  }
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
