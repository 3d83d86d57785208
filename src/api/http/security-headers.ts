/** Headers of every answer: nothing guesses types, frames us, or learns from where somebody came. */
const always = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
}

/** Headers of answers that are data. A browser that is led to one runs nothing. */
export const dataHeaders: Record<string, string> = {
  ...always,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
}

/** Headers of the page: it loads and talks to its own origin alone. */
export const pageHeaders: Record<string, string> = {
  ...always,
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "media-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
}

/** For a desk whose public address is over TLS: a browser never comes without it again. */
export const overTls: Record<string, string> = { 'strict-transport-security': 'max-age=31536000' }
