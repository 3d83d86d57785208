/**
 * What Discord allows, and how long the door waits for it: every length, count and time in one place.
 * Lengths are in characters (UTF-16 units here, which is never less than what Discord counts), times in milliseconds.
 */
export const limits = {
  content: 2000,
  nonce: 25,
  /** Files of one message, and the description of one. */
  attachments: 10,
  altText: 1024,
  threadName: 100,

  customId: 100,
  buttonLabel: 80,
  buttonsInRow: 5,
  rows: 5,

  formTitle: 45,
  formLabel: 45,
  formFields: 5,
  /** Discord allows 4,000; nobody answers a question with more than this. */
  formAnswer: 200,

  commandName: 32,
  description: 100,
  /** Options of a command, subcommands of a group, choices of an option, suggestions while typing. */
  listed: 25,
  choice: 100,
  /** All names, descriptions and values of one command together. */
  commandCharacters: 4000,

  /** Messages in one page of a channel's history, and how many pages are read in search of an earlier attempt. */
  page: 100,
  pages: 5,

  /** Discord takes five messages in five seconds in a channel; a thread is a channel of its own. */
  pace: { everyMs: 1_000, burst: 5 },

  /** An interaction has to be acknowledged within this. */
  acknowledge: 3_000,
  /**
   * Discord promises to know an enforced nonce for "the past few minutes". An attempt older than this is looked for in
   * the channel as well; it is short because what answered a slash command went out without a nonce.
   */
  nonceMemory: 20_000,
  /** How far this machine's clock may be ahead of Discord's when messages after a moment are looked for. */
  clockSkew: 5_000,
  /** A 429 is waited out up to this; a longer one is given back as "later". */
  rateLimitWait: 60_000,
  /** How often a post with a nonce is sent again at once when the connection broke, and the pause before each. */
  resend: [200, 1_000],
  /** A thread without messages is archived after this many minutes. */
  archiveAfterMinutes: 1440,
  /** How long closing waits for what was begun. */
  closing: 10_000,
} as const
