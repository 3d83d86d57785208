import { type Network, scoresOf, softmax } from './network.ts'

/** A message of a known label with the scores that a network gave it. */
export interface Scored {
  label: number
  scores: Float32Array
}

/** The results of a network on messages that it was not trained on. */
export interface Metrics {
  /** Share of the commands that are right at the thresholds. */
  accuracy: number
  /** The same without thresholds: the best guess alone. */
  accuracyOfBestGuess: number
  /** Share of chatter that is taken for any command. */
  chatterTaken: number
  /** Share of chatter that is taken for a command that changes money. */
  chatterTakenForMoney: number
  /** Expected calibration error in ten bins: the difference between confidence and the share that is right. */
  calibrationError: number
}

/** The scores of examples, in their order. */
export function scoreAll(network: Network, examples: { rows: number[]; label: number }[]): Scored[] {
  return examples.map(({ rows, label }) => ({ label, scores: scoresOf(network, rows) }))
}

/** The temperature, on a fine grid, that makes the right labels most likely (Guo et al. 2017, temperature scaling). */
export function temperatureFor(scored: Scored[]): number {
  const grid = Array.from({ length: 61 }, (_, index) => (40 + 5 * index) / 100)
  const losses = grid.map((temperature) =>
    scored.reduce((sum, { label, scores }) => sum - Math.log(softmax(scores.slice(), temperature)[label]! + 1e-9), 0),
  )
  return grid[losses.indexOf(Math.min(...losses))]!
}

/** The best guess for scores: its label and its confidence. */
export function guessOf(scores: Float32Array, temperature: number): { label: number; confidence: number } {
  const shares = softmax(scores.slice(), temperature)
  let label = 0
  for (let at = 1; at < shares.length; at++) if (shares[at]! > shares[label]!) label = at
  return { label, confidence: shares[label]! }
}

/** The most likely label beside `none`, with its confidence. */
function commandOf(scores: Float32Array, temperature: number, none: number): { label: number; confidence: number } {
  const shares = softmax(scores.slice(), temperature)
  shares[none] = -1
  const confidence = Math.max(...shares)
  return { label: shares.indexOf(confidence), confidence }
}

/** The lowest confidence, in steps of a hundredth, at which at most this share of chatter is taken for one of these labels. */
export function thresholdFor(
  scored: Scored[],
  temperature: number,
  isOne: (label: number) => boolean,
  none: number,
  share: number,
): number {
  const chatter = scored.filter(({ label }) => label === none)
  const taken = chatter
    .map(({ scores }) => commandOf(scores, temperature, none))
    .filter(({ label }) => isOne(label))
    .map(({ confidence }) => confidence)
  for (let hundredths = 10; hundredths < 100; hundredths++) {
    const threshold = hundredths / 100
    if (taken.filter((confidence) => confidence >= threshold).length <= share * chatter.length) return threshold
  }
  return 0.99
}

/** Measures the guesses at the threshold of each label. */
export function measure(
  scored: Scored[],
  temperature: number,
  thresholds: number[],
  isMoney: boolean[],
  none: number,
): Metrics {
  const guesses = scored.map(({ label, scores }) => ({ right: label, ...guessOf(scores, temperature) }))
  const best = scored.map(({ label, scores }) => ({ right: label, ...commandOf(scores, temperature, none) }))
  const heard = ({ label, confidence }: { label: number; confidence: number }) => confidence >= thresholds[label]!
  const commands = best.filter(({ right }) => right !== none)
  const chatter = best.filter(({ right }) => right === none)
  const shareOf = <T>(some: T[], is: (one: T) => boolean) => some.filter(is).length / some.length
  return {
    accuracy: shareOf(commands, (one) => one.label === one.right && heard(one)),
    accuracyOfBestGuess: shareOf(
      guesses.filter(({ right }) => right !== none),
      (one) => one.label === one.right,
    ),
    chatterTaken: shareOf(chatter, heard),
    chatterTakenForMoney: shareOf(chatter, (one) => heard(one) && isMoney[one.label]!),
    calibrationError: calibrationError(guesses),
  }
}

function calibrationError(guesses: { right: number; label: number; confidence: number }[]): number {
  const bins = Map.groupBy(guesses, ({ confidence }) => Math.min(9, Math.floor(confidence * 10)))
  let error = 0
  for (const bin of bins.values()) {
    const right = bin.filter((one) => one.label === one.right).length
    const sure = bin.reduce((sum, { confidence }) => sum + confidence, 0)
    error += Math.abs(right - sure)
  }
  return error / guesses.length
}
