import { type Chance, chanceOf, type Range } from '../../contracts/venues/difficult/chance.ts'

/** The draws of one server: each kind of fault has a sequence of its own, so that no other thing changes it. */
export interface Draws<Fault extends string, Timing extends string> {
  happens(fault: Fault): boolean
  /** Milliseconds. */
  wait(timing: Timing): number
  between(range: Range): number
}

/** Draws from a seed by the probabilities as they are then; `timings` are ranges of milliseconds. */
export function createDraws<Fault extends string, Timing extends string>(
  seed: number,
  faults: Record<Fault, number>,
  timings: Record<Timing, Range>,
): Draws<Fault, Timing> {
  const chances = new Map<string, Chance>()
  function of(about: string): Chance {
    const known = chances.get(about) ?? chanceOf(seed, about)
    chances.set(about, known)
    return known
  }
  return {
    happens: (fault) => faults[fault] > 0 && of(fault).happens(faults[fault]),
    wait: (timing) => of(timing).between(timings[timing]),
    between: (range) => of('between').between(range),
  }
}
