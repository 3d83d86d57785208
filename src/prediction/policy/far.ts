import type { PolicyCard } from './card.ts'
import { stateNames } from './layout.ts'

/** A number this many deviations from its usual value is like nothing that the policy met. */
const farDeviations = 5

/** The numbers of a state that are like nothing that the policy met, by name. */
export function farNumbers({ usual }: Pick<PolicyCard, 'usual'>, state: ArrayLike<number>): string[] {
  return stateNames.filter((_, at) => {
    const { mean, deviation } = usual[at]!
    return deviation > 0 && Math.abs(state[at]! - mean) > farDeviations * deviation
  })
}
