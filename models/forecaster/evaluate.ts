// npm run evaluate -- --bars FOLDER: tests the shipped forecaster and the shipped policy on recorded bars, and walks
// the baselines of ranges forward over them.
// --network trains the forecaster's network and the policies of the tests as well; --json prints data. On the bars of a card it fails
// unless its verdicts are those on the card.
import path from 'node:path'
import { parseArgs } from 'node:util'
import { companyOf } from '../../src/prediction/features/sectors.ts'
import { forecasterFolder } from '../../src/prediction/forecaster/folder.ts'
import { loadForecaster } from '../../src/prediction/forecaster/model.ts'
import { policyCardSchema } from '../../src/prediction/policy/card.ts'
import { policyFolder } from '../../src/prediction/policy/folder.ts'
import { readPolicy } from '../../src/prediction/policy/model.ts'
import { barsFolder } from '../../src/strategies/command-line/bars-folder.ts'
import { UsageError } from '../../src/strategies/command-line/usage/usage-error.ts'
import { buildPolicy } from '../policy/build.ts'
import { testPolicy } from '../policy/evaluate.ts'
import { policyEvaluationText, verdictText } from '../policy/verdict-text.ts'
import { besideCardText, forecasterDifferences, policyDifferences } from './beside-card.ts'
import { recipe } from './build.ts'
import { evaluationText } from './evaluation-text.ts'
import { featuresFor } from './features.ts'
import { progressOn } from './progress.ts'
import { barsOf, isHeldOut } from './recording.ts'
import { samplesOf } from './samples.ts'
import { verdictsOf } from './ship-rule.ts'
import { testShipped } from './test-shipped.ts'
import { walkForward } from './walk.ts'

try {
  const { values } = parseArgs({
    options: {
      bars: { type: 'string' },
      network: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const places = { market: process.env.MARKET, cwd: process.cwd(), root: path.join(import.meta.dirname, '../..') }
  const found = await barsOf(barsFolder(values.bars, places))
  const told = progressOn(process.stderr)
  told(0, 'reading samples')
  // The walk of a card has the rows that have features, and so has this one, with the network and without.
  const features = featuresFor(found)
  const samples = samplesOf(found.bars, found.market, features)
  const model = await loadForecaster(forecasterFolder)
  const shipped = await testShipped(model, samples)
  await model.close()
  const isHeld = samples.symbols.map((symbol) => isHeldOut(symbol, companyOf))
  const full = values.network ? { ...recipe, dropped: { blocks: features.blocks, share: 0.2 } } : undefined
  const walk = await walkForward(samples, (symbol) => isHeld[symbol]!, full, told)
  told(1, 'done')
  const evaluation = {
    bars: { hash: found.hash, from: found.from, to: found.to, symbols: samples.symbols.length, count: found.count },
    isOfTheCard: found.hash === model.card.data.hash,
    shipped,
    verdicts: verdictsOf(walk),
  }
  const policy = readPolicy(policyFolder)
  const tests = testPolicy(policy, found)
  const trained = values.network
    ? policyCardSchema.parse(
        JSON.parse(Buffer.from((await buildPolicy(found, companyOf, told))['card.json']).toString()),
      )
    : undefined
  const differences = [
    ...(evaluation.isOfTheCard ? forecasterDifferences(evaluation.verdicts, model.card) : []),
    ...(trained && found.hash === policy.card.data.hash ? policyDifferences(trained.verdict, policy.card) : []),
  ]
  console.log(
    values.json
      ? JSON.stringify({ ...evaluation, policy: tests, policyVerdict: trained?.verdict, differences }, null, 1)
      : [
          evaluationText(evaluation, model.card),
          policyEvaluationText(policy.card, tests),
          ...(trained ? [`POLICIES TRAINED ON THESE BARS\n${verdictText(trained)}`] : []),
          ...(evaluation.isOfTheCard ? [besideCardText(differences, values.network)] : []),
        ].join('\n\n'),
  )
  if (differences.length > 0) process.exitCode = 1
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  const { code } = error as { code?: string }
  process.exitCode = error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1
}
