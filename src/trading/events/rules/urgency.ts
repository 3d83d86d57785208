/** How soon an event is to be acted on and told. */
export type Urgency = 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW'
