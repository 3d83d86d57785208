import type { Recipe } from './ppo.ts'
import type { PolicySizes } from './training-graph.ts'

/** Steps that were played, lane after lane, and what is learned from them. */
export interface Collected {
  count: number
  states: Float32Array
  /** A one in each head of a row. */
  chosen: Float32Array
  /** The log odds of the choices, and the values of the states, when they were played. */
  logs: Float32Array
  values: Float32Array
  advantages: Float32Array
  returns: Float32Array
  /** Notes a step, and then what came of it; `beyond` is the value of the state that an episode was cut off in, or 0. */
  act(lane: number, state: ArrayLike<number>, chosen: Int32Array, log: number, value: number): void
  earn(lane: number, reward: number, isEnd: boolean, beyond: number): void
  /** The value of the state after a lane's last step, when its episode goes on. */
  follow(lane: number, value: number): void
  /** Works out advantages and returns (generalized advantage estimation, Schulman et al. 2016). */
  estimate(): void
  meanReward(): number
}

/** Room for the steps of an update. Throws in `estimate` when a lane has played fewer. */
export function collected(
  { inputs, heads }: Pick<PolicySizes, 'inputs' | 'heads'>,
  { lanes, steps, discount, trace }: Pick<Recipe, 'lanes' | 'steps' | 'discount' | 'trace'>,
): Collected {
  const count = lanes * steps
  const choices = heads.reduce((sum, one) => sum + one, 0)
  const floats = (width = 1) => new Float32Array(count * width)
  const [states, chosen] = [floats(inputs), floats(choices)]
  const [logs, values, rewards, advantages, returns] = [floats(), floats(), floats(), floats(), floats()]
  const ends = new Uint8Array(count)
  const beyond = floats()
  const played = new Int32Array(lanes)
  return {
    ...{ count, states, chosen, logs, values, advantages, returns },
    act(lane, state, made, log, value) {
      const at = lane * steps + played[lane]!
      states.set(state, at * inputs)
      let head = at * choices
      for (let nth = 0; nth < heads.length; nth++) {
        chosen[head + made[nth]!] = 1
        head += heads[nth]!
      }
      logs[at] = log
      values[at] = value
    },
    earn(lane, reward, isEnd, after) {
      const at = lane * steps + played[lane]!++
      rewards[at] = reward
      ends[at] = isEnd ? 1 : 0
      beyond[at] = after
    },
    follow(lane, value) {
      beyond[lane * steps + steps - 1] = value
    },
    estimate() {
      for (let lane = 0; lane < lanes; lane++) {
        if (played[lane] !== steps) throw new Error(`lane ${lane} played ${played[lane]} steps of ${steps}`)
        let ahead = 0
        for (let at = (lane + 1) * steps - 1; at >= lane * steps; at--) {
          const isLast = at === (lane + 1) * steps - 1
          const next = ends[at] || isLast ? beyond[at]! : values[at + 1]!
          const surprise = rewards[at]! + discount * next - values[at]!
          ahead = surprise + (ends[at] || isLast ? 0 : discount * trace * ahead)
          advantages[at] = ahead
          returns[at] = ahead + values[at]!
        }
      }
    },
    meanReward: () => rewards.reduce((sum, one) => sum + one, 0) / count,
  }
}
