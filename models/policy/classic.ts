import type { Chance } from '../random.ts'
import type { Lane, World } from './world.ts'

/** A game of classic control: its numbers move by an equation. */
interface Game {
  inputs: number
  choices: number
  /** The most steps of an episode. */
  longest: number
  begin(chance: Chance): number[]
  /** Moves the numbers on, in place; returns the reward and whether the episode is over. */
  move(numbers: number[], choice: number): { reward: number; isOver: boolean }
  see(numbers: readonly number[], into: Float64Array): void
}

/** CartPole-v1: Barto, Sutton and Anderson 1983, with the constants of Gymnasium. */
const cartPole: Game = {
  inputs: 4,
  choices: 2,
  longest: 500,
  begin: ({ next }) => Array.from({ length: 4 }, () => 0.1 * next() - 0.05),
  move(numbers, choice) {
    const [x, speed, angle, turn] = numbers as [number, number, number, number]
    const force = choice === 1 ? 10 : -10
    const [gravity, pole, total, half, step] = [9.8, 0.1, 1.1, 0.5, 0.02]
    const push = (force + pole * half * turn ** 2 * Math.sin(angle)) / total
    const turning =
      (gravity * Math.sin(angle) - Math.cos(angle) * push) / (half * (4 / 3 - (pole * Math.cos(angle) ** 2) / total))
    const moving = push - (pole * half * turning * Math.cos(angle)) / total
    const moved = [x + step * speed, speed + step * moving, angle + step * turn, turn + step * turning]
    for (const [at, value] of moved.entries()) numbers[at] = value
    const isOver = Math.abs(moved[0]!) > 2.4 || Math.abs(moved[2]!) > (12 * Math.PI) / 180
    return { reward: 1, isOver }
  },
  see: (numbers, into) => into.set(numbers),
}

/** Acrobot-v1: Sutton and Barto, `Reinforcement Learning` (1998), 11.3, the `book` equations, with the constants of Gymnasium. */
const acrobot: Game = {
  inputs: 6,
  choices: 3,
  longest: 500,
  begin: ({ next }) => Array.from({ length: 4 }, () => 0.2 * next() - 0.1),
  move(numbers, choice) {
    const moved = rungeKutta(numbers, choice - 1, 0.2)
    numbers[0] = wrapped(moved[0]!)
    numbers[1] = wrapped(moved[1]!)
    numbers[2] = Math.max(-4 * Math.PI, Math.min(4 * Math.PI, moved[2]!))
    numbers[3] = Math.max(-9 * Math.PI, Math.min(9 * Math.PI, moved[3]!))
    const isOver = -Math.cos(numbers[0]!) - Math.cos(numbers[1]! + numbers[0]!) > 1
    return { reward: isOver ? 0 : -1, isOver }
  },
  see([first, second, turn, otherTurn], into) {
    into.set([Math.cos(first!), Math.sin(first!), Math.cos(second!), Math.sin(second!), turn!, otherTurn!])
  },
}

const wrapped = (angle: number) => angle - 2 * Math.PI * Math.floor((angle + Math.PI) / (2 * Math.PI))

/** The derivative of both angles and of their speeds; masses and lengths are 1, their centres in the middle. */
function swing([first, second, turn, otherTurn]: readonly number[], torque: number): number[] {
  const [a, b, u, w] = [first!, second!, turn!, otherTurn!]
  const d1 = 0.25 + (1 + 0.25 + Math.cos(b)) + 2
  const d2 = 0.25 + 0.5 * Math.cos(b) + 1
  const phi2 = 0.5 * 9.8 * Math.cos(a + b - Math.PI / 2)
  const phi1 = -0.5 * w ** 2 * Math.sin(b) - w * u * Math.sin(b) + (0.5 + 1) * 9.8 * Math.cos(a - Math.PI / 2) + phi2
  const faster = (torque + (d2 / d1) * phi1 - 0.5 * u ** 2 * Math.sin(b) - phi2) / (0.25 + 1 - d2 ** 2 / d1)
  return [u, w, -(d2 * faster + phi1) / d1, faster]
}

function rungeKutta(from: readonly number[], torque: number, step: number): number[] {
  const along = (slope: readonly number[], by: number) => from.map((value, at) => value + by * slope[at]!)
  const k1 = swing(from, torque)
  const k2 = swing(along(k1, step / 2), torque)
  const k3 = swing(along(k2, step / 2), torque)
  const k4 = swing(along(k3, step), torque)
  return from.map((value, at) => value + (step / 6) * (k1[at]! + 2 * k2[at]! + 2 * k3[at]! + k4[at]!))
}

const games = { CartPole: cartPole, Acrobot: acrobot }

/** A world with a known end, by which a trainer is proven. `ended` hears the reward of each whole episode. */
export function classicWorld(name: keyof typeof games, ended: (reward: number) => void = () => {}): World {
  const game = games[name]
  return { inputs: game.inputs, heads: [game.choices], lane: () => laneOf(game, ended) }
}

function laneOf(game: Game, ended: (reward: number) => void): Lane {
  let numbers: number[] = []
  let [steps, earned] = [0, 0]
  return {
    play(count, actor, chance) {
      const [now, then] = [new Float64Array(game.inputs), new Float64Array(game.inputs)]
      for (let step = 0; step < count; step++) {
        if (numbers.length === 0) {
          numbers = game.begin(chance)
          ;[steps, earned] = [0, 0]
        }
        game.see(numbers, now)
        const [choice] = actor.act(now)
        const { reward, isOver } = game.move(numbers, choice!)
        game.see(numbers, then)
        steps++
        earned += reward
        const end = isOver ? 'over' : steps === game.longest ? 'cut' : undefined
        actor.earn(reward, then, end)
        if (!end) continue
        ended(earned)
        numbers = []
      }
    },
    memory: () => [steps, earned, ...numbers],
    remember([count = 0, sum = 0, ...rest]) {
      ;[steps, earned] = [count, sum]
      numbers = rest
    },
  }
}
