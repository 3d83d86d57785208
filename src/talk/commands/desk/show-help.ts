import { Refusal } from '../../../base/refusal.ts'
import type { RegisteredCommand, Registry } from '../../language/registry.ts'
import { type Command, say } from '../command.ts'

export const showHelp: Command = {
  name: 'help',
  aliases: ['?', 'commands'],
  phrases: [
    {
      full: `what can you do, how does this work, list commands, commands, what commands are there,
        what can i say, show commands, how do i use you`,
    },
  ],
  description: 'All commands, or one in detail',
  category: 'Desk',
  position: 150,
  effect: 'reads',
  usage: 'help [COMMAND]',
  example: 'help scaleout',
  detail: 'All commands by category with an example each, or one command in detail.',
  needs: 'viewer',
  account: 'none',
  options: [{ name: 'command', type: 'text', description: 'One command in detail' }],
  async run({ registry, place }, { words: given }) {
    const isTerminal = place.door === 'terminal'
    const asked = (given.rest ?? '').replace(/^(me|us|with|on|about|please|\s)+(?=\s|$)/i, '').trim()
    if (!asked) return say(allText(registry, isTerminal))
    const match = registry.match(asked)
    if (match) return say(oneText(match.registered, isTerminal))
    const near = registry.nearest(asked)
    return new Refusal(
      'UNKNOWN_COMMAND',
      'There is no such command.',
      near ? `Did you mean \`help ${near}\`?` : 'Type `help` for all of them',
    )
  },
}

const leaving = '💡 `quit` leaves this terminal'

function allText(registry: Registry<Command>, isTerminal: boolean): string {
  const categories = [...new Set(registry.commands.map((one) => one.category))]
  const blocks = categories.map((category) =>
    [category.toUpperCase(), ...registry.commands.filter((one) => one.category === category).map(lineOf)].join('\n'),
  )
  const hints = ['💡 `help scaleout` tells more about one of them', ...(isTerminal ? [leaving] : [])]
  return ['📖 DESKHAND', ...blocks, hints.join('\n')].join('\n\n')
}

function lineOf({ command, description, name }: RegisteredCommand<Command>): string {
  return `  \`${name}\` - ${description}. Example: \`${command.example}\``
}

function oneText({ name, aliases, description, command }: RegisteredCommand<Command>, isTerminal: boolean): string {
  return [
    `📖 ${name}`,
    `${description}.`,
    `Usage: \`${command.usage}\``,
    `Example: \`${command.example}\``,
    ...(aliases.length > 0 ? [`Also: ${aliases.map((alias) => `\`${alias}\``).join(', ')}`] : []),
    command.detail,
    // `exit` alone may leave a terminal, and is a word for closing.
    ...(isTerminal && aliases.includes('exit') ? [leaving] : []),
  ].join('\n')
}
