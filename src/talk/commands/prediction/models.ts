import { Refusal } from '../../../base/refusal.ts'
import { modelsShown } from '../../../prediction/forecaster/live/shown.ts'
import {
  forecasterName,
  type ModelName,
  policyName,
  switchOff,
  switchOn,
} from '../../../prediction/forecaster/live/state.ts'
import { policyShown } from '../../../prediction/policy/live/shown.ts'
import { plain } from '../../language/words.ts'
import { modelsText } from '../../wording/prediction/models.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'

export const listModels: Command = {
  name: 'models',
  aliases: ['list models', 'show models'],
  description: 'The models, and what was shown of them',
  category: 'Models',
  position: 152,
  effect: 'reads',
  usage: 'models',
  example: 'models',
  detail:
    'Each model with its card in short: what it learned from, what was shown of it in its tests, how old it is on this market, how often its ranges held here, and whether it is on.',
  needs: 'viewer',
  account: 'none',
  options: [],
  run: async ({ parts }) => say(modelsText(await modelsShown(parts), await policyShown(parts))),
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
    'Off, nothing is forecast (`forecaster`) or decided (`policy`) until an owner switches it on again; orders, stops and the guardian go on without it. The desk itself switches a model off when it expires, when inputs are unlike anything that it learned from, or when its ranges miss more than luck explains, and tells the owners.',
  needs: 'owner',
  account: 'none',
  options: [{ name: 'what', type: 'text', description: 'off or on, and the name', required: true }],
  async run(hearing, { words }) {
    const [word, name, ...more] = plain(words.rest ?? words.what ?? '').split(' ')
    const model = switched.find((one) => one.name === name)
    if ((word !== 'off' && word !== 'on') || !model || more.length > 0) {
      const sentence = `The desk has two models that can be switched: ${switched.map((one) => one.name).join(' and ')}. Nothing was changed.`
      return new Refusal('NO_SUCH_MODEL', sentence, `Usage: \`${switchModel.usage}\``)
    }
    return word === 'off' ? off(hearing, model) : on(hearing, model)
  },
}

/** A model that an owner may switch. */
interface Switched {
  name: ModelName
  /** The thing that is missing while it is off. */
  without: string
  /** The hash of its file, or the reason why it is refused. */
  open(parts: Hearing['parts']): Promise<{ card: { hash: string; expires: string | null } } | string>
}

const switched: readonly Switched[] = [
  {
    name: forecasterName,
    without: 'nothing is forecast',
    open: (parts) => parts.forecaster.open(),
  },
  {
    name: policyName,
    without: 'it gives no signals',
    open: async (parts) => parts.policy.open(),
  },
]

async function off({ parts, speaker }: Hearing, { name, without, open }: Switched): Promise<Outcome> {
  const model = await open(parts)
  const hash = typeof model === 'string' ? 'refused' : model.card.hash
  const because = `by ${speaker.name}`
  await switchOff(parts.db, hash, { code: 'BY_OWNER', because }, parts.clock.now(), name)
  return say(
    `🧠 The ${name} is off: ${without} until \`model on ${name}\`. Orders, stops and the guardian go on without it.`,
  )
}

async function on({ parts }: Hearing, { name, open }: Switched): Promise<Outcome> {
  const model = await open(parts)
  if (typeof model === 'string') {
    const sentence = `The files of the ${name} do not match its card, so it cannot be switched on.`
    return new Refusal('MODEL_REFUSED', sentence, '`models` says what differs')
  }
  const { hash, expires } = model.card
  const changed = await switchOn(parts.db, hash, parts.clock.now(), name)
  if (!changed) return say(`🧠 The ${name} was on already.`)
  const past = changed.isKeptPastExpiry ? ` It was good until ${expires}, and is kept on although that is over.` : ''
  return say(`🧠 The ${name} is on.${past} Its coverage is counted anew from now on.`)
}
