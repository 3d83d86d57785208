/**
 * The limits of Slack and of the door. Lengths are in characters after escaping, times in milliseconds. Sources:
 * docs.slack.dev, reference pages of Block Kit, `chat.postMessage`, `views.open` and rate limits.
 */
export const limits = {
  /**
   * Text of a section. A message has one section, so that it stays under the 4,000 that Slack recommends for a message.
   */
  sectionText: 3000,
  /** Rows of a table, with the row of its heads. Its text stays below the 10,000 characters of all tables of a message. */
  tableRows: 100,
  /** The line about a slash command above its answer. */
  askedLine: 200,
  buttonLabel: 75,
  buttonValue: 2000,
  buttonsInBlock: 25,
  /** Choices of a question as buttons, and rows of action buttons; more of them become menus. */
  choiceButtons: 10,
  actionRows: 8,
  /** Lines of one menu, menus of one message, and characters of a line's value and of the text in a closed menu. */
  menuLines: 100,
  menus: 5,
  menuValue: 150,
  placeholder: 150,
  formTitle: 24,
  formLabel: 2000,
  formAnswer: 3000,
  /** Lines of a menu that the desk fills while somebody types, and characters of a line. */
  suggestions: 100,
  suggestion: 75,
  homeBlocks: 100,
  /** The description of a picture for people who cannot see it, and its title. */
  altText: 1000,
  fileTitle: 200,
  /** Messages on one page when the door looks for an earlier attempt. */
  pageOfMessages: 200,

  /**
   * Slack allows about one message a second in a channel with all its threads, and a few at once after a silence. A
   * tenth more leaves room for requests that take longer than the next one.
   */
  pace: { everyMs: 1_100, burst: 5 },

  /** A request without an answer after this time has an unknown outcome. */
  requestTimeout: 8_000,
  /** The wait after a 5xx, a lost connection, or a 429 without a time. */
  retryAfter: 2_000,
  /** The wait after Slack refused the token: somebody has to set another one first. */
  retryAfterRefusedToken: 60_000,
  /** The longest wait for a direct reply that the outbox can post instead. */
  patienceWithOutbox: 5_000,
  /** No attempt at such a reply begins later than this after it was heard: the outbox takes over after 30 s. */
  outboxMargin: 12_000,
  /** The longest wait for a direct reply that would be lost otherwise. */
  patienceAlone: 60_000,
  /** Attempts at a direct reply. */
  attempts: 3,
  /** How far this machine's clock and Slack's may be apart when the door looks for an earlier attempt. */
  clockSkew: 120_000,

  /** Socket Mode: how long a connection may take, and the longest pause between two attempts. */
  connectTimeout: 20_000,
  longestReconnectPause: 30_000,
  /** Refusals of the app token in a row, with the usual pauses, until the token counts as refused. */
  refusalsInARow: 3,
  /**
   * Socket Mode: how long Slack may leave a ping unanswered, since the library's five seconds are less than a busy
   * moment of this process. And how often the door checks for a connection that waits in vain for a goodbye.
   */
  pongWithin: 15_000,
  lookForDead: 1_000,
  /** How often the door asks Slack about the bot token: a token that is revoked silently has no other sign. */
  tokenLook: 60_000,
  /** The longest body of a delivery by signed HTTP, in bytes. */
  deliveryBytes: 4 * 1024 * 1024,
  /** How long Slack has to say goodbye. */
  goodbye: 1_000,

  /** The desk does not act on a message that is older than this when it arrives. */
  oldestDelivery: 300_000,
  /** The number of deliveries that are remembered, so that a repeated one is dropped. */
  rememberedDeliveries: 2_000,
  rememberedNames: 2_000,
  /** How long an event waits for the name of its author. */
  nameWait: 1_000,
} as const
