/** What is not a fault of the program: the message says what to do, and no stack is shown. */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError'
}

/**
 * One line on what the set-up does. It goes to stderr: stdout belongs to the desk.
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

/**
 * Says every few seconds how far a long step is, until the returned function is called.
 * @param {(seconds: number) => string} line what to say after so many seconds
 * @returns {() => void}
 */
export function sayMeanwhile(line) {
  const began = Date.now()
  const timer = setInterval(() => say(`  … ${line(Math.round((Date.now() - began) / 1000))}`), 4000)
  return () => clearInterval(timer)
}

/**
 * The last lines of a server's log, for an error message.
 * @param {string} text
 */
export function lastLines(text) {
  return text.trimEnd().split('\n').slice(-8).join('\n')
}
