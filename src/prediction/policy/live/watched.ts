import type { WatchedModel } from '../../forecaster/live/fitness.ts'
import { policyName } from '../../forecaster/live/state.ts'
import type { PolicyCard } from '../card.ts'

/** The policy as its fitness is watched: the range that it carries is one of a day. */
export const watchedPolicy = ({ hash, expires, trainedTo }: PolicyCard): WatchedModel => ({
  ...{ name: policyName, hash, expires, learnedTo: trainedTo },
  ...{ horizons: [1], tells: 'signals' },
})
