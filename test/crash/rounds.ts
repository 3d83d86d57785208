import { afterAll, expect, onTestFailed } from 'vitest'
import { expectOneOrderAChunk, expectSoldOnce } from './ledger.ts'
import type { Death } from './moments.ts'
import type { Platform } from './platforms.ts'
import type { Life, Scene, WhenOver } from './scene.ts'

/**
 * A part of a scene, with a person and a thread of its own, in which nothing is open: what was said before it is not seen, and
 * what was sold before it does not count.
 */
export type Round<S extends Scene = Scene> = S & {
  /** The process that goes on; the one that the round before has left, when it lives. */
  life: Life
  /** The process dies at this moment, in place of an earlier one. */
  dies(death: Death): Promise<void>
  /** Waits until the process has died of itself, lets seconds pass, and begins the next one, which may die like it. */
  nextLife(downSeconds: number, death?: Death): Promise<void>
  /** Expects that so much was sold in this round since the last look, once, and that `held` is left. */
  expectSoldOnce(quantity: number, held?: number): Promise<void>
  /** Expects another scaleout, of which every chunk was filled by one order. */
  expectOneOrderAChunk(): Promise<void>
}

/** Ends the scene that is open: a process that only waits takes time, too, so another scene ends it. */
let endOpen = async () => {}

/**
 * Rounds of one scene, one a test. The process that recovers in one round dies in the next: starting it takes longer than
 * everything else. A test that fails ends the scene, and the next round opens another: its failures are its own.
 */
export function roundsIn<S extends Scene<Platform>>(open: (whenOver: WhenOver) => Promise<S>): () => Promise<Round<S>> {
  let playing: { scene: S; round: Round<S> } | undefined
  const cleanUps: (() => void | Promise<void>)[] = []
  const end = async () => {
    playing = undefined
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
  }
  afterAll(end)

  return async () => {
    onTestFailed(end)
    if (playing) playing.scene.platform.startOver()
    else {
      await endOpen()
      endOpen = end
      const scene = await open((cleanUp) => cleanUps.push(cleanUp))
      playing = { scene, round: roundIn(scene) }
    }
    const { round } = playing
    if (!round.life?.isAlive()) round.life = await round.begin()
    return round
  }
}

function roundIn<S extends Scene<Platform>>(scene: S): Round<S> {
  let [sold, scaleouts] = [0, 0]
  const round: Round<S> = {
    ...scene,
    life: undefined!, // until the first round begins
    dies: (death) => round.life.diesAt(death),
    async nextLife(downSeconds, death) {
      expect(await round.life.ended, 'the process dies of itself').toBe('SIGKILL')
      await scene.letPass(downSeconds)
      round.life = await scene.begin({ death })
    },
    async expectSoldOnce(quantity, held) {
      sold += quantity
      await expectSoldOnce(scene.db, sold, held)
    },
    async expectOneOrderAChunk() {
      scaleouts += 1
      await expectOneOrderAChunk(scene.db, scaleouts)
    },
  }
  return round
}
