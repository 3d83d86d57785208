import { hearGrammar } from '../language/classify.ts'
import { classifierOf, type Ears } from './ears.ts'

/** Lines of a message that are looked at; a longer message is no row of commands. */
const mostLines = 20

/** The lines of a message that are commands by themselves, if it has several lines. */
export function commandLines(ears: Ears, text: string): { lines: string[]; isAll: boolean } {
  const said = text.split('\n').filter((line) => line.trim() !== '')
  if (said.length < 2 || said.length > mostLines) return { lines: [], isAll: false }
  const classifier = classifierOf(ears)
  const lines = said.filter((line) => {
    const { decided, partly } = hearGrammar(classifier, line)
    return decided !== undefined || (partly !== undefined && classifier.registry.match(line) !== undefined)
  })
  return { lines, isAll: lines.length === said.length }
}
