import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import type { Predicts } from './classify.ts'
import type { IntentModel } from './intent-model.ts'

/** Where the model that is shipped is. */
export const intentsFolder = fileURLToPath(new URL('../../../models/intents', import.meta.url))

/** A model that is opened when it is first asked. */
export interface LazyIntents extends Predicts {
  close(): Promise<void>
}

/**
 * The model of a folder, opened at the first question, which takes some 0.2 s: it needs 37 MB, and most people are
 * understood without it. One that is refused is reported once, and the desk goes on without a model.
 */
export function lazyIntents(folder: string, log: Logger): LazyIntents {
  let opening: Promise<IntentModel | undefined> | undefined
  let opened: IntentModel | undefined
  const open = async () => {
    try {
      opened = await (await import('./intent-model.ts')).loadIntentModel(folder)
      return opened
    } catch (cause) {
      log.error({ err: cause }, 'the intent model is refused; what the grammar does not understand is not understood')
      return undefined
    }
  }
  return {
    get thresholds() {
      return opened?.thresholds
    },
    async predict(text) {
      opening ??= open()
      const model = await opening
      return model ? model.predict(text) : { command: 'none', confidence: 0 }
    },
    async close() {
      await (await opening)?.close()
    },
  }
}
