import { generateText, tool } from 'ai'
import { z } from 'zod'
import { type Endpoint, ModelFailed } from '../../watch/guardian/exchange.ts'
import { chatModel, failure } from '../../watch/guardian/llm.ts'
import type { CommandOption } from '../chat/door.ts'
import type { LlmAnswer, Question } from './llm-exchange.ts'
import type { RegisteredCommand } from './registry.ts'

const mostTokens = 500
const confidence = z.number().min(0).max(1).describe('How sure you are that the message asks for this')

/**
 * Asks a model once to call one of the commands or `none`. Throws `ModelBusy` or `ModelFailed`; neither contains the server's
 * text.
 */
export async function callTool(endpoint: Endpoint, question: Question, signal: AbortSignal): Promise<LlmAnswer> {
  const schemas = new Map(question.commands.map((one) => [toolName(one), schemaOf(one)] as const))
  const tools = Object.fromEntries([
    ...question.commands.map((one) => {
      const name = toolName(one)
      return [name, tool({ description: one.description, inputSchema: schemas.get(name)! })] as const
    }),
    ['none', tool({ description: 'The message asks the desk for nothing', inputSchema: z.strictObject({}) })],
  ])
  try {
    const { toolCalls, usage } = await generateText({
      model: chatModel(endpoint),
      instructions: question.system,
      prompt: question.data,
      tools,
      toolChoice: 'required',
      maxOutputTokens: mostTokens,
      maxRetries: 0,
      abortSignal: signal,
    })
    return named(schemas, toolCalls, usage.totalTokens ?? 0)
  } catch (cause) {
    throw cause instanceof ModelFailed ? cause : failure(cause)
  }
}

type Call = { toolName: string; input: unknown }

function named(schemas: Map<string, z.ZodType>, calls: readonly Call[], tokens: number): LlmAnswer {
  const nothing = { given: {}, confidence: 0, tokens }
  const [call, another] = calls
  if (!call || another || call.toolName === 'none') return nothing
  const parsed = schemas.get(call.toolName)?.safeParse(call.input)
  if (!parsed?.success) throw new ModelFailed('the answer of the model did not keep to its form')
  const { confidence: sure, ...values } = parsed.data as Record<string, string | number>
  const given = Object.entries(values).flatMap(([name, value]) =>
    value === '' ? [] : [[name, String(value)] as const],
  )
  return { command: call.toolName, given: Object.fromEntries(given), confidence: Number(sure), tokens }
}

const toolName = ({ name }: RegisteredCommand) => name.replaceAll(' ', '-').replace(/[^\w-]/g, '_')

/** Makes a strict schema of a command's options. A call with extra fields is invalid. */
function schemaOf({ command }: RegisteredCommand): z.ZodType {
  const fields = command.options.filter((option) => option.type !== 'member').map(fieldOf)
  return z.strictObject({ ...Object.fromEntries(fields), confidence })
}

function fieldOf({ name, type, choices, description }: CommandOption): [string, z.ZodType] {
  return [
    name,
    formOf(type, choices ?? [])
      .optional()
      .describe(description),
  ]
}

function formOf(type: CommandOption['type'], choices: string[]): z.ZodType {
  const [first, ...others] = choices
  if (type === 'choice' && first !== undefined) return z.enum([first, ...others])
  if (type === 'quantity' || type === 'price') return z.string().regex(/^\d{1,12}(\.\d{1,8})?$/)
  if (type === 'symbol') return z.string().regex(/^[A-Z][A-Z0-9.=/-]{0,11}$/)
  return z.string().max(100)
}
