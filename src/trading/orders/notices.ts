/** Nothing is told of orders yet. */
export type OrderNotice = never
