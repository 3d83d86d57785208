import { type Recipe, usualRecipe } from './ppo.ts'

/** The settings of a whole training of the shipped policy. */
export interface Plan {
  /** Looks at the days of the tests before this training, with what they showed. */
  earlier: string[]
  recipe: Omit<Recipe, 'seed'>
  seeds: number[]
  /** Tests over the second half of the days. */
  folds: number
  /** The comparison that decides whether lines of bars are in the states: within the days before the first test. */
  rays: { seeds: number[]; updates: number }
  /** One in so many symbols that are learned from, by a hash of the name, is tested on the later days, to spare time; and all that are held out. */
  testedOneIn: number
  /** Random policies that it is compared with. */
  random: number
}

/** The settings of the shipped policy. No result of a test has changed them; fewer steps and symbols are there to spare time. */
export const shippedPlan: Plan = {
  earlier: [
    'while the code was written: seed 1 of the second test, 51,200 steps, all symbols: no trade',
    'while the code was written: seed 1 of the second test, 307,200 steps, all symbols: ratio -0.94',
    'a whole training with these settings, before the card had the ratio of random policies: the same results',
  ],
  recipe: { ...usualRecipe, lanes: 8, rate: 5e-4, updates: 150 },
  seeds: [1, 2, 3, 4, 5],
  folds: 2,
  rays: { seeds: [1, 2, 3], updates: 75 },
  testedOneIn: 3,
  random: 500,
}
