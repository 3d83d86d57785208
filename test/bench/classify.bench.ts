// The reading of messages that no generator template of the training set produced (test/talk/language/blind): commands right,
// commands right with every slot, chatter that was acted on or taken for something that changes money, and the time. First
// the whole pipeline without LLM and the bare model as shipped. Then node-nlp and natural, each trained on as many of the
// same sentences as it learns in a minute, and our model trained again on just as few.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { build, moneyLabels, recipe } from '../../models/intents/build.ts'
import { chanceOf } from '../../models/random.ts'
import { connectDatabase } from '../../src/infra/db/client.ts'
import { simInstruments } from '../../src/market/feeds/sim/sim-instruments.ts'
import { listingOf } from '../../src/market/names.ts'
import { handlers } from '../../src/talk/commands/index.ts'
import { classify } from '../../src/talk/language/classify.ts'
import { tokensOf } from '../../src/talk/language/intent-features.ts'
import { type IntentModel, loadIntentModel } from '../../src/talk/language/intent-model.ts'
import { intentsFolder } from '../../src/talk/language/intents.ts'
import { lineOf } from '../../src/talk/language/params.ts'
import { loadRegistry } from '../../src/talk/language/registry.ts'
import { symbolsOf } from '../../src/talk/language/symbols.ts'
import { blindSets, type Message, meansTheSame, messagesOf, setsThere } from '../talk/language/blind-sets.ts'
import { benchDatabase } from './database.ts'
import { percentile, report } from './figures.ts'

/** The reading of a message by one of the compared programs: `acts` without a question; `params` when it finds slots. */
interface Heard {
  command: string
  acts: boolean
  params?: Record<string, string>
}

/** The part of the peers that is used: one has no types, and those of the other do not compile here. */
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
/** Trains a program on sentences. */
type Trains = (some: Message[]) => Promise<Hears> | Hears

const required = createRequire(import.meta.url)
const natural: Natural = required('natural')
const { NlpManager }: NodeNlp = required('node-nlp')

const goals = { right: 0.95, takenForMoney: 0.01, p99: 2 }
/** Measured rounds over all messages, after one warm-up round. */
const rounds = 5
/** The time for a peer's training: on all sentences the slower one does not end. */
const trainingSeconds = 60
const fewest = 1000

const neverSeen = 'never seen'
/**
 * Messages that the authors had read during development, and messages that they never read; each with the names of its sets.
 */
const sets = new Map(
  Object.entries(blindSets).map(([kind, names]) => [
    kind,
    { names: setsThere(names), messages: messagesOf(setsThere(names)) },
  ]),
)
/** In random order, so that its beginning has every label in proportion. */
const sentences = shuffled(linesOf<Message & { held?: boolean }>(`${intentsFolder}/sentences.jsonl`))

const database = await benchDatabase()
const db = connectDatabase(database.url, pino({ level: 'silent' }), 2)
const registry = await loadRegistry(db, handlers)
const model = await loadIntentModel(intentsFolder)
const symbols = new Set(simInstruments.map(({ symbol }) => symbol))
const classifier = { registry, knowsSymbol: symbolsOf(listingOf(simInstruments)), model }

// People also type sentences that a template makes (`sell 500 bynd`); the messages without these are a set of their own.
const shapeOf = (text: string) => tokensOf(text, (word) => symbols.has(word.toUpperCase())).join(' ')
const trained = new Set(sentences.map(({ text }) => shapeOf(text)))
const { names, messages } = sets.get(neverSeen)!
sets.set(`${neverSeen}, nor made by a template`, {
  names,
  messages: messages.filter(({ text }) => !trained.has(shapeOf(text))),
})

const pipeline = await compare('pipeline', async (text) => lineOf(text, await classify(classifier, text)))
await compare(`model, ${sentences.length} sentences`, hearsBy(model))
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
  report({ figure: `${figure}: ${neverSeen}`, value, unit, samples: sets.get(neverSeen)!.messages.length, goal, holds })

