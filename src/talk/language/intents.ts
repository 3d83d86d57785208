import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import type { Predicts } from './classify.ts'
import type { IntentModel } from './intent-model.ts'

/** Where the model that is shipped is. */
export const intentsFolder = fileURLToPath(new URL('../../../models/intents', import.meta.url))

/** A model that is opened when it is first asked. */
export interface LazyIntents extends Predicts {
  /** Opens it, so that the first message need not wait for it. */
  warm(): Promise<void>
  close(): Promise<void>
}

/**
 * The model of a folder, opened at the first question: a process that hears nothing never loads it. One that is refused
 * is reported once, and the desk goes on without a model.
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
    async warm() {
      await this.predict('')
    },
    async close() {
      await (await opening)?.close()
    },
  }
}
