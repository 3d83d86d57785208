/** Where Slack's signed HTTP comes in: events, buttons and slash commands. */
export const slackPath = '/slack/events'
