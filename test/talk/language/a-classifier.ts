import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { connectDatabase } from '../../../src/infra/db/client.ts'
import type { Database } from '../../../src/infra/db/schema.ts'
import { simInstruments } from '../../../src/market/feeds/sim/sim-instruments.ts'
import { listingOf } from '../../../src/market/names.ts'
import type { Command } from '../../../src/talk/commands/command.ts'
import { handlers } from '../../../src/talk/commands/index.ts'
import type { Classifier } from '../../../src/talk/language/classify.ts'
import { loadIntentModel } from '../../../src/talk/language/intent-model.ts'
import { intentsFolder } from '../../../src/talk/language/intents.ts'
import { loadRegistry } from '../../../src/talk/language/registry.ts'
import { symbolsOf } from '../../../src/talk/language/symbols.ts'
import { freshDatabase } from '../../support/database.ts'

/** The classifier of a new desk, with the words of the database, the model, and the symbols of the simulated market. */
export interface OpenClassifier {
  classifier: Classifier<Command>
  /** The same without a model. */
  grammar: Classifier<Command>
  db: Kysely<Database>
  close(): Promise<void>
}

/** Opens it on a database of its own. */
export async function openClassifier(): Promise<OpenClassifier> {
  const fresh = await freshDatabase()
  const db = connectDatabase(fresh.url, pino({ level: 'silent' }), 2)
  const registry = await loadRegistry(db, handlers)
  const model = await loadIntentModel(intentsFolder)
  const grammar = { registry, knowsSymbol: symbolsOf(listingOf(simInstruments)) }
  return {
    classifier: { ...grammar, model },
    grammar,
    db,
    async close() {
      await model.close()
      await db.destroy()
      await fresh.drop()
    },
  }
}
