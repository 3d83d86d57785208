/** Nothing is told of protection yet. */
export type ProtectionNotice = never
