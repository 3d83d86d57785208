import { existsSync, readFileSync } from 'node:fs'

/** @typedef {{ status: string, assertionResults: { status: string }[] }} TestFile */
/** @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, testResults: TestFile[] }} Report */

/**
 * Counts the tests in vitest's JSON report. A file that cannot be loaded counts as one failed test.
 * @param {string} file
 * @param {number} code vitest's exit code
 * @returns {{ count: string, broken: string[] }} `N passed, N failed`, and what went wrong outside of the tests
 */
export function countTests(file, code) {
  if (!existsSync(file)) return { count: '0 passed, 0 failed', broken: ['Vitest did not come to an end.'] }
  /** @type {Report} */
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  const failed = report.numFailedTests + unloaded.length
  const skipped = report.numPendingTests + report.numTodoTests
  const count = `${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
  return { count, broken: code !== 0 && failed === 0 ? ['Vitest found an error outside of the tests, see above.'] : [] }
}
