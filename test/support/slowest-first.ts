import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that wait longest, for real processes, platforms and venues; half a minute or more each. */
const slow = [
  /difficult-venue/,
  /contracts\/(discord|slack-socket|slack-http|terminal)/,
  /\/crash\/(matrix|clocks|hearing|platform-trouble|critical-close|broker-close|scheduled|outages|parts|scaleouts|working-orders|linked)/,
  /web\/(page|screeners|several-pages)|bots\/process|setup\/(flows|classify|run|watched)/,
  /critical-unkind|unkind-venue|interleavings|replayed|\/lost\.|crash\/(venue|twice|guardian|two-processes)/,
  /alpaca\/faults\.property|trading\/(alpaca|reconcile)\/|interruptions\.property|own-terms|commands\/(protection|results)/,
]

/**
 * Begins with the slowest files. Vitest goes by the time of earlier runs, which a fresh clone does not have, and a file of
 * three minutes that begins last makes the whole run wait. Files with a process of their own come before those that share
 * one, as Vitest orders them: it gives a shared process up as soon as the next file wants its own.
 */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rank = ({ moduleId, project }: TestSpecification) => {
      const at = slow.findIndex((kind) => kind.test(moduleId))
      return (at < 0 ? slow.length : at) + (project.config.isolate ? 0 : slow.length + 1)
    }
    return sorted.toSorted((one, other) => rank(one) - rank(other))
  }
}
