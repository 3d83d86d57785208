/**
 * Everything Slack limits, and how long the door waits for Slack. Lengths are in characters after escaping, times in
 * milliseconds. Sources: docs.slack.dev, reference pages of Block Kit, `chat.postMessage`, `views.open` and rate limits.
 */
export const limits = {
  /** Text of a section; a message has one section, so that it stays under the 4,000 that Slack recommends for a message. */
  sectionText: 3000,
  buttonLabel: 75,
  buttonValue: 2000,
  buttonsInBlock: 25,
  formTitle: 24,
  formLabel: 2000,
  formAnswer: 3000,
  homeBlocks: 100,
  /** What a picture shows, for whoever cannot see it; and its title. */
  altText: 1000,
  fileTitle: 200,
  /** Messages read at once when the door looks whether a post is already there. */
  pageOfMessages: 200,

  /**
   * Slack takes about a message a second in a channel, all its threads together, and a few at once after a silence. A
   * tenth more leaves room for requests of which one is longer under way than the next.
   */
  pace: { everyMs: 1_100, burst: 5 },

  /** A request that has had no answer by then has an unknown outcome. */
  requestTimeout: 8_000,
  /** Wait after a 5xx, a lost connection, or a 429 that does not say how long. */
  retryAfter: 2_000,
  /** Wait after Slack refused the token: somebody has to put in another one first. */
  retryAfterRefusedToken: 60_000,
  /** Longest wait for a direct reply that the outbox can post instead. */
  patienceWithOutbox: 5_000,
  /** Later than this after it was heard, no attempt at such a reply begins: the outbox takes it over after 30 s. */
  outboxMargin: 12_000,
  /** Longest wait for a direct reply that is lost otherwise. */
  patienceAlone: 60_000,
  /** Attempts at a direct reply. */
  attempts: 3,
  /** How far the clock here and Slack's may be apart when the door looks for an earlier attempt. */
  clockSkew: 120_000,

  /** Socket Mode: how long a connection may take, and the longest pause between two attempts. */
  connectTimeout: 20_000,
  longestReconnectPause: 30_000,
  /** Refusals of the app token in a row, the pauses between them as usual, after which it is taken for refused. */
  refusalsInARow: 3,
  /**
   * Socket Mode: how long Slack may leave a ping without an answer. The library's five seconds are less than a busy moment
   * of this process. And how often the door looks whether the library waits in vain for a goodbye.
   */
  pongWithin: 15_000,
  lookForDead: 1_000,
  /** How often Slack is asked whether it takes the bot token: one that is taken back silently changes nothing else. */
  tokenLook: 60_000,
  /** The longest body of a delivery by signed HTTP, in bytes. */
  deliveryBytes: 4 * 1024 * 1024,
  /** How long Slack gets to say goodbye. */
  goodbye: 1_000,

  /** A message that is older than this when it comes is not acted on, however it comes. */
  oldestDelivery: 300_000,
  /** Deliveries remembered, so that a retried one is dropped. */
  rememberedDeliveries: 2_000,
  rememberedNames: 2_000,
  /** How long hearing waits for somebody's name. */
  nameWait: 1_000,
} as const
