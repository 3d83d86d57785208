// What is made of messages that no generator template of the training set produced (test/classify/blind): commands right,
// commands right with every slot, chatter that was acted on or taken for something that changes money, and how long it
// takes. The whole pipeline without LLM and the bare model, beside node-nlp and natural trained on the same sentences.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { moneyLabels } from '../../models/intents/build.ts'
import { classify } from '../../src/classify/classify.ts'
import { loadIntentModel } from '../../src/classify/intent-model.ts'
import { intentsFolder } from '../../src/classify/intents.ts'
import { lineOf } from '../../src/classify/params.ts'
import { loadRegistry } from '../../src/classify/registry.ts'
import { handlers } from '../../src/commands/index.ts'
import { connectDatabase } from '../../src/db/client.ts'
import { simInstruments } from '../../src/market/sim-instruments.ts'
import { benchDatabase } from './database.ts'
import { percentile, report } from './figures.ts'

interface Message {
  text: string
  command: string
  params?: Record<string, string>
}

/** What one of those that are compared made of a message: `acts` without a question; `params` where it finds slots. */
interface Heard {
  command: string
  acts: boolean
  params?: Record<string, string>
}

/** What is used of the peers: one has no types, and those of the other do not compile here. */
interface Natural {
  BayesClassifier: new () => {
    addDocument(text: string, label: string): void
    train(): void
    classify(text: string): string
  }
}
interface NodeNlp {
  NlpManager: new (
    settings: object,
  ) => {
    addDocument(language: string, text: string, label: string): void
    train(): Promise<void>
    process(language: string, text: string): Promise<{ intent: string }>
  }
}

type Hears = (text: string) => Promise<Heard> | Heard

const required = createRequire(import.meta.url)
const natural: Natural = required('natural')
const { NlpManager }: NodeNlp = required('node-nlp')

const goals = { right: 0.95, takenForMoney: 0.01, p99: 2 }
/** Rounds over all messages whose times count, after one that does not. */
const rounds = 5

const blind = fileURLToPath(new URL('../classify/blind', import.meta.url))
const messages = readdirSync(blind)
  .filter((name) => name.endsWith('.jsonl'))
  .flatMap((name) => linesOf<Message>(`${blind}/${name}`))
const sentences = linesOf<Message>(`${intentsFolder}/sentences.jsonl`)

const database = await benchDatabase()
const db = connectDatabase(database.url, pino({ level: 'silent' }), 2)
const registry = await loadRegistry(db, handlers)
const model = await loadIntentModel(intentsFolder)
const symbols = new Set(simInstruments.map(({ symbol }) => symbol))
const classifier = { registry, knowsSymbol: (word: string) => symbols.has(word), model }

const pipeline = await compare('pipeline', async (text) => lineOf(text, await classify(classifier, text)))
await compare('model', async (text) => {
  const { command, confidence } = await model.predict(text)
  const least = moneyLabels.has(command) ? model.thresholds.money : model.thresholds.read
  return { command: confidence < least ? 'none' : command, acts: false }
})
await model.close()
await db.destroy()
await database.drop()

for (const [figure, value, unit, goal, holds] of [
  [
    'commands right with slots',
    pipeline.rightWithSlots,
    'share',
    `at least ${goals.right}`,
    pipeline.rightWithSlots >= goals.right,
  ],
  ['chatter acted on', pipeline.chatterActedOn, 'messages', 'none', pipeline.chatterActedOn === 0],
  [
    'chatter taken for what changes money, even as a question',
    pipeline.chatterTakenForMoney / pipeline.chatter,
    'share',
    `at most ${goals.takenForMoney}`,
    pipeline.chatterTakenForMoney <= goals.takenForMoney * pipeline.chatter,
  ],
  ['a message through the pipeline, p99', pipeline.p99, 'ms', `at most ${goals.p99} ms`, pipeline.p99 <= goals.p99],
] as const)
  report({ figure, value, unit, samples: messages.length, goal, holds })

await compare('natural (naive Bayes)', trainNatural())
await compare('node-nlp', await trainNodeNlp())
process.exit()

/** Measures one on all messages and prints a line. */
async function compare(of: string, hears: Hears) {
  const heard: { message: Message; made: Heard }[] = []
  for (const message of messages) heard.push({ message, made: await hears(message.text) })
  const taken: number[] = []
  for (let round = 0; round < rounds; round++) {
    for (const { text } of messages) {
      const began = performance.now()
      await hears(text)
      taken.push(performance.now() - began)
    }
  }
  const commands = heard.filter(({ message }) => message.command !== 'none')
  const chatter = heard.filter(({ message }) => message.command === 'none')
  const right = commands.filter(({ message, made }) => made.command === message.command)
  const withSlots = right.filter(({ message, made }) => made.params && sameSlots(made.params, message.params ?? {}))
  const figures = {
    commands: commands.length,
    right: right.length / commands.length,
    rightWithSlots: withSlots.length / commands.length,
    chatter: chatter.length,
    chatterTaken: chatter.filter(({ made }) => made.command !== 'none').length,
    chatterTakenForMoney: chatter.filter(({ made }) => moneyLabels.has(made.command)).length,
    chatterActedOn: chatter.filter(({ made }) => made.acts).length,
    p50: percentile(taken, 0.5),
    p99: percentile(taken, 0.99),
  }
  const findsSlots = heard.some(({ made }) => made.params)
  const shown = Object.entries(figures).filter(
    ([name]) => findsSlots || !['rightWithSlots', 'chatterActedOn'].includes(name),
  )
  const short = shown.map(([name, value]) => [name, Number(value.toPrecision(4))])
  console.log(
    JSON.stringify({ figure: 'messages never seen', of, ...Object.fromEntries(short), unit: 'shares, messages, ms' }),
  )
  return figures
}

function trainNatural(): Hears {
  const bayes = new natural.BayesClassifier()
  for (const { text, command } of sentences) bayes.addDocument(text, command)
  timed('natural (naive Bayes)', () => bayes.train())
  return (text) => ({ command: bayes.classify(text), acts: false })
}

async function trainNodeNlp(): Promise<Hears> {
  const manager = new NlpManager({
    languages: ['en'],
    forceNER: false,
    autoSave: false,
    nlu: { log: false, useNoneFeature: false },
  })
  for (const { text, command } of sentences) manager.addDocument('en', text, command)
  await timed('node-nlp', () => manager.train())
  return async (text) => {
    const { intent } = await manager.process('en', text)
    return { command: intent === 'None' ? 'none' : intent, acts: false }
  }
}

async function timed(of: string, train: () => unknown): Promise<void> {
  const began = performance.now()
  await train()
  report({
    figure: `training of ${of}`,
    value: (performance.now() - began) / 1000,
    unit: 's',
    samples: sentences.length,
  })
}

function sameSlots(found: Record<string, string>, wanted: Record<string, string>): boolean {
  const names = new Set([...Object.keys(found), ...Object.keys(wanted)])
  return [...names].every((name) => sameValue(found[name], wanted[name]))
}

/** `0.5` and `0.50` are the same number. */
function sameValue(found: string | undefined, wanted: string | undefined): boolean {
  if (found === undefined || wanted === undefined) return found === wanted
  return found === wanted || (/^[\d.]+$/.test(found) && Number(found) === Number(wanted))
}

function linesOf<T>(file: string): T[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
}
