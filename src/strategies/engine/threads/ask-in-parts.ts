import type { Answer, Task } from './answer.ts'
import { type Scorers, ThreadLost } from './scorers.ts'

/**
 * Asks the threads about some symbols. When a thread dies over them, another gets each of them alone; a symbol over which that
 * dies, too, is absent from the answer.
 */
export async function askInParts(
  scorers: Scorers,
  symbols: readonly string[],
  taskOf: (symbols: readonly string[]) => Task,
  { signal, log }: { signal?: AbortSignal; log?: { warn(fields: object, message: string): void } },
): Promise<Answer> {
  const all: Answer = { strengths: {}, results: [], forChain: [], faults: [] }
  if (symbols.length === 0) return all
  const answers: Answer[] = []
  try {
    answers.push(await scorers.ask(taskOf(symbols), signal))
  } catch (cause) {
    if (!(cause instanceof ThreadLost)) throw cause
    log?.warn({ symbols, err: cause }, 'screening: a thread was lost')
    for (const symbol of symbols) {
      const answer = await askAgain(scorers, taskOf([symbol]), { signal, log })
      if (answer) answers.push(answer)
    }
  }
  for (const { strengths, results, forChain, faults } of answers) {
    Object.assign(all.strengths, strengths)
    all.results.push(...results)
    all.forChain.push(...forChain)
    all.faults.push(...faults)
  }
  for (const fault of all.faults) log?.warn(fault, 'screening: a score failed')
  return all
}

async function askAgain(
  scorers: Scorers,
  task: Task,
  { signal, log }: { signal?: AbortSignal; log?: { warn(fields: object, message: string): void } },
): Promise<Answer | undefined> {
  try {
    return await scorers.ask(task, signal)
  } catch (cause) {
    if (!(cause instanceof ThreadLost)) throw cause
    log?.warn({ symbols: task.symbols, err: cause }, 'screening: a thread was lost again')
    return undefined
  }
}
