/** Answer to `npm start -- --help`. */
export const howToStart = `npm start             opens the desk: on Discord and Slack if they are configured, else in this terminal
npm start -- ROLE     plays one role of it, for several machines:
  all       everything in one process (the default)
  release   brings the database up to date, and ends
  worker    sells chunks, watches stops, works on what is due
  discord   the door to Discord
  slack     the door to Slack
  web       metrics and health over HTTP
  backup [--to FOLDER], restore FILE [--replace]   better by npm run backup, npm run restore (docs/operations.md)
  rotate-keys   wraps the stored keys of linked accounts with a new key, and ends (docs/linking.md)

Settings are environment variables, or lines of a file .env in this folder:
  MARKET               sim (the default), quotes:FILE or replay:FOLDER    (docs/markets.md)
  DISCORD_TOKEN        connects Discord                                   (docs/discord.md)
  SLACK_BOT_TOKEN, SLACK_APP_TOKEN or SLACK_SIGNING_SECRET   connect Slack (docs/slack.md)
  DATABASE_URL, REDIS_URL   servers of your own; without them the desk starts its own, with data in .deskhand/
  TIME_SCALE=60        a minute passes in a second, to try things out
More: README.md and docs/operations.md. In the desk, type \`help\`.`

/**
 * Do the words behind `npm start --` ask for help?
 * @param {string[]} words
 */
export function asksForHelp([first = '']) {
  return ['--help', '-h', 'help'].includes(first)
}
