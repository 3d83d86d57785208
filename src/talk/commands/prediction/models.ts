import { Refusal } from '../../../base/refusal.ts'
import { modelsShown } from '../../../prediction/forecaster/live/shown.ts'
import { forecasterName, stateOf, switchOff, switchOn } from '../../../prediction/forecaster/live/state.ts'
import { plain } from '../../language/words.ts'
import { modelsText } from '../../wording/prediction/models.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'

export const listModels: Command = {
  name: 'models',
  aliases: ['list models', 'show models'],
  description: 'The models of the desk: what was shown of them, their age, how they hold, on or off',
  category: 'Models',
  position: 152,
  effect: 'reads',
  usage: 'models',
  example: 'models',
  detail:
    'Each model with its card in short: what it learned from, at which horizons it was better than the baselines in its tests, how old it is on this market, how often its ranges held here, and whether it is on.',
  needs: 'viewer',
  account: 'none',
  options: [],
  run: async ({ parts }) => say(modelsText(await modelsShown(parts))),
}

export const switchModel: Command = {
  name: 'model',
  aliases: [],
  description: 'Switch a model off, or on again',
  category: 'Models',
  position: 153,
  effect: 'governs',
  usage: 'model (off | on) NAME',
  example: 'model off forecaster',
  detail:
    'Off, nothing is forecast until an owner switches it on again; orders, stops and the guardian go on without it. The desk itself switches a model off when it expires, when inputs are unlike anything that it learned from, or when its ranges miss more than luck explains.',
  needs: 'owner',
  account: 'none',
  options: [{ name: 'what', type: 'text', description: 'off or on, and the name', required: true }],
  async run(hearing, { words }) {
    const [word, name, ...more] = plain(words.rest ?? words.what ?? '').split(' ')
    if ((word !== 'off' && word !== 'on') || name !== forecasterName || more.length > 0) {
      const sentence = `The desk has one model that can be switched: ${forecasterName}. Nothing was changed.`
      return new Refusal('NO_SUCH_MODEL', sentence, `Usage: \`${switchModel.usage}\``)
    }
    return word === 'off' ? off(hearing) : on(hearing)
  },
}

async function off({ parts, speaker }: Hearing): Promise<Outcome> {
  const model = await parts.forecaster.open()
  const hash = typeof model === 'string' ? 'refused' : model.card.hash
  const earlier = await stateOf(parts.db, hash)
  const because = `by ${speaker.name}`
  // What the desk switched off itself stays off for a new model, too, once a person says so.
  if (earlier && earlier.code !== 'BY_OWNER') await switchOn(parts.db, hash, parts.clock.now())
  await switchOff(parts.db, hash, { code: 'BY_OWNER', because }, parts.clock.now())
  return say(
    `🧠 The ${forecasterName} is off: nothing is forecast until \`model on ${forecasterName}\`. Orders, stops and the guardian go on without it.`,
  )
}

async function on({ parts }: Hearing): Promise<Outcome> {
  const model = await parts.forecaster.open()
  if (typeof model === 'string') {
    const sentence = 'The files of the forecaster do not match its card, so it cannot be switched on.'
    return new Refusal('MODEL_REFUSED', sentence, '`models` says what differs')
  }
  const isChanged = await switchOn(parts.db, model.card.hash, parts.clock.now())
  return say(
    isChanged
      ? `🧠 The ${forecasterName} is on. Its coverage is counted anew from now on.`
      : `🧠 The ${forecasterName} was on already.`,
  )
}
