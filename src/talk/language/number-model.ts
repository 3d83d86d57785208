import '../../infra/onnx/no-telemetry.ts'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { z } from 'zod'
import { featuresOfNumber, numbersIn, type SaidNumber } from './number-features.ts'
import { type NumberRole, numberRoles } from './number-roles.ts'
import { tokenise } from './tokens.ts'

/** A number of a text with the part that it plays. */
export interface ReadNumber extends SaidNumber {
  role: NumberRole
  /** The probability that the role is right, from 0 to 1. */
  confidence: number
}

/** The learned reader of the numbers of a message. */
export interface NumberReader {
  /** The numbers and shares of a text that means a command, in order, each with its role. */
  read(text: string, command: string): Promise<ReadNumber[]>
  /** Frees its memory. */
  close(): Promise<void>
}

const card = z.object({ hash: z.string(), roles: z.string() })

/** More numbers than this are no order, and are not read. */
const mostNumbers = 6

/** Opens the `numbers.onnx` of a folder; undefined when the folder has none. Throws when it does not match its `numbers.json`. */
export async function openNumberReader(folder: string): Promise<NumberReader | undefined> {
  const text = await readFile(join(folder, 'numbers.json'), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const { hash, roles } = card.parse(JSON.parse(text))
  const bytes = await readFile(join(folder, 'numbers.onnx'))
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== hash || roles !== numberRoles.join(' '))
    throw new Error(
      `The reader of numbers in ${folder} is refused: it does not match its card. \`npm run train:intents\` makes it anew.`,
    )
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 })
  const carried = await session.run(inputs([0]), ['symbols'])
  const symbols = new Set(carried.symbols?.data as string[])
  return {
    async read(text, command) {
      const { tokens } = tokenise(text)
      const numbers = numbersIn(tokens)
      if (numbers.length > mostNumbers) return []
      const read: ReadNumber[] = []
      for (const [index, number] of numbers.entries()) {
        const rows = featuresOfNumber(tokens, numbers, index, command, (word) => symbols.has(word))
        const { probabilities } = await session.run(inputs(rows), ['probabilities'])
        const shares = [...(probabilities!.data as Float32Array)]
        const confidence = Math.max(...shares)
        read.push({ ...number, role: numberRoles[shares.indexOf(confidence)]!, confidence })
      }
      return read
    },
    close: () => session.release(),
  }
}

function inputs(rows: number[]): Record<string, Tensor> {
  return {
    rows: new Tensor('int64', BigInt64Array.from(rows, BigInt), [rows.length]),
    share: new Tensor('float32', Float32Array.of(1 / Math.sqrt(rows.length)), [1]),
  }
}
