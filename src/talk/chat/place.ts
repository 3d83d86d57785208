export const doorNames = ['terminal', 'discord', 'slack'] as const
export type DoorName = (typeof doorNames)[number]

/**
 * Where a message came from and where its answers go: a thread, a channel or a direct message.
 * On Discord a thread is a channel of its own: `channel` is then the thread's id and `thread` is not set.
 */
export interface Place {
  door: DoorName
  /** Discord guild, Slack team; empty in a direct message on Discord and in the terminal. */
  workspace: string
  channel: string
  /** Slack only: the `ts` of the message that the thread hangs on. */
  thread?: string
  /** A direct message to this person, by the platform's own id of them; `channel` is empty, since only the platform knows it. */
  person?: string
}

/** The place in one string: the same place gives the same key on every machine. */
export function placeKey(place: Place): string {
  const person = place.person && `@${place.person}`
  return [place.door, place.workspace, place.channel, place.thread, person].filter((part) => part).join(':')
}

/** What shares a platform's limit on messages with a place: its channel with all threads in it (on Discord a thread is a channel). */
export function channelKey({ thread: _, ...channel }: Place): string {
  return placeKey(channel)
}

/** The place in words, for whoever has to look after it. */
export function placeText({ door, channel, thread, person }: Place): string {
  if (door === 'terminal') return 'the terminal'
  const platform = door === 'discord' ? 'Discord' : 'Slack'
  if (person) return `a direct message to ${person} on ${platform}`
  return `the ${platform} channel ${channel}${thread ? `, thread ${thread}` : ''}`
}

/** The channel that a thread hangs in, where the place tells; undefined for everything else. */
export function surroundings(place: Place): Place | undefined {
  if (!place.thread) return undefined
  const { thread: _, ...channel } = place
  return channel
}
