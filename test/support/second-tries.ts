import type { Reporter, TestModule } from 'vitest/node'

/** Names at the end each test that failed and passed when it was tried again: a fault of the test or of the desk, to be looked at. */
export default class SecondTries implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const flaky = modules.flatMap((module) =>
      [...module.children.allTests()].filter((test) => test.diagnostic()?.flaky),
    )
    if (flaky.length === 0) return
    console.log(`\nPassed only when tried again (${flaky.length}):`)
    for (const { module, fullName } of flaky) console.log(`  ${module.relativeModuleId} > ${fullName}`)
  }
}
