import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { readConfig } from '../../config.ts'
import { connectDatabase } from '../../infra/db/client.ts'
import { migrate } from '../../infra/db/migrator.ts'
import { simInstruments } from '../../market/feeds/sim/sim-instruments.ts'
import { listingOf } from '../../market/names.ts'
import { bringCatalogue } from '../commands/bring-catalogue.ts'
import type { Command } from '../commands/command.ts'
import { handlers } from '../commands/index.ts'
import { type Classifier, classify } from './classify.ts'
import { loadIntentModel } from './intent-model.ts'
import { createLlm } from './llm.ts'
import { lineOf } from './params.ts'
import { loadRegistry, type Registry } from './registry.ts'
import { spokenIn } from './spoken.ts'
import { symbolsOf } from './symbols.ts'

// npm run -s classify: reads one message a line and prints one object a line. With the argument `migrate` the database belongs to
// this run alone and is migrated first.

/** The exit code when the database went away while the words were read. The starter then tries again. */
const databaseAway = 75
const modelFolder = fileURLToPath(new URL('../../../models/intents', import.meta.url))

const registry = await words().catch((cause) => {
  const because = (cause as Error).cause instanceof Error ? `: ${((cause as Error).cause as Error).message}` : ''
  process.stderr.write(`The words could not be read. ${(cause as Error).message}${because}\n`)
  process.exit(databaseAway)
})
// The words are read, so the parent process may stop a database that it started for them.
if (process.connected) process.disconnect()
const classifier: Classifier<Command> = {
  registry,
  knowsSymbol: symbolsOf(listingOf(simInstruments)),
  model: existsSync(join(modelFolder, 'card.json')) ? await loadIntentModel(modelFolder) : undefined,
}
const llm = process.env.LLM_BASE_URL && process.env.LLM_MODEL ? openLlm() : undefined
process.stdout.on('error', () => process.exit(0)) // the reader of the output has closed it
for await (const lines of linesOf(process.stdin)) await print(lines)
process.exit(0)

async function words(): Promise<Registry<Command>> {
  const url = process.env.DATABASE_URL ?? ''
  if (process.argv[2] === 'migrate') {
    await migrate(url)
    await bringCatalogue(url)
  }
  const db = connectDatabase(url, pino({ level: 'silent' }), 1)
  try {
    return await loadRegistry(db, handlers)
  } finally {
    await db.destroy()
  }
}

function openLlm() {
  const environment = { ...process.env, REDIS_URL: process.env.REDIS_URL ?? 'redis://127.0.0.1' }
  const config = readConfig(environment)
  let calls = 0
  const purse = {
    spend: async () => ++calls <= config.LLM_DAILY_CALLS,
    spent: async () => {},
    giveBack: async () => void calls--,
  }
  const asked = createLlm(config)
  return asked && ((text: string) => asked.classify(registry, classifier.knowsSymbol, text, purse))
}

async function print(lines: string[]): Promise<void> {
  let printed = ''
  for (const line of lines) {
    const text = line.replace(/\r$/, '')
    let classified = await classify(classifier, text)
    if (classified.verdict === 'nothing' && llm && spokenIn(text).text !== '')
      classified = await llm(spokenIn(text).text).catch(() => classified)
    printed += `${JSON.stringify(lineOf(text, classified))}\n`
  }
  if (printed !== '' && !process.stdout.write(printed)) await once(process.stdout, 'drain')
}

/**
 * Yields the lines of a stream in batches as they arrive. The last line may have no newline. Invalid bytes become replacement
 * characters.
 */
async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder()
  let begun = ''
  for await (const chunk of input) {
    const pieces = decoder.decode(chunk, { stream: true }).split('\n')
    pieces[0] = begun + pieces[0]
    begun = pieces.pop()!
    yield pieces
  }
  begun += decoder.decode()
  if (begun !== '') yield [begun]
}
