import { defineConfig } from 'vitest/config'
import { SlowestFirst } from './test/support/slowest-first.ts'

/** Files that leave nothing behind in their process share one: starting another, and loading the desk into it, takes longer than most of them. */
const sharing = [
  'agents api backtest base bots charts config contracts crash infra market platforms prediction strategies talk trading venues watch',
].flatMap((folders) => folders.split(' '))
/** `prepared` counts the statements that its process has sent. */
const shared = sharing.map((folder) => `test/${folder}/**/!(prepared).test.ts`)

export default defineConfig({
  test: {
    globalSetup: ['test/support/servers.ts'],
    setupFiles: ['test/support/patience.ts'],
    pool: 'forks',
    maxWorkers: 5, // on two cores: tests wait for real servers and processes most of the time
    sequence: { sequencer: SlowestFirst },
    // A busy machine is slow: no test fails for that alone.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 40_000 } },
    // A test that fails is tried once more, since one of nine thousand may meet the machine at its slowest; `SecondTries` names it.
    retry: 1,
    projects: [
      { extends: true, test: { name: 'apart', include: ['test/**/*.test.ts'], exclude: shared } },
      { extends: true, test: { name: 'shared', include: shared, isolate: false } },
    ],
  },
})
