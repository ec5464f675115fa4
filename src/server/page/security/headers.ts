/**
 * Of every answer of the page. Nothing is loaded from elsewhere and nothing inline is run or styled, so that mail which
 * found a way into the markup could still do nothing. Forms may also end at Google's consent page, because browsers hold
 * form-action against the redirect that answers a form.
 */
export function securityHeaders(consentPage: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    `form-action 'self' ${new URL(consentPage).origin}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    // The address of the way back from Google holds the code.
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };
}
