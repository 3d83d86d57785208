import type { Chance } from '../random.ts'

/** The player whose choices are trained. */
export interface Actor {
  /** Chooses in a state: a choice of each head. The list is the actor's own. */
  act(state: ArrayLike<number>): Int32Array
  /**
   * Tells the reward of the last choice and the state it led to. `over`: nothing comes after it. `cut`: the episode ends here only because
   * its time is up, so the value of the state counts.
   */
  earn(reward: number, next: ArrayLike<number>, end?: 'over' | 'cut'): void
}

/** A world to learn in. */
export interface World {
  /** Numbers of a state, and the choices of each head. */
  inputs: number
  heads: readonly number[]
  /** Opens one of several independent courses through it. */
  lane(nth: number): Lane
}

/** A course through a world, from update to update. */
export interface Lane {
  /** Plays so many steps, with chance that is this call's own. */
  play(steps: number, actor: Actor, chance: Chance): void
  /** The state between two calls as numbers, and its return; empty when each call begins anew. */
  memory(): number[]
  remember(memory: readonly number[]): void
}
