/**
 * The limits of Discord and of the door: lengths, counts and times. Lengths are in UTF-16 units, which is never less
 * than Discord's count of characters; times are in milliseconds.
 */
export const limits = {
  content: 2000,
  /** Characters of a line in columns: about the width of a window on a computer. On a telephone lines wrap. */
  columnsWidth: 100,
  nonce: 25,
  /** Files of one message, and characters of a file's description. */
  attachments: 10,
  altText: 1024,
  threadName: 100,

  customId: 100,
  buttonLabel: 80,
  buttonsInRow: 5,
  rows: 5,
  /** Rows of buttons with choices; more choices are lines of a menu. */
  choiceRows: 2,
  placeholder: 150,

  formTitle: 45,
  formLabel: 45,
  /** Fields of a form, and the text above them. */
  formParts: 5,
  /** Discord allows 4,000; nobody answers a question with more than this. */
  formAnswer: 200,

  commandName: 32,
  description: 100,
  /** Options of a command, subcommands of a group, choices of an option, lines of a menu, suggestions while typing. */
  listed: 25,
  choice: 100,
  /** All names, descriptions and values of one command together. */
  commandCharacters: 8000,

  /** Messages on one page of a channel's history, and the pages that are read to find an earlier attempt. */
  page: 100,
  pages: 5,

  /** Discord allows five messages in five seconds in a channel; a thread is a channel of its own. */
  pace: { everyMs: 1_000, burst: 5 },

  /** An interaction must be acknowledged within this time. */
  acknowledge: 3_000,
  /**
   * Discord remembers an enforced nonce for "the past few minutes". For an attempt older than this, the door reads the
   * channel as well. The time is short because the answer to a slash command has no nonce.
   */
  nonceMemory: 20_000,
  /** How far this machine's clock may be ahead of Discord's when the door looks for messages since a moment. */
  clockSkew: 5_000,
  /** The longest rate limit that is waited out; a longer one fails as "later". */
  rateLimitWait: 60_000,
  /** The pauses before a post with a nonce is sent again after a broken connection; one attempt for each. */
  resend: [200, 1_000],
  /** A thread without messages is archived after this many minutes. */
  archiveAfterMinutes: 1440,
  /** How long closing waits for running tasks. */
  closing: 10_000,
} as const