const fewForBayes = await trainedInTime('natural (naive Bayes)', trainNatural)
const fewForNodeNlp = await trainedInTime('node-nlp', trainNodeNlp)
for (const count of new Set([fewForBayes, fewForNodeNlp])) await compareOurs(count)
process.exit()

/** Trains a peer on more and more sentences while the next round may end in time, measures the last, and returns its count. */
async function trainedInTime(of: string, train: Trains): Promise<number> {
  let count = fewest
  for (;;) {
    const began = performance.now()
    const hears = await train(sentences.slice(0, count))
    const seconds = (performance.now() - began) / 1000
    const next = Math.min(2 * count, sentences.length)
    // Twice as many sentences take two to four times as long.
    if (next === count || 3 * seconds > trainingSeconds) {
      report({
        figure: `training of ${of}`,
        value: seconds,
        unit: 's',
        samples: count,
        note: `of ${sentences.length}: what ends within ${trainingSeconds} s`,
      })
      await compare(`${of}, ${count} sentences`, hears)
      return count
    }
    count = next
  }
}

/** Our model, trained again on as few sentences. */
async function compareOurs(count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'intents-'))
  const some = sentences.slice(0, count).map(({ text, command, held }) => ({ text, command, dev: held === true }))
  const began = performance.now()
  for (const [name, bytes] of Object.entries(build(() => {}, recipe, some))) writeFileSync(join(folder, name), bytes)
  const seconds = (performance.now() - began) / 1000
  report({ figure: 'training of the model, twice as it is', value: seconds, unit: 's', samples: count })
  const own = await loadIntentModel(folder)
  await compare(`model, ${count} sentences`, hearsBy(own))
  await own.close()
  rmSync(folder, { recursive: true })
}

function hearsBy({ predict, thresholds }: IntentModel): Hears {
  return async (text) => {
    const { command, confidence } = (await predict(text)).nearest
    const least = moneyLabels.has(command) ? thresholds.money : thresholds.read
    return { command: confidence < least ? 'none' : command, acts: false }
  }
}

function shuffled<T>(some: T[]): T[] {
  const chance = chanceOf(1)
  for (let at = some.length - 1; at > 0; at--) {
    const other = chance.below(at + 1)
    ;[some[at], some[other]] = [some[other]!, some[at]!]
  }
  return some
}

/** Measures a program on every set and prints a line for each; the figures are those of the messages that were never seen. */
async function compare(of: string, hears: Hears) {
  const figures = new Map<string, Awaited<ReturnType<typeof measured>>>()
  for (const [kind, { names, messages }] of sets) {
    const found = await measured(hears, messages)
    figures.set(kind, found)
    const findsSlots = of === 'pipeline'
    const shown = Object.entries(found).filter(
      ([name]) => findsSlots || !['rightWithSlots', 'chatterActedOn'].includes(name),
    )
    const short = Object.fromEntries(shown.map(([name, value]) => [name, Number(value.toPrecision(4))]))
    console.log(
      JSON.stringify({ figure: `messages ${kind} (${names.join(', ')})`, of, ...short, unit: 'shares, messages, ms' }),
    )
  }
  return figures.get(neverSeen)!
}

async function measured(hears: Hears, messages: Message[]) {
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
  const withSlots = commands.filter(({ message, made }) => made.params && meansTheSame(made, message))
  return {
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
}

function trainNatural(some: Message[]): Hears {
  const bayes = new natural.BayesClassifier()
  for (const { text, command } of some) bayes.addDocument(text, command)
  bayes.train()
  return (text) => ({ command: bayes.classify(text), acts: false })
}

async function trainNodeNlp(some: Message[]): Promise<Hears> {
  const manager = new NlpManager({
    languages: ['en'],
    forceNER: false,
    autoSave: false,
    nlu: { log: false, useNoneFeature: false },
  })
  for (const { text, command } of some) manager.addDocument('en', text, command)
  await manager.train()
  return async (text) => {
    const { intent } = await manager.process('en', text)
    return { command: intent === 'None' ? 'none' : intent, acts: false }
  }
}

function linesOf<T>(file: string): T[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
}
