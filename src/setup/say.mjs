/** An error that is not a fault of the program: the message says what to do, and no stack is shown. */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError'
}

/**
 * Prints a line about the set-up. It goes to stderr, since stdout belongs to the desk.
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

/**
 * Prints the progress of a long step every few seconds, until the returned function is called.
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
