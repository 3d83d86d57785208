/** Who the desk is in the workspace that its token belongs to. */
export interface Self {
  team: string
  /** The organization that the workspace belongs to, where it belongs to one. */
  organization?: string
  userId: string
  botId: string
}

/** Where an event says that somebody is from; Slack's ids of workspaces begin with T, those of organizations with E. */
export interface From {
  /** The person's own workspace or organization, in the words of whoever is asked first. */
  own?: string | null
  /** The workspace that the delivery is about, and its organization: not always the person's. */
  team?: string | null
  organization?: string | null
}

/**
 * The team of a person, as they are known by it: the desk's own for everybody of its workspace and of its organization, else
 * their organization, else their workspace. In a channel that is shared with other workspaces, people of all of them speak;
 * an app_mention of theirs names their organization where the message itself names their workspace, and one person is one.
 */
export function teamOf({ own, team, organization }: From, self: Self): string {
  const home = own ?? team ?? self.team
  const known = home.startsWith('E') ? home : home === team ? organization : undefined
  if (home === self.team || (known && known === self.organization)) return self.team
  return known ?? home
}
