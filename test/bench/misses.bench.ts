// The messages of the sets that were read (test/talk/language/blind) which the desk reads otherwise than their writers meant, a
// line each, and their number by set and cause. Sets that were never read are not opened. Behind the name of the bench it takes
// nothing; `SETS=g,h npm run bench -- misses` reads only those.
import { moneyLabels } from '../../models/intents/build.ts'
import { classify } from '../../src/talk/language/classify.ts'
import { loadIntentModel } from '../../src/talk/language/intent-model.ts'
import { intentsFolder } from '../../src/talk/language/intents.ts'
import { type Line, lineOf } from '../../src/talk/language/params.ts'
import { namingText } from '../../src/talk/language/readings.ts'
import { blindSets, type Message, meansTheSame, messagesOf, setsThere } from '../talk/language/blind-sets.ts'
import { shippedGrammar } from '../talk/language/shipped-registry.ts'
import { report } from './figures.ts'

/**
 * The reason of a miss. `another`: another command was read. `unknown`: none was read, and the model means another one, or none.
 * `dropped`: none was read, although the model means the right one. `slot`: the command is right and a slot is not. `taken`: talk
 * was taken for a command that only tells; `taken for money`: for one that changes holdings, orders or risk.
 */
type Cause = 'another' | 'unknown' | 'dropped' | 'slot' | 'taken' | 'taken for money'

const model = await loadIntentModel(intentsFolder)
const classifier = { ...shippedGrammar(), model }
const wanted = process.env.SETS?.split(',') ?? blindSets.seen

for (const set of setsThere(blindSets.seen.filter((name) => wanted.includes(name)))) {
  const messages = messagesOf([set])
  const commands = messages.filter(({ command }) => command !== 'none')
  const causes = new Map<Cause, number>()
  let acted = 0
  for (const message of messages) {
    const line = lineOf(message.text, await classify(classifier, message.text))
    if (message.command === 'none' && line.acts) acted++
    const cause = await causeOf(message, line)
    if (!cause) continue
    causes.set(cause, (causes.get(cause) ?? 0) + 1)
    const { command, params, layer, confidence, acts } = line
    const meant = { command: message.command, params: message.params }
    console.log(
      JSON.stringify({ set, cause, text: message.text, meant, read: { command, params, layer, confidence, acts } }),
    )
  }
  const missed = (['another', 'unknown', 'dropped', 'slot'] as const).reduce(
    (sum, cause) => sum + (causes.get(cause) ?? 0),
    0,
  )
  report({
    figure: `commands right with slots: set ${set}, which was read`,
    value: 1 - missed / commands.length,
    unit: 'share',
    samples: commands.length,
    note: JSON.stringify({ ...Object.fromEntries(causes), chatter: messages.length - commands.length, acted }),
  })
}
await model.close()
process.exit()

async function causeOf(message: Message, line: Line): Promise<Cause | undefined> {
  const { text, command } = message
  if (meansTheSame(line, message)) return undefined
  if (line.command === command) return 'slot'
  if (command === 'none') return moneyLabels.has(line.command) ? 'taken for money' : 'taken'
  if (line.command !== 'none') return 'another'
  const { registry, knowsSymbol } = classifier
  const { nearest } = await model.predict(namingText(registry, text, knowsSymbol))
  return nearest.command === command ? 'dropped' : 'unknown'
}
