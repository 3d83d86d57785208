/** The parts that a number of a message may play in a command. `other`: it belongs to nothing that an order has. */
export const numberRoles = [
  'other',
  'quantity',
  'price',
  'stop',
  'target',
  'share',
  'distance',
  'time',
  'dollars',
] as const

/** The part of a number in a command. */
export type NumberRole = (typeof numberRoles)[number]
