/** The desk's ids in the workspace of its token. */
export interface Self {
  team: string
  /** The organization of the workspace, if it has one. */
  organization?: string
  userId: string
  /** The address of the workspace, such as `https://deskhand.slack.com/`. */
  site?: string
  botId: string
}

/**
 * The origin of a person as an event tells it; Slack's ids of workspaces begin with T, those of organizations with E.
 */
export interface From {
  /** The person's own workspace or organization, from the event. */
  own?: string | null
  /** The workspace that the delivery is about, and its organization; not always the person's. */
  team?: string | null
  organization?: string | null
}

/**
 * The team of a person: the desk's own workspace for everybody in its workspace or organization, else their
 * organization, else their workspace. A shared channel has people of several workspaces. Their app_mention names the
 * organization while the message itself names the workspace, and both must give the same person.
 */
export function teamOf({ own, team, organization }: From, self: Self): string {
  const home = own ?? team ?? self.team
  const known = home.startsWith('E') ? home : home === team ? organization : undefined
  if (home === self.team || (known && known === self.organization)) return self.team
  return known ?? home
}
