import type { BenchDesk } from './bench-desk.ts'

/** The number of people who type at a time while a bench is set up. */
const atOnce = 20

/** Lets `count` people, each in a thread of their own, record a position. */
export function openPositions(bench: BenchDesk, count: number): Promise<void> {
  return everybody(count, (person) => bench.say(person, 'long BYND 3750 @ .63'))
}

/** Lets each of them start a fast scaleout. */
export function startScaleouts(bench: BenchDesk, count: number): Promise<void> {
  return everybody(count, async (person) => {
    const [reply] = await bench.say(person, 'scaleout fast')
    if (!reply?.text.includes('SCALEOUT INITIATED')) throw new Error(`No scaleout was started: ${reply?.text}`)
  })
}

async function everybody(count: number, act: (person: number) => Promise<unknown>): Promise<void> {
  let next = 1
  const one = async () => {
    while (next <= count) await act(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}
