export const doorNames = ['terminal', 'discord', 'slack', 'web'] as const
export type DoorName = (typeof doorNames)[number]

/**
 * The place of a message and of its answers: a thread, a channel or a direct message. On Discord a thread is a channel
 * of its own: `channel` is then the thread's id and `thread` is not set. On the web a channel is one caller's conversation.
 */
export interface Place {
  door: DoorName
  /** Discord guild, Slack team; empty in a direct message on Discord and in the terminal. */
  workspace: string
  channel: string
  /** Slack only: the `ts` of the thread's first message. */
  thread?: string
  /** The platform's id of a person, for a direct message. `channel` is then empty, because only the platform knows it. */
  person?: string
}

/** The place as one string. The same place has the same key on every machine. */
export function placeKey(place: Place): string {
  const person = place.person && `@${place.person}`
  return [place.door, place.workspace, place.channel, place.thread, person].filter((part) => part).join(':')
}

/** The key of a place's rate limit: its channel with all threads in it. On Discord a thread is a channel of its own. */
export function channelKey({ thread: _, ...channel }: Place): string {
  return placeKey(channel)
}

/** Do several people share the place? A direct message, the terminal and the page belong to one person. */
export function isShared({ door, workspace, channel, person }: Place): boolean {
  if (door === 'terminal' || door === 'web' || person) return false
  return door === 'discord' ? workspace !== '' : !channel.startsWith('D')
}

/** The place in words, for messages to people. */
export function placeText({ door, channel, thread, person }: Place): string {
  if (door === 'terminal') return 'the terminal'
  if (door === 'web') return 'the page'
  const platform = door === 'discord' ? 'Discord' : 'Slack'
  if (person) return `a direct message to ${person} on ${platform}`
  return `the ${platform} channel ${channel}${thread ? `, thread ${thread}` : ''}`
}

/** The channel of a Slack thread; undefined for every other place. */
export function surroundings(place: Place): Place | undefined {
  if (!place.thread) return undefined
  const { thread: _, ...channel } = place
  return channel
}
