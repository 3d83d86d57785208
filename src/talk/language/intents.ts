import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import type { IntentPredictor } from './classify.ts'
import type { IntentModel } from './intent-model.ts'

/** The folder of the shipped model. */
export const intentsFolder = fileURLToPath(new URL('../../../models/intents', import.meta.url))

/** A model that opens at the first question. */
export interface LazyIntents extends IntentPredictor {
  close(): Promise<void>
}

/**
 * Creates a model that opens at the first question. Opening takes about 0.2 s and 37 MB, and most messages do not need it. An
 * invalid model is logged once, and the desk continues without a model.
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
    async numbers(text, command) {
      opening ??= open()
      return (await (await opening)?.numbers?.(text, command)) ?? []
    },
    async close() {
      await (await opening)?.close()
    },
  }
}
