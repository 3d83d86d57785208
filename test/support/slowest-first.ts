import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that wait longest, for real processes, platforms and venues; a minute or more each. */
const slow = [
  /difficult-venue/,
  /contracts\/(discord|slack-socket|slack-http|terminal)/,
  /\/crash\/(scheduled|clocks|matrix|parts|hearing|platform-trouble|outages|critical-close|scaleouts)/,
  /critical-unkind|unkind-venue|interleavings|replayed/,
  /bots\/process|setup\/(flows|run|watched)/,
]

/**
 * Begins with the slowest files. Vitest goes by the time of earlier runs, which a fresh clone does not have, and a file of
 * three minutes that begins last makes the whole run wait.
 */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rank = ({ moduleId }: TestSpecification) => {
      const at = slow.findIndex((kind) => kind.test(moduleId))
      return at < 0 ? slow.length : at
    }
    return sorted.toSorted((one, other) => rank(one) - rank(other))
  }
}
