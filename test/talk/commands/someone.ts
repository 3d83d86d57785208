import { actionId, readActionId } from '../../../src/talk/chat/action.ts'
import type { Inbound } from '../../../src/talk/chat/inbound.ts'
import type { Reply } from '../../../src/talk/chat/reply.ts'
import type { TestDesk } from '../../support/desk.ts'

/** A person in a thread of their own: nobody else's positions, questions or symbol are in the way. */
export interface Someone {
  name: string
  thread: string
  /** Types a message to the desk and answers with all it says to it. */
  say(text: string): Promise<string>
  /** Types a message as `say` does and answers with the replies as they are; `addressed: false` is talk in the thread. */
  hear(text: string, options?: { addressed?: boolean; id?: string }): Promise<Reply[]>
  /** Presses a button of a question that the desk put. */
  press(question: Reply, answer: string, options?: { id?: string; more?: string[] }): Promise<Reply[]>
  /** Presses the action with this label below a reply. */
  act(reply: Reply, label: string): Promise<Reply[]>
  /** Uses a command on a message with this text. */
  useOn(message: string, command: string): Promise<Reply[]>
  /** The platform's own command, with its options. */
  command(name: string, options: Record<string, string>): Promise<string>
  /** Like `command`, with the replies as they are. */
  commandHeard(name: string, options: Record<string, string>): Promise<Reply[]>
  /** The same person in another thread. */
  in(thread: string): Someone
}

let met = 0
let messages = 0

/** Somebody whom the desk has not met, in a new thread, unless names are given. */
export function someone(desk: TestDesk, name = `person${++met}`, thread = `thread${++met}`): Someone {
  const arrival = (id = `message-${++messages}`) => ({
    id,
    author: { id: `slack:T1:${name.toUpperCase()}`, name },
    place: { door: 'slack' as const, workspace: 'T1', channel: 'C1', thread },
  })
  const heard = async (inbound: Inbound) => {
    const replies = await desk.desk.hear(inbound)
    for (const { row } of replies) {
      if (row !== undefined) await desk.desk.delivered(row, { message: `m-${row}`, place: inbound.place })
    }
    return replies
  }
  const text = (replies: Reply[]) => replies.map((reply) => reply.text).join('\n\n')
  return {
    name,
    thread,
    hear: (said, { addressed = true, id } = {}) => heard({ kind: 'message', ...arrival(id), text: said, addressed }),
    say: async (said) => text(await heard({ kind: 'message', ...arrival(), text: said, addressed: true })),
    press: ({ question }, answer, { id, more } = {}) => {
      if (!question) throw new Error('there is no question in that reply')
      return heard({ kind: 'press', ...arrival(id), questionId: question.id, answer, more })
    },
    act: ({ actions = [] }, label) => {
      const action = actions.flat().find((one) => one.label === label)
      if (!action) throw new Error(`there is no action ${label}`)
      // The door keeps an action in the id of its button.
      return heard({ kind: 'command', ...arrival(), ...readActionId(actionId(action))! })
    },
    useOn: (about, command) => heard({ kind: 'command', ...arrival(), command, options: {}, about }),
    commandHeard: (command, options) => heard({ kind: 'command', ...arrival(), command, options }),
    command: async (command, options) => text(await heard({ kind: 'command', ...arrival(), command, options })),
    in: (other) => someone(desk, name, other),
  }
}
