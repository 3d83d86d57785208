import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandSubcommandGroupOption,
  type APIApplicationCommandSubcommandOption,
  type ApplicationCommand,
  type ApplicationCommandData,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  type Client,
  type CommandInteractionOption,
  InteractionContextType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
  type RESTPostAPIContextMenuApplicationCommandsJSONBody,
} from 'discord.js'
import type { CommandOption, CommandSpec } from '../../src/talk/chat/door.ts'
import { shortcuts } from '../../src/talk/chat/shortcut.ts'
import { shorten } from './buttons.ts'
import { limits } from './limits.ts'

type Subcommand = APIApplicationCommandSubcommandOption
type Group = APIApplicationCommandSubcommandGroupOption

/** Set explicitly: Discord fills in these fields, and the registered command is compared with the wanted one. */
const everywhere = {
  integration_types: [ApplicationIntegrationType.GuildInstall],
  contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
}

/** The slash command that holds the commands of the desk without a family of their own. */
const tradeCommandName = 'trade'

/** The name of the slash command that a command of the desk stands under. */
const slashNameOf = ({ family }: CommandSpec) => (family === undefined ? tradeCommandName : platformName(family))

/** The names of the desk's slash commands. */
export function slashNames(specs: CommandSpec[]): Set<string> {
  return new Set(specs.map(slashNameOf))
}

/**
 * Builds `/trade`, and a slash command for each family, with a subcommand for each command: Discord counts the characters of a
 * slash command with all below it. It allows 25 subcommands; the others go into the groups `more`, `more-2`, … Descriptions are
 * shortened until a slash command is within Discord's limit of characters.
 */
export function slashCommands(specs: CommandSpec[]): RESTPostAPIChatInputApplicationCommandsJSONBody[] {
  return [...Map.groupBy(distinct(specs), slashNameOf)].map(([name, some]) => {
    let command = describedWithin(limits.description, name, some)
    for (const most of [80, 60, 45, 30, 15, 1]) {
      if (charactersOf(command) <= limits.commandCharacters) break
      command = describedWithin(most, name, some)
    }
    return command
  })
}

/** The shortcuts in the menu of a message. */
function messageCommands(): RESTPostAPIContextMenuApplicationCommandsJSONBody[] {
  return shortcuts.map(({ title }) => ({ type: ApplicationCommandType.Message, name: title, ...everywhere }))
}

/**
 * Registers the slash commands and the shortcuts where the registered ones differ, and returns the names of those. Other commands
 * of the application stay.
 */
export async function registerCommands(client: Client<true>, specs: CommandSpec[]): Promise<string[]> {
  const registered = await client.application.commands.fetch()
  const wanted = [...slashCommands(specs), ...messageCommands()]
  const isKnown = (command: (typeof wanted)[number]) =>
    registered.some(
      (existing: ApplicationCommand) =>
        existing.name === command.name && existing.equals(command as ApplicationCommandData),
    )
  const changed = wanted.filter((command) => !isKnown(command))
  for (const command of changed) await client.application.commands.create(command)
  return changed.map(({ name }) => name)
}

/** Reads a used slash command as the desk's command and option names; a user becomes a mention. */
export function readCommand(
  specs: CommandSpec[],
  options: readonly CommandInteractionOption[],
): { command: string; options: Record<string, string>; spec?: CommandSpec } {
  const sub = subcommandOf(options)
  const spec = specs.find(({ name }) => platformName(name) === sub?.name)
  const given = (sub?.options ?? []).map(({ name, type, value }): [string, string] => {
    const known = spec?.options.find((option) => platformName(option.name) === name)
    return [known?.name ?? name, type === ApplicationCommandOptionType.User ? `<@${value}>` : String(value ?? '')]
  })
  return { command: spec?.name ?? sub?.name ?? '', options: Object.fromEntries(given), spec }
}

function subcommandOf(options: readonly CommandInteractionOption[]): CommandInteractionOption | undefined {
  const [first] = options
  return first?.type === ApplicationCommandOptionType.SubcommandGroup ? first.options?.[0] : first
}

function describedWithin(
  most: number,
  name: string,
  specs: CommandSpec[],
): RESTPostAPIChatInputApplicationCommandsJSONBody {
  const [direct, rest] = cutForGroups(specs)
  const about = name === tradeCommandName ? 'Talk to the trading desk' : `The ${name} of the trading desk`
  return {
    type: ApplicationCommandType.ChatInput,
    name,
    description: description(about, most),
    ...everywhere,
    options: [...direct.map((spec) => subcommand(spec, most)), ...groups(rest, most)],
  }
}

/** Cuts the commands in two: as many directly under the slash command as fit beside the groups, and the rest for the groups. */
function cutForGroups(specs: CommandSpec[]): [CommandSpec[], CommandSpec[]] {
  let needed = 0
  while (specs.length > limits.listed - needed + needed * limits.listed) needed += 1
  const direct = needed === 0 ? specs.length : limits.listed - needed
  return [specs.slice(0, direct), specs.slice(direct)]
}

function groups(specs: CommandSpec[], most: number): Group[] {
  const made: Group[] = []
  for (let first = 0; first < specs.length; first += limits.listed) {
    made.push({
      type: ApplicationCommandOptionType.SubcommandGroup,
      name: made.length === 0 ? 'more' : `more-${made.length + 1}`,
      description: description('More commands', most),
      options: specs.slice(first, first + limits.listed).map((spec) => subcommand(spec, most)),
    })
  }
  return made
}

function subcommand(spec: CommandSpec, most: number): Subcommand {
  // Discord requires the required options first.
  const options = [...spec.options].sort((a, b) => Number(b.required ?? false) - Number(a.required ?? false))
  return {
    type: ApplicationCommandOptionType.Subcommand,
    name: platformName(spec.name),
    description: description(spec.description, most),
    options: options.slice(0, limits.listed).map((option) => typedOption(option, most)),
  }
}

/** Quantities and prices stay text: `half` and `3.75k` are quantities, and a JSON number would make a price a float. */
function typedOption(option: CommandOption, most: number): APIApplicationCommandBasicOption {
  const common = {
    name: platformName(option.name),
    description: description(option.description, most),
    required: option.required ?? false,
  }
  if (option.type === 'flag') return { ...common, type: ApplicationCommandOptionType.Boolean }
  if (option.type === 'member') return { ...common, type: ApplicationCommandOptionType.User }
  if (option.type === 'symbol') return { ...common, type: ApplicationCommandOptionType.String, autocomplete: true }
  if (option.type !== 'choice' || !option.choices?.length) {
    return { ...common, type: ApplicationCommandOptionType.String }
  }
  const choices = option.choices.filter((choice) => choice.length <= limits.choice).slice(0, limits.listed)
  return {
    ...common,
    type: ApplicationCommandOptionType.String,
    choices: choices.map((choice) => ({ name: choice, value: choice })),
  }
}

/** A name in the form that Discord allows: `cancel scaleout` is `cancel-scaleout`. */
function platformName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, limits.commandName)
}

function description(text: string, most: number): string {
  return shorten(text.trim() || '-', most)
}

function distinct(specs: CommandSpec[]): CommandSpec[] {
  return specs.filter(
    (spec, at) => specs.findIndex(({ name }) => platformName(name) === platformName(spec.name)) === at,
  )
}

/** The sum of all names, descriptions and values, as Discord counts it. */
function charactersOf(part: object): number {
  return Object.entries(part).reduce((sum, [key, value]) => {
    if (['name', 'description', 'value'].includes(key)) return sum + String(value).length
    return typeof value === 'object' && value !== null ? sum + charactersOf(value) : sum
  }, 0)
}
